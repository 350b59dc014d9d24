"""Which sources are read, what of them, until when, and what the missing ones would show."""

from __future__ import annotations

from dataclasses import dataclass

SOURCES_SCHEMA = "trueup/sources/1"


@dataclass(frozen=True, slots=True)
class RecordsRead:
    """One kind of record of a source.

    Attributes:
        records: different ones known.
        newest: the newest moment they tell of; nothing when there is none.
        shows: what they make visible.
        access: the least access that reads them.
        files_only: the interface is not asked for them.
    """

    name: str
    records: int
    newest: str
    shows: str
    access: str
    files_only: bool


@dataclass(frozen=True, slots=True)
class Connected:
    """One source.

    Attributes:
        read: places and when they were read last, as `acme/app on 2026-11-21`.
        kinds: what it can tell, read or not.
        access: what it asks for; reading is always enough.
        how: how it is connected.
        needs: the same in few words.
        problems: what could not be read the last time.
        notes: what was read the last time and is doubtful or not whole, with how often.
    """

    name: str
    title: str
    read: tuple[str, ...]
    kinds: tuple[RecordsRead, ...]
    access: str
    how: str
    needs: str
    unknown_fields: int
    unknown_values: int
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
