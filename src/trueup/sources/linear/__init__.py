"""Linear: issues of a team with their history, relations and links, comments, cycles and projects."""

from __future__ import annotations

from functools import partial

from trueup.kernel.sources import (
    SENSITIVE,
    Door,
    Interface,
    Listing,
    Order,
    Paging,
    RecordKind,
    Source,
    names,
    sent,
    usual_door,
)
from trueup.sources.linear.questions import COMMENTS, CYCLES, ISSUES, PROJECTS
from trueup.sources.linear.records import comment, cycle, issue, project


def _listed(name: str, query: str) -> Listing:
    return Listing(
        Order.NEWEST_FIRST,
        {"team": "{place}", "since": "{since}"},
        stamp="updatedAt",
        within=f"data.{name}.nodes",
        paging=Paging.CURSOR,
        following=f"data.{name}.pageInfo",
        query=query,
    )


_kind = partial(RecordKind, access="Read")

KINDS = (
    _kind(
        name="issues",
        writes=("issues", "issue_events", "item_links"),
        lights="what the tracker says is done, reopened, or refused",
        marks=names("identifier previousIdentifiers priorityLabel state"),
        known=names(
            "id identifier previousIdentifiers title description trashed priorityLabel estimate dueDate createdAt "
            "updatedAt completedAt canceledAt team state parent cycle project creator assignee labels relations "
            "attachments history"
        ),
        to_facts=issue,
        listing=_listed("issues", ISSUES),
    ),
    _kind(
        name="comments",
        writes=("comments",),
        lights="whether it was discussed",
        marks=names("body editedAt issue user"),
        known=names("id body createdAt updatedAt editedAt parent user issue"),
        to_facts=comment,
        listing=_listed("comments", COMMENTS),
    ),
    _kind(
        name="cycles",
        writes=("milestones",),
        lights="what was planned until when",
        marks=names("number startsAt endsAt team"),
        known=names("id number startsAt endsAt completedAt createdAt updatedAt team"),
        to_facts=cycle,
        listing=_listed("cycles", CYCLES),
    ),
    _kind(
        name="projects",
        writes=("milestones",),
        lights="what was planned beyond a cycle",
        marks=names("targetDate status teams"),
        known=names(
            "id createdAt updatedAt startDate targetDate completedAt canceledAt status teams"
        ),
        to_facts=project,
        listing=_listed("projects", PROJECTS),
    ),
)

USUAL = Door("https://api.linear.app", ("LINEAR_API_KEY",), graph="https://api.linear.app/graphql")


def _headers(token: str) -> dict[str, str]:
    # Keys stand alone; tokens of OAuth applications are carried.
    return sent(token, "Bearer {token}" if token.startswith("lin_oauth_") else "{token}")


SOURCE = Source(
    name="linear",
    version=1,
    title="Linear",
    sensitive=SENSITIVE,
    access=(
        "an API key with the permission Read, limited to the teams that are read, in `LINEAR_API_KEY`; nothing is "
        "written. A place is the key of a team, as `ENG` of `ENG-123`"
    ),
    limits=(
        "Texts are turned into features and not kept. Of an issue 20 entries of its history, 10 labels, 10 attachments "
        "and 10 relations are read; where there are more, that is told. Linear does not say whether a request that is "
        "attached closes the issue, so it is only related to it. A cancelled issue counts as not planned, unless it "
        "duplicates another one. An issue that moved to another team goes on under its new key. What is deleted for "
        "good cannot be seen. The key of a team that does not exist gives no records, and no error. As files: the "
        "`nodes` of answers to the questions that stand in `trueup/sources/linear/questions.py`, as lists."
    ),
    kinds=KINDS,
    interface=Interface(usual_door(USUAL, "api.linear.app"), _headers, USUAL, place="a team"),
)
