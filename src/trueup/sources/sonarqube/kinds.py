"""The kinds of records SonarQube gives: how they are told apart, listed and read."""

from __future__ import annotations

from functools import partial

from trueup.kernel.sources import EVERYTHING, Listing, Order, Paging, RecordKind, names
from trueup.sources.sonarqube.analyses import analysis, quality_gate
from trueup.sources.sonarqube.findings import hotspot, issue
from trueup.sources.sonarqube.measures import measures
from trueup.sources.sonarqube.people import user

_SEARCH = "key component project status resolution line hash textRange flows message messageFormattings assignee author "

_list = partial(Listing, paging=Paging.NUMBER, page="p", size="ps", total="paging.total")

_FILES: dict[str, str | int] = {"component": "{place}", "qualifiers": "FIL,UTS", "ps": 500}

#: Older servers take fifteen measures at once, so there are two lists.
_FILE_MEASURES = (
    "ncloc,code_smells,sqale_index,sqale_rating,bugs,reliability_rating,vulnerabilities,security_rating,"
    "security_hotspots,security_hotspots_reviewed,security_review_rating,coverage,uncovered_lines,lines_to_cover"
)
_MORE_FILE_MEASURES = (
    "lines,complexity,cognitive_complexity,duplicated_lines,duplicated_lines_density,duplicated_blocks,"
    "duplicated_files,effort_to_reach_maintainability_rating_a,comment_lines_density,violations"
)
_PROJECT_MEASURES = (
    "ncloc,bugs,vulnerabilities,code_smells,security_hotspots,sqale_index,sqale_debt_ratio,reliability_rating,"
    "security_rating,coverage,tests,skipped_tests,test_failures,duplicated_lines_density,cognitive_complexity"
)

_COMPONENT = names(
    "id refId key refKey name longName qualifier path language description branch pullRequest measures component "
    "metrics period periods"
)


def _of_files(measured: str) -> Listing:
    """Measures of all files; those of a file that is not listed any more are gone."""
    params = _FILES | {"metricKeys": measured}
    return _list(Order.NONE, params, within="components", complete=True)


_measures_of_files = partial(
    RecordKind,
    writes=("measures",),
    access="Browse on the project",
    marks=names("key qualifier path measures"),
    known=_COMPONENT,
    to_facts=measures,
    path="/api/measures/component_tree",
    own="key",
)

KINDS = (
    RecordKind(
        name="issues",
        writes=("findings",),
        lights="bugs, vulnerabilities and code smells, and whether they are gone",
        access="Browse on the project",
        marks=names("key rule component project creationDate"),
        known=names(
            _SEARCH
            + "rule severity type impacts cleanCodeAttribute cleanCodeAttributeCategory issueStatus simpleStatus "
            "effort debt creationDate updateDate closeDate tags internalTags scope quickFixAvailable codeVariants "
            "comments attr transitions actions externalRuleEngine fromHotspot fromSonarQubeUpdate subProject "
            "organization branch pullRequest ruleDescriptionContextKey prioritizedRule reporter actionPlan "
            "linkedTicketStatus"
        ),
        to_facts=issue,
        path="/api/issues/search",
        listing=_list(
            Order.OLDEST_CHANGE_FIRST,
            {
                "componentKeys": "{place}",
                "createdAfter": "{since}",
                "s": "CREATION_DATE",
                "asc": "true",
                "ps": 500,
            },
            since="offset",
            stamp="creationDate",
            within="issues",
            # It lists no changes, and no more than 10,000 at once: by their dates all can be had.
            again_days=EVERYTHING,
            most=10_000,
        ),
    ),
    RecordKind(
        name="hotspots",
        writes=("findings",),
        lights="places that may be insecure, and whether somebody looked",
        access="Browse on the project",
        marks=names("key component project securityCategory vulnerabilityProbability"),
        known=names(
            _SEARCH
            + "securityCategory vulnerabilityProbability ruleKey creationDate updateDate rule changelog comment "
            "canChangeStatus users codeVariants"
        ),
        to_facts=hotspot,
        path="/api/hotspots/search",
        listing=_list(
            Order.NONE, {"projectKey": "{place}", "ps": 500}, within="hotspots", most=10_000
        ),
    ),
    _measures_of_files(
        name="file_measures",
        lights="size, coverage and findings of each file",
        listing=_of_files(_FILE_MEASURES),
        names=("filemetrics", "component_tree", "components"),
    ),
    _measures_of_files(
        name="file_measures_additional",
        lights="complexity and duplication of each file",
        listing=_of_files(_MORE_FILE_MEASURES),
        names=("filemetrics_additional",),
    ),
    RecordKind(
        name="project_measures",
        writes=("measures",),
        lights="size, coverage, tests and technical debt of the whole",
        access="Browse on the project",
        marks=names("component metrics"),  # of the whole answer
        known=_COMPONENT,
        to_facts=measures,
        path="/api/measures/component",
        listing=Listing(
            Order.NONE,
            {"component": "{place}", "metricKeys": _PROJECT_MEASURES},
            within="component",
            paging=Paging.WHOLE,
        ),
    ),
    RecordKind(
        name="analyses",
        writes=("scans",),
        lights="which commits were analysed, and when",
        access="Browse on the project",
        marks=names("key date events manualNewCodePeriodBaseline"),
        known=names(
            "key date events projectVersion buildString manualNewCodePeriodBaseline revision detectedCI"
        ),
        to_facts=analysis,
        path="/api/project_analyses/search",
        listing=_list(
            Order.NEWEST_FIRST, {"project": "{place}", "ps": 500}, stamp="date", within="analyses"
        ),
        names=("project_analyses",),
    ),
    RecordKind(
        name="quality_gates",
        writes=("jobs",),
        lights="whether an analysed commit passed what was agreed",
        access="Browse on the project",
        marks=names("projectStatus"),  # of the whole answer
        known=names(
            "projectStatus status conditions ignoredConditions caycStatus period periods warning"
        ),
        to_facts=quality_gate,
        path="/api/qualitygates/project_status",
        listing=Listing(
            Order.OF_EACH,
            {"analysisId": "{number}"},
            within="projectStatus",
            each=("analyses", "key"),
            paging=Paging.WHOLE,
            beside=("revision", "date"),
        ),
        names=("project_status", "quality_gate_status"),
    ),
    RecordKind(
        name="users",
        writes=("people",),
        lights="which accounts and addresses are one person",
        access="none; Administer System to see addresses",
        marks=names("login active scmAccounts"),
        known=names(
            "login name active email scmAccounts groups tokensCount local externalIdentity externalProvider avatar "
            "lastConnectionDate sonarLintLastConnectionDate managed id externalLogin"
        ),
        to_facts=user,
        path="/api/users/search",
        listing=_list(Order.NONE, {"ps": 500}, within="users"),
        names=("accounts",),
    ),
)
