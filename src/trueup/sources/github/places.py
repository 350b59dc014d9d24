"""Where a record belongs, and who it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import given, needed, said, text_features
from trueup.kernel.clock import moment_of

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows
    from trueup.facts.texts.message import Link

_PLACE = re.compile(r"/repos/([^/]+/[^/?]+)(?:/(?:issues|pulls|actions/runs)/(\d+))?")
#: Addresses a record may carry of the thing it belongs to, the closest first.
_BELONGS = ("pull_request_url", "issue_url", "url", "repository_url", "run_url")
_HOST = re.compile(r"https?://(?:api\.)?([^/:]+)")
#: The account that REST shows in place of deleted ones, by its name and number.
_GHOST = ("ghost", 10137)


def place(raw: Raw, to: Rows, *, asked_first: bool = False) -> tuple[str, str]:
    """The repository a record belongs to, and the number of the issue or request, where it shows.

    The repository is the one that was asked: a renamed one answers under its new name.
    """
    asked = _PLACE.search(to.asked) if to.asked else None
    repo, number = (asked[1], asked[2]) if asked else ("", "")
    own = ""
    for field in _BELONGS:
        if own or (number and asked_first):
            break
        if (address := raw.get(field)) and (found := _PLACE.search(str(address))):
            repo, own = repo or found[1], found[2]
    told = own or number or str(to.about.get("number") or "")
    return needed(to.about.get("place") or repo, "its repository"), told


def named_place(raw: Raw) -> str:
    """The repository a record names as its own, whatever was asked."""
    told = (str(raw.get(field) or "") for field in _BELONGS)
    return next((m[1] for address in told if (m := _PLACE.search(address))), "")


def near(target: str, repo: str, *records: Raw) -> str:
    """What is pointed at, without its place where that is the repository itself.

    It may be asked by a name it had before, or in other letters: records tell what they call it.
    """
    there, _, number = target.rpartition("#")
    if not there:
        return target
    own = {repo.lower(), *(named_place(raw).lower() for raw in records)}
    return f"#{number}" if there.lower() in own else target


def person(raw: Raw | None, repo: str, to: Rows) -> str | None:
    """The pseudonym of an account; deleted ones are nobody, also where another stands in for them."""
    raw = raw or {}
    login = raw.get("login")
    if not login or (login, raw.get("id")) == _GHOST:
        return None
    return to.person(repo, login, account_address(raw, to))


def account_address(raw: Raw, to: Rows) -> str:
    """The address the forge itself gives to an account; commits made there carry it.

    Servers of one's own have accounts of their own: the address of the account tells, or what was asked.
    """
    host = _HOST.match(raw.get("url") or "") or _HOST.match(to.asked)
    return f"{raw['login'].lower()}@users.noreply.{host[1].lower() if host else 'github.com'}"


def labels_of(raw: Raw) -> list[str]:
    """Names of labels, sorted."""
    found = (x["name"] if isinstance(x, dict) else str(x) for x in raw.get("labels") or ())
    return sorted(x for x in found if x)


def milestone_id(raw: Raw) -> str | None:
    """The number of its milestone, if it has one."""
    told = raw.get("milestone")
    return str(told["number"]) if told else None


def told_by(raw: Raw, repo: str) -> tuple[dict[str, Any], tuple[Link, ...]]:
    """What issues and requests have in common, and what their texts say of other things."""
    body = raw.get("body") or ""
    text = text_features(body)
    title_id, links = said(raw["title"], body, slug=repo)
    links = tuple(link._replace(target=near(link.target, repo, raw)) for link in links)
    return {
        "happened_at": moment_of(raw["created_at"]),
        "status_original": raw["state"],
        "closed_at": moment_of(raw.get("closed_at")),
        "changed_at": moment_of(raw.get("updated_at")),
        "milestone": milestone_id(raw),
        "labels": labels_of(raw),
        **given(raw, comments="comments"),
        "title_id": title_id,
        **text.of_item(),
    }, links
