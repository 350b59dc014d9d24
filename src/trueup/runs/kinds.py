"""Which source and kind a record is of: by what its file is called, and by what it holds."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, Protocol

from trueup.facts.rows import OddRecordError
from trueup.kernel.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from trueup.kernel.sources import Form, RecordKind, Source
    from trueup.transport.documents import Exported

    Known = tuple[Source, RecordKind]

SOURCES: Registry[Source] = Registry("trueup.sources", "SOURCE", group="trueup.sources")
_WORD = re.compile(r"[A-Za-z0-9_-]{1,30}")


def kind_of(found: Exported) -> Known | None:
    """The source and kind of a record: by what its file is called, else by what it holds."""
    return None if found.record is None else _of_fields(found.hint, tuple(found.record))


@lru_cache(maxsize=4096)
def _of_fields(hint: str, names: tuple[str, ...]) -> Known | None:
    """The same by the names of its fields, which records of one list mostly share."""
    fields = frozenset(names)
    fitting = [
        (close, source, kind)
        for close, source, kind in _named(hint)
        if kind.form or kind.marks <= fields or len(fields & kind.known) * 2 > len(fields)
    ]
    # Several sources may call their files the same.
    closest = max(fitting, key=lambda x: (x[0], len(x[2].known & fields)), default=None)
    if closest and (closest[2].form or closest[2].marks <= fields):
        return closest[1], closest[2]
    marked = [(s, k) for s in SOURCES for k in s.kinds if k.marks <= fields]
    named = [closest[1:]] if closest else []
    # What shares the most fields with a kind is of that kind, in doubt of the one the file is named for.
    known = max(
        [*named, *marked],
        key=lambda x: (len(x[1].known & fields), x in named, x[1].name),
        default=None,
    )
    return known or _plainly(hint, names)


def _plainly(hint: str, names: tuple[str, ...]) -> Known | None:
    """The same for kinds that people fill in, by words over columns with capitals and blanks."""
    plain = {name: name.strip().lower().replace(" ", "_") for name in names}
    told = set(plain.values())
    if told == set(names) or len(told) != len(plain):
        return None
    known = _of_fields(hint, tuple(plain.values()))
    if known is None or not known[1].moments:
        return None
    spelled = frozenset(name for name in names if plain[name] in known[1].known)
    return known[0], read_as(known[1], spelled, partial(_renamed, plain))


def _renamed(names: Mapping[str, str], record: Mapping[str, Any]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in record.items()}


def read_as(
    kind: RecordKind, known: Iterable[str], made: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> RecordKind:
    """The kind, for records that first have to be made what it reads; only other fields are unknown."""

    def to_facts(raw: Mapping[str, Any], to: Any) -> None:
        kind.to_facts(made(raw), to)

    return replace(kind, to_facts=to_facts, known=frozenset(known))


@cache
def _named(hint: str) -> tuple[tuple[int, Source, RecordKind], ...]:
    """Kinds whose records a file of that name holds, and how closely it names them.

    `_raw_NAME_api_KIND` is how another collector calls its files.
    """
    found = []
    for source in SOURCES:
        own = hint.removeprefix("_raw_").removeprefix(f"{source.name}_").removeprefix("api_")
        for kind in source.kinds:
            called = kind.called()
            if hint in called or own in called:
                found.append((len(hint) + 1, source, kind))
            elif own != hint:
                close = [len(name) for name in called if own.startswith(f"{name}_")]
                found += [(max(close), source, kind)] if close else []
    return tuple(found)


@cache
def turn_of(hint: str) -> int:
    """When a file of that name is read: what tells the meaning of words comes before what uses them."""
    return min((kind.turn for _, _, kind in _named(hint)), default=9)


@cache
def readers() -> tuple[tuple[tuple[str, Form], ...], tuple[frozenset[str], ...]]:
    """Files that are neither JSON nor tables, and the fields of documents that are one record."""
    kinds = [kind for source in SOURCES for kind in source.kinds]
    forms = tuple((k.name, k.form) for k in kinds if k.form is not None)
    return forms, tuple(k.marks for k in kinds if k.whole)


class Kinds(Protocol):
    """What else says which source and kind a record is of."""

    def kind_of(self, found: Exported) -> Known | None:
        """The source and kind of a record.

        Raises:
            OddRecordError: it is not as it should be.
        """
        ...

    def unmet(self) -> list[str]:
        """What was expected of the files and was in none of their records."""
        ...


def known_as(found: Exported, mappings: Kinds | None) -> tuple[Known | None, str]:
    """The source and kind of a record, or why there is none."""
    try:
        known = mappings.kind_of(found) if mappings else kind_of(found)
    except OddRecordError as error:
        return None, str(error)
    return known, found.problem or ("" if known else _why_unknown(found))


def _why_unknown(found: Exported) -> str:
    """Lists that are knowingly left say why; others are named, where their file does not."""
    left = [why for s in SOURCES for name, why in s.left.items() if found.hint.endswith(name)]
    if left:
        return left[0]
    named = found.hint in found.place.lower().replace("-", "_") or not _WORD.fullmatch(found.hint)
    return "no source knows such a record" + ("" if named else f", called {found.hint}")
