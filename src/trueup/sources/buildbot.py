"""Buildbot: builds and their steps."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import OddRecordError
from trueup.facts.texts.message import Link
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import (
    SENSITIVE,
    Door,
    Interface,
    Listing,
    Numbers,
    Order,
    Paging,
    RecordKind,
    Source,
    names,
    own_door,
    sent,
)

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

#: Results by their number, as Buildbot calls them, and what they are here.
_RESULTS = {
    0: ("success", "success"),
    1: ("warnings", "success"),
    2: ("failure", "failure"),
    3: ("skipped", "skipped"),
    4: ("exception", "failure"),
    5: ("retry", "cancelled"),  # its worker was lost; the same is built again as another build
    6: ("cancelled", "cancelled"),
}
_WORDS = {number: word for number, (word, _) in _RESULTS.items()}
_MEANING = dict(_RESULTS.values())
#: A revision may also be `HEAD`, or the name of a branch.
_REVISION = re.compile(r"[0-9a-f]{7,64}|\d{1,6}")
_NAMED = re.compile(r"(?P<name>[^<>]*?)\s*<(?P<address>[^<>\s]+)>")


def build(raw: Raw, to: Rows) -> None:
    """A build; its builder is known by a property, which has to be asked for."""
    told = raw.get("properties") or {}
    repo, number = _builder(_value(told, "buildername"), to), str(int(raw["buildid"]))
    started = moment_of(raw["started_at"])
    revisions = _revisions(told)
    to.add(
        "builds",
        happened_at=started,
        repo=repo,
        build=number,
        name=repo,
        event=_text(told, "scheduler"),
        branch=_text(told, "branch"),
        sha=revisions[0] if len(revisions) == 1 else None,
        **_outcome(raw, "builds", to),
        started_at=started,
        ended_at=moment_of(raw.get("complete_at")),
        starter=_person(_text(told, "owner") or "", repo, to),
    )
    for sha in revisions if len(revisions) > 1 else ():
        link = Link("tests", "commit", sha, "got_revision", 0.95)
        to.link(repo, ("build", number), link, happened_at=started)


def step(raw: Raw, to: Rows) -> None:
    """A step of a build; whose it is, is told beside what was asked."""
    told = {field.rpartition(".")[2]: to.about.get(field) for field in _BESIDE}
    revisions = _revisions(told)
    started = moment_of(raw.get("started_at"))
    to.add(
        "jobs",
        happened_at=started,
        repo=_builder(_value(told, "buildername"), to),
        job=str(int(raw["stepid"])),
        build=str(int(raw["buildid"])),
        name=raw["name"],
        sha=revisions[0] if len(revisions) == 1 else None,
        **_outcome(raw, "jobs", to),
        started_at=started,
        ended_at=moment_of(raw.get("complete_at")),
    )


_BESIDE = ("properties.buildername", "properties.got_revision", "properties.revision")


def _builder(name: Any, to: Rows) -> str:
    """The builder: told by itself, or as the only one that was asked for."""
    place = to.about.get("place")
    found = name or (place if place != "*" else None)
    if not isinstance(found, str) or not found:
        raise OddRecordError("it does not say its builder")
    return found


def _value(told: Raw, name: str) -> Any:
    """The value of a property; where it comes from stands beside it."""
    return (told.get(name) or (None,))[0]


def _text(told: Raw, name: str) -> str | None:
    found = _value(told, name)
    return found if isinstance(found, str) and found else None


def _revisions(told: Raw) -> list[str]:
    """What was checked out, or else what was asked for; several where code comes from several places."""
    found = _value(told, "got_revision") or _value(told, "revision")
    several = [found[key] for key in sorted(found)] if isinstance(found, dict) else [found]
    return [r for r in dict.fromkeys(map(str, several)) if _REVISION.fullmatch(r)]


def _outcome(raw: Raw, table: str, to: Rows) -> dict[str, str]:
    """How far it is and how it ended."""
    complete, number = bool(raw["complete"]), raw.get("results")
    word = "" if number is None or not complete else _WORDS.get(number, str(number))
    begun = "running" if raw.get("started_at") is not None else "queued"
    return {
        "status": "done" if complete else begun,
        "status_original": "complete" if complete else "incomplete",
        "result": to.meaning(f"{table}.result", word, _MEANING),
        "result_original": word,
    }


def _person(owner: str, repo: str, to: Rows) -> str | None:
    """Who asked for it by hand: a name with an address, an address, or the name of an account."""
    if owner in {"", "anonymous"}:
        return None
    if found := _NAMED.fullmatch(owner.strip()):
        return to.person(repo, found["name"] or found["address"], found["address"])
    return to.person(repo, owner, owner if "@" in owner else f"{owner}@buildbot.invalid")


KINDS = (
    RecordKind(
        name="builds",
        writes=("builds", "item_links"),
        lights="which commits were built and tested, and with what result",
        access="to read, where Buildbot asks for that",
        marks=names("buildid builderid buildrequestid"),
        known=names(
            "buildid builderid buildrequestid complete complete_at locks_duration_s masterid number properties "
            "results started_at state_string workerid"
        ),
        to_facts=build,
        own="buildid",
        path="/builds",
        listing=Listing(
            Order.NEWEST_FIRST,
            {
                "builderid": "{id}",
                "started_at__ge": "{since}",
                "order": "-started_at",
                "property": (
                    "buildername",
                    "branch",
                    "revision",
                    "got_revision",
                    "scheduler",
                    "owner",
                ),
                "limit": 100,
            },
            since="seconds",
            stamp="started_at",
            within="builds",
            again_days=3,
            paging=Paging.OFFSET,
            page="offset",
            size="limit",
        ),
    ),
    RecordKind(
        name="steps",
        writes=("jobs",),
        lights="which parts of a build ran, failed or were skipped",
        access="to read, where Buildbot asks for that",
        marks=names("stepid buildid"),
        known=names(
            "buildid complete complete_at hidden locks_acquired_at name number results started_at state_string "
            "stepid urls"
        ),
        to_facts=step,
        own="stepid",
        path="/builds/{number}/steps",
        listing=Listing(
            Order.OF_EACH,
            within="steps",
            each=("builds", "buildid"),
            beside=_BESIDE,
            paging=Paging.WHOLE,
        ),
    ),
)


SOURCE = Source(
    name="buildbot",
    version=1,
    title="Buildbot",
    sensitive=SENSITIVE,
    access=(
        "none where anybody may read, as Buildbot has it by itself; where a proxy before it asks for a password, "
        "`user:password` in `BUILDBOT_TOKEN`; `BUILDBOT_URL` says where it is; nothing is written"
    ),
    limits=(
        "A place is the name of a builder, or its number, or `*` for all; facts stand under the name of the builder. Of the "
        "properties of a build only its builder, branch, revision, scheduler and owner are asked for. A build whose "
        "worker was lost ends as `retry` and is built again as another build, as is one that somebody rebuilds; "
        "nothing in a build tells that it repeats another. A build that somebody tries with a patch of their own "
        "shows the commit the patch was made for. Builds that still run are looked at again for three days. "
        "Changes and source stamps are not read: commits are known from git. Buildbot itself lets nobody read by "
        "password, but by a session in the browser. As files: `URL/api/v2/builds?property=*` as `builds.json`; steps "
        "do not say which builder they belong to, so they can only be asked for."
    ),
    kinds=KINDS,
    interface=Interface(
        own_door("BUILDBOT", "/api/v2"),
        partial(sent, form="Basic {basic}"),
        Door("https://ci.example.com/api/v2", ("BUILDBOT_TOKEN",)),
        place="a builder",
        numbers=Numbers("/builders", {"name": "{place}"}, "builders", number="builderid"),
    ),
)
