"""Rosters: who is in which team from when until when, as people keep it in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.facts.cells import day, moment, needed, person, text, word
from trueup.facts.rows import OddRecordError
from trueup.kernel.sources import SENSITIVE, RecordKind, Source, names

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows


def membership(raw: Raw, to: Rows) -> None:
    """One time of one person in one team; words and days are those of `[[team]]` in trueup.toml."""
    begun, ended = moment(raw, "from"), moment(raw, "until")
    if begun and ended and begun >= ended:
        raise OddRecordError("until does not come after from")
    who = _person(raw, to)
    if who is None:
        raise OddRecordError("person is empty")
    to.add(
        "team_members",
        happened_at=begun,
        repo="",
        team=needed(raw, "team"),
        person=who,
        from_day=day(raw, "from"),
        from_at=begun,
        until_at=ended,
        role=word(raw, "role"),
    )


def _person(raw: Raw, to: Rows) -> str | None:
    """By name and address where they stand apart."""
    name, address = text(raw, "person"), text(raw, "address")
    if name and address and "@" not in name:
        return to.person("", name, address)
    return person(raw, "address" if address else "person", "", to)


KINDS = (
    RecordKind(
        name="memberships",
        names=("roster", "rosters", "members", "team_members"),
        writes=("team_members",),
        lights="who belonged to which team when",
        access="the file",
        marks=names("person team"),
        known=names("person address team from until role"),
        to_facts=membership,
        moments=names("from until"),
    ),
)

SOURCE = Source(
    name="rosters",
    version=1,
    title="rosters in tables",
    sensitive=SENSITIVE,
    access="none: tables (CSV) or JSON with `person` (an address, best) and `team`; `from`, `until`, `role` and `address` if known",
    limits=(
        "`until` is the first day on which somebody no longer belongs to the team, as in trueup.toml. Without `from` somebody has "
        "always been in it, without `until` still is. A person told by name alone is not the same as one with an address. A line that is "
        "taken out of the roster stays as it was last seen: end it with `until`. Figures go by the teams in trueup.toml; rosters "
        "are kept beside them."
    ),
    kinds=KINDS,
)
