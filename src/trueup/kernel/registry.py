"""Parts are registered by declaring them in their own file; nobody keeps a list.

Model: a walk over the package with `pkgutil`, plus one entry-point group per kind of part so that
other packages can bring their own.
"""

from __future__ import annotations

import importlib
import pkgutil
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from trueup.kernel.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Declared(Protocol):
    """Whatever has a frozen, unique name."""

    @property
    def name(self) -> str:
        """Unique among parts of its kind; never changes."""
        ...


P = TypeVar("P", bound=Declared)


class Registry(Generic[P]):
    """All parts of one kind, in the order of their names.

    Args:
        package: the package whose public modules each declare parts under ``attribute``.
        attribute: the module attribute that holds the declaration.
        group: the entry-point group read for parts of other distributions.
    """

    def __init__(self, package: str, attribute: str, *, group: str = "") -> None:
        self._package = package
        self._attribute = attribute
        self._group = group
        self._parts: dict[str, P] | None = None

    def __iter__(self) -> Iterator[P]:
        return iter(self._load().values())

    def __len__(self) -> int:
        return len(self._load())

    def __getitem__(self, name: str) -> P:
        return self._load()[name]

    def names(self) -> list[str]:
        """The names of all parts, sorted."""
        return list(self._load())

    def _load(self) -> dict[str, P]:
        if self._parts is None:
            found: dict[str, P] = {}
            for origin, part in self._walk():
                if part.name in found:
                    what = f"two parts are called {part.name!r}"
                    raise DeclarationError(what, where=origin)
                found[part.name] = part
            self._parts = dict(sorted(found.items()))
        return self._parts

    def _walk(self) -> Iterator[tuple[str, P]]:
        package = importlib.import_module(self._package)
        for info in pkgutil.iter_modules(package.__path__):
            if info.name.startswith("_"):
                continue
            module = importlib.import_module(f"{self._package}.{info.name}")
            part = getattr(module, self._attribute, None)
            if part is not None:
                yield module.__name__, part
        if self._group:
            for point in entry_points(group=self._group):
                yield point.value, point.load()
