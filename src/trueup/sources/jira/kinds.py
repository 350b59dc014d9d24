"""The kinds of records of Jira: how each is told, listed and read."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from trueup.kernel.sources import Listing, Order, Paging, RecordKind, names
from trueup.sources.jira.activity import comment, history, worklog
from trueup.sources.jira.custom import board, has_sprints, sprint
from trueup.sources.jira.issues import issue, lacks, user
from trueup.sources.jira.links import development_panel, remote_link
from trueup.sources.jira.words import field, issue_type, status

#: The edition that stands on servers of one's own.
SERVER = "data_center"

#: A day is read again: what changed just now is not found at once. A number is a moment in milliseconds;
#: a date would be read in the time zone of the account.
_SEARCH: dict[str, str | int] = {
    "jql": 'project = "{escaped}" AND updated >= {since} ORDER BY updated ASC',
    "fields": "*all",
    "expand": "changelog",
    "maxResults": 100,
}
_BROWSE = "Browse projects"


def _search(paging: Paging, page: str, following: str = "") -> Listing:
    return Listing(
        Order.OLDEST_CHANGE_FIRST,
        _SEARCH,
        since="milliseconds",
        stamp="fields.updated",
        within="issues",
        again_days=1,
        paging=paging,
        page=page,
        size="maxResults",
        total="total",
        following=following,
        complete=True,
    )


_list = partial(Listing, paging=Paging.OFFSET, page="startAt", size="maxResults", total="total")


def _of_issue(within: str, lacking: str) -> Listing:
    """A list of each issue, where the issue itself does not hold all of it."""
    return _list(
        Order.OF_EACH,
        {"maxResults": 100},
        each=("issues", "key"),
        wanted=lacks(lacking),
        within=within,
    )


_WORKLOGS = "/rest/api/2/issue/{number}/worklog"
_OF_COMMENTS = _of_issue("comments", "fields.comment.comments")
_OF_WORKLOGS = _of_issue("worklogs", "fields.worklog.worklogs")
_words = partial(
    RecordKind,
    writes=(),
    access="any account",
    listing=Listing(Order.NONE, paging=Paging.WHOLE),
    turn=0,
)

KINDS = (
    _words(
        name="fields",
        lights="which custom field holds story points, an epic or a severity",
        marks=names("id name orderable navigable searchable"),
        known=names(
            "id key name custom orderable navigable searchable clauseNames schema scope untranslatedName "
            "isLocked description searcherKey"
        ),
        to_facts=field,
        path="/rest/api/2/field",
        names=("field", "issue_fields"),
    ),
    _words(
        name="statuses",
        lights="which statuses are open, in progress, done",
        marks=names("id name statusCategory"),
        known=names(
            "self id name untranslatedName description iconUrl statusCategory scope usages"
        ),
        to_facts=status,
        path="/rest/api/2/status",
        names=("status", "issue_statuses"),
    ),
    _words(
        name="issue_types",
        lights="what types mean where the site speaks another language",
        marks=names("id name subtask iconUrl"),
        known=names(
            "self id name untranslatedName description iconUrl subtask avatarId hierarchyLevel entityId scope"
        ),
        to_facts=issue_type,
        path="/rest/api/2/issuetype",
        names=("issuetype", "issuetypes"),
    ),
    RecordKind(
        name="issues",
        writes=("comments", "issue_events", "issues", "item_links", "worklogs"),
        lights="what the tracker says is done, how it came there, and what was only closed",
        access=_BROWSE,
        marks=names("id key fields"),
        known=names(
            "expand id self key fields changelog names schema renderedFields transitions operations editmeta "
            "versionedRepresentations properties fieldsToInclude"
        ),
        to_facts=issue,
        path="/rest/api/3/search/jql",
        names=("issue", "search"),
        listing=_search(Paging.CURSOR, "nextPageToken", "nextPageToken"),
        turn=1,
        elsewhere={SERVER: ("/rest/api/2/search", _search(Paging.OFFSET, "startAt"))},
    ),
    RecordKind(
        name="issue_changelogs",
        writes=("issue_events",),
        lights="reopening, and who said that something is done",
        access=_BROWSE,
        marks=names("id created items"),
        known=names("id author created items historyMetadata"),
        to_facts=history,
        path="/rest/api/3/issue/{number}/changelog",
        names=("changelog", "changelogs"),
        listing=_of_issue("values", "changelog.histories"),
        # A server gives all changes with the issue, and has no list of them.
        elsewhere={SERVER: ("", None)},
        whole=True,
    ),
    RecordKind(
        name="worklogs",
        writes=("worklogs",),
        lights="time logged",
        access=_BROWSE,
        marks=names("id started timeSpentSeconds"),
        known=names(
            "self id issueId author updateAuthor comment created updated visibility started timeSpent "
            "timeSpentSeconds properties"
        ),
        to_facts=worklog,
        path=_WORKLOGS,
        names=("worklog", "issue_worklogs"),
        listing=_OF_WORKLOGS,
        # A server gives all of them in one answer.
        elsewhere={SERVER: (_WORKLOGS, replace(_OF_WORKLOGS, paging=Paging.WHOLE, params={}))},
    ),
    RecordKind(
        name="comments",
        writes=("comments",),
        lights="whether it was discussed",
        access=_BROWSE,
        marks=names("self id body created updated"),
        known=names(
            "self id author body renderedBody updateAuthor created updated visibility jsdPublic "
            "jsdAuthorCanSeeRequest properties parentId"
        ),
        to_facts=comment,
        path="/rest/api/3/issue/{number}/comment",
        names=("comment", "issue_comments"),
        listing=_OF_COMMENTS,
        # The texts are in the form in which issues hold theirs.
        elsewhere={SERVER: ("/rest/api/2/issue/{number}/comment", _OF_COMMENTS)},
    ),
    RecordKind(
        name="remotelinks",
        writes=("item_links",),
        lights="commits, requests and issues elsewhere that an issue points at",
        access=_BROWSE,
        marks=names("id self object"),
        known=names("id self globalId application relationship object"),
        to_facts=remote_link,
        path="/rest/api/2/issue/{number}/remotelink",
        names=("remotelink", "remote_links"),
        listing=Listing(Order.OF_EACH, each=("issues", "key"), paging=Paging.WHOLE),
    ),
    RecordKind(
        name="boards",
        writes=(),
        lights="which sprints belong to the project",
        access="Browse projects; scope read:board-scope:jira-software",
        marks=names("id self name type"),
        known=names("id self name type admins location canEdit isPrivate favourite"),
        to_facts=board,
        path="/rest/agile/1.0/board",
        names=("board",),
        listing=_list(Order.NONE, {"projectKeyOrId": "{place}", "maxResults": 50}, within="values"),
    ),
    RecordKind(
        name="sprints",
        writes=("milestones",),
        lights="what was planned until when",
        access="Browse projects; scope read:sprint:jira-software",
        marks=names("id state name originBoardId"),
        known=names(
            "id self state name startDate endDate completeDate createdDate activatedDate originBoardId goal "
            "synced autoStartStop incompleteIssuesDestinationId"
        ),
        to_facts=sprint,
        path="/rest/agile/1.0/board/{number}/sprint",
        names=("sprint",),
        listing=_list(
            Order.OF_EACH,
            {"maxResults": 50},
            each=("boards", "id"),
            wanted=has_sprints,
            within="values",
        ),
    ),
    RecordKind(
        name="development_panels",
        writes=("item_links",),
        lights="commits, branches and requests that forges tell Jira of",
        access="View development tools",
        marks=names("errors detail"),
        known=names("errors detail configErrors"),
        to_facts=development_panel,
        names=("development_panel", "dev_status"),
    ),
    RecordKind(
        name="users",
        writes=("people",),
        lights="which accounts and addresses are one person",
        access="Browse users and groups",
        marks=names("self displayName active avatarUrls"),
        known=names(
            "self accountId accountType key name emailAddress avatarUrls displayName active deleted timeZone "
            "locale groups applicationRoles expand lastLoginTime"
        ),
        to_facts=user,
        path="/rest/api/2/user",
        names=("user", "accounts"),
    ),
)
