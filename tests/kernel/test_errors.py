"""Expected failures say what, where, and what to do; each has a slug of its own."""

import pickle
from collections.abc import Iterator

import pytest

from trueup.kernel import errors
from trueup.kernel.errors import TrueupError


def every(kind: type[TrueupError]) -> Iterator[type[TrueupError]]:
    yield kind
    for sub in kind.__subclasses__():
        yield from every(sub)


OURS = [kind for kind in every(TrueupError) if kind.__module__ == errors.__name__]
MADE = [
    errors.ConfigError.unknown_key("tems", "trueup.toml", ["teams", "policy"]),
    errors.GitError.from_command("log", 128, "one\ntwo\nthree\nfatal: \x1b[31mred\x07", "/srv/x"),
    errors.NotARepositoryError.here("/srv/x"),
    errors.EmptyRepositoryError.here("/srv/x"),
    errors.UnknownBranchError.named("next", "/srv/x", ["main"]),
    errors.UnknownBranchError.named("", "/srv/x", []),
    errors.OwnershipError.here("/srv/x"),
    errors.GitVersionError.found("1.8", "2.31"),
    errors.GitVersionError.found("", "2.31"),
    errors.StoreError.unwritable("/srv/x", "no space left"),
    errors.StoreError.damaged("/srv/x", "too short"),
    errors.StoreError.newer("/srv/x", 2, 1),
    errors.LockedError.here("/srv/x"),
    errors.NothingCollectedError.here("/srv/x"),
    errors.UnknownIdError.named("C-1", ["C-11"]),
]


def test_slugs_are_unique_and_tell_their_family() -> None:
    slugs = [kind.slug for kind in OURS]
    assert len(set(slugs)) == len(slugs)
    for kind in OURS:
        assert all(part.replace("-", "").isalpha() for part in kind.slug.split("."))
        parent = kind.__mro__[1]
        if issubclass(parent, TrueupError) and parent is not TrueupError:
            assert kind.slug.split(".")[0] == parent.slug.split(".")[0]


@pytest.mark.parametrize("error", MADE, ids=lambda e: e.slug)
def test_messages(error: TrueupError) -> None:
    first, *more = str(error).splitlines()
    assert first == f"{error.what}  [{error.slug}]"
    assert not error.what.endswith(".")
    assert error.remedy
    assert more == [f"  {line}" for line in (error.where, error.remedy) if line]


@pytest.mark.parametrize("error", MADE, ids=lambda e: e.slug)
def test_they_cross_processes(error: TrueupError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert type(again) is type(error)
    assert str(again) == str(error)


def test_what_git_prints_cannot_write_to_a_terminal() -> None:
    shown = str(errors.GitError.from_command("log", 128, "a\nb\nc\nfatal: \x1b[31mred\x07\n", ""))
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "b / c / fatal:" in shown
    assert "it printed nothing" in str(errors.GitError.from_command("log", 1, "", ""))
    assert len(errors.GitError.from_command("log", 1, "x" * 10_000, "").what) < 600


def test_what_is_known_is_named() -> None:
    assert "Known keys here: policy, teams." in str(MADE[0])
    assert "Usual ones here: main." in str(MADE[4])
    assert "ones here" not in str(MADE[5])
    assert "Close: C-11." in str(MADE[-1])
    assert str(TrueupError("plain")) == "plain  [trueup]"
