"""The state in a file of the workspace."""

from __future__ import annotations

import os

import pytest
from tests.state.laws import CLAIMS, LAWS, SIZES, opener

from trueup.kernel.errors import ConfigError, StateError
from trueup.state.audits import add_audit, find_audit
from trueup.state.base import State


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law(law, tmp_path):
    law(opener(tmp_path))


def test_another_workspace_knows_nothing_of_it(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    add_audit(opener(tmp_path / "one")(), 1, "key", SIZES, CLAIMS)
    (tmp_path / "other" / "state.db").write_bytes((tmp_path / "one" / "state.db").read_bytes())
    assert find_audit(opener(tmp_path / "other")()) is None
    assert add_audit(opener(tmp_path / "other")(), 1, "key", SIZES, CLAIMS) == 1


def test_looking_makes_no_file(tmp_path):
    assert find_audit(opener(tmp_path)()) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "content", [b"no database at all, " * 99, b"SQLite format 3\0" + b"x" * 4096]
)
def test_a_damaged_file_is_told(tmp_path, content):
    (tmp_path / "state.db").write_bytes(content)
    (tmp_path / "id").write_text("one")
    with pytest.raises(StateError, match=r"state\.failed") as told:
        find_audit(opener(tmp_path)())
    assert "state.db" in str(told.value)


def test_a_file_cut_short_is_told(tmp_path):
    state = opener(tmp_path)()
    add_audit(state, 1, "key", SIZES, CLAIMS)
    whole = (tmp_path / "state.db").read_bytes()
    (tmp_path / "state.db").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StateError):
        find_audit(opener(tmp_path)())


@pytest.mark.skipif(os.geteuid() == 0, reason="everything can be written by root")
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StateError, match="cannot be used"):
        add_audit(opener(tmp_path)(), 1, "key", SIZES, CLAIMS)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(StateError, match="cannot be used"):
        add_audit(opener(tmp_path / "nowhere")(), 1, "key", SIZES, CLAIMS)


@pytest.mark.parametrize("address", ["nonsense", "mysql://root@host/x", "sqlite:///x.db", "://"])
def test_an_address_that_is_none(tmp_path, address):
    with pytest.raises(ConfigError, match="TRUEUP_STATE"):
        State(tmp_path, lambda: None, address)


def test_nobody_answers_and_no_password_is_told(tmp_path):
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is an extra")
    (tmp_path / "id").write_text("one")
    state = opener(tmp_path, "postgresql://ada:secret@127.0.0.1:1/none")()
    with pytest.raises(StateError) as told:
        find_audit(state)
    assert "secret" not in str(told.value)
    assert "127.0.0.1" in str(told.value)
