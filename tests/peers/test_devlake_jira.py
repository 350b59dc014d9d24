"""Jira payloads with the tables another project (apache/incubator-devlake) expects of them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.peers.comparing import KEY, NOW, Compared, at, is_, last, moment, peer, rows, table_of

from trueup.facts.store import Store
from trueup.facts.texts.message import subject_id
from trueup.runs.intake import take_exports

#: Differences we keep, and why ours is right; told in docs/compared-with-devlake/jira.md.
EXPLAINED = {
    ("_tool_jira_issues", "sprint_id"),
    ("_tool_jira_issues_for_due_date", "sprint_id"),
    ("issue_changelogs", "original_from_value"),
    ("issue_changelogs", "original_to_value"),
    ("issue_changelogs", "from_value"),
    ("issue_changelogs", "to_value"),
    ("issues", "status"),
    ("issues_with_no_mapping_subtask", "status"),
    ("_tool_jira_issues", "std_status"),
    ("issues", "story_point"),
    ("issues_for_due_date", "story_point"),
    ("issues_with_no_mapping_subtask", "story_point"),
    ("_tool_jira_issues", "story_point"),
    ("_tool_jira_issues_for_due_date", "story_point"),
    ("issues", "due_date"),
    ("issues_for_due_date", "due_date"),
    ("_tool_jira_issues", "due_date"),
    ("_tool_jira_issues_for_due_date", "due_date"),
    ("_tool_jira_sprints_for_convertor", "state"),
}

STATUS = {"TODO": "open", "IN_PROGRESS": "in_progress", "DONE": "done", "": ""}
RAW = "devlake/jira/raw_tables"
TABLES = "issues issue_events item_links milestones worklogs people"


def facts_of(files, workspace):
    """Facts of some of the raw files, and what their records told of words."""
    folder = workspace / "raw"
    folder.mkdir()
    for path in files:
        shutil.copy(path, folder / path.name)
    store = Store(workspace / "store")
    take_exports(folder, store, KEY, NOW, lambda *_: None)
    found = {name: rows(store, name) for name in TABLES.split()}
    (record,) = store.snapshot().records
    return found | {"words": record.cursor["_words"]}


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    files = [p for p in peer(RAW).glob("*.csv") if "due_date" not in p.name]
    return facts_of(files, tmp_path_factory.mktemp("jira"))


@pytest.fixture(scope="module")
def due(tmp_path_factory):
    """One of the issues was recorded a second time, with another date."""
    return facts_of(peer(RAW).glob("*due_date.csv"), tmp_path_factory.mktemp("due"))


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    files = peer("devlake/jira/issue_changelogs").glob("_raw*.csv")
    return facts_of(files, tmp_path_factory.mktemp("changed"))


@pytest.fixture(scope="module")
def expected():
    folder = peer("devlake/jira/snapshot_tables")
    return {path.stem: table_of(path) for path in folder.glob("*.csv")}


@pytest.fixture(scope="module")
def keys():
    """The keys of issues by their numbers, as the raw records tell them."""
    found = {}
    for path in peer(RAW).glob("*.csv"):
        for row in table_of(path) if "issue_fields" not in path.name else ():
            record = json.loads(row["data"])
            found |= dict(pairs(record))
            if shown := re.search(r"/issue/([A-Z]\w+-\d+)/", str(record.get("self"))):
                found[str(json.loads(row["input"])["issue_id"])] = shown[1]
    return found


def pairs(found):
    """Every id and key that stand together somewhere."""
    if isinstance(found, dict):
        if re.fullmatch(r"[A-Z]\w+-\d+", str(found.get("key"))):
            yield str(found["id"]), found["key"]
        found = list(found.values())
    for inner in found if isinstance(found, list) else ():
        yield from pairs(inner)


class Names:
    """The keys of issues by their numbers, and who an account is."""

    def __init__(self, facts, keys):
        self.key = keys
        self.account = {r["identity"]: r["address"].rpartition("@")[0] for r in facts["people"]}

    def issue(self, number):
        return self.key.get(last(number), last(number))

    def who(self, column):
        return lambda row: self.account.get(row[column], "")


def minutes(text):
    return str(int(text)) if text else ""


def lead(row):
    closed, made = row["closed_at"], row["happened_at"]
    return str(int((closed - made).total_seconds() // 60)) if closed else ""


def text_of(column):
    return lambda row: "" if row[column] is None else str(row[column])


#: What their settings call types, by our kinds; of other types they keep the name.
KINDS = {"TASK": "task", "SUB-TASK": "task", "SUBTASK": "task", "STORY": "feature", "EPIC": "epic"}


def issue_cells(names, plain):
    """Columns of issues as they stand in the tables of both layers; ``plain`` are no epics."""
    return {
        "issue_key": (str, is_("key")),
        "title": (subject_id, is_("title_id")),
        "summary": (subject_id, is_("title_id")),
        "description": (lambda x: len(x.encode()), is_("text_bytes")),
        "type": (str.upper, lambda r: r["kind_original"].upper()),
        "original_type": (str, is_("kind_original")),
        "std_type": (str.upper, lambda r: r["kind_original"].upper()),
        "status": (STATUS.get, is_("status")),
        "std_status": (STATUS.get, is_("status")),
        "original_status": (str, is_("status_original")),
        "status_name": (str, is_("status_original")),
        "story_point": (
            lambda x: float(x or 0),
            lambda r: r["points"] if r["points"] is not None else 0.0,
        ),
        "resolution_date": (moment, at("closed_at")),
        "created_date": (moment, at("happened_at")),
        "created": (moment, at("happened_at")),
        "updated_date": (moment, at("changed_at")),
        "updated": (moment, at("changed_at")),
        "lead_time_minutes": (minutes, lead),
        "parent_issue_id": (names.issue, is_("parent")),
        "parent_key": (str, is_("parent")),
        "epic_key": (
            str,
            lambda r: r["parent"] if r["parent"] and r["parent"] not in plain else "",
        ),
        "priority": (str, is_("priority")),
        "priority_name": (str, is_("priority")),
        "original_estimate_minutes": (minutes, text_of("estimate_minutes")),
        "time_spent_minutes": (minutes, text_of("spent_minutes")),
        "spent_minutes": (minutes, text_of("spent_minutes")),
        "creator_id": (last, names.who("creator")),
        "creator_account_id": (str, names.who("creator")),
        "assignee_id": (last, names.who("assignee")),
        "assignee_account_id": (str, names.who("assignee")),
        "severity": (str, is_("severity")),
        "component": (str, is_("component")),
        "components": (str, is_("component")),
        "sprint_id": (lambda x: "" if x == "0" else x, is_("milestone")),
        "comment_total": (str, text_of("comments")),
        "due_date": (lambda x: x[:10], lambda r: str(r["due_at"] or "")[:10]),
    }


def compare_issues(found, facts, due, keys, expected):
    names = Names(facts, keys)
    ours = {r["key"]: r for r in facts["issues"]}
    known = issue_cells(names, {k for k, r in ours.items() if r["kind"] != "epic"})
    tables = {
        "issues": ours,
        "issues_with_no_mapping_subtask": ours,
        "_tool_jira_issues": ours,
        "_tool_jira_issues_for_external_epics": ours,
        "issues_for_due_date": {r["key"]: r for r in due["issues"]},
        "_tool_jira_issues_for_due_date": {r["key"]: r for r in due["issues"]},
    }
    for name, own in tables.items():
        cells = {c: known[c] for c in expected[name][0] if c in known}
        for column in {"type", "std_type"} & cells.keys():
            renamed = [r for r in expected[name] if r[column] in KINDS]
            kind = {column: (KINDS.get, is_("kind"))}
            found.compare(name, renamed, own, lambda r: r["issue_key"], kind)
            same = [r for r in expected[name] if r[column] not in KINDS]
            found.compare(name, same, own, lambda r: r["issue_key"], {column: cells.pop(column)})
        found.compare(name, expected[name], own, lambda r: r["issue_key"], cells)
    given = {f"{k}:{names.who('assignee')(r)}": r for k, r in ours.items()}
    found.compare(
        "issue_assignees",
        expected["issue_assignees"],
        given,
        lambda r: f"{names.issue(r['issue_id'])}:{last(r['assignee_id'])}",
        {"assignee_id": (last, names.who("assignee"))},
    )
    labels = {f"{k}:{x}": {"label": x} for k, r in ours.items() for x in r["labels"]}
    for name in (
        "issue_labels",
        "_tool_jira_issue_labels",
        "_tool_jira_issue_labels_for_convertor",
    ):
        found.compare(
            name,
            expected[name],
            labels,
            lambda r: f"{names.issue(r['issue_id'])}:{r['label_name']}",
            {"label_name": (str, is_("label"))},
        )
    for name in ("sprint_issues", "_tool_jira_sprint_issues"):
        found.compare(
            name,
            expected[name],
            ours,
            lambda r: names.issue(r["issue_id"]),
            {"sprint_id": (last, is_("milestone"))},
        )


LINKS = {
    "is blocked by": ("blocks", True),
    "blocks": ("blocks", False),
    "duplicates": ("duplicates", False),
    "is duplicated by": ("duplicates", True),
}


def told(words, one, two):
    """A link between issues; which of two related ones comes first means nothing."""
    relation, turned = LINKS.get(words, ("relates", one > two))
    return (two, relation, one) if turned else (one, relation, two)


def compare_links(found, facts, keys, expected):
    names = Names(facts, keys)
    links = facts["item_links"]
    between = {told(r["relation"], r["item"], r["target"]): r for r in links}

    found.compare(
        "issue_relationships",
        expected["issue_relationships"],
        between,
        lambda r: told(
            r["original_type"], names.issue(r["source_issue_id"]), names.issue(r["target_issue_id"])
        ),
        {"source_issue_id": (lambda _: "issue", is_("item_kind"))},
    )
    found.compare(
        "_tool_jira_issue_relationships",
        expected["_tool_jira_issue_relationships"],
        between,
        lambda r: told(
            r["inward"] if r["inward_issue_key"] else r["outward"],
            r["issue_key"],
            r["inward_issue_key"] or r["outward_issue_key"],
        ),
        {"issue_key": (lambda _: "issue", is_("item_kind"))},
    )
    commits = {
        how: {(r["item"], r["target"]): r for r in links if r["how"] == how}
        for how in ("remote_link", "development_panel")
    }
    for name, how in (
        ("_tool_jira_issue_commits", "remote_link"),
        ("issue_repo_commits", "remote_link"),
        ("_tool_jira_issue_commits_for_ConvertIssueRepoCommits", "remote_link"),
        ("_tool_jira_issue_commits_dev_panel", "development_panel"),
    ):
        found.compare(
            name,
            expected[name],
            commits[how],
            lambda r: (names.issue(r["issue_id"]), r["commit_sha"]),
            {"commit_sha": (str, is_("target"))},
        )
    found.compare(
        "_tool_jira_remotelinks",
        [r for r in expected["_tool_jira_remotelinks"] if shown(r["url"])],
        commits["remote_link"],
        lambda r: (re.search(r"/issue/([^/]+)/", r["self"])[1], shown(r["url"])),
        {"url": (shown, is_("target"))},
    )


def shown(address):
    """The commit, request or issue that an address shows."""
    if commit := re.search(r"/commits?/([0-9a-f]{40})", address):
        return commit[1]
    numbered = re.search(r"https?://[^/]+/(.*?)/(?:-/)?(?:merge_requests|issues)/(\d+)", address)
    return f"{numbered[1]}#{numbered[2]}" if numbered else ""


def compare_sprints(found, facts, expected):
    sprints = {r["milestone"]: r for r in facts["milestones"]}
    known = {
        "status": (lambda x: "done" if x == "CLOSED" else "open", is_("status")),
        "state": (str, is_("status_original")),
        "started_date": (moment, at("happened_at")),
        "start_date": (moment, at("happened_at")),
        "ended_date": (moment, at("due_at")),
        "end_date": (moment, at("due_at")),
        "completed_date": (moment, at("closed_at")),
        "complete_date": (moment, at("closed_at")),
        "original_board_id": (last, is_("repo")),
        "origin_board_id": (str, is_("repo")),
    }
    for name in ("sprints", "_tool_jira_sprints", "_tool_jira_sprints_for_convertor"):
        cells = {c: known[c] for c in expected[name][0] if c in known}
        found.compare(
            name, expected[name], sprints, lambda r: r.get("sprint_id") or last(r["id"]), cells
        )


def compare_worklogs(found, facts, keys, expected):
    names = Names(facts, keys)
    logged = {r["worklog"]: r for r in facts["worklogs"]}
    known = {
        "author_id": (last, names.who("author")),
        "time_spent_minutes": (str, text_of("minutes")),
        "time_spent_seconds": (lambda x: int(x) // 60, is_("minutes")),
        "logged_date": (moment, at("changed_at")),
        "updated": (moment, at("changed_at")),
        "started_date": (moment, at("happened_at")),
        "started": (moment, at("happened_at")),
        "issue_id": (names.issue, is_("key")),
    }
    for name in ("worklogs", "_tool_jira_worklogs", "_tool_jira_worklogs_for_convertor"):
        cells = {c: known[c] for c in expected[name][0] if c in known}
        found.compare(
            name, expected[name], logged, lambda r: r.get("worklog_id") or last(r["id"]), cells
        )


#: Values that hold no text of people; the others are not kept.
KEPT = {"status", "issuetype", "priority", "resolution", "labels"}


def compare_changes(found, facts, changed, keys, expected):
    names = Names(facts, keys)
    events = {r["event"]: r for r in facts["issue_events"]}
    histories = {e.partition(":")[0]: r for e, r in events.items()}
    change = {
        "issue_id": (names.issue, is_("key")),
        "author_account_id": (str, names.who("actor")),
        "created": (moment, at("happened_at")),
    }
    for name in ("_tool_jira_issue_changelogs", "_tool_jira_issue_changelogs_extractor"):
        found.compare(name, expected[name], histories, lambda r: r["changelog_id"], change)
    for name in ("_tool_jira_issue_changelog_items", "_tool_jira_issue_changelog_items_extractor"):
        theirs = expected[name]
        found.compare(name, theirs, events, item_key, {"field": (str, is_("field_original"))})
        found.compare(
            name,
            [r for r in theirs if r["field"].lower() in KEPT],
            events,
            item_key,
            {
                "from_string": (str, is_("before_original")),
                "to_string": (str, is_("after_original")),
            },
        )
        found.compare(
            name,
            [r for r in theirs if r["field"] == "Sprint"],
            events,
            item_key,
            {"from_value": (str, is_("before_original")), "to_value": (str, is_("after_original"))},
        )
    theirs = expected["issue_changelogs"]
    found.compare(
        "issue_changelogs",
        theirs,
        events,
        lambda r: r["id"].split(":", 3)[3],
        {
            "issue_id": (names.issue, is_("key")),
            "author_id": (lambda x: x.split(":", 3)[3], names.who("actor")),
            "field_name": (str, is_("field_original")),
            "created_date": (moment, at("happened_at")),
            "from_value": (STATUS.get, is_("before")),
            "to_value": (STATUS.get, is_("after")),
        },
    )
    found.compare(
        "issue_changelogs",
        [r for r in theirs if r["field_name"].lower() in KEPT],
        events,
        lambda r: r["id"].split(":", 3)[3],
        {
            "original_from_value": (str, is_("before_original")),
            "original_to_value": (str, is_("after_original")),
        },
    )
    own = {last(r["source_key"]): r for r in changed["issue_events"]}
    found.compare(
        "issue_changelogs/_tool_jira_issue_changelogs",
        table_of(peer("devlake/jira/issue_changelogs/_tool_jira_issue_changelogs.csv")),
        own,
        lambda r: r["changelog_id"],
        {
            "issue_id": (str, is_("key")),
            "author_account_id": (str, Names(changed, keys).who("actor")),
            "created": (moment, at("happened_at")),
        },
    )


def item_key(row):
    return f"{row['changelog_id']}:{row['field']}"


def compare_people(found, facts, expected):
    by_account = {f"{r['address'].rpartition('@')[0]}:{shown_name(r)}": r for r in facts["people"]}
    known = {
        "full_name": (str, shown_name),
        "name": (str, shown_name),
        "email": (
            str,
            lambda r: "" if r["proper_address"] == r["address"] else r["proper_address"],
        ),
        "account_type": (
            lambda x: x == "app",
            lambda r: r["name"].endswith(" [bot]"),
        ),
    }
    for name in ("accounts", "_tool_jira_accounts", "_tool_jira_accounts_changelog"):
        cells = {c: known[c] for c in expected[name][0] if c in known}
        found.compare(
            name,
            expected[name],
            by_account,
            lambda r: (
                f"{r.get('account_id') or r['id'].split(':', 3)[3]}:"
                f"{r.get('name') or r['full_name']}"
            ),
            cells,
        )


def shown_name(row):
    return row["name"].removesuffix(" [bot]")


def compare_words(found, facts, expected):
    words = facts["words"]
    category = {"new": "open", "indeterminate": "in_progress", "done": "done"}
    learned = {w.partition(":")[2]: {"means": m} for w, m in words.items() if w[:6] == "status"}
    types = {w.partition(":")[2]: {"means": m} for w, m in words.items() if w[:5] == "type:"}
    listed = {
        json.loads(r["data"])["id"] for r in table_of(peer(f"{RAW}/_raw_jira_api_status.csv"))
    }
    for name in ("_tool_jira_statuses", "_tool_jira_statuses_for_changelog"):
        found.compare(
            name,
            [r for r in expected[name] if r["id"] in listed],
            learned,
            lambda r: r["id"],
            {"status_category": (category.get, is_("means"))},
        )
    found.compare(
        "_tool_jira_issue_types",
        expected["_tool_jira_issue_types"],
        types,
        lambda r: r["id"],
        {"untranslated_name": (str, is_("means"))},
    )


def compared(facts, due, changed, keys, expected):
    found = Compared()
    compare_issues(found, facts, due, keys, expected)
    compare_links(found, facts, keys, expected)
    compare_sprints(found, facts, expected)
    compare_worklogs(found, facts, keys, expected)
    compare_changes(found, facts, changed, keys, expected)
    compare_people(found, facts, expected)
    compare_words(found, facts, expected)
    return found


def test_cells(facts, due, changed, keys, expected, record_property):
    found = compared(facts, due, changed, keys, expected)
    for (table, column), count in sorted(found.columns().items()):
        first = next(d for d in found.differ if d[0] == table and d[2] == column)
        print(
            f"{table}.{column}: {count} differ, as in row {first[1]}: {first[3]!r} there, {first[4]!r} here"
        )
    share = found.equal / found.cells
    print(
        f"{found.equal} of {found.cells} comparable cells equal ({share:.1%}), missing {len(found.missing)}"
    )
    record_property("equal", share)
    assert share >= 0.95
    assert set(found.columns()) == EXPLAINED
    told = Path("docs/compared-with-devlake/jira.md").read_text("utf-8")
    assert f"{found.equal:,} of {found.cells:,} comparable cells" in told
    assert all(f"`{table}.{column}`" in told for table, column in EXPLAINED)
