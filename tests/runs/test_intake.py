"""Taking in records: what is new, what changed, what cannot be read, and what must not be kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.facts.rows import UNREADABLE, Rows, as_table
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.kernel.errors import ExportError
from trueup.runs import intake
from trueup.runs.intake import take_exports
from trueup.runs.kinds import SOURCES, kind_of, readers
from trueup.transport.documents import Exported
from trueup.transport.exports import read_exports

KEY = b"a key for tests"
NOW = datetime(2026, 2, 1, tzinfo=UTC)
RAW = Path(__file__).parents[1] / "flow"
HERE = "https://api.github.com/repos/acme/app"


def issue(number: int, **more: object) -> dict[str, object]:
    return {
        "url": f"{HERE}/issues/{number}", "id": 100 + number, "number": number, "title": "A title",
        "user": {"login": "ada-quill"}, "labels": [], "state": "open", "comments": 0, "body": "",
        "created_at": "2026-01-02T09:00:00Z", "updated_at": "2026-01-02T09:00:00Z",
        "comments_url": "", "events_url": "",
    } | more  # fmt: skip


class Place:
    """A workspace, and files to take in."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "workspace")
        self.files = folder / "files"
        self.files.mkdir()
        self.now = NOW

    def take(self, *records: object, name: str = "issues.json") -> intake.Taken:
        (self.files / name).write_text(json.dumps(records), encoding="utf-8")
        self.now += timedelta(hours=1)
        (taken,) = take_exports(self.files, self.store, KEY, fixed_clock(self.now), lambda *_: None)
        return taken

    def rows(self, table: str, *columns: str) -> list[tuple[object, ...]]:
        found = self.store.snapshot().table(TABLES[table]).to_pylist()
        return sorted(tuple(row[c] for c in columns) for row in found)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_what_changes_upstream_changes_here(place: Place) -> None:
    assert place.take(issue(1), issue(2)).rows == 3, "two issues and one person"
    assert place.take(issue(1), issue(2)).rows == 0
    assert place.take(issue(1, state="closed"), issue(2)).rows == 1
    assert place.rows("issues", "key", "status") == [("#1", "done"), ("#2", "open")]
    before = place.store.snapshot(as_of=NOW + timedelta(hours=2))
    assert set(before.table(TABLES["issues"])["status"].to_pylist()) == {"open"}


def test_the_last_of_several_versions_counts(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for batch in (100, 1):
        monkeypatch.setattr(intake, "BATCH", batch)
        versions = [issue(1, comments=n) for n in (1, 3, 2)]
        place.take(*versions, issue(2, comments=batch))
        assert place.rows("issues", "key", "comments") == [("#1", 2), ("#2", batch)]


def test_a_record_gives_all_its_rows_or_none(place: Place) -> None:
    broken = {
        "no number": {"number": None},
        "a date of no calendar": {"created_at": "2026-13-01"},
        "labels that are none": {"labels": 7, "title": "x"},
        "a person who is a text": {"user": "ada", "body": "see #2"},
    }
    records = [issue(10 + n, body="Fixes #1") | more for n, more in enumerate(broken.values())]
    taken = place.take(issue(1), *records, issue(2, body="see #1"), "text")
    assert place.rows("issues", "key") == [("#1",), ("#2",)]
    assert place.rows("item_links", "item") == [("#2",)]
    assert taken.unread == 5
    assert len(taken.problems) == 5
    assert all("issues.json record" in p for p in taken.problems)
    assert place.rows("gaps", "slug", "count", "total") == [("records.unread", 5, 7)]
    place.take(issue(1))
    assert place.rows("gaps", "slug") == [], "read whole, it is whole"


def test_unknown_fields_and_values_are_named(place: Place) -> None:
    taken = place.take(issue(1, state="frozen", invented=1), issue(2, invented=2))
    assert taken.unknown_fields == {"issues.invented": 2}
    assert taken.unknown_values == {"issues.status=frozen": 1}
    assert place.rows("issues", "status", "status_original")[1] == ("other", "frozen")
    (record,) = place.store.snapshot().records
    assert record.cursor["_unknown_fields"] == {"issues.invented": 2}


def test_nothing_to_read(place: Place) -> None:
    with pytest.raises(ExportError, match="no such file"):
        take_exports(place.files / "none", place.store, KEY, fixed_clock(NOW), lambda *_: None)
    with pytest.raises(ExportError, match="no source knows such a record"):
        place.take({"colour": "red"}, name="things.json")
    assert place.store.snapshot().records == []


def test_texts_and_names_are_not_kept(place: Place) -> None:
    """Bodies and titles nowhere; names and addresses in `people` alone."""
    text, title, login = "Zanzibar body", "Quetzal title", "xylophone-login"
    pull = issue(3, body=text, title=title, head={"ref": "b"}, base={"ref": "main"})
    place.take(issue(1, body=text, title=title, user={"login": login}, closed_by={"login": login}))
    place.take(pull | {"url": f"{HERE}/pulls/3"}, name="pulls.json")
    comment = {"url": f"{HERE}/issues/comments/5", "id": 5, "issue_url": f"{HERE}/issues/1"}
    comment |= {"user": {"login": login}, "body": text, "created_at": "2026-01-02T09:00:00Z"}
    place.take(comment, name="issue_comments.json")
    for path in place.store.workspace.rglob("*"):
        body = path.read_bytes() if path.is_file() else b""
        for secret in ("Zanzibar", "Quetzal"):
            assert secret.encode() not in body, path
        if path.parent.name != "people":
            assert login.encode() not in body, path
    everything = [
        str(place.store.snapshot().table(t).to_pylist()) for t in TABLES if t.name != "people"
    ]
    assert not any(word in told for told in everything for word in (login, "Zanzibar", "Quetzal"))
    assert login in str(place.rows("people", "name"))


def test_no_value_of_a_record_stands_in_what_is_told_of_it(place: Place) -> None:
    name = "Jane Zanzibar jane@x.example"
    odd = [
        {"number": name},
        {"created_at": name},
        {"comments": name},
        {"state": "on hold: see above"},
        {"id": name},
    ]
    taken = place.take(*(issue(n) | more for n, more in enumerate(odd, 1)))
    assert taken.unread == 3
    assert taken.unknown_values == {"issues.status=(a text)": 1}
    for path in place.store.workspace.rglob("*"):
        assert not path.is_file() or b"Zanzibar" not in path.read_bytes(), path


def test_what_a_word_stands_for_is_remembered_in_later_runs(place: Place) -> None:
    """Redmine gives numbers of statuses in histories, and their meaning in a list of their own."""
    who = {"id": 1, "name": "Billing"}
    history = {
        "id": 7, "project": who, "journals": [{
            "id": 9, "created_on": "2026-01-02T09:00:00Z", "details": [
                {"property": "attr", "name": "status_id", "old_value": "41", "new_value": "42"}
            ],
        }],
    }  # fmt: skip
    statuses = [
        {"id": 41, "name": "A", "is_closed": False},
        {"id": 42, "name": "B", "is_closed": True},
    ]
    taken = place.take(history, name="journals.json")
    assert place.rows("issue_events", "before", "after") == [("other", "other")]
    assert set(taken.unknown_values.values()) == {1}
    place.take(*statuses, name="statuses.json")
    place.take(history, name="journals.json")
    assert place.rows("issue_events", "before", "after") == [("open", "done")]
    records = len(place.store.snapshot().records)
    assert place.take(history, name="journals.json").rows == 0
    assert len(place.store.snapshot().records) == records


def recorded() -> list[tuple[str, str, dict[str, object]]]:
    """Source, kind and record of everything recorded."""
    found = []
    for source in (s for s in SOURCES if s.kinds):
        for one in read_exports(RAW / source.name / "raw", *readers()):
            known = kind_of(one)
            assert known is not None
            assert known[0] is source
            found.append((source.name, known[1].name, one.record))
    return found


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["2026-01-02T09:00:00Z", "#1", -1, 1e300, "\ud800"]),
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=5), x, max_size=3),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_record_breaks_a_source(data: st.DataObject) -> None:
    """Whatever stands in a field: rows of known columns, or one of the errors a record may end in."""
    source, name, record = data.draw(st.sampled_from(recorded()))
    kind = SOURCES[source].kind(name)
    fields = data.draw(st.lists(st.sampled_from(sorted(record)), min_size=1, max_size=4))
    changed = record | {field: data.draw(JSON) for field in fields}
    rows = Rows(KEY)
    rows.begin("x", "y", str(data.draw(st.sampled_from(["", f"{HERE}/pulls/4/reviews"]))))
    try:
        kind.to_facts(changed, rows)
    except UNREADABLE:
        rows.drop()
    for table, found in rows.tables():
        assert set(found.column_names) == set(table.schema.names) - {"source", "seen_at"}
    assert rows.people("here").num_rows >= 0


def test_a_record_is_told_by_its_name_or_its_fields() -> None:
    for source, name, record in recorded():
        for hint in ("export", name):
            found = kind_of(Exported("x.json", 1, hint, record=record))
            assert found is not None
            # Lists of the same form are of kinds that read it the same.
            same = {k.name for k in found[0].kinds if k.to_facts == found[1].to_facts}
            same |= {
                found[1].name
            }  # one whose columns are written with capitals is read through them
            assert found[0].name == source
            assert name in ({found[1].name} if hint == name else same)
    assert kind_of(Exported("x.json", 1, "issues", record={"a": 1, "b": 2})) is None


def test_files_that_several_sources_call_the_same_are_told_by_their_fields() -> None:
    here = {"id": 7, "login": "ada-quill", "name": "Ada Quill"}
    there = here | {"public_repos": 3, "html_url": "https://github.com/ada-quill"}
    for record, source in ((here, "circleci"), (there, "github")):
        found = kind_of(Exported("users.json", 1, "users", record=record))
        assert found is not None
        assert found[0].name == source


def test_marks_tell_more_than_a_name_that_several_sources_use() -> None:
    """Of two that have a kind of that name, the one whose marks are there reads it."""
    record = {
        "id": 1, "iid": 1, "ref": "main", "sha": "c" * 40, "status": "success", "created_at": "2026-01-09T08:00:00Z",
        "updated_at": "2026-01-09T08:00:00Z", "user": None, "environment": {"name": "x"}, "deployable": None,
    }  # fmt: skip
    found = kind_of(Exported("x.json", 1, "deployments", record=record))
    assert found is not None
    assert found[0].name == "gitlab"


class TestWhatTheReaderSays:
    """What records are of, where they do not say it: `about`, or the only repository of the workspace."""

    SUITE = '<testsuite name="s"><testcase name="t"/></testsuite>'

    def take(self, here: Place, **about: str) -> list[intake.Taken]:
        (here.files / "a.xml").write_text(self.SUITE, encoding="utf-8")
        clock = fixed_clock(here.now)
        return take_exports(here.files, here.store, KEY, clock, lambda *_: None, about)

    def know(self, place: Place, *names: str) -> None:
        """Repositories that were collected before."""
        rows = [{"repo": name, "source_key": "", "raw_sha256": ""} for name in names]
        with place.store.writing():
            run = place.store.begin("git", "x", fixed_clock(NOW))
            run.add(TABLES["repositories"], as_table(TABLES["repositories"], rows))
            run.commit(cursor={})

    def test_it_is_beside_the_record(self, place: Place) -> None:
        self.take(place, place="acme/app", sha="a" * 40)
        assert place.rows("test_runs", "repo", "sha") == [("acme/app", "a" * 40)]

    def test_the_only_repository_is_assumed(self, place: Place) -> None:
        self.know(place, "acme/lib")
        self.take(place)
        assert place.rows("test_runs", "repo", "sha") == [("acme/lib", None)]
        self.take(place, place="", sha="b" * 40)
        assert {row[0] for row in place.rows("test_cases", "repo")} == {"acme/lib"}

    @pytest.mark.parametrize("names", [(), ("acme/app", "acme/lib")])
    def test_with_none_or_several_somebody_must_say(
        self, place: Place, names: tuple[str, ...]
    ) -> None:
        self.know(place, *names) if names else None
        with pytest.raises(ExportError, match="does not say which repository") as error:
            self.take(place)
        assert "--repo OWNER/NAME" in error.value.remedy
        assert all(name in error.value.remedy for name in names)
        assert error.value.where.endswith("a.xml")
        assert place.rows("test_runs", "repo") == []

    def test_records_of_a_forge_say_it_themselves(self, place: Place) -> None:
        """The only repository is assumed for reports alone."""
        self.know(place, "acme/lib")
        place.take(issue(1))
        assert place.rows("issues", "repo") == [("acme/app",)]

    def test_many_lines_are_written_in_pieces(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(intake, "LISTED", 50)
        parts = [f"SF:{n}.c\n" + "".join(f"DA:{i},1\n" for i in range(1, 41)) for n in range(7)]
        (place.files / "lcov.info").write_text("end_of_record\n".join([*parts, ""]))
        self.take(place, place="acme/app")
        files = place.store.snapshot().files(TABLES["coverage"])
        assert len(files) == 4
        assert [len(lines) for (lines,) in place.rows("coverage", "covered")] == [40] * 7


def test_what_cannot_be_written_is_told(place: Place) -> None:
    """A damaged file is read by another reader, which lets through what no table can hold."""
    body = json.dumps([issue(1), issue(2) | {"title": "\ud800"}, issue(3) | {"comments": 1 << 70}])
    (place.files / "issues.json").write_text(body[:-1], encoding="utf-8")
    (taken,) = take_exports(place.files, place.store, KEY, fixed_clock(NOW), lambda *_: None)
    assert place.rows("issues", "key") == [("#1",)]
    assert taken.unread == 3, "two records, and the end that is not there"
