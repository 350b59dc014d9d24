"""Files at the end of the default branch."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="files",
    about="A file as it stands now; complexity only for files that changed in the last two years.",
    key=("repo", "path"),
    columns=(
        Column("repo", CODE, "repository"),
        Column("path", pa.string(), "path", sensitivity=Sensitivity.PATH),
        Column("blob", pa.string(), "content id"),
        Column("bytes", pa.int64(), "size", unit="bytes"),
        Column("lines", pa.int32(), "lines that are not blank", unit="lines"),
        Column("indentation", pa.int32(), "sum of logical indentation over those lines"),
        Column("deepest", pa.int16(), "deepest logical indentation"),
        Column("role", CODE, "code, test, docs, data, generated, vendored or binary"),
    ),
)
