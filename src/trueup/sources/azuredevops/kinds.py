"""The kinds of records of Azure DevOps."""

from __future__ import annotations

from functools import partial

from trueup.kernel.sources import Listing, Order, Paging, RecordKind, names
from trueup.sources.azuredevops.builds import build, job
from trueup.sources.azuredevops.requests import pull_request, request_commit, thread
from trueup.sources.azuredevops.work import iteration, work_item, work_item_type

_ITEM = "/{owner}/_apis/git/repositories/{name}/pullRequests"
_VERSION = {"api-version": "7.1"}
_OF_REQUEST = ("pull_requests", "pullRequestId")
_skipped = partial(Listing, within="value", paging=Paging.OFFSET, page="$skip", size="$top")
_continued = partial(
    Listing,
    within="value",
    paging=Paging.HEADER,
    page="continuationToken",
    following="x-ms-continuationtoken",
)
_pull_requests = partial(
    RecordKind,
    writes=("requests", "reviews", "item_links"),
    access="Code: read",
    known=names(
        "_links artifactId autoCompleteSetBy closedBy closedDate codeReviewId commits completionOptions "
        "completionQueueTime createdBy creationDate description forkSource hasMultipleMergeBases isDraft labels "
        "lastMergeCommit lastMergeSourceCommit lastMergeTargetCommit mergeFailureMessage mergeFailureType mergeId "
        "mergeOptions mergeStatus pullRequestId remoteUrl repository reviewers sourceRefName status "
        "supportsIterations targetRefName title url workItemRefs"
    ),
    to_facts=pull_request,
    turn=8,
    own="pullRequestId",
)

KINDS = (
    _pull_requests(
        name="pull_requests",
        lights="work merged or abandoned; into which line, and who voted",
        marks=names("pullRequestId sourceRefName closedDate"),
        path=_ITEM,
        listing=_skipped(
            Order.NEWEST_FIRST,
            _VERSION
            | {
                "searchCriteria.status": "all",
                "searchCriteria.queryTimeRangeType": "closed",
                "searchCriteria.minTime": "{since}",
                "$top": 100,
            },
            stamp="closedDate",
        ),
    ),
    _pull_requests(
        name="open_pull_requests",
        lights="work proposed and not merged yet",
        marks=names("pullRequestId sourceRefName"),
        path=_ITEM,
        listing=_skipped(Order.NONE, _VERSION | {"searchCriteria.status": "active", "$top": 100}),
    ),
    _pull_requests(
        name="pull_request_details",
        lights="which work items a pull request is for, and whether it closes them",
        marks=names("pullRequestId workItemRefs"),
        path=_ITEM + "/{number}",
        listing=Listing(
            Order.OF_EACH,
            _VERSION | {"includeWorkItemRefs": "true"},
            each=_OF_REQUEST,
            paging=Paging.WHOLE,
        ),
    ),
    RecordKind(
        name="pull_request_commits",
        writes=("request_commits", "people"),
        lights="which commits a pull request brings, also when it is squashed",
        access="Code: read",
        marks=names("commitId comment author committer"),
        known=names(
            "_links author changeCounts changes comment commentTruncated commitId commitTooManyChanges committer "
            "parents push remoteUrl statuses url workItems"
        ),
        to_facts=request_commit,
        path=_ITEM + "/{number}/commits",
        listing=_continued(Order.OF_EACH, _VERSION | {"$top": 100}, each=_OF_REQUEST),
        own="commitId",
    ),
    RecordKind(
        name="threads",
        writes=("comments", "reviews"),
        lights="who looked before it landed, when, and how closely",
        access="Code: read",
        marks=names("comments publishedDate pullRequestThreadContext"),
        known=names(
            "_links comments id identities isDeleted lastUpdatedDate properties publishedDate "
            "pullRequestThreadContext status threadContext"
        ),
        to_facts=thread,
        path=_ITEM + "/{number}/threads",
        listing=Listing(
            Order.OF_EACH, _VERSION, within="value", each=_OF_REQUEST, paging=Paging.WHOLE
        ),
    ),
    RecordKind(
        name="builds",
        writes=("builds", "item_links"),
        lights="which commits were built and tested, and with what result",
        access="Build: read",
        marks=names("buildNumber queueTime sourceVersion definition"),
        known=names(
            "_links agentSpecification appendCommitMessageToRunName buildNumber buildNumberRevision controller "
            "definition deleted deletedBy deletedDate deletedReason demands finishTime id keepForever lastChangedBy "
            "lastChangedDate logs orchestrationPlan parameters plans priority project properties quality queue "
            "queueOptions queuePosition queueTime reason repository requestedBy requestedFor result "
            "retainedByRelease sourceBranch sourceVersion startTime status tags templateParameters triggerInfo "
            "triggeredByBuild uri url validationResults"
        ),
        to_facts=build,
        path="/{owner}/_apis/build/builds",
        listing=_continued(
            Order.OLDEST_CHANGE_FIRST,
            _VERSION
            | {
                "repositoryId": "{id}",
                "repositoryType": "TfsGit",
                "queryOrder": "finishTimeAscending",
                "minTime": "{since}",
                "$top": 200,
            },
            stamp="finishTime",
        ),
        turn=8,
    ),
    RecordKind(
        name="jobs",
        writes=("jobs",),
        lights="which parts of a build ran, were skipped, or were run again",
        access="Build: read",
        marks=names("parentId workerName state attempt"),
        known=names(
            "_links attempt changeId currentOperation details errorCount finishTime id identifier issues "
            "lastModified log name order parentId percentComplete previousAttempts queueId refName result "
            "resultCode startTime state task type url warningCount workerName"
        ),
        to_facts=job,
        path="/{owner}/_apis/build/builds/{number}/timeline",
        listing=Listing(
            Order.OF_EACH,
            _VERSION,
            within="records",
            each=("builds", "id"),
            paging=Paging.WHOLE,
            lacking=True,  # what never ran has none
            beside=("sourceBranch", "sourceVersion"),
        ),
        names=("timelines", "timeline_records"),
    ),
    RecordKind(
        name="work_item_types",
        writes=(),
        lights="what the states of work items stand for",
        access="Work Items: read",
        marks=names("referenceName states transitions"),
        known=names(
            "_links color description fieldInstances fields icon isDisabled name referenceName states transitions "
            "url xmlForm"
        ),
        to_facts=work_item_type,
        path="/{owner}/_apis/wit/workitemtypes",
        listing=Listing(Order.NONE, _VERSION, within="value", paging=Paging.WHOLE),
        turn=8,
        own="referenceName",
    ),
    RecordKind(
        name="work_items",
        writes=("issues", "issue_events"),
        lights="what the tracker says is done, reopened, or refused",
        access="Work Items: read",
        marks=names("id rev fields"),
        known=names("_links commentVersionRef fields id relations rev url"),
        to_facts=work_item,
        path="/{owner}/_apis/wit/reporting/workitemrevisions",
        listing=Listing(
            Order.FEED,
            _VERSION
            | {
                "includeIdentityRef": "true",
                "includeDeleted": "true",
                "startDateTime": "{since}",
            },
            within="values",
            paging=Paging.ADDRESS,
            following="nextLink",
            last="isLastBatch",
        ),
        names=("work_item_revisions", "workitemrevisions"),
    ),
    RecordKind(
        name="iterations",
        writes=("milestones",),
        lights="what was planned until when",
        access="Work Items: read",
        marks=names("identifier structureType path"),
        known=names(
            "_links attributes children hasChildren id identifier name path structureType url"
        ),
        to_facts=iteration,
        path="/{owner}/_apis/wit/classificationnodes/iterations",
        listing=Listing(
            Order.NONE,
            _VERSION | {"$depth": 10},
            within="children",
            paging=Paging.WHOLE,
            lacking=True,
        ),
        whole=True,
    ),
)
