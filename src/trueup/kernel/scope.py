"""What a figure is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ScopeKind(StrEnum):
    """The kinds of scope, from wide to narrow."""

    ORGANISATION = "organisation"
    TEAM = "team"
    POD = "pod"
    REPOSITORY = "repository"
    AREA = "area"


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """An organisation, team, pod, repository, or area (part of a code base).

    ``inferred`` says that nobody declared it: it was found from the tree and its activity.
    """

    kind: ScopeKind
    name: str
    inferred: bool = False

    def __str__(self) -> str:
        return self.name if self.kind is ScopeKind.ORGANISATION else f"{self.kind}:{self.name}"
