"""Parts are found where they are declared; nobody keeps a list."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from trueup.kernel.errors import DeclarationError
from trueup.kernel.registry import Registry


def package(folder: Path, name: str, **modules: str) -> None:
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text("")
    for module, text in modules.items():
        (folder / name / f"{module}.py").write_text(text)


PART = "class P:\n    def __init__(self, name):\n        self.name = name\nPART = P({!r})\n"


@pytest.fixture(autouse=True)
def _importable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in [n for n in sys.modules if n.startswith("parts_")]:
        del sys.modules[name]


def test_parts_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    package(
        tmp_path,
        "parts_some",
        zebra=PART.format("alpha"),
        ant=PART.format("omega"),
        empty="",
        _private=PART.format("never"),
    )
    found: Registry[ModuleType] = Registry("parts_some", "PART")
    assert found.names() == ["alpha", "omega"]
    assert [part.name for part in found] == found.names()
    assert len(found) == 2
    assert found["omega"].name == "omega"
    with pytest.raises(KeyError):
        found["never"]


def test_nothing_is_imported_before_it_is_asked_for(tmp_path: Path) -> None:
    package(tmp_path, "parts_lazy", one="raise AssertionError\n")
    lazy: Registry[ModuleType] = Registry("parts_lazy", "PART")
    assert "parts_lazy" not in sys.modules
    with pytest.raises(AssertionError):
        len(lazy)


def test_a_name_used_twice(tmp_path: Path) -> None:
    package(tmp_path, "parts_twice", one=PART.format("same"), two=PART.format("same"))
    with pytest.raises(DeclarationError, match="two parts are called 'same'") as told:
        Registry("parts_twice", "PART").names()
    assert told.value.where == "parts_twice.two"


def test_parts_of_other_distributions(tmp_path: Path) -> None:
    """An installed distribution that names a part in its entry points, as pip would write it."""
    package(tmp_path, "parts_own", one=PART.format("own"))
    package(tmp_path, "parts_other", two=PART.format("brought"))
    told = tmp_path / "parts_other-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: parts-other\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[parts.test]\nbrought = parts_other.two:PART\n")
    found: Registry[ModuleType] = Registry("parts_own", "PART", group="parts.test")
    assert found.names() == ["brought", "own"]
    assert Registry("parts_own", "PART").names() == ["own"]
