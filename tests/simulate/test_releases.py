"""Tags, release notes and what they are about, by plain git."""

import re

import pytest
from tests.simulate.conftest import Repository

from trueup.simulate.planted import Kind, Outcome, PlantedClaim


@pytest.fixture(params=["cove", "harbour"])
def world(request: pytest.FixtureRequest) -> Repository:
    repository: Repository = request.getfixturevalue(request.param)
    return repository


def notes(world: Repository, *outcomes: Outcome) -> list[PlantedClaim]:
    return [c for c in world.truth.with_outcome(*outcomes) if c.kind is Kind.RELEASE_NOTE]


def section(world: Repository, tag: str) -> str:
    wanted = rf"(?ms)^## \[{re.escape(tag[1:])}\] .*?(?=^## |\Z)"
    found = re.search(wanted, world.changelogs[tag])
    return found[0] if found else ""


def test_tags_are_annotated_and_on_release_branches(world: Repository) -> None:
    shown = world.git("tag", "--format=%(refname:short) %(objecttype) %(*objectname)")
    assert {line.split()[0]: line.split()[1:] for line in shown.splitlines()} == {
        name: ["tag", sha] for name, sha in world.truth.tags.items()
    }
    for name, sha in world.truth.tags.items():
        minor = name.rsplit(".", 1)[0].removeprefix("v")
        assert sha in world.reachable(f"release/{minor}")
        assert world.git("show", f"{name}:VERSION").strip() == name[1:]
        assert sha not in world.main


def test_each_note_stands_in_the_section_of_its_tag(world: Repository) -> None:
    for note in notes(world, *Outcome):
        assert f"({note.ref})" in section(world, note.tag)


def test_each_entry_of_a_section_is_a_note(world: Repository) -> None:
    for tag in world.truth.tags:
        entries = re.findall(r"(?m)^- .*\(([^()]*)\)$", section(world, tag))
        assert sorted(entries) == sorted(n.ref for n in notes(world, *Outcome) if n.tag == tag)


def test_true_notes_are_in_their_tag(world: Repository) -> None:
    reach = {tag: world.reachable(tag) for tag in world.truth.tags}
    for note in notes(world, Outcome.HONEST):
        claim = world.truth.claim(note.about)
        assert set(claim.shas) & reach[note.tag], note.id
        assert note.first_tag == note.tag


def test_absent_notes_are_in_no_tag(world: Repository) -> None:
    found = notes(world, Outcome.RELEASE_ABSENT)
    assert found
    every = {sha for tag in world.truth.tags for sha in world.reachable(tag)}
    for note in found:
        if note.about:
            assert not set(world.truth.claim(note.about).shas) & every
        else:
            number = re.compile(rf"{note.ref}\b")
            assert not any(number.search(world.commits[sha].message) for sha in every)
        assert (note.first_tag, note.landed_at) == ("", None)


def test_late_notes_are_first_in_a_later_tag(world: Repository) -> None:
    found = notes(world, Outcome.RELEASE_LATE)
    assert found
    reach = {tag: world.reachable(tag) for tag in world.truth.tags}
    for note in found:
        shas = set(world.truth.claim(note.about).shas)
        holding = [tag for tag in world.truth.tags if shas & reach[tag]]
        assert holding[0] == note.first_tag != note.tag
        assert note.contradicted_by == world.truth.tags[note.first_tag]


def test_some_landed_claims_are_not_mentioned(world: Repository) -> None:
    mentioned = {note.about for note in notes(world, *Outcome)}
    plants = world.truth.planted("not_mentioned")
    assert plants
    assert not mentioned & {plant.about for plant in plants}


def test_notes_of_patch_releases_come_forward(world: Repository) -> None:
    patches = [n for n in notes(world, Outcome.HONEST) if not n.tag.endswith(".0")]
    assert patches
    assert {report.line for note in patches for report in note.reports} == {"main", "release"}
