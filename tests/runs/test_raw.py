"""Raw records: not kept, unless somebody says for how long; then gone on their day."""

from __future__ import annotations

import gzip
import json
import stat
from datetime import UTC, datetime, timedelta

import pytest
from tests.fakes.github import issue
from tests.runs.conftest import Desk

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.runs.scan import collect_exports, replace

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path / "desk", now=NOW)
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "issues.json").write_text(json.dumps([issue(1, changed=1), issue(2, changed=2)]))
    return made, exports


def kept(workspace):
    return sorted((workspace / "raw").rglob("*.gz"))


def test_by_default_nothing_is_kept(desk):
    made, exports = desk
    collect_exports(made.session, exports)
    assert not (made.session.workspace / "raw").exists()


def test_what_is_kept_leads_from_a_fact_to_its_record(desk):
    made, exports = desk
    session = replace(made.session, keep_raw=30)
    collect_exports(session, exports)
    [path] = kept(session.workspace)
    assert path.parent.name == "until-2026-07-01"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    by_hash = {line["sha256"]: line["record"]["number"] for line in lines}
    facts = Store(session.workspace).snapshot().table(TABLES["issues"]).to_pylist()
    assert {f"#{by_hash[row['raw_sha256']]}": row["key"] for row in facts} == {
        "#1": "#1",
        "#2": "#2",
    }


def test_on_its_day_it_is_gone(desk):
    made, exports = desk
    session = replace(made.session, keep_raw=30)
    collect_exports(session, exports)
    for days, left in ((29, 1), (30, 0)):
        later = replace(made.session, clock=lambda days=days: NOW + timedelta(days=days))
        collect_exports(later, exports)
        assert len(kept(session.workspace)) == left
