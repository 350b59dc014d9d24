"""Bitbucket Cloud: pull requests with reviews, comments and commits, pipelines, deployments, issues."""

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
    Sign,
    Source,
    names,
    sent,
    usual_door,
)
from trueup.sources.bitbucket.records import (
    activity,
    deployment,
    issue,
    pipeline,
    pull_request,
    pull_request_commit,
)

_numbered = partial(Listing, within="values", paging=Paging.NUMBER, size="pagelen", total="size")


def _list(
    order: Order, /, *, each: str = "", lacking: bool = False, **params: str | int
) -> Listing:
    """A list as most are: fifty records at a time (for more some answer with none), by address."""
    return Listing(
        order,
        params | {"pagelen": 50},
        stamp="updated_on",
        within="values",
        each=(each, "id") if each else ("", ""),
        paging=Paging.ADDRESS,
        following="next",
        lacking=lacking,
        complete=order is Order.OLDEST_CHANGE_FIRST,
    )


KINDS = (
    RecordKind(
        name="pull_requests",
        writes=("requests", "item_links"),
        lights="work proposed, merged, refused; into which line",
        access="read:pullrequest:bitbucket",
        marks=names("id title source destination close_source_branch"),
        known=names(
            "author close_source_branch closed_by comment_count created_on description destination draft id links "
            "merge_commit participants queued reason rendered reviewers source state summary task_count title type "
            "updated_on"
        ),
        to_facts=pull_request,
        path="/repositories/{place}/pullrequests",
        listing=_list(
            Order.OLDEST_CHANGE_FIRST,
            # Only open ones are given, and commits without their date, unless asked for.
            q='(state = "OPEN" OR state = "MERGED" OR state = "DECLINED" OR state = "SUPERSEDED") '
            "AND updated_on >= {since}",
            sort="updated_on",
            fields="+values.merge_commit.date",
        ),
        names=("pullrequests",),
    ),
    RecordKind(
        name="activity",
        writes=("reviews", "comments", "issue_events"),
        lights="who approved or asked for changes, what was said, when it was merged or declined",
        access="read:pullrequest:bitbucket",
        marks=names("pull_request"),
        known=names("approval changes_requested comment pull_request update"),
        to_facts=activity,
        path="/repositories/{place}/pullrequests/{number}/activity",
        listing=_list(Order.OF_EACH, each="pull_requests"),
        names=("pull_request_activity",),
    ),
    RecordKind(
        name="pull_request_commits",
        writes=("request_commits", "people"),
        lights="which commits a pull request brings, and whose addresses are one person",
        access="read:pullrequest:bitbucket",
        marks=names("author date hash message"),
        known=names(
            "author committer date hash links message parents participants rendered repository summary type"
        ),
        to_facts=pull_request_commit,
        path="/repositories/{place}/pullrequests/{number}/commits",
        listing=_list(Order.OF_EACH, each="pull_requests"),
    ),
    RecordKind(
        name="pipelines",
        writes=("builds", "item_links"),
        lights="which commits were built and tested, and with what result",
        access="read:pipeline:bitbucket",
        marks=names("created_on state target uuid"),
        known=names(
            "build_number build_seconds_used completed_on configuration_sources created_on creator "
            "duration_in_seconds expired first_successful has_variables labels links repository run_creation_date "
            "run_number state target trigger type uuid variables"
        ),
        to_facts=pipeline,
        path="/repositories/{place}/pipelines",
        listing=_numbered(
            Order.NEWEST_FIRST,
            {"sort": "-created_on", "pagelen": 100},
            stamp="created_on",
            again_days=3,
        ),
    ),
    RecordKind(
        name="deployments",
        writes=("deployments",),
        lights="what was brought to which environment, and whether that succeeded",
        access="read:pipeline:bitbucket",
        marks=names("environment release state uuid"),
        known=names(
            "deployable environment key last_update_time name number pipeline release state step type uuid version"
        ),
        to_facts=deployment,
        path="/repositories/{place}/deployments",
        listing=_numbered(
            Order.NONE,
            {
                # Unasked the name of an environment is left out.
                "fields": "values.uuid,values.environment.name,values.environment.environment_type.name,"
                "values.release.name,values.release.created_on,values.release.commit.hash,"
                "values.release.pipeline.uuid,values.state.name,values.state.status.name,"
                "values.state.started_on,values.state.completed_on,page,pagelen,size",
                "pagelen": 50,
            },
        ),
    ),
    RecordKind(
        name="issues",
        writes=("issues", "item_links"),
        lights="what the tracker says is done, or refused, where it is on",
        access="read:issue:bitbucket",
        marks=names("content kind priority reporter state"),
        known=names(
            "assignee component content created_on edited_on id kind links milestone priority reporter repository "
            "state title type updated_on version votes watches"
        ),
        to_facts=issue,
        path="/repositories/{place}/issues",
        listing=_list(
            Order.OLDEST_CHANGE_FIRST, lacking=True, q="updated_on >= {since}", sort="updated_on"
        ),
    ),
)

_HOSTS = ("bitbucket.org", "www.bitbucket.org", "altssh.bitbucket.org")
USUAL = Door("https://api.bitbucket.org/2.0", ("BITBUCKET_TOKEN",))


def _headers(token: str) -> dict[str, str]:
    """A token of an account goes with its address before a colon; one of a repository goes alone."""
    return sent(token, "Basic {basic}" if ":" in token else "Bearer {token}")


SOURCE = Source(
    name="bitbucket",
    version=1,
    title="Bitbucket Cloud",
    sensitive=SENSITIVE,
    access=(
        "in `BITBUCKET_TOKEN` an access token of the repository, project or workspace, or `address:token` with the "
        "address of an Atlassian account and an API token of it, that may read repositories, pull requests, "
        "pipelines and issues (`read:repository:bitbucket`, `read:pullrequest:bitbucket`, `read:pipeline:bitbucket`, "
        "`read:issue:bitbucket`); nothing is written"
    ),
    limits=(
        "Bitbucket Data Center has another interface and is not read. Each pull request that changed costs two "
        "requests more; Bitbucket allows about a thousand an hour, so that a first sync may be resumed several "
        "times. It does not say when a pull request was merged: the date of the commit that merged it is taken, "
        "and none where its branch was fast-forwarded, nor when it was declined: the last change of it is taken, and "
        "that is told; when it was merged or declined stands in the events of its activity. Of the commits a pull request begins with, ends with and was merged by, mostly only the first "
        "twelve digits are shown: such ids are left out, and the merge is a link. The date of a commit is that "
        "of committing it. An approval that was taken back stays as it was given. When an issue was closed is not "
        "told, and comments on issues and steps of pipelines are not read, as they cost a request for each. Pipelines "
        "of the last three days are asked again at each sync, deployments all of them. As files: the answers of "
        "the interface under the names above; commits and deployments, which name no repository, need a table with the "
        "request in its column `url`."
    ),
    kinds=KINDS,
    interface=Interface(usual_door(USUAL, *_HOSTS), _headers, USUAL, forge=True),
    signs=(Sign("bitbucket-pipelines.yml", named="{slug}"),),
)
