"""`trueup.toml`: everything that can be set, and a clear refusal of everything else."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from trueup.claims.policy import Policy
from trueup.kernel.errors import ConfigError
from trueup.runs.config import Config, load_config
from trueup.teams.scopes import Member, Team


def loaded(tmp_path, text):
    (tmp_path / "trueup.toml").write_text(text, "utf-8")
    return load_config(tmp_path)


def test_without_a_file_the_defaults_hold(tmp_path):
    assert load_config(tmp_path) == Config() == Config("", None, 2, Policy(), ())


def test_an_empty_file_is_no_file(tmp_path):
    assert loaded(tmp_path, "") == Config()


def test_everything(tmp_path):
    found = loaded(
        tmp_path,
        """
        branch = "trunk"
        since = 2024-01-31
        workers = 4
        [policy]
        survive = 14
        restate = 60
        habit = 0.8
        ledger_months = 12
        [[team]]
        name = "payments"
        members = ["ada@example.org", { person = "bo@example.org", from = 2026-01-31, until = 2026-06-01 }]
        [[team]]
        name = "checkout"
        paths = ["/checkout/", "*.sql"]
        """,
    )
    assert found == Config(
        branch="trunk",
        since=datetime(2024, 1, 31, tzinfo=UTC),
        workers=4,
        policy=Policy(survive=14, restate=60, habit=0.8, ledger_months=12),
        teams=(
            Team(
                "payments",
                (
                    Member("ada@example.org"),
                    Member("bo@example.org", date(2026, 1, 31), date(2026, 6, 1)),
                ),
            ),
            Team("checkout", paths=("/checkout/", "*.sql")),
        ),
    )


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("since = 2024-01-31T10:00:00Z", datetime(2024, 1, 31, 10, tzinfo=UTC)),
        ("since = 2024-01-31T10:00:00", datetime(2024, 1, 31, 10, tzinfo=UTC)),
        ("since = 2024-01-31T10:00:00+02:00", datetime(2024, 1, 31, 8, tzinfo=UTC)),
    ],
)
def test_since_may_be_a_moment(tmp_path, text, moment):
    assert loaded(tmp_path, text).since == moment


BAD = {
    "brnach = 'x'": "unknown key 'brnach'",
    "branch = 3": "branch must be of type str",
    "workers = 'many'": "workers must be of type int",
    "workers = true": "workers must be of type int",
    "workers = 0": "workers must be from 1 to 64",
    "workers = -1": "workers must be from 1 to 64",
    "workers = 1000": "workers must be from 1 to 64",
    "since = 'last year'": "`since` is a date",
    "since = 10:00:00": "`since` is a date",
    "policy = 3": "policy must be of type dict",
    "[policy]\nsurvived = 3": "unknown key 'survived'",
    "[policy]\nedition = 2": "unknown key 'edition'",
    "[policy]\nsurvive = 0": "survive must be a whole number from 1 to 3650",
    "[policy]\nsurvive = -1": "survive must be",
    "[policy]\nsurvive = 30.5": "survive must be",
    "[policy]\nsurvive = '30'": "survive must be",
    "[policy]\nsurvive = true": "survive must be",
    "[policy]\nsurvive = 1000000000": "survive must be",
    "[policy]\nledger_months = 100000": "ledger_months must be a whole number from 1 to 240",
    "[policy]\nhabit = 0": "habit must be a share above 0",
    "[policy]\nhabit = 1.5": "habit must be a share",
    "[policy]\nhabit = nan": "habit must be a share",
    "team = 'payments'": "team must be written as [[team]]",
    "[team]\nname = 'x'": "team must be written as [[team]]",
    "[[team]]\nmembers = []": "a team needs a name",
    "[[team]]\nname = 3": "name must be of type str",
    "[[team]]\nname = 'x'\nmember = []": "unknown key 'member'",
    "[[team]]\nname = 'x'\nmembers = 'ada@example.org'": "members must be of type list",
    "[[team]]\nname = 'x'\nmembers = [3]": "a member is an address",
    "[[team]]\nname = 'x'\nmembers = ['']": "a member is an address",
    "[[team]]\nname = 'x'\nmembers = [{ name = 'x' }]": "unknown key 'name'",
    "[[team]]\nname = 'x'\nmembers = [{ from = 2026-01-01 }]": "a member needs `person`",
    "[[team]]\nname = 'x'\nmembers = [{ person = 'a', from = 'x' }]": "are dates",
    "[[team]]\nname = 'x'\nmembers = [{ person = 'a', from = 2026-02-01, until = 2026-01-01 }]": "`until` must",
    "[[team]]\nname = 'x'\npaths = 'src/'": "paths must be of type list",
    "[[team]]\nname = 'x'\npaths = [3]": "paths are texts",
    "not toml at all": "not a TOML file",
    "branch = 'x'\nbranch = 'y'": "not a TOML file",
}


@pytest.mark.parametrize("text", BAD)
def test_refused(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert BAD[text] in caught.value.what
    assert caught.value.where.startswith(str(tmp_path / "trueup.toml"))


def test_not_text_at_all(tmp_path):
    (tmp_path / "trueup.toml").write_bytes(b"\xff\xfe\x00branch")
    with pytest.raises(ConfigError, match="not a TOML file"):
        load_config(tmp_path)


def test_a_misspelt_key_is_told_with_those_that_are_known(tmp_path):
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, "[policy]\nrestated = 3")
    assert caught.value.remedy == "Known keys here: habit, ledger_months, restate, survive."
