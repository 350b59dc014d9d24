"""Records of Jira, and the rows they become."""

from __future__ import annotations

from tests.sources.reading import KEY, by_table, taken

from trueup.facts.rows import Rows
from trueup.runs.kinds import SOURCES

JIRA = SOURCES["jira"]
SITE = "https://acme.atlassian.net"
SERVER = "https://jira.example.org/jira"
MADE = "2026-01-06T10:00:00.000+0100"
OPEN = {"id": "10000", "name": "To Do", "statusCategory": {"id": 2, "key": "new"}}
DONE = {"id": "10001", "name": "Done", "statusCategory": {"id": 3, "key": "done"}}


class Desk:
    """Records in, rows out."""

    def __init__(self) -> None:
        self.rows = Rows(KEY)

    def take(self, kind, record, asked="", about=None):
        """The rows of one record, by table; only what is told stands in them."""
        taken(JIRA, kind, record, about=about, asked=asked, rows=self.rows)
        return {name: [shown(row) for row in found] for name, found in by_table(self.rows).items()}

    def issue(self, changelog=None, *, names=None, schema=None, key="PAY-1", **fields):
        """The one issue that comes of these fields."""
        return self.issue_tables(changelog, names=names, schema=schema, key=key, **fields)[
            "issues"
        ][0]

    def issue_tables(self, changelog=None, *, names=None, schema=None, key="PAY-1", **fields):
        record = {"id": "10101", "key": key, "self": f"{SITE}/rest/api/3/issue/10101"}
        beside = {"changelog": changelog, "names": names, "schema": schema}
        record |= {k: v for k, v in beside.items() if v is not None}
        told = {
            "summary": "A title",
            "created": MADE,
            "status": OPEN,
            "issuetype": {"name": "Story"},
        }
        return self.take("issues", record | {"fields": told | fields})

    def people(self):
        return self.rows.people("here").to_pylist()


def shown(row):
    left_out = {"source_key", "raw_sha256"}
    return {k: v for k, v in row.items() if v is not None and k not in left_out}


def changes(*histories):
    return {"total": len(histories), "histories": list(histories)}


def history(number, *items, author=None, created=MADE):
    return {"id": str(number), "created": created, "items": list(items), "author": author}


def changed(field, before=(None, None), after=(None, None)):
    named = {"from": before[0], "fromString": before[1], "to": after[0], "toString": after[1]}
    return {"field": field, "fieldtype": "jira"} | named
