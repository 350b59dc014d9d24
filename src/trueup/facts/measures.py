"""Measures: numbers that other tools give to a project or a file, in their own definitions."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="measures",
    about="One number a tool gives to a project or file; happened_at is when it was measured.",
    key=("repo", "tool", "path", "name"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column("tool", CODE, "what measured it"),
        Column("path", pa.string(), "file; nothing for the whole", sensitivity=Sensitivity.PATH),
        Column("name", CODE, "name of the measure in the words of the tool"),
        Column("value", pa.float64(), "the number, in the unit of the tool"),
        Column("sha", pa.string(), "commit looked at", sensitivity=Sensitivity.REFERENCE),
    ),
)
