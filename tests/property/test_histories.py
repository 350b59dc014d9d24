"""Where commits landed and which releases hold them, as git itself says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.git.making import Repo, git, words

from trueup.simulate.organisation import write
from trueup.simulate.scenarios import small
from trueup.sources.git.history import NOWHERE, containment, landings, read_history
from trueup.sources.git.repository import open_repository

if TYPE_CHECKING:
    from pathlib import Path

    from trueup.sources.git.history import History

#: For each commit how far back its parents lie; for each tip, counted from the last commit.
SHAPES = st.lists(st.lists(st.integers(1, 8), max_size=3, unique=True), min_size=1, max_size=14)
TIPS = st.lists(st.integers(0, 13), min_size=1, max_size=5)


def drawn(path: Path, shape: list[list[int]], tips: list[int]) -> list[str]:
    """Write a history of that shape; tags t0, t1, ... end where they are told to."""
    shas: list[str] = []
    with Repo(path) as repo:
        for number, back in enumerate(shape):
            parents = [shas[number - b] for b in back if b <= number]
            shas.append(repo.commit({}, f"{number}", parents=parents))
        for number, sha in enumerate(shas):
            repo.branch(f"b{number}", sha)
        for number, back in enumerate(tips):
            repo.branch(f"refs/tags/t{number}", shas[-1 - back % len(shas)])
    return shas


def history_of(path: Path) -> History:
    repository = open_repository(path)
    try:
        return read_history(repository, words(path, "rev-parse", "--all"))
    finally:
        repository.close()


def check_landings(path: Path, history: History, tip: str) -> None:
    expected = {}
    for link in reversed(words(path, "rev-list", "--first-parent", tip)):
        new = words(path, "rev-list", link, "--not", *words(path, "rev-parse", f"{link}^@")[:1])
        expected.update(dict.fromkeys(set(new) - expected.keys(), link))
    brought = landings(history, history.find(tip))
    found = {history.sha(i): history.sha(b) for i, b in enumerate(brought.tolist()) if b != NOWHERE}
    assert found == expected


def check_containment(path: Path, history: History, tips: dict[str, str]) -> None:
    reach = {name: set(words(path, "rev-list", sha)) for name, sha in tips.items()}
    names = list(tips)
    found = containment(history, [history.find(sha) for sha in tips.values()])
    for i, which in enumerate(found.which):
        sha = history.sha(i)
        inside = {n for n in names if sha in reach[n]}
        least = {n for n in inside if not any(_below(tips, reach, o, n) for o in inside)}
        assert {names[k] for k in found.first[which]} == least
    for number, name in enumerate(names):
        below = {o for o in names if _below(tips, reach, o, name)}
        assert {names[k] for k in found.inside[number]} == below


def _below(tips: dict[str, str], reach: dict[str, set[str]], one: str, other: str) -> bool:
    return tips[one] in reach[other] and tips[one] != tips[other]


class TestShape:
    """For each commit, the first-parent commit of the line that brought it."""

    @settings(max_examples=12, deadline=None)
    @given(shape=SHAPES, tips=TIPS)
    def test_any_history(
        self, shape: list[list[int]], tips: list[int], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        path = tmp_path_factory.mktemp("drawn") / "r"
        shas = drawn(path, shape, tips)
        history = history_of(path)
        assert sorted(history.sha(i) for i in range(len(history))) == sorted(shas)
        order = {history.sha(i): i for i in range(len(history))}
        for number, sha in enumerate(shas):
            told = words(path, "rev-parse", f"{sha}^@")
            assert [history.sha(p) for p in history.parents(order[sha])] == told
            assert all(order[p] > order[sha] for p in told)
            assert history.find(sha) == history.find_prefix(sha[:12]) == order[sha], number
        asked = [*shas, "0" * 40, shas[0]]
        places = [*(order[sha] for sha in shas), NOWHERE, order[shas[0]]]
        assert history.places(pa.array(asked, pa.string())).tolist() == places
        check_landings(path, history, shas[-1])
        named = {f"t{n}": shas[-1 - back % len(shas)] for n, back in enumerate(tips)}
        check_containment(path, history, named)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_simulated_history(seed: int, tmp_path: Path) -> None:
    path = tmp_path / write(small(seed=seed), tmp_path).repository
    history = history_of(path)
    tip = words(path, "rev-parse", "main")[0]
    check_containment(
        path, history, {t: words(path, "rev-parse", f"{t}^{{}}")[0] for t in words(path, "tag")}
    )
    brought = landings(history, history.find(tip))
    chain = words(path, "rev-list", "--first-parent", tip)
    assert {history.sha(b) for b in set(brought.tolist()) - {NOWHERE}} == set(chain)
    on = {history.sha(i) for i in np.flatnonzero(brought != NOWHERE).tolist()}
    assert on == set(words(path, "rev-list", tip))
    for link in chain[:: len(chain) // 12]:
        mine = {history.sha(i) for i in np.flatnonzero(brought == history.find(link)).tolist()}
        assert mine == set(words(path, "rev-list", link, "--not", f"{link}^1"))


def test_ids_that_are_not_there(tmp_path: Path) -> None:
    with Repo(tmp_path / "r") as repo:
        one = repo.commit({}, "one")
        repo.commit({}, "two")
    history = history_of(tmp_path / "r")
    assert history.find("0" * 40) == NOWHERE
    assert history.find("f" * 40) == NOWHERE
    assert history.find_prefix("") == NOWHERE
    assert history.places(pa.array([], pa.string())).tolist() == []
    assert history.find_prefix(one[:4]) == history.find(one)
    assert len(git(tmp_path / "r", "rev-list", "--all").split()) == len(history) == 2
