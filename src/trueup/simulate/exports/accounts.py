"""Accounts of a forge, by the addresses that commits carry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from trueup.simulate.canaries import as_person
from trueup.simulate.housekeeping import two_faced
from trueup.simulate.people import AGENTS, BOTS, FORGE, Person

if TYPE_CHECKING:
    from trueup.simulate.world import World

API = "https://api.github.com"
SITE = "https://github.com"
STALE = Person("stale[bot]", "26384082+stale[bot]@users.noreply.github.com")
APPROVER = Person(
    "renovate-approve[bot]", "30255093+renovate-approve[bot]@users.noreply.github.com"
)
_NOREPLY = re.compile(r"(\d+)\+(.+)@users\.noreply\.github\.com")
_ODD = re.compile(r"[^A-Za-z0-9-]+")
# Addresses of tools are no names of accounts.
_TOOLS = {
    "noreply@anthropic.com": ("claude[bot]", 209825114),
    "noreply@github.com": ("web-flow", 19864447),
}


@dataclass(frozen=True, slots=True)
class Account:
    """An account, with the address that commits of its owner carry."""

    login: str
    id: int
    name: str
    email: str

    @property
    def bot(self) -> bool:
        """Whether it is that of an application."""
        return self.login.endswith("[bot]")

    def named(self) -> dict[str, Any]:
        """How records name it."""
        return {
            "login": self.login,
            "id": self.id,
            "url": f"{API}/users/{self.login}",
            "html_url": f"{SITE}/{self.login}",
            "type": "Bot" if self.bot else "User",
            "site_admin": False,
        }


class Accounts:
    """All accounts of an organisation, by address.

    Whom .mailmap joins has an account for each address; for everybody else the forge joins them.
    """

    def __init__(self, world: World) -> None:
        doubled = second_accounts(world)
        canaries = [as_person(canary) for canary in world.scenario.canaries]
        tools = [*BOTS, STALE, APPROVER, FORGE, *(agent.person for agent in AGENTS)]
        self._all = {p.email: _account(p.name, p.email) for p in tools}
        own = {p.email: _account(p.name, p.email) for p in [*world.staff.people(), *canaries]}
        for person in world.staff.people():
            if person in doubled:
                own[person.other_email] = _account(person.other_name, person.other_email)
            elif person.other_email:
                own[person.other_email] = own[person.email]
        self._all |= own
        self.people = tuple(dict.fromkeys(own.values()))

    def __getitem__(self, email: str) -> Account:
        return self._all[email]


def second_accounts(world: World) -> frozenset[Person]:
    """People with an account for each of their two addresses."""
    return frozenset(person for person, mapped in two_faced(world) if mapped)


def _account(name: str, email: str) -> Account:
    found = _NOREPLY.fullmatch(email)
    if email in _TOOLS:
        login, number = _TOOLS[email]
    elif found:
        login, number = found[2], int(found[1])
    else:
        login = _ODD.sub("-", email.rpartition("@")[0]).strip("-").lower() or "nobody"
        number = numbered(email)
    return Account(login, number, name, email)


def numbered(text: str) -> int:
    """A number that stands for a text, so large that no two are the same.

    >>> numbered("ada") == numbered("ada") != numbered("bo")
    True
    """
    return int(sha256(text.encode()).hexdigest()[:12], 16)
