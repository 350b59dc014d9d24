"""Teams of an organisation, and who is in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import needed
from trueup.sources.github.places import person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.facts.rows import Rows

    Raw = Mapping[str, Any]

_ASKED = re.compile(r"/orgs/(?P<organisation>[^/?]+)/teams/(?P<team>[^/?]+)/members")


def team(raw: Raw, _: Rows) -> None:
    """A team; who is in it is listed apart."""
    needed(raw["slug"], "how its team is addressed")


def team_member(raw: Raw, to: Rows) -> None:
    """Somebody who is in a team now, also by one within it; since when is not told."""
    asked = _ASKED.search(to.asked)
    to.add(
        "team_members",
        happened_at=None,
        repo=needed(asked and asked["organisation"], "its organisation"),
        team=needed(asked and asked["team"], "its team"),
        person=person({"login": raw["login"]}, "", to),
        from_day="",
        role=raw.get("role"),
    )
