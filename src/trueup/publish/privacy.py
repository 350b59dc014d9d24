"""What is kept of people: of one, for that person; of all, for those who have to agree."""

from __future__ import annotations

from dataclasses import dataclass

ABOUT_SCHEMA = "trueup/about-me/1"


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows in which a person stands under a pseudonym.

    Attributes:
        what: what a row of the table is.
        role: what the column says of the person.
        first: the earliest day they tell of; likewise ``last``.
    """

    table: str
    what: str
    role: str
    source: str
    rows: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class AboutMe:
    """Everything that is kept of one person."""

    asked: str
    names: tuple[str, ...]
    rows: tuple[Kept, ...]
    schema: str = ABOUT_SCHEMA


@dataclass(frozen=True, slots=True)
class Field:
    """A column that tells of people, or leads to one."""

    table: str
    column: str
    meaning: str
    sensitivity: str


@dataclass(frozen=True, slots=True)
class SourceRead:
    """A source as it is read, or could be."""

    name: str
    title: str
    read: tuple[str, ...]
    access: str
    tables: tuple[str, ...]
    limits: str


@dataclass(frozen=True, slots=True)
class Pack:
    """What a works council or a data protection officer has to know, from what really runs.

    Attributes:
        minimum: fewest people behind a figure, by audience.
        months: how far back the ledger looks.
        signals: titles of what is measured.
        raw_until: days until which raw records are kept, where they are.
    """

    made_at: str
    version: str
    sources: tuple[SourceRead, ...]
    fields: tuple[Field, ...]
    minimum: dict[str, int]
    months: int
    signals: tuple[str, ...]
    raw_until: tuple[str, ...]
