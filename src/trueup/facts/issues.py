"""Issues, tickets, stories: what a tracker says is to be done, and whether it says it is done."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="issues",
    about="An issue of a tracker as it was last seen, without its text; happened_at is when it was made.",
    key=("repo", "key"),
    columns=(
        Column("repo", CODE, "repository or project it belongs to"),
        Column(
            "key",
            pa.string(),
            "as commits name it: `#12`, `KAFKA-123`",
            sensitivity=Sensitivity.REFERENCE,
        ),
        Column("kind", CODE, "bug, feature, task, incident, epic, question or other"),
        Column("kind_original", CODE, "type or label that says so, in the tracker's words"),
        Column("status", CODE, "open, in_progress, done or other"),
        Column("status_original", CODE, "status in the tracker's words"),
        Column("resolution", CODE, "done, not_planned, duplicate or other; nothing while open"),
        Column("resolution_original", CODE, "resolution in the tracker's words"),
        Column("creator", CODE, "identity that made it", sensitivity=Sensitivity.PSEUDONYM),
        Column(
            "assignee", CODE, "first identity it is given to", sensitivity=Sensitivity.PSEUDONYM
        ),
        Column("closed_by", CODE, "identity that closed it", sensitivity=Sensitivity.PSEUDONYM),
        Column("closed_at", TIMESTAMP, "when it was last closed or resolved", unit="UTC"),
        Column("changed_at", TIMESTAMP, "when it last changed in any way", unit="UTC"),
        Column("due_at", TIMESTAMP, "when it is due", unit="UTC"),
        Column("parent", pa.string(), "key of its parent", sensitivity=Sensitivity.REFERENCE),
        Column("milestone", pa.string(), "id of its milestone or newest sprint"),
        Column("priority", CODE, "priority in the tracker's words"),
        Column("severity", CODE, "severity in the tracker's words"),
        Column("component", CODE, "first component in the tracker's words"),
        Column("points", pa.float64(), "story points"),
        Column("estimate_minutes", pa.int64(), "time it was meant to take", unit="minutes"),
        Column("spent_minutes", pa.int64(), "time logged on it", unit="minutes"),
        Column("labels", pa.list_(pa.string()), "labels, sorted"),
        Column("comments", pa.int32(), "comments on it"),
        Column("title_id", pa.string(), "hash of the title, as of subjects of commits"),
        Column("text_bytes", pa.int32(), "length of its text", unit="bytes"),
        Column("tasks", pa.int32(), "check boxes in its text"),
        Column("tasks_done", pa.int32(), "check boxes that are ticked"),
    ),
)
