"""Gerrit: changes with their votes and messages, and what is said of a patch set as a whole."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from trueup.kernel.sources import (
    SENSITIVE,
    Door,
    Interface,
    Listing,
    Order,
    Paging,
    RecordKind,
    Sign,
    Source,
    names,
    own_door,
    sent,
)
from trueup.sources.gerrit.records import branch, change, comment

if TYPE_CHECKING:
    from collections.abc import Mapping


_OPTIONS = ("ALL_REVISIONS", "CURRENT_COMMIT", "DETAILED_ACCOUNTS", "DETAILED_LABELS", "MESSAGES")

KINDS = (
    # A query for a project that is not there answers with nothing; this list says that it is not there.
    RecordKind(
        name="branches",
        writes=(),
        lights="whether the project is there, and may be read",
        access="Read",
        marks=names("ref revision"),
        known=names("ref revision can_delete web_links"),
        to_facts=branch,
        path="/projects/{quoted}/branches/",
        listing=Listing(Order.NONE, {"n": 1}, paging=Paging.WHOLE),
    ),
    RecordKind(
        name="changes",
        writes=("requests", "request_commits", "reviews", "jobs", "comments", "item_links"),
        lights="work proposed, landed, abandoned; who voted how on which patch set, and what programs checked",
        access="Read",
        marks=names("_number branch change_id project"),
        known=names(
            "id triplet_id project branch full_branch topic attention_set removed_from_attention_set assignee hashtags "
            "custom_keyed_values change_id subject status created updated submitted submitter starred stars reviewed "
            "submit_type mergeable submittable insertions deletions total_comment_count unresolved_comment_count "
            "_number virtual_id_number owner actions submit_records requirements submit_requirements labels "
            "permitted_labels removable_labels removable_reviewers reviewers pending_reviewers reviewer_updates "
            "messages current_revision current_revision_number revisions meta_rev_id tracking_ids _more_changes "
            "problems is_private work_in_progress has_review_started revert_of submission_id cherry_pick_of_change "
            "cherry_pick_of_patch_set contains_git_conflicts base_change kind _sortkey plugins"
        ),
        to_facts=change,
        path="/changes/",
        own="_number",
        listing=Listing(
            Order.NEWEST_FIRST,
            {"q": 'project:"{place}" after:{since}', "o": _OPTIONS, "n": 100},
            since="day",
            stamp="updated",
            paging=Paging.OFFSET,
            page="S",
            size="n",
            many=1,  # a server may give fewer than it is asked for: the list ends with an empty answer
            complete=True,
        ),
    ),
    RecordKind(
        name="comments",
        writes=("comments",),
        lights="what was said of a patch set as a whole",
        access="Read",
        marks=names("change_message_id patch_set updated"),
        known=names(
            "author change_message_id commit_id context_lines fix_suggestions id in_reply_to line message parent "
            "patch_set path range side source_content_type tag unresolved updated"
        ),
        to_facts=comment,
        path="/changes/{quoted}~{number}/comments",
        listing=Listing(
            Order.OF_EACH,
            within="/PATCHSET_LEVEL",
            each=("changes", "_number"),
            paging=Paging.WHOLE,
            lacking=True,
            wanted=lambda told: told.get("total_comment_count") != 0,
        ),
        names=("patchset_comments",),
    ),
)


def _door(host: str, environment: Mapping[str, str]) -> Door | None:
    """The server `GERRIT_URL` names; who shows who they are comes in by another path, also to clone."""
    known = environment.get("GERRIT_TOKEN", "").strip()
    door = own_door("GERRIT", "/a" if known else "")(host, environment)
    if door is None:
        return None
    path = urlsplit(door.address.removesuffix("/a")).path.strip("/")
    return replace(door, within=f"{path}/a" if path else "a")


SOURCE = Source(
    name="gerrit",
    version=1,
    title="Gerrit",
    sensitive=SENSITIVE,
    access=(
        "an account that may read the project, with an HTTP password or token of it (Settings, HTTP Credentials), given "
        "as `user:password` in `GERRIT_TOKEN`; `GERRIT_URL` says where Gerrit is. Nothing is written. What anybody "
        "may read is read without, when the project is connected by its name"
    ),
    limits=(
        "A place is the whole name of a project. Changes that the account may not see are not told of. A vote of "
        "Code-Review approves when it is the highest of the label's range; a lower one above 0 says that somebody else "
        "must approve, and is a comment; one below 0 asks for changes. Votes on Verified and labels like it are checks "
        "where the account is marked as a service user, the message as made by a program, or lists builds and how they "
        "ended; else somebody tried it out by hand: that is a review whose verdict is `other`, as votes on other labels are. An approval or "
        "refusal that was taken away, or that Gerrit did not carry over to a new patch set, is dismissed where a message "
        "tells it; older servers do not always. Of the patch "
        "sets of a change the newest is its commit; votes on others keep the id of theirs. Comments on lines are "
        "counted, together with those on a patch set as a whole, and not read: Gerrit gives them as an object "
        "by file, not as a list. To read files instead: save the answers of "
        f"`/changes/?q=project:NAME&{'&'.join(f'o={x}' for x in _OPTIONS)}&n=100&S=0` without their first line, which is no JSON; comments need "
        "a table with the request in its column `url`. Behind a proxy that decodes `%2F` projects with a slash in "
        "their names are not found."
    ),
    kinds=KINDS,
    interface=Interface(
        _door,
        partial(sent, form="Basic {basic}"),
        Door("https://review.example.org", ("GERRIT_TOKEN",)),
        place="a project",
        forge=True,
    ),
    signs=(Sign(".gitreview", r"^\s*project\s*=\s*(\S+?)(?:\.git)?\s*$"),),
)
