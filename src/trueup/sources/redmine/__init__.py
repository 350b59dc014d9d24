"""Redmine: issues with their history and notes, versions, time entries."""

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
    own_door,
    sent,
)
from trueup.sources.redmine.history import issue_status, journals
from trueup.sources.redmine.issues import issue, time_entry, version
from trueup.sources.redmine.places import user

_ISSUE = (
    "id project tracker status priority author assigned_to category fixed_version parent subject description "
    "start_date due_date done_ratio is_private estimated_hours total_estimated_hours spent_hours total_spent_hours "
    "custom_fields created_on updated_on closed_on attachments relations journals changesets children watchers "
    "allowed_statuses reactions "
)
_list = partial(Listing, stamp="updated_on", paging=Paging.OFFSET, page="offset", size="limit")

KINDS = (
    # The first list belongs to the project: a project that is not there is told at once.
    RecordKind(
        name="versions",
        writes=("milestones",),
        lights="what was planned until when",
        access="View issues, in a role of the project",
        marks=names("id project status sharing"),
        known=names(
            "id project name description status due_date sharing wiki_page_title estimated_hours "
            "spent_hours custom_fields created_on updated_on"
        ),
        to_facts=version,
        path="/projects/{quoted}/versions.json",
        listing=Listing(Order.NONE, within="versions", paging=Paging.WHOLE, complete=True),
    ),
    # A wrong key is not refused where anybody may read, and would silently see less: this asks for it.
    RecordKind(
        name="users",
        writes=("people",),
        lights="which accounts and addresses are one person",
        access="an API key, and *Enable REST web service* in Administration, Settings, API",
        marks=names("login firstname lastname"),
        known=names(
            "id login admin firstname lastname mail created_on updated_on last_login_on passwd_changed_on avatar_url "
            "twofa_scheme api_key status custom_fields memberships groups auth_source"
        ),
        to_facts=user,
        path="/users/current.json",
        listing=Listing(Order.NONE, within="user", paging=Paging.WHOLE),
    ),
    RecordKind(
        name="issue_statuses",
        writes=(),
        lights="which numbers in the history of an issue mean that it is closed",
        access="an API key",
        marks=names("id name is_closed"),
        known=names("id name is_closed is_default description"),
        to_facts=issue_status,
        path="/issue_statuses.json",
        listing=Listing(Order.NONE, within="issue_statuses", paging=Paging.WHOLE),
        turn=0,
    ),
    RecordKind(
        name="issues",
        writes=("issues", "item_links", "issue_events", "comments"),
        lights="what the tracker says is done, reopened, or refused",
        access="View issues, in a role of the project",
        marks=names("id tracker status priority subject"),
        known=names(_ISSUE),
        to_facts=issue,
        path="/issues.json",
        listing=_list(
            Order.OLDEST_CHANGE_FIRST,
            {
                "project_id": "{place}",
                "subproject_id": "!*",  # without it the issues of projects below come too
                "status_id": "*",  # without it only open ones come
                "sort": "updated_on:asc",
                "updated_on": ">={since}",
                "include": "relations",
                "limit": 100,
            },
            within="issues",
            complete=True,
        ),
    ),
    RecordKind(
        name="journals",
        writes=("issue_events", "comments", "item_links"),
        lights="when and by whom an issue was closed, reopened, discussed; commits that name it",
        access="View issues; for commits View changesets",
        marks=names("id journals"),
        known=names(_ISSUE + "issue"),
        to_facts=journals,
        path="/issues/{number}.json",
        listing=Listing(
            Order.OF_EACH,
            {"include": "journals,changesets"},
            stamp="updated_on",
            within="issue",
            each=("issues", "id"),
            paging=Paging.WHOLE,
        ),
        names=("issue",),
    ),
    RecordKind(
        name="time_entries",
        writes=("worklogs",),
        lights="how much time was spent on an issue",
        access="View spent time, in a role of the project",
        marks=names("hours spent_on activity"),
        known=names(
            "id project issue user activity hours comments spent_on created_on updated_on custom_fields"
        ),
        to_facts=time_entry,
        path="/time_entries.json",
        # They can neither be listed nor filtered by their last change: a year of them is read each time.
        listing=_list(
            Order.NONE,
            {"project_id": "{place}", "subproject_id": "!*", "from": "{since}", "limit": 100},
            since="day",
            within="time_entries",
        ),
    ),
)


SOURCE = Source(
    name="redmine",
    version=1,
    title="Redmine",
    sensitive=SENSITIVE,
    access=(
        "the API key of a user (My account, API access key) whose role in the project may *View issues* and *View "
        "spent time*, and *View changesets* where commits are linked, and sees *All issues* and *All time entries*: "
        "what a role does not show is left out without a word; *Enable REST web service* must be on in "
        "Administration, Settings, API; nothing is written. A key is needed also where anybody may read"
    ),
    limits=(
        "Texts are turned into features and not kept. The place is the identifier of a project, as in its address; "
        "projects below it are places of their own. Redmine says of a status only whether it is closed: open ones "
        "named as In Progress or Resolved are told as in progress, others as open. It does not say why an issue was "
        "closed: a status such as Rejected, also as Redmine calls it in other languages, and the relation *duplicates* are read "
        "instead; a closed status of another name is taken as done, and that is told. To Redmine a relation, "
        "logged time and a commit that merely names an issue do not change that issue: relations and commits are "
        "read at its next change, time at every sync. Time spent on the project and on no issue, and time of more "
        "than a year ago, is left alone. Issues that are deleted or moved to another project stay as they were last "
        "seen. Groups that issues are given to cannot be told from users, nor deleted users from others where the "
        "server calls them something other than Anonymous. Most addresses of users are shown to administrators only: "
        "users are joined with authors of commits by a file of theirs, `users.json`. To read files instead, save the "
        "answers of the interface under the names above, `/issues/NUMBER.json?include=journals,changesets` as "
        "`redmine_journals_NUMBER.json`, and `issue_statuses.json` with them: histories only give numbers of statuses. "
        "Name the project with `--repo`: files tell its name only, and not always its identifier."
    ),
    kinds=KINDS,
    interface=Interface(
        own_door("REDMINE"),
        partial(sent, form="{token}", header="X-Redmine-API-Key"),
        Door("https://redmine.example", ("REDMINE_TOKEN",)),
        place="a project",
    ),
)
