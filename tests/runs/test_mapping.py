"""Files of people's own by `[[mapping]]`: what is read, what is refused, and how that is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.running import trueup

from trueup.facts.pseudonyms import identity
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.kernel.errors import ConfigError, ExportError
from trueup.runs.config import load_config
from trueup.runs.intake import take_exports
from trueup.runs.mapping import Mappings, targets

KEY = b"a key for tests"
NOW = fixed_clock(datetime(2026, 2, 1, tzinfo=UTC))

MAPPING = """
[[mapping]]
files = "tickets*.csv"
table = "incidents"
date_format = "%d.%m.%Y %H:%M"
timezone = "Europe/Berlin"
[mapping.columns]
"Ticket No" = "incident"
"Opened At" = "opened"
"Solved At" = "resolved"
"State" = "status"
"Owner" = "assignee"
[mapping.constants]
service = "checkout"
"""
TICKETS = """Ticket No;Opened At;Solved At;State;Owner;Notes
4711;03.03.2026 09:15;03.03.2026 11:40;Resolved;ada@example.org;it was the cache
4712;04.07.2026 17:00;;In Progress;Bo Winter <bo@example.org>;
"""


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "files").mkdir()
    return tmp_path


def take(desk: Path, mapping: str = MAPPING, **files: str | bytes):
    """Files, by name with `__` for a point, taken in by a mapping."""
    (desk / "trueup.toml").write_text(mapping, "utf-8")
    for name, body in files.items():
        path = desk / "files" / name.replace("__", ".")
        path.write_bytes(body if isinstance(body, bytes) else body.encode())
    store = Store(desk / "workspace")
    mappings = Mappings(load_config(desk).mappings)
    found = take_exports(desk / "files", store, KEY, NOW, lambda *_: None, mappings=mappings)
    return store, found


def rows(store, table, *columns):
    told = store.snapshot().table(TABLES[table])
    return sorted(tuple(str(r[c]) for c in columns) for r in told.to_pylist())


COLUMNS = ("repo", "key", "status", "happened_at", "closed_at", "assignee")


def test_columns_constants_dates_and_zone(desk):
    store, (taken,) = take(desk, tickets_march__csv=TICKETS)
    assert (taken.source, dict(taken.records), taken.unread) == ("registers", {"incidents": 2}, 0)
    assert not taken.unknown_fields, "other columns are knowingly left"
    assert rows(store, "issues", *COLUMNS) == [
        ("checkout", "4711", "done", "2026-03-03 08:15:00+00:00", "2026-03-03 10:40:00+00:00",
         identity(KEY, "", "ada@example.org")),
        ("checkout", "4712", "in_progress", "2026-07-04 15:00:00+00:00", "None",
         identity(KEY, "Bo Winter", "bo@example.org")),
    ]  # fmt: skip
    assert "cache" not in repr(store.snapshot().table(TABLES["issues"]).to_pylist())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_any_encoding_and_delimiter(desk, encoding, delimiter):
    body = TICKETS.replace(";", delimiter).replace("In Progress", "in Prüfung").encode(encoding)
    store, (taken,) = take(desk, tickets__csv=body)
    assert rows(store, "issues", "key") == [("4711",), ("4712",)]
    assert sum(taken.unknown_values.values()) == 1
    assert rows(store, "issues", "status_original")[1] == ("in Prüfung",)


def test_days_are_the_same_everywhere(desk):
    mapping = """
[[mapping]]
files = "ragstatus.csv"
table = "statuses"
date_format = "%d/%m/%y"
timezone = "Pacific/Auckland"
columns = { Projekt = "project", Tag = "date", Ampel = "colour" }
"""
    store, _ = take(desk, mapping, ragstatus__csv="Projekt,Tag,Ampel\nLedger,03/04/26,green\n")
    assert rows(store, "status_reports", "day", "happened_at", "colour") == [
        ("2026-04-03", "2026-04-03 00:00:00+00:00", "green")
    ]


def test_json_with_what_lies_within(desk):
    mapping = """
[[mapping]]
files = "itsm/*.json"
table = "incidents"
timezone = "America/New_York"
columns = { "key" = "incident", "fields.created" = "opened", "fields.service.name" = "service", "fields.end" = "resolved" }
"""
    (desk / "files" / "itsm").mkdir()
    records = [
        {"key": "I-1", "fields": {"created": "2026-01-05T08:00:00", "service": {"name": "search"}}},
        {"key": "I-2", "fields": {"created": "2026-01-05T08:00:00Z", "end": "2026-01-05T09:00:00Z"}},
        {"key": "I-3", "fields": {}},
    ]  # fmt: skip
    (desk / "files" / "itsm" / "a.json").write_text(json.dumps(records))
    store, (taken,) = take(desk, mapping)
    assert rows(store, "issues", "key", "repo", "happened_at", "status") == [
        ("I-1", "search", "2026-01-05 13:00:00+00:00", "None"),
        ("I-2", "", "2026-01-05 08:00:00+00:00", "done"),
    ]
    assert taken.unread == 1
    assert "opened is empty" in taken.problems[0]


def test_a_field_that_no_record_has_is_told(desk):
    mapping = """
[[mapping]]
files = "a.json"
table = "incidents"
columns = { key = "incident", created = "opened", "fields.sevice" = "service" }
"""
    store, (taken,) = take(desk, mapping, a__json='[{"key": "1", "created": "2026-01-05"}]')
    assert taken.unread == 0
    assert [p.endswith("no record has the field 'fields.sevice' of its mapping") for p in taken.problems] == [True]  # fmt: skip
    assert rows(store, "issues", "key") == [("1",)]


def test_a_column_that_is_missing_leaves_the_file(desk):
    body = TICKETS.replace("Opened At", "Opened at") + "4713;04.03.2026 17:00;;New;;\n"
    (desk / "files" / "ok.csv").write_text("incident,opened\nX-1,2026-01-01\n")
    store, (taken,) = take(desk, tickets__csv=body)
    assert rows(store, "issues", "key") == [("X-1",)]
    assert taken.unread == 3
    (told,) = taken.problems
    assert "tickets.csv record 1 and 2 more of it: no column 'Opened At'" in told
    assert "the nearest: 'Opened at'" in told


def test_a_table_without_a_head_tells_none_of_its_values(desk):
    body = "4711;03.03.2026 09:15;;Resolved;jane.zanzibar@example.org;note\n4712;x;;y;z;w\n"
    with pytest.raises(ExportError) as error:
        take(desk, tickets__csv=body)
    assert "no column 'Ticket No'" in str(error.value)
    assert "zanzibar" not in str(error.value)


HOSTILE = {
    "formula": ('4711;03.03.2026 09:15;;"=cmd|\' /C calc\'!A1";;', "status holds a formula"),
    "formula as a key": ("=1+2;03.03.2026 09:15;;New;;", "incident holds a formula"),
    "other date": ("4711;2026-03-03;;New;;", "opened is not written as '%d.%m.%Y %H:%M' says"),
    "no such day": ("4711;31.02.2026 09:15;;New;;", "opened is not written as"),
    "no key": (";03.03.2026 09:15;;New;;", "incident is empty"),
    "no moment": ("4711;;;New;;", "opened is empty"),
    "too many cells": ("4711;03.03.2026 09:15;;New;;;9;9", "the row has 8 cells, the head 6 columns"),
    "huge name": (f"{'x' * 3000};03.03.2026 09:15;;New;;", "incident is too long"),
    "huge cell": (f"4711;{'y' * (1 << 21)};;New;;", "a cell is longer than a million signs"),
    "lone surrogate": ("4711;03.03.2026 09:15;;New;\x00;", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_rows_are_told_and_the_rest_is_read(desk, name):
    row, problem = HOSTILE[name]
    store, (taken,) = take(desk, tickets__csv=f"{TICKETS}{row}\n4799;03.03.2026 09:15;;New;;\n")
    keys = [key for (key,) in rows(store, "issues", "key")]
    assert keys[-1] == "4799"
    assert "4712" in keys
    assert len(keys) == 3
    assert taken.unread == bool(problem)
    assert all(problem in p and "calc" not in p and "xxx" not in p for p in taken.problems)


def test_a_column_that_stands_twice(desk):
    body = "Ticket No;Opened At;Solved At;State;State;Owner\n1;03.03.2026 09:15;;New;New;\n2;03.03.2026 09:15;;New;Done;\n"  # fmt: skip
    store, (taken,) = take(desk, tickets__csv=body)
    assert rows(store, "issues", "key", "status") == [("1", "open")]
    assert "status holds several values: its column stands twice" in taken.problems[0]


def test_an_open_quote(desk):
    store, (taken,) = take(desk, tickets__csv=TICKETS + '4713;"04.03.2026 17:00;;New;;\n4714;x;;;;\n')  # fmt: skip
    assert rows(store, "issues", "key") == [("4711",), ("4712",)]
    assert "a quote is not closed" in taken.problems[0]


def test_the_first_mapping_that_fits_is_taken(desk):
    other = MAPPING.replace('"tickets*.csv"', '"*.csv"').replace("checkout", "search")
    store, _ = take(desk, MAPPING + other, tickets__csv=TICKETS, more__csv=TICKETS.replace("47", "58"))  # fmt: skip
    assert rows(store, "issues", "key", "repo") == [
        ("4711", "checkout"), ("4712", "checkout"), ("5811", "search"), ("5812", "search"),
    ]  # fmt: skip


def test_read_again_and_with_another_mapping(desk):
    store, _ = take(desk, tickets__csv=TICKETS)
    _, (again,) = take(desk)
    assert again.rows == 0
    _, (changed,) = take(desk, MAPPING.replace('"Europe/Berlin"', '"UTC"'))
    assert changed.rows == 2
    assert rows(store, "issues", "happened_at")[0] == ("2026-03-03 09:15:00+00:00",)


def test_capitals_and_blanks_in_the_head_need_no_mapping(desk):
    body = "System,Right,Granted By,Person,Colour\nledger,Admin,bo@example.org,ada@example.org,x\n"
    store, (taken,) = take(desk, "", access__csv=body)
    assert dict(taken.unknown_fields) == {"access.Colour": 1}
    assert rows(store, "access_rights", "level", "granted_by") == [
        ("admin", identity(KEY, "", "bo@example.org"))
    ]


COLUMNS_OK = 'columns = { a = "incident", b = "opened" }'
BROKEN = {
    "unknown key": (f'files = "x"\ntable = "incidents"\nencodings = "x"\n{COLUMNS_OK}', "unknown key 'encodings'"),
    "no table": (f'files = "x"\ntable = "incident"\n{COLUMNS_OK}', "The nearest: incidents"),
    "no files": (f'table = "incidents"\n{COLUMNS_OK}', "a mapping needs files"),
    "unknown field": ('files = "x"\ntable = "incidents"\ncolumns = { a = "incident", b = "openend" }', "The nearest: opened"),
    "field of another kind": ('files = "x"\ntable = "incidents"\ncolumns = { a = 3 }', "has no field 3"),
    "unknown constant": (f'files = "x"\ntable = "incidents"\n{COLUMNS_OK}\nconstants = {{ servce = "a" }}', "The nearest: service"),
    "needed field": ('files = "x"\ntable = "incidents"\ncolumns = { a = "incident" }', "incidents needs the field 'opened'"),
    "told twice": (f'files = "x"\ntable = "incidents"\n{COLUMNS_OK}\nconstants = {{ opened = "2026-01-01" }}', "'opened' is told twice"),
    "list as a constant": (f'files = "x"\ntable = "incidents"\n{COLUMNS_OK}\nconstants = {{ service = ["a"] }}', "must be a single value"),
    "columns as a text": ('files = "x"\ntable = "incidents"\ncolumns = "a"', "must be written as [mapping.columns]"),
    "time zone": (f'files = "x"\ntable = "incidents"\ntimezone = "Europe/Nowhere"\n{COLUMNS_OK}', "no time zone 'Europe/Nowhere'"),
    "path as a time zone": (f'files = "x"\ntable = "incidents"\ntimezone = "../../etc/passwd"\n{COLUMNS_OK}', "no time zone"),
    "number as a format": (f'files = "x"\ntable = "incidents"\ndate_format = 3\n{COLUMNS_OK}', "date_format"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_mapping_says_what_is_wrong(desk, name):
    told, problem = BROKEN[name]
    (desk / "trueup.toml").write_text(f"[[mapping]]\n{told}\n")
    with pytest.raises(ConfigError) as error:
        load_config(desk)
    assert problem in str(error.value)
    assert "trueup.toml" in str(error.value)


def test_a_mapping_is_a_list_of_tables(desk):
    (desk / "trueup.toml").write_text('[mapping]\nfiles = "x"\n')
    with pytest.raises(ConfigError, match=r"must be written as \[\[mapping\]\]"):
        load_config(desk)


def test_where_mappings_lead_is_documented():
    page = Path("docs/how-to-map-your-own-files.md").read_text("utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| `")]
    told = {line.split("`")[1]: line for line in lines}
    quiet = {"description", "title", "evidence", "comment", "note", "summary"}
    for name, (_, kind) in targets().items():
        missing = {f for f in kind.known - quiet if f"`{f}`" not in told[name]}
        assert missing <= {"color", "rag", "status", "health"}, name


def test_at_the_terminal(desk):
    """From the settings of the current folder to what is told at the end."""
    (desk / "trueup.toml").write_text(MAPPING)
    (desk / "files" / "tickets.csv").write_text(TICKETS + "4713;someday;;New;;\n")
    ran = trueup(desk, "collect", "--from", "files")
    assert ran.code == 4
    assert "registers: 2 incidents" in ran.out
    assert "tickets.csv record 3: opened is not written as '%d.%m.%Y %H:%M' says" in ran.err
    assert "someday" not in ran.err


def test_a_control_that_was_tested_again_with_the_same_result(desk):
    """Nothing but the moment of the record has changed."""
    body = "control,framework,result,tested\nCC8.1,SOC 2,Pass,{}\n"
    store, _ = take(desk, "", controls__csv=body.format("2026-01-01"))
    _, (again,) = take(desk, "", controls__csv=body.format("2026-02-01"))
    assert again.rows == 1
    assert rows(store, "controls", "happened_at") == [("2026-02-01 00:00:00+00:00",)]
