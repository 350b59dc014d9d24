"""What a source could not read."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Table

TABLE = Table(
    name="gaps",
    about="Something that could not be read, how much of it, and out of how much.",
    key=("repo", "slug"),
    columns=(
        Column("repo", CODE, "repository"),
        Column("slug", CODE, "kind of gap; each has a page"),
        Column("count", pa.int64(), "how many were not read"),
        Column("total", pa.int64(), "out of how many"),
    ),
)
