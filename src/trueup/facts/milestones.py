"""Milestones and sprints: spans that hold issues. What they claim is the mix of what they hold."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Table

TABLE = Table(
    name="milestones",
    about="A milestone or sprint as it was last seen; happened_at is when it was made or begins.",
    key=("repo", "milestone"),
    columns=(
        Column("repo", CODE, "repository, project or board"),
        Column("milestone", pa.string(), "its id"),
        Column("kind", CODE, "milestone or sprint"),
        Column("status", CODE, "open, done or other"),
        Column("status_original", CODE, "state in the words of the source"),
        Column("due_at", TIMESTAMP, "when it is due, or planned to end", unit="UTC"),
        Column("closed_at", TIMESTAMP, "when it was closed", unit="UTC"),
        Column("changed_at", TIMESTAMP, "when it last changed in any way", unit="UTC"),
    ),
)
