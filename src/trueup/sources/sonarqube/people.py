"""Users, and who a record names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows


def user(raw: Raw, to: Rows) -> None:
    """A user, with the addresses and names that commits carry, as far as the token may see them."""
    login = raw["login"]
    shown = raw.get("name") or login
    account = (shown, _address(login))
    for told in dict.fromkeys([raw.get("email"), *(raw.get("scmAccounts") or ())]):
        if told:
            name, address = (shown, told) if "@" in told else (told, "")
            to.person("", name, address, account)
    to.person("", login, _address(login), account)


def author(told: str | None, repo: str, to: Rows) -> str | None:
    """Who changed the line last: an address, or a name where that is all the repository has."""
    if not told:
        return None
    name, address = ("", told) if "@" in told else (told, "")
    return to.person(repo, name, address)


def account_of(login: str | None, repo: str, to: Rows) -> str | None:
    return to.person(repo, login, _address(login)) if login else None


def _address(login: str) -> str:
    """What stands for the address of an account, where only the login is told."""
    return f"sonarqube:{login}"
