"""The code base: which files there are, who owns them, which change often, and new lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from trueup.simulate.content import Edit, File, Hunk, Line, Tree
from trueup.simulate.dice import running, skewed
from trueup.simulate.words import MODULES, NOUNS, SENTENCES, VERBS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.simulate.dice import Dice
    from trueup.simulate.scenario import Scenario, TeamPlan

FULL = 260  # lines; a file longer than this shrinks as often as it grows
SKEW = 0.7  # of which file of a team is changed


class Ink:
    """Lines nobody has seen before; each has a key that follows it through history."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._key = 0

    def line(self, path: str, *, plain: bool = False) -> Line:
        """A fresh line that suits the file; a plain one may look like many others."""
        self._key += 1
        if path.endswith(".md"):
            return self._key, self._sentence()
        if path.endswith(".txt"):
            return self._key, self._pin()
        return self._key, self._code(plain=plain)

    def given(self, text: str) -> Line:
        """A line with this text."""
        self._key += 1
        return self._key, text

    def page(self, path: str, count: int) -> tuple[Line, ...]:
        """So many fresh lines, of which the first is like no other."""
        return tuple(self.line(path, plain=index > 0) for index in range(count))

    def _code(self, *, plain: bool) -> str:
        dice, key = self._dice, self._key
        noun, other, verb = dice.choice(NOUNS), dice.choice(NOUNS), dice.choice(VERBS)
        shape = dice.below(12)
        if plain and shape < 2:
            return f"  return {noun}" if shape else ""
        if shape == 2:
            return f"def {verb}_{noun}_{key}({other}):"
        if shape < 5:
            return f"  if {noun} > {key % 997}: {other} = {verb}('{noun}', {key})"
        return f"  {noun}_{key} = {verb}({other}, {dice.below(900)})"

    def _sentence(self) -> str:
        dice = self._dice
        words = {"verb": dice.choice(VERBS), "noun": dice.choice(NOUNS), "number": self._key}
        return dice.choice(SENTENCES).format(other=dice.choice(NOUNS), **words)

    def _pin(self) -> str:
        dice = self._dice
        return f"{dice.choice(NOUNS)}-{dice.choice(NOUNS)}=={dice.below(9)}.{self._key}"


@dataclass(slots=True)
class Area:
    """What one team owns, by file number; ``often`` are running totals over the sources."""

    sources: list[int] = field(default_factory=list)
    docs: list[int] = field(default_factory=list)
    tests: dict[int, int] = field(default_factory=dict)
    often: tuple[float, ...] = ()


class Codebase:
    """All files by number, with the planted couplings between them."""

    def __init__(self, scenario: Scenario, dice: Dice) -> None:
        self.ink = Ink(dice.child("ink"))
        self.files: Tree = {}
        self.areas: dict[str, Area] = {}
        self.numbers: dict[str, int] = {}
        self.coupled: dict[int, list[tuple[int, float]]] = {}
        self.locked: set[int] = set()
        self._dice = dice
        for plan in scenario.teams:
            self._build(scenario, plan)
        for pair in scenario.couplings:
            partner = (self.numbers[pair.second], pair.probability)
            self.coupled.setdefault(self.numbers[pair.first], []).append(partner)

    def add(self, path: str, lines: tuple[Line, ...], mode: str = "100644") -> int:
        """A new file; its number stays when it is renamed."""
        number = len(self.files) + 1
        self.files[number] = File(path, lines, mode)
        self.numbers[path] = number
        return number

    def pick(self, team: str, count: int, avoid: set[int]) -> tuple[int, ...]:
        """Source files of a team by how often they change, each once, none of ``avoid``."""
        area, found = self.areas[team], dict[int, None]()
        for _ in range(12 * count):
            number = area.sources[self._dice.pick(area.often)]
            if number not in avoid:
                found[number] = None
            if len(found) == count:
                break
        return tuple(found)

    def along(self, files: tuple[int, ...]) -> tuple[int, ...]:
        """The files and, as chance will have it, those coupled with them."""
        more = [
            second
            for first in files
            for second, probability in self.coupled.get(first, ())
            if self._dice.chance(probability)
        ]
        return tuple(dict.fromkeys([*files, *more]))

    def edit(self, tree: Tree, number: int, size: int) -> Edit:
        """A change of about so many lines to a file, leaving locked lines alone."""
        file = tree[number]
        added = self.ink.page(file.path, size)
        room = len(file.lines) > FULL
        start = self._dice.below(len(file.lines) + 1)
        most = 2 * size if room else self._dice.below(size + 1)
        removed: list[Line] = []
        for line in file.lines[start : start + most]:
            if line[0] in self.locked:
                break
            removed.append(line)
        after = file.lines[start - 1][0] if start else 0
        return Edit(number, (Hunk(after, tuple(removed), added),))

    def creation(self, path: str, size: int) -> Edit:
        """A change that adds a file."""
        number = self.add(path, self.ink.page(path, size + 4))
        return Edit(number, made=self.files[number])

    def adopt(self, team: str, edits: Iterable[Edit]) -> None:
        """Let files that work has added be changed by later work, too."""
        made = [edit.file for edit in edits if edit.made is not None]
        if made and team:
            area = self.areas[team]
            area.sources.extend(made)
            area.often = running(skewed(len(area.sources), SKEW))

    def disown(self, team: str, edits: Iterable[Edit]) -> None:
        """Keep later work off added files that will be taken out again."""
        gone = {edit.file for edit in edits if edit.made is not None}
        if gone:
            area = self.areas[team]
            area.sources = [number for number in area.sources if number not in gone]
            area.often = running(skewed(len(area.sources), SKEW))

    def _build(self, scenario: Scenario, plan: TeamPlan) -> None:
        area = self.areas[plan.name] = Area()
        wanted = [p for c in scenario.couplings for p in (c.first, c.second)]
        own = [path for path in dict.fromkeys(wanted) if scenario.owner(path) == plan.name]
        for index, path in enumerate([*own, *self._paths(plan, set(own))]):
            number = self.add(path, self.ink.page(path, self._dice.whole(15, 70)))
            area.sources.append(number)
            if index % 2 == 0:
                area.tests[number] = self._test(path)
        area.often = running(skewed(len(area.sources), SKEW))
        for folder in plan.folders:
            for stem in ("overview", "operations"):
                path = f"{folder}docs/{stem}.md"
                area.docs.append(self.add(path, self.ink.page(path, 20)))

    def _paths(self, plan: TeamPlan, taken: set[str]) -> list[str]:
        modules = self._dice.shuffled(MODULES)
        paths: list[str] = []
        for index in range(plan.files):
            stem, turn = modules[index % len(modules)], index // len(modules)
            folder = plan.folders[index % len(plan.folders)]
            path = f"{folder}{stem}{turn or ''}.py"
            paths += [] if path in taken else [path]
        return paths

    def _test(self, path: str) -> int:
        where = PurePosixPath(path)
        name = f"{where.parent}/tests/test_{where.name}"
        return self.add(name, self.ink.page(name, 20))
