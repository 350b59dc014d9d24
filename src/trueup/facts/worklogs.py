"""Time logged on issues."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="worklogs",
    about="One entry of time on an issue, without its text; happened_at is when the work began.",
    key=("repo", "key", "worklog"),
    columns=(
        Column("repo", CODE, "project"),
        Column("key", pa.string(), "issue, as commits name it", sensitivity=Sensitivity.REFERENCE),
        Column("worklog", pa.string(), "id of the entry in the tracker"),
        Column("author", CODE, "identity that worked", sensitivity=Sensitivity.PSEUDONYM),
        Column("minutes", pa.int64(), "time logged", unit="minutes"),
        Column("changed_at", TIMESTAMP, "when it was last changed", unit="UTC"),
    ),
)
