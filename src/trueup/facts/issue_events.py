"""What happened to issues and requests: changes of status, assignee, labels and sprints."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="issue_events",
    about="One change of one field of an issue or request, with who made it.",
    key=("repo", "key", "event"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column("key", pa.string(), "issue, as commits name it", sensitivity=Sensitivity.REFERENCE),
        Column("event", pa.string(), "id of the event in the tracker"),
        Column("field", CODE, "status, assignee, label, milestone, title, type, link or other"),
        Column("field_original", CODE, "field or event in the tracker's words"),
        Column(
            "before", CODE, "normalised value before, of status: open, in_progress, done, other"
        ),
        Column("before_original", pa.string(), "value before, of fields that hold no text"),
        Column("after", CODE, "normalised value after"),
        Column("after_original", pa.string(), "value after, of fields that hold no text"),
        Column(
            "resolution",
            CODE,
            "how it was closed, where that is told: done, not_planned, duplicate, other",
        ),
        Column("actor", CODE, "identity that did it", sensitivity=Sensitivity.PSEUDONYM),
    ),
)
