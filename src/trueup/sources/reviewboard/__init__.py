"""Review Board: review requests with their reviews, replies, changes and commits; comments."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from trueup.kernel.sources import (
    SENSITIVE,
    Door,
    Interface,
    Listing,
    Numbers,
    Order,
    Paging,
    RecordKind,
    Sign,
    Source,
    names,
    own_door,
    sent,
)
from trueup.sources.reviewboard.comments import diff_comment, general_comment
from trueup.sources.reviewboard.places import BESIDE
from trueup.sources.reviewboard.requests import diff, review_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.kernel.sources import Param

_COMMENT = (
    "extra_data id issue_opened issue_status links public text text_type timestamp user _expanded "
)
_EACH: Mapping[str, Param] = {"review-request-id": "{number}", "max-results": 200}

_list = partial(
    Listing,
    paging=Paging.OFFSET,
    page="start",
    size="max-results",
    # The address of the next page only tells that there is one: behind a proxy it may be one that nobody can reach.
    following="links.next.href",
    complete=True,
)
_comments = partial(
    RecordKind,
    writes=("comments",),
    access="a user who may see the repository; Review Board 5.0 or newer",
)
_of_request = partial(_list, Order.OF_EACH, each=("review_requests", "id"), beside=BESIDE)

KINDS = (
    RecordKind(
        name="review_requests",
        writes=(
            "requests",
            "item_links",
            "reviews",
            "comments",
            "issue_events",
        ),
        lights="work proposed, reviewed, and closed as submitted or discarded",
        access="a user who may see the repository",
        marks=names("bugs_closed target_people testing_done"),
        known=names(
            "absolute_url approval_failure approved blocks branch bugs_closed changenum changes close_description "
            "close_description_text_type commit_id created_with_history depends_on description "
            "description_text_type diffs extra_data id issue_dropped_count issue_open_count issue_resolved_count "
            "issue_verifying_count last_updated links public repository reviews ship_it_count status submitter "
            "summary target_groups target_people testing_done testing_done_text_type text_type time_added url "
            "_expanded"
        ),
        to_facts=review_request,
        path="/review-requests/",
        listing=_list(
            Order.NEWEST_FIRST,
            {
                "status": "all",
                "repository": "{id}",
                "last-updated-from": "{since}",
                "expand": "repository,submitter,changes,diffs,reviews,user,replies",
                "max-results": 50,
            },
            stamp="last_updated",
            within="review_requests",
        ),
    ),
    RecordKind(
        name="diffs",
        writes=("request_commits",),
        lights="which commits a request brings, also when it is squashed",
        access="a user who may see the repository; Review Board 4.0 or newer",
        marks=names("base_commit_id basedir revision"),
        known=names(
            "base_commit_id basedir commit_count commits extra_data id links name revision timestamp _expanded"
        ),
        to_facts=diff,
        path="/review-requests/{number}/diffs/",
        listing=_of_request(
            {"expand": "commits", "max-results": 200},
            within="diffs",
            beside=(*BESIDE, "links.latest_diff.href"),
        ),
    ),
    _comments(
        name="diff_comments",
        lights="how closely somebody looked",
        marks=names("first_line num_lines issue_opened"),
        known=names(_COMMENT + "filediff first_line interfilediff num_lines"),
        to_facts=diff_comment,
        path="/diff-comments/",
        listing=_of_request({**_EACH, "expand": "filediff,user"}, within="diff_comments"),
        names=("review_diff_comments",),
    ),
    _comments(
        name="general_comments",
        lights="whether it was discussed",
        marks=names("issue_opened issue_status text"),
        known=names(_COMMENT),
        to_facts=general_comment,
        path="/general-comments/",
        listing=_of_request({**_EACH, "expand": "user"}, within="general_comments"),
        names=("review_general_comments",),
    ),
)


SOURCE = Source(
    name="reviewboard",
    version=1,
    title="Review Board",
    sensitive=SENSITIVE,
    access=(
        "an API token with the read-only policy, of a user who may see the repository, in `REVIEWBOARD_TOKEN`; "
        "`REVIEWBOARD_URL` says where it is; nothing is written"
    ),
    limits=(
        "A place is the name of a repository in Review Board, or its number, or `*` for all. `submitted` is what "
        "somebody said: that the work landed is for the clone to show. The branch is a text that anybody may write. "
        "Requests that are not published, or have no repository, are left out; so are comments on attached files and "
        "screenshots. Requests that were deleted for good are noticed by `trueup collect --reconcile`. Facts stand under the name a repository of "
        "git has where it is cloned from (`owner/name`), where its address shows that. As files, name them "
        "`review_requests.json` and ask with `expand=repository,submitter,changes,diffs,reviews,user,replies`; diffs "
        "and comments do not say which repository they belong to, so they can only be asked for."
    ),
    kinds=KINDS,
    signs=(Sign(".reviewboardrc", r"^\s*REPOSITORY\s*=\s*['\"]([^'\"]+)['\"]"),),
    interface=Interface(
        own_door("REVIEWBOARD", "/api"),
        partial(sent, form="token {token}"),
        Door("https://reviews.example.com/api", ("REVIEWBOARD_TOKEN",)),
        numbers=Numbers(
            "/repositories/",
            {"name": "{place}", "show-invisible": 1},
            "repositories",
        ),
    ),
)
