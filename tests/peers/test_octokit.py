"""Example payloads of GitHub's webhooks, and traffic recorded from GitHub: every one is understood."""

from __future__ import annotations

import json

from tests.peers.comparing import KEY, peer, rows, taken

from trueup.facts.rows import Rows
from trueup.runs.kinds import SOURCES, kind_of
from trueup.transport.documents import Exported

GITHUB = SOURCES["github"]


def test_every_delivery_is_understood(tmp_path):
    files = sorted(peer("octokit-webhooks").rglob("*.json"))
    store, found = taken("octokit-webhooks", tmp_path)
    assert [t.source for t in found] == ["github"]
    assert found[0].problems == []
    assert found[0].records["deliveries"] == len(files) == 101
    assert dict(found[0].unknown_fields) == {}
    assert dict(found[0].unknown_values) == {}
    counts = {t: len(rows(store, t)) for t in GITHUB.writes}
    print(counts)
    for table in ("issues", "requests", "reviews", "comments", "builds", "jobs", "deployments"):
        assert counts[table] > 0, table


def exchanges():
    folder = peer("octokit-fixtures")
    for path in sorted(folder.rglob("*.json")):
        for number, exchange in enumerate(json.loads(path.read_text("utf-8"))):
            yield f"{path.parent.name} {number}", exchange


def test_every_recorded_answer_is_understood_or_is_none_of_ours():
    """Repositories, contents, labels and references are not read; issues, commit statuses and releases are."""
    met, unknown = {}, set()
    for name, exchange in exchanges():
        body = exchange.get("response")
        found = body.get("items", [body]) if isinstance(body, dict) else body
        for record in found if isinstance(found, list) else ():
            if not isinstance(record, dict):
                continue
            known = kind_of(Exported(name, 1, "", exchange["path"], record))
            if known is None or known[0] is not GITHUB or exchange.get("status", 200) >= 400:
                continue
            to = Rows(KEY)
            to.begin(name, "0" * 64, exchange["path"])
            known[1].to_facts(record, to)
            met[known[1].name] = met.get(known[1].name, 0) + 1
            unknown |= {f"{known[1].name}.{field}" for field in record.keys() - known[1].known}
    print(met)
    assert unknown == set()
    assert met["issues"] >= 13
    assert met["releases"] >= 1
    assert met["statuses"] >= 1
