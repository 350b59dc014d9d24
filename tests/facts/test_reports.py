"""Where, when and on what a report was made: what it says, what its reader says, what neither does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from trueup.facts import reports
from trueup.facts.rows import OddRecordError, Rows, UnplacedError

SHA = "4f5a1c0e9b8d7a6f5e4d3c2b1a09f8e7d6c5b4a3"


def told(**about: str) -> Rows:
    rows = Rows(b"a key for tests")
    rows.begin("x", "y", "", about)
    return rows


class TestRepository:
    @pytest.mark.parametrize(
        ("place", "own", "found"),
        [
            ("acme/app", "", "acme/app"),
            ("", "https://forge.example/acme/app.git", "acme/app"),
            ("", "git@forge.example:group/acme/app.git", "acme/app"),
            ("acme/app", "https://forge.example/Acme/App", "acme/app"),
            ("app", "https://forge.example/acme/app", "app"),
            ("acme/app", "no name at all, but a text", "acme/app"),
        ],
    )
    def test_it_is_called_as_the_reader_calls_it(self, place, own, found):
        assert reports.repository(told(place=place), own) == found

    def test_another_than_the_reader_says_is_refused(self):
        with pytest.raises(OddRecordError, match="another repository than --repo"):
            reports.repository(told(place="acme/app"), "acme/lib")

    def test_what_was_only_assumed_gives_way(self):
        assert reports.repository(told(place="acme/app", assumed="yes"), "acme/lib") == "acme/lib"

    def test_nobody_says(self):
        with pytest.raises(UnplacedError):
            reports.repository(told())


class TestCommit:
    @pytest.mark.parametrize(
        ("place", "own", "found"),
        [
            (SHA, "", SHA),
            ("", SHA.upper(), SHA),
            (SHA, SHA[:9], SHA),
            (SHA, "HEAD", SHA),
            ("", SHA[:9], None),
            ("", "main", None),
            ("", "", None),
            ("", "a" * 64, "a" * 64),
        ],
    )
    def test_only_one_that_is_named_in_full(self, place, own, found):
        assert reports.commit(told(sha=place), own) == found

    def test_another_than_the_reader_says_is_refused(self):
        with pytest.raises(OddRecordError, match="another commit than --commit"):
            reports.commit(told(sha=SHA), "0" * 40)


@pytest.mark.parametrize(
    ("raw", "found", "zone"),
    [
        ("2026-01-14T09:30:05", datetime(2026, 1, 14, 9, 30, 5, tzinfo=UTC), False),
        ("2026-01-14T09:30:05+01:00", datetime(2026, 1, 14, 8, 30, 5, tzinfo=UTC), True),
        ("2026-01-14T09:30:05.1234567Z", datetime(2026, 1, 14, 9, 30, 5, 123456, tzinfo=UTC), True),
        ("1768383005", datetime(2026, 1, 14, 9, 30, 5, tzinfo=UTC), True),
        (1768383005000, datetime(2026, 1, 14, 9, 30, 5, tzinfo=UTC), True),
        ("0001-01-01T00:00:00", None, None),
        ("1970-01-01T01:00:00.000", None, None),
        ("9999-12-31T23:59:59", None, None),
        ("9" * 5_000, None, None),
        ("2026-01-14", datetime(2026, 1, 14, tzinfo=UTC), False),
        ("2026-01-14T09:30:05Z", datetime(2026, 1, 14, 9, 30, 5, tzinfo=UTC), True),
        ("2026-01-14T09:30+0100", datetime(2026, 1, 14, 8, 30, tzinfo=UTC), True),
        ("Wed Jan 14", None, None),
        (float("nan"), None, None),
        ([], None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_moments(raw, found, zone):
    assert reports.moment(told(), raw) == (found, zone)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("0.25", 0.25), ("1,204.512", 1204.512), ("1,234,567.5", 1234567.5), ("", None), (None, None),
        ("0,25", None), ("1,204", None), ("-0.1", None), ("nan", None), ("inf", None), ("1e400", None),
        ("soon", None), ("1e10", None), ("0", 0.0),
    ],
)  # fmt: skip
def test_times_that_cannot_be_are_none(raw, found):
    rows = told()
    assert reports.seconds(rows, raw) == found
    assert bool(rows.remarks) == (found is None and bool(raw))


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("7", 7),
        ("", None),
        (None, None),
        ("-1", None),
        ("9" * 20, None),
        ("٣", None),
        ("1.0", None),
    ],
)
def test_counts_that_cannot_be_are_none(raw, found):
    assert reports.count(told(), raw) == found


def test_long_names_are_cut_and_stay_apart():
    one, other = (reports.name_of(told(), "x" * 3_000 + end) for end in "ab")
    assert one != other
    assert len(one) == len(other) < 1_100


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("/home/ada/app/a.test.ts", "", "/app/a.test.ts"),
        ("suite C:\\Users\\ada\\app\\a.ts", "suite ", "/app\\a.ts"),
        ("suite c:/users/ada/app/a.ts", "suite ", "/app/a.ts"),
        ("reads 'file:///C:/Users/ada/a.ts'", "reads 'file://", "/a.ts'"),
        ("test[/mnt/c/Users/ada/a.ts]", "test[", "/a.ts]"),
        ("(/Users/ada/a.ts)", "(", "/a.ts)"),
        ("/var/home/ada/a.ts", "", "/a.ts"),
        ("\\\\fs\\home\\ada\\a.ts", "", "/a.ts"),
    ],
)
def test_in_names_of_tests_a_pseudonym_stands_for_an_account(name, before, after):
    found = reports.name_of(told(), name)
    assert found.startswith(f"{before}~/")
    assert found.endswith(after)
    assert found == before + "~/" + told().sealed("ada")[:9] + after


def test_two_routes_are_two():
    names = [f"GET /home/{place}/prices" for place in ("eu", "us")]
    assert len({reports.name_of(told(), name) for name in names}) == 2


@pytest.mark.parametrize(
    "name", ["GET /home/eu", "GET /api/home/eu/prices", "DELETE /users/42/orders", "a/home/b/c.ts"]
)
def test_routes_stay(name):
    assert reports.name_of(told(), name) == name
