"""Accounts of a forge, by the addresses that commits carry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from trueup.simulate.canaries import as_person
from trueup.simulate.people import AGENTS, BOTS, FORGE, Person

if TYPE_CHECKING:
    from trueup.simulate.people import Staff

API = "https://api.github.com"
SITE = "https://github.com"
STALE = Person("stale[bot]", "26384082+stale[bot]@users.noreply.github.com")
APPROVER = Person(
    "renovate-approve[bot]", "30255093+renovate-approve[bot]@users.noreply.github.com"
)
_NOREPLY = re.compile(r"(\d+)\+(.+)@users\.noreply\.github\.com")
_ODD = re.compile(r"[^A-Za-z0-9-]+")
# Addresses of tools are no names of accounts.
_TOOLS = {"noreply@anthropic.com": "claude", "noreply@github.com": "web-flow"}


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
    """All accounts of an organisation, by address."""

    def __init__(self, staff: Staff, canaries: tuple[str, ...]) -> None:
        everybody = [*staff.people(), *(as_person(canary) for canary in canaries)]
        tools = [*BOTS, STALE, APPROVER, FORGE, *(agent.person for agent in AGENTS)]
        self.people = {p.email: _account(p.name, p.email) for p in everybody}
        self.people |= {
            p.other_email: _account(p.other_name, p.other_email) for p in everybody if p.other_email
        }
        self._all = {p.email: _account(p.name, p.email) for p in tools} | self.people

    def __getitem__(self, email: str) -> Account:
        return self._all[email]


def _account(name: str, email: str) -> Account:
    found = _NOREPLY.fullmatch(email)
    if found:
        return Account(found[2], int(found[1]), name, email)
    login = _TOOLS.get(email) or _ODD.sub("-", email.rpartition("@")[0]).strip("-").lower()
    login = login or "nobody"
    return Account(login, numbered(email), name, email)


def numbered(text: str) -> int:
    """A number that stands for a text, below two billion.

    >>> numbered("ada") == numbered("ada") != numbered("bo")
    True
    """
    return int(sha256(text.encode()).hexdigest()[:8], 16) % 2_000_000_000
