"""Changes, accounts, statuses and types of Jira, as another project (apache/incubator-devlake) expects them."""

from __future__ import annotations

from tests.peers.comparing import PROGRESS, at, by, is_, last, moment
from tests.peers.devlake_jira_issues import Names

#: Values that hold no text of people; the others are not kept.
KEPT = {"status", "issuetype", "priority", "resolution", "labels"}


def item(row):
    return f"{row['changelog_id']}:{row['field']}"


def own(told):
    """The id of Jira within an id of theirs; it may hold colons itself."""
    return told.split(":", 3)[3]


def values(before, after):
    """Columns there that hold what was before and after a change."""
    return {before: (str, is_("before_original")), after: (str, is_("after_original"))}


def histories(names):
    return {
        "issue_id": (names.issue, is_("key")),
        "author_account_id": (str, names.who("actor")),
        "created": (moment, at("happened_at")),
    }


def changes(found, facts, changed, names):
    events = by("event", facts["issue_events"])
    ours = {event.partition(":")[0]: r for event, r in events.items()}
    for name in ("_tool_jira_issue_changelogs", "_tool_jira_issue_changelogs_extractor"):
        found.compare(name, ours, is_("changelog_id"), histories(names))
    for name in ("_tool_jira_issue_changelog_items", "_tool_jira_issue_changelog_items_extractor"):
        found.compare(name, events, item, {"field": (str, is_("field_original"))})
        texts, ids = values("from_string", "to_string"), values("from_value", "to_value")
        found.compare(name, events, item, texts, lambda r: r["field"].lower() in KEPT)
        found.compare(name, events, item, ids, lambda r: r["field"] == "Sprint")
    found.compare(
        "issue_changelogs",
        events,
        lambda r: own(r["id"]),
        {
            "issue_id": (names.issue, is_("key")),
            "author_id": (own, names.who("actor")),
            "field_name": (str, is_("field_original")),
            "created_date": (moment, at("happened_at")),
            "from_value": (PROGRESS.get, is_("before")),
            "to_value": (PROGRESS.get, is_("after")),
        },
    )
    found.compare(
        "issue_changelogs",
        events,
        lambda r: own(r["id"]),
        values("original_from_value", "original_to_value"),
        only=lambda r: r["field_name"].lower() in KEPT,
    )
    ours = {last(r["source_key"]): r for r in changed["issue_events"]}
    cells = histories(Names(changed, names.key))
    found.compare("issue_changelogs/_tool_jira_issue_changelogs", ours, is_("changelog_id"), cells)


def shown_name(row):
    return row["name"].removesuffix(" [bot]")


def shown_address(row):
    return "" if row["proper_address"] == row["address"] else row["proper_address"]


ACCOUNT = {
    "full_name": (str, shown_name),
    "name": (str, shown_name),
    "email": (str, shown_address),
    "account_type": (lambda x: x == "app", lambda r: r["name"].endswith(" [bot]")),
}


def people(found, facts):
    ours = {(r["address"].rpartition("@")[0], shown_name(r)): r for r in facts["people"]}
    tool = lambda r: (r["account_id"], r["name"])  # noqa: E731 - one line for two tables
    for name, key in {
        "accounts": lambda r: (own(r["id"]), r["full_name"]),
        "_tool_jira_accounts": tool,
        "_tool_jira_accounts_changelog": tool,
    }.items():
        found.compare(name, ours, key, found.shared(name, ACCOUNT))


CATEGORY = {"new": "open", "indeterminate": "in_progress", "done": "done"}


def words(found, facts, listed):
    """What was learned of statuses, of those that were listed, and of types."""
    learned = {w: {"means": means} for w, means in facts["words"].items()}
    for name in ("_tool_jira_statuses", "_tool_jira_statuses_for_changelog"):
        found.compare(
            name,
            learned,
            lambda r: f"status:{r['id']}",
            {"status_category": (CATEGORY.get, is_("means"))},
            only=lambda r: r["id"] in listed,
        )
    types = {"untranslated_name": (str, is_("means"))}
    found.compare("_tool_jira_issue_types", learned, lambda r: f"type:{r['id']}", types)
