"""Scans: that a scanner looked, also where it found nothing; without them no finding looks like no scan."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="scans",
    about="One report of a scanner, or one bill of materials; happened_at is when it was made.",
    key=("repo", "tool", "scan"),
    columns=(
        Column("repo", CODE, "repository or project looked at"),
        Column("tool", CODE, "what looked"),
        Column("scan", pa.string(), "id of the report, or a hash of it"),
        Column("tool_version", CODE, "its version"),
        Column(
            "path",
            pa.string(),
            "file looked at, such as a lock file; nothing for the whole",
            sensitivity=Sensitivity.PATH,
        ),
        Column("sha", pa.string(), "commit looked at", sensitivity=Sensitivity.REFERENCE),
        Column("result", CODE, "success or failure of the scan itself, where it says so"),
        Column("findings", pa.int64(), "distinct findings in it, closed ones too"),
        Column("components", pa.int64(), "components it lists, or says it looked at"),
    ),
)
