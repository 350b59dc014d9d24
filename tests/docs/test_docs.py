"""The documentation says what is there, all of it, and nothing else."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from docs.generate import pages

from trueup.cli._app import build
from trueup.kernel.errors import TrueupError
from trueup.publish.gaps import GAPS
from trueup.runs.pages import explainable, page, slugs

ROOT = Path(__file__).parents[2]
TEXTS = sorted(p for p in (ROOT / "docs").rglob("*.md") if "reference" not in p.parts)


def tracked() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("not a git checkout: nothing tells which files belong to the project")
    return [ROOT / name for name in done.stdout.decode().splitlines()]


def commands() -> set[str]:
    app = build()
    return {str(c.name) for c in (*app.registered_commands, *app.registered_groups)}


def test_every_command_has_a_page_with_an_example():
    for name in commands():
        text = pages()[f"commands/{name}.md"]
        assert f"trueup {name}" in text.split("Example", 1)[1], name


def test_every_error_says_what_to_do():
    for slug, kind in slugs().items():
        assert kind.__doc__, slug
        assert f"errors/{slug}.md" in pages()


def test_slugs_are_unique():
    kinds: list[type[TrueupError]] = [TrueupError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    own = [k.slug for k in kinds if "slug" in vars(k)]
    assert len(own) == len(set(own))


@pytest.mark.parametrize(
    "name", [n for g in ("signals", "gaps", "errors") for n in explainable()[g]]
)
def test_everything_listed_can_be_explained(name):
    title, sections = page(name)
    assert title
    assert all(text.strip() for text in sections.values())


def test_gaps_say_what_they_cost_and_what_to_do():
    for slug, gap in GAPS.items():
        assert gap.cost.endswith("."), slug
        assert gap.remedy, slug


def test_citations_lead_to_entries_and_no_entry_is_idle():
    entries = set(
        re.findall(r"^@\w+\{(\w+),", (ROOT / "docs/references.bib").read_text(), re.MULTILINE)
    )
    cited: set[str] = set()
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *TEXTS]:
        cited |= set(re.findall(r"\[([A-Z][A-Za-z]+(?:19|20)\d\d)\]", path.read_text()))
    assert cited - entries == set()
    assert entries - cited == set()


def test_commands_named_in_texts_exist():
    names = commands()
    for path in [ROOT / "README.md", *TEXTS]:
        blocks = re.findall(r"^```\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL)
        for command in re.findall(r"^trueup ([a-z]+)", "\n".join(blocks), re.MULTILINE):
            assert command in names, f"{path.name}: trueup {command}"


def test_links_between_pages_lead_somewhere():
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *TEXTS]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_decisions_are_at_most_a_page():
    for path in (ROOT / "docs/decisions").glob("*.md"):
        text = path.read_text()
        assert len(text.split()) < 900, path.name
        assert "wrong" in text.lower(), f"{path.name} does not say how one would know it was wrong"


def test_changelog_fragments_are_of_a_known_kind():
    for path in (ROOT / "changelog.d").glob("*.md"):
        assert re.fullmatch(
            r"\+[a-z0-9-]+\.(signal|added|changed|fixed|removed|security)\.md", path.name
        )


def test_constraints_hold_no_address_and_no_lock_file_is_kept():
    assert "://" not in (ROOT / "constraints.txt").read_text()
    assert "uv.lock" not in {path.name for path in tracked()}
