"""Status reports: what a project says of itself, in colours or percent."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="status_reports",
    about="What was reported of one project on one day, without the text; happened_at is that day.",
    key=("repo", "part", "day"),
    columns=(
        Column("repo", CODE, "project it is about, in the words of the report"),
        Column("part", CODE, "what of it: schedule, budget, scope; nothing for the whole"),
        Column("day", CODE, "day of the report"),
        Column("colour", CODE, "green, amber, red or other; nothing where there is none"),
        Column("colour_original", CODE, "colour or word in the report"),
        Column("percent", pa.float64(), "how much is said to be done", unit="percent"),
        Column("due_at", TIMESTAMP, "when it is said to be done", unit="UTC"),
        Column("author", CODE, "identity that reported it", sensitivity=Sensitivity.PSEUDONYM),
    ),
)
