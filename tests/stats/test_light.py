"""The package stays pure and quick to import."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import trueup.stats

MODULES = sorted(info.name for info in pkgutil.iter_modules(trueup.stats.__path__))
SOURCES = sorted(Path(trueup.stats.__path__[0]).glob("*.py"))
BIBLIOGRAPHY = Path(__file__).parents[2] / "docs" / "references.bib"


def test_importing_it_does_not_import_scipy() -> None:
    names = ", ".join(f"trueup.stats.{name}" for name in MODULES)
    code = f"import sys, {names}; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_clock_no_files_no_global_randomness(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\bimport (time|datetime|random|os|pathlib)\b|\bopen\(", text)
    assert not re.search(r"np\.random\.(?!Generator|default_rng)", text)
    assert "default_rng()" not in text


def test_every_citation_has_an_entry() -> None:
    cited = {
        key
        for path in SOURCES
        for key in re.findall(r"\[([A-Z][A-Za-z]+\d{4})\]", path.read_text(encoding="utf-8"))
    }
    entries = set(
        re.findall(r"^@\w+\{(\w+),", BIBLIOGRAPHY.read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    assert cited <= entries
