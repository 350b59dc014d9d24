"""A scan: what is read, what is reused, and what one can ask afterwards."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import timedelta

import pytest
from tests.runs.conftest import Desk

from trueup.claims.policy import Policy
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.errors import (
    EmptyRepositoryError,
    NotARepositoryError,
    NothingCollectedError,
    StoreError,
    UnknownBranchError,
    UnknownIdError,
)
from trueup.publish.document import Audience
from trueup.report.json_schema import dumps
from trueup.runs.config import Config
from trueup.runs.scan import (
    Wanted,
    collect,
    explain_claim,
    list_claims,
    make_request,
    publish_newest,
    scan,
)
from trueup.runs.subjects import read_subjects


@pytest.fixture(scope="module")
def scanned(cove, tmp_path_factory):
    """A workspace in which the small repository was scanned once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRUEUP_KEY", "a key for tests alone")
        desk = Desk(tmp_path_factory.mktemp("scanned") / "workspace")
        desk.first = desk.scan(cove)
        desk.first_stages = list(desk.stages)
        yield desk


def copied(desk, tmp_path):
    """The same workspace once more, to be changed."""
    place = tmp_path / "workspace"
    shutil.copytree(desk.workspace, place)
    return type(desk)(place, desk.config, desk.now)


def commit(repository, message, path="merge/new.py"):
    """One more commit on the default branch of a bare repository."""
    script = (
        f"commit refs/heads/main\ncommitter Ada <ada@example.org> 1730000000 +0000\n"
        f"data {len(message)}\n{message}\nfrom refs/heads/main^0\nM 644 inline {path}\ndata 2\nx\n\n"
    )
    run = ["git", "-C", str(repository), "fast-import", "--quiet", "--force"]
    subprocess.run(run, input=script.encode(), check=True)


@pytest.fixture
def long(monkeypatch):
    """Every history counts as long, and one month of claims rests on less than there is."""
    monkeypatch.setattr("trueup.sources.git.collection.LONG", 10)
    monkeypatch.setattr("trueup.runs.scan.MADE_BEFORE", timedelta())
    return Config(policy=Policy(ledger_months=1))


def test_a_long_history_gets_a_first_answer_before_all_of_it_is_read(cove, desk, tmp_path, long):
    desk.config = long
    found = desk.scan(cove)
    assert desk.answers == [found.published.sentence]
    (done,) = found.collected.done
    assert (done.unread, done.new_commits) == (0, done.commits)
    stages = desk.stages
    assert stages.index("judging claims") < len(stages) - 1 - stages[::-1].index("reading commits")
    assert stages.count("reading the shape of history") == 1, "the second part has it already"
    at_once = Desk(tmp_path / "other", config=long)
    collect(at_once.session, [str(cove)], make_request(workers=1))
    whole = at_once.scan(cove)
    assert not at_once.answers
    assert dumps(whole.published) == dumps(found.published)


def gaps_of(desk):
    """What could not be read."""
    told = Store(desk.workspace).snapshot().table(TABLES["gaps"]).to_pylist()
    return {row["slug"]: (row["count"], row["total"]) for row in told}


def test_an_unfinished_scan_is_named_in_every_report(cove, desk, long):
    desk.config = long

    def cut_short(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan(
            desk.session,
            [str(cove)],
            make_request(workers=1),
            Audience.TEAM,
            first_answer=cut_short,
        )
    published, _ = publish_newest(desk.session, Audience.TEAM)
    assert [g.slug for g in published.gaps] == ["git.unread"]
    found = desk.scan(cove)
    assert found.collected.done[0].new_commits > 0
    assert "git.unread" not in [g.slug for g in found.published.gaps]


def test_what_was_left_unread_is_read_by_the_next(cove, desk, tmp_path, long):
    newest = make_request(workers=1, newest=long.policy.sentence_looks_back)
    (part,) = collect(desk.session, [str(cove)], newest).done
    assert 0 < part.unread < part.commits
    assert part.new_commits + part.unread == part.commits
    assert gaps_of(desk) == {"git.unread": (part.unread, part.commits)}
    (same,) = collect(desk.session, [str(cove)], newest).done
    assert (same.unchanged, same.unread) == (True, part.unread)
    (rest,) = collect(desk.session, [str(cove)], make_request(workers=1)).done
    assert (rest.new_commits, rest.unread, rest.unchanged) == (part.unread, 0, False)
    assert gaps_of(desk) == {}
    assert collect(desk.session, [str(cove)], newest).done[0].unchanged
    desk.config = long
    assert desk.scan(cove).reused is False
    assert not desk.answers


def test_a_short_history_is_read_at_once(scanned):
    assert scanned.answers == []
    assert scanned.first.published.repositories[0].level == "lines"
    assert scanned.first_stages.count("judging claims") == 1


def test_a_second_scan_measures_nothing_and_says_the_same(scanned, cove):
    before = (scanned.workspace / "results" / "team.json").read_bytes()
    again = scanned.scan(cove)
    assert again.reused
    assert not scanned.measured
    assert [c.unchanged for c in again.collected.done] == [True]
    assert dumps(again.published) == dumps(scanned.first.published)
    assert (scanned.workspace / "results" / "team.json").read_bytes() == before


def test_another_audience_is_measured_for_itself(scanned, cove, tmp_path):
    desk = copied(scanned, tmp_path)
    found = desk.scan(cove, audience=Audience.ORGANISATION)
    assert desk.measured
    assert found.published.audience is Audience.ORGANISATION
    assert found.published.mix == scanned.first.published.mix
    assert desk.scan(cove, audience=Audience.ORGANISATION).reused
    assert desk.scan(cove).reused


def test_another_policy_is_measured_anew(scanned, cove, tmp_path):
    desk = copied(scanned, tmp_path)
    desk.config = Config(policy=Policy(survive=7))
    found = desk.scan(cove)
    assert not found.reused
    assert "7 days" in " ".join(found.published.method.policy)
    assert "Another policy" in found.published.changed.note


@pytest.mark.slow
def test_lost_claims_are_measured_anew(scanned, cove, tmp_path):
    desk = copied(scanned, tmp_path)
    (desk.workspace / "results" / "claims.json").unlink()
    assert not desk.scan(cove).reused
    assert list_claims(desk.workspace, Wanted(), limit=1)[1] > 100


def test_a_result_reused_much_later_looks_again_later(scanned, cove, tmp_path):
    desk = copied(scanned, tmp_path)
    desk.now += timedelta(days=200)
    found = desk.scan(cove)
    assert found.reused
    dates = {s.look_again for s in found.published.next_steps}
    assert dates == {f"{desk.now + timedelta(days=28):%Y-%m-%d}"}


def test_only_what_is_new_is_read(scanned, cove, tmp_path):
    desk = copied(scanned, tmp_path)
    clone = tmp_path / cove.name
    shutil.copytree(cove, clone)
    _moved(desk, clone)
    commit(clone, "fix: something (#9999)\n")
    found = desk.scan(clone)
    assert [c.new_commits for c in found.collected.done] == [1]
    assert found.collected.done[0].level == "lines"
    assert ("read until", "2024-10-06", "2024-10-27") in [
        (c.what, c.before, c.now) for c in found.published.changed.items
    ]


def _moved(desk, place):
    """As if the repository had always lain there."""
    for record in (desk.workspace / "runs").glob("*.json"):
        told = json.loads(record.read_text())
        record.write_text(json.dumps(told | {"origin": str(place)}))


@pytest.mark.slow
def test_a_repository_of_the_same_name_elsewhere_is_another_one(scanned, cove, tmp_path):
    desk = copied(scanned, tmp_path)
    clone = tmp_path / cove.name
    shutil.copytree(cove, clone)
    found = desk.scan(clone)
    assert {r.name for r in found.published.repositories} == {"cove", "cove~2"}


def test_a_repository_that_cannot_be_read_does_not_stop_the_others(scanned, cove, tmp_path):
    desk = copied(scanned, tmp_path)
    found = desk.scan(tmp_path / "nowhere", cove)
    ((target, error),) = found.collected.failed
    assert target == str(tmp_path / "nowhere")
    assert isinstance(error, NotARepositoryError)
    assert found.published.title == "cove"


def test_a_secret_in_an_address_is_not_told_again(scanned, cove, tmp_path):
    desk = copied(scanned, tmp_path)
    found = desk.scan("file://ada:secret@localhost/nowhere.git", cove)
    ((target, error),) = found.collected.failed
    assert "secret" not in f"{target}{error}"


def test_nothing_that_can_be_read_is_an_error(desk, tmp_path):
    with pytest.raises(NotARepositoryError):
        desk.scan(tmp_path / "nowhere")
    with pytest.raises(NotARepositoryError):
        desk.scan(tmp_path)
    assert not (desk.workspace / "results").exists()


def test_an_empty_repository(desk, tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path / "new"], check=True)
    with pytest.raises(EmptyRepositoryError):
        desk.scan(tmp_path / "new")


def test_an_unknown_branch(desk, cove):
    request = make_request(workers=1, branch="nowhere")
    with pytest.raises(UnknownBranchError, match="nowhere"):
        scan(desk.session, [str(cove)], request, Audience.TEAM, first_answer=print)


def test_questions_before_a_scan(tmp_path):
    with pytest.raises(NothingCollectedError):
        list_claims(tmp_path, Wanted(), limit=0)
    with pytest.raises(NothingCollectedError):
        explain_claim(tmp_path, "C-AAAAAAA")


def test_claims_are_listed_the_newest_first(scanned):
    rows, total = list_claims(scanned.workspace, Wanted(), limit=20)
    assert len(rows) == 20 < total
    assert [r.claimed_at for r in rows] == sorted((r.claimed_at for r in rows), reverse=True)
    every, _ = list_claims(scanned.workspace, Wanted(), limit=0)
    mix = scanned.first.published.mix.counts
    assert len(every) == total == sum(mix.values())
    assert all(r.subject for r in every)


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(status="contradicted"), lambda r: r.verdict == "contradicted"),
        (Wanted(kind="release_note"), lambda r: r.kind == "release_note"),
        (Wanted(scope="@acme/merge"), lambda r: r.area == "@acme/merge"),
        (Wanted(repository="cove"), lambda r: r.repository == "cove"),
        (Wanted(since="2024-06-01"), lambda r: r.claimed_at >= "2024-06-01"),
        (Wanted(text="acme-1"), lambda r: "ACME-1" in r.ticket),
        (Wanted(repository="nowhere"), lambda _: False),
    ],
)
def test_claims_are_chosen(scanned, wanted, fits):
    rows, total = list_claims(scanned.workspace, wanted, limit=0)
    every, _ = list_claims(scanned.workspace, Wanted(), limit=0)
    assert [r.id for r in rows] == [r.id for r in every if fits(r)]
    assert len(rows) == total
    assert rows or wanted.repository


def test_a_claim_is_explained(scanned):
    (row, *_), _ = list_claims(scanned.workspace, Wanted(status="contradicted"), limit=1)
    found = explain_claim(scanned.workspace, row.id.lower())
    assert found.row == row
    assert any(e.against for e in found.evidence)
    assert found.missing


def test_an_unknown_claim_names_close_ones(scanned):
    (row, *_), _ = list_claims(scanned.workspace, Wanted(), limit=1)
    near = row.id[:-1] + ("A" if row.id[-1] != "A" else "B")
    with pytest.raises(UnknownIdError) as caught:
        explain_claim(scanned.workspace, near)
    assert row.id in caught.value.remedy


def test_without_its_clone_a_claim_is_listed_without_its_subject(scanned, tmp_path):
    desk = copied(scanned, tmp_path)
    _moved(desk, tmp_path / "moved")
    rows, _ = list_claims(desk.workspace, Wanted(kind="change"), limit=5)
    assert {r.subject for r in rows} == {""}


def test_subjects_of_unknown_commits_are_left_out(scanned):
    snapshot = Store(scanned.workspace).snapshot()
    assert read_subjects(snapshot, [("cove", "0" * 40), ("nowhere", "1" * 40)]) == {}


def test_a_damaged_workspace_says_so(scanned, cove, tmp_path):
    desk = copied(scanned, tmp_path)
    record = next((desk.workspace / "runs").glob("*.json"))
    record.write_text("{")
    with pytest.raises(StoreError, match="damaged"):
        desk.scan(cove)


def test_another_key_and_another_machine_say_the_same(cove, tmp_path, monkeypatch, scanned):
    """`ids take no part in content hashes or sort orders, so results are the same bytes`"""
    monkeypatch.setenv("TRUEUP_KEY", "quite another key, of some length")
    elsewhere = tmp_path / "else" / cove.name
    shutil.copytree(cove, elsewhere)
    desk = type(scanned)(tmp_path / "workspace")
    found = desk.scan(elsewhere)
    assert dumps(found.published) == dumps(scanned.first.published)
    one, other = ((d.workspace / "results" / "claims.json").read_text() for d in (desk, scanned))
    assert one == other


@pytest.mark.slow
def test_structure_alone_gives_the_same_claims(cove, desk, scanned):
    found = desk.scan(cove, lines=False)
    assert desk.answers == []
    assert found.published.sentence == scanned.first.published.sentence
    assert found.published.ledger == scanned.first.published.ledger
    assert found.published.repositories[0].level == "structure"
