"""The same identity gives the same id under one key, and nothing without it."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.facts.pseudonyms import MINIMUM, identity, key_id, key_path, load_key
from trueup.kernel.errors import ConfigError

KEY, OTHER = b"k" * 32, b"o" * 32
TEXTS = st.text(max_size=20)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("TRUEUP_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


class TestIdentity:
    """The id of a name and address: `p` and 16 hexadecimal digits."""

    @given(name=TEXTS, address=TEXTS, other=TEXTS)
    def test_ids(self, name: str, address: str, other: str) -> None:
        found = identity(KEY, name, address)
        assert len(found) == 17
        assert found[0] == "p"
        assert int(found[1:], 16) >= 0
        assert identity(KEY, name, address.lower()) == identity(KEY, name, address)
        assert identity(OTHER, name, address) != found
        if other != name:
            assert identity(KEY, other, address) != found
        if other.lower() != address.lower():
            assert identity(KEY, name, other) != found

    def test_bytes_that_are_no_text(self) -> None:
        assert identity(KEY, "\udcff", "a@b") != identity(KEY, "\udcfe", "a@b")

    def test_two_keys_are_told_apart_without_telling_them(self) -> None:
        assert key_id(KEY) == key_id(KEY) != key_id(OTHER)
        assert KEY.hex() not in key_id(KEY)


def test_a_key_is_made_once_and_is_private(home: Path) -> None:
    first = load_key()
    assert load_key() == first
    assert len(first) == 64
    assert key_path() == home / "config" / "trueup" / "key"
    assert key_path().stat().st_mode & 0o777 == 0o600
    assert [p.name for p in key_path().parent.iterdir()] == ["key"]


def test_what_a_killed_process_left_is_in_nobodys_way(home: Path) -> None:
    folder = key_path().parent
    folder.mkdir(parents=True)
    (folder / f"key.{os.getpid()}").write_text("half")
    assert len(load_key()) == 64


def test_where_no_hard_links_can_be_made(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert load_key() == load_key()


def test_the_environment_comes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUEUP_KEY", "x" * MINIMUM)
    assert load_key() == b"x" * MINIMUM
    assert not key_path().exists()
    monkeypatch.setenv("TRUEUP_KEY", "x" * (MINIMUM - 1))
    with pytest.raises(ConfigError, match="15 characters, at least 16"):
        load_key()


def test_keys_that_cannot_be_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key_path().parent.mkdir(parents=True)
    key_path().write_text("short\n")
    with pytest.raises(ConfigError, match="5 characters") as told:
        load_key()
    assert told.value.where == str(key_path())
    monkeypatch.setenv("XDG_CONFIG_HOME", os.devnull)
    with pytest.raises(ConfigError, match="cannot be read or made"):
        load_key()


def test_without_a_setting_it_lies_under_the_home_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(home))
    assert key_path() == home / ".config" / "trueup" / "key"
