"""Everything in a repository that is not anybody's ordinary work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from trueup.simulate.content import File, Line, replaced
from trueup.simulate.words import LIBRARIES

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.simulate.codebase import Codebase
    from trueup.simulate.people import Person
    from trueup.simulate.scenario import Scenario
    from trueup.simulate.world import World

CHANGELOG = "CHANGELOG.md"
VERSION = "VERSION"
PINS = "requirements.txt"
MAILMAP = ".mailmap"
IGNORED = ".git-blame-ignore-revs"
LOGO = "assets/logo.png"
VENDORED = 36  # files of the library somebody copied in


def add_common_files(codebase: Codebase, scenario: Scenario) -> None:
    """The files no team owns."""
    texts = {
        "README.md": (f"# {scenario.name}", "", "A simulated code base; nobody here exists."),
        CHANGELOG: ("# Changelog", "", "## [Unreleased]", ""),
        VERSION: ("0.9.0",),
        MAILMAP: ("# Proper Name <proper@address> <other@address>",),
        ".github/CODEOWNERS": tuple(
            f"/{folder} @{scenario.organisation}/{team.name}"
            for team in scenario.teams
            for folder in team.folders
        ),
        ".gitattributes": ("vendor/** linguist-vendored", "*.png binary"),
        "docs/übersicht der daten.md": ("# Übersicht", "", "Pfade mit Leerzeichen gibt es auch."),
    }
    ink = codebase.ink
    for path, lines in texts.items():
        codebase.add(path, tuple(ink.given(line) for line in lines))
    codebase.add(PINS, ink.page(PINS, 24))
    codebase.add("tools/check.sh", (ink.given("#!/bin/sh"), ink.given("exit 0")), "100755")
    codebase.add("docs/latest.md", (ink.given("übersicht der daten.md"),), "120000")
    logo = codebase.add(LOGO, ())
    codebase.files[logo] = File(LOGO, raw=_pixels(0))


def two_faced(world: World) -> list[tuple[Person, bool]]:
    """People with two addresses, and whether .mailmap joins them: every other one."""
    people = [person for person in world.staff.people() if person.other_email]
    return [(person, index % 2 == 0) for index, person in enumerate(people)]


def begin(world: World, at: datetime) -> None:
    """The first commit, with everything in it."""
    lead = _lead(world, 0).stamp(at)
    changes = replaced(world.main.tree, dict(world.codebase.files))
    mark = world.write(world.main, (lead, lead), "Initial import\n", changes)
    world.book.plant("initial", mark)


def arrange(world: World) -> None:
    """Put all of it into the queue."""
    scenario = world.scenario
    weeks = scenario.weeks

    def on(share: float) -> datetime:
        return scenario.start + timedelta(hours=round(share * weeks * 168) + 10)

    if any(mapped for _, mapped in two_faced(world)):
        world.queue.put(on(0.15), partial(_map_people, world))
    world.queue.put(on(0.06), partial(_vendor, world, 1))
    world.queue.put(on(0.55), partial(_vendor, world, 2))
    for share in (0.3, 0.7):
        world.queue.put(on(share), partial(_draw_logo, world))
    for turn, week in enumerate(scenario.bulk_weeks):
        world.queue.put(on((week + 0.3) / weeks), partial(_reformat, world, turn))
    for number in range(scenario.renames):
        at = on((number + 0.5) / scenario.renames * 0.95)
        world.queue.put(at, partial(_rename, world, number % 2 == 0))


def _map_people(world: World, at: datetime) -> None:
    number = world.codebase.numbers[MAILMAP]
    file = world.main.tree[number]
    entries = [
        world.codebase.ink.given(f"{p.name} <{p.email}> {p.other_name} <{p.other_email}>")
        for p, mapped in two_faced(world)
        if mapped
    ]
    file = replace(file, lines=(*file.lines, *entries))
    _put(world, at, "mailmap", "Map second addresses", {number: file})


def _vendor(world: World, edition: int, at: datetime) -> None:
    """A copied library, imported and later brought up to date."""
    name, files = LIBRARIES[world.scenario.seed % len(LIBRARIES)], {}
    for index in range(VENDORED):
        path = f"vendor/{name}/src/part_{index:02d}.c"
        number = world.codebase.numbers.get(path) or world.codebase.add(path, ())
        lines = [f"static int v{edition}_{index}_{row} = {row * edition};" for row in range(60)]
        files[number] = File(path, tuple(world.codebase.ink.given(line) for line in lines))
    verb = "Import" if edition == 1 else "Update"
    _put(world, at, "vendored", f"{verb} {name} {edition}.0 into vendor/", files)


def _draw_logo(world: World, at: datetime) -> None:
    number = world.codebase.numbers[LOGO]
    file = File(LOGO, raw=_pixels(world.scenario.week_of(at)))
    _put(world, at, "binary", "Refresh the logo", {number: file})


def _reformat(world: World, turn: int, at: datetime) -> None:
    """Every source file in one commit, which blame is told to pass over."""
    files = {
        number: replace(file, lines=tuple(_indented(line, turn) for line in file.lines))
        for number, file in world.main.tree.items()
        if file.path.endswith(".py")
    }
    mark = _put(world, at, "bulk", "Reformat all sources", files)
    world.queue.put(at + timedelta(minutes=9), partial(_pass_over, world, mark))


def _pass_over(world: World, mark: int, at: datetime) -> None:
    number = world.codebase.numbers.get(IGNORED) or world.codebase.add(IGNORED, ())
    before = world.main.tree.get(number, File(IGNORED))
    comment = world.codebase.ink.given("# Reformat all sources")
    line = world.codebase.ink.given(world.writer.sha(mark))
    file = replace(before, lines=(*before.lines, comment, line))
    _put(world, at, "blame_ignore", "Let blame pass over the reformatting", {number: file})


def _rename(world: World, pure: bool, at: datetime) -> None:
    """One source file moves into a folder below, as it is or with a change on the way."""
    codebase, dice = world.codebase, world.dice
    coupled = set(codebase.coupled) | {n for ps in codebase.coupled.values() for n, _ in ps}
    team = dice.choice(world.scenario.teams).name
    here = [n for n in codebase.areas[team].sources if n in world.main.tree and n not in coupled]
    number = dice.choice(here)
    file = world.main.tree[number]
    where = PurePosixPath(file.path)
    moved = replace(file, path=f"{where.parent}/core/{where.name}")
    if not pure:
        moved = replace(moved, lines=(*moved.lines, codebase.ink.line(moved.path)))
    codebase.files[number] = replace(codebase.files[number], path=moved.path)
    _put(world, at, "rename", f"Move {where.name} into core/", {number: moved})


def _put(world: World, at: datetime, kind: str, subject: str, files: dict[int, File]) -> int:
    week = world.scenario.week_of(at)
    stamp = _lead(world, week).stamp(at)
    changes = replaced(world.main.tree, files)
    mark = world.write(world.main, (stamp, stamp), f"{subject}\n", changes)
    world.book.plant(kind, mark)
    return mark


def _lead(world: World, week: int) -> Person:
    return world.staff.lead(world.scenario.teams[0].name, week)


def _indented(line: Line, turn: int) -> Line:
    """Two spaces become four, and the other way round in the next turn."""
    key, text = line
    bare = text.lstrip(" ")
    depth = len(text) - len(bare)
    if not depth:
        return key, text
    return key, " " * (depth * 2 if turn % 2 == 0 else max(2, depth // 2)) + bare


def _pixels(turn: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0" + bytes((turn * 7 + index) % 256 for index in range(900))
