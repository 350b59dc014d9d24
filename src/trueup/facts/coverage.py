"""Coverage: which lines tests ran through, file by file."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

_LINES = pa.list_(pa.int32())

TABLE = Table(
    name="coverage",
    about="What one coverage report says of one file; happened_at is when it was made, if it tells.",
    key=("repo", "report", "sha", "module", "path"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column("report", CODE, "SHA-256 of the report"),
        Column(
            "sha",
            CODE,
            "commit it was measured on; nothing when nobody says",
            sensitivity=Sensitivity.REFERENCE,
        ),
        Column("module", CODE, "part of the build it is in; empty where the report knows none"),
        Column(
            "path",
            pa.string(),
            "file as the report calls it, without the machine or the home folder it lay in",
            sensitivity=Sensitivity.PATH,
        ),
        Column(
            "absolute",
            pa.bool_(),
            "the report names it from the root of a machine: its path in the repository is an end of this",
        ),
        Column("covered", _LINES, "lines that ran, in order; nothing when only counts are told"),
        Column("missed", _LINES, "lines that could have run and did not, in order"),
        Column("lines_covered", pa.int32(), "how many lines ran"),
        Column("lines_missed", pa.int32(), "how many could have run and did not"),
        Column("branches_covered", pa.int32(), "ways out of branches that were taken"),
        Column("branches_missed", pa.int32(), "ways out of branches that were not"),
        Column("complete", pa.bool_(), "the report could be read to its end"),
        Column(
            "zone_told",
            pa.bool_(),
            "the report names the zone of its moment; UTC is assumed if not",
        ),
    ),
)
