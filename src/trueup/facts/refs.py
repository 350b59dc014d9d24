"""Branches and tags."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="refs",
    about="A branch or tag and where it points; names of topic branches are hashed.",
    key=("repo", "name"),
    columns=(
        Column("repo", CODE, "repository"),
        Column("name", pa.string(), "name of a default or release branch or tag, else a hash"),
        Column("kind", CODE, "default, release, topic or tag"),
        Column("sha", pa.string(), "commit it points to", sensitivity=Sensitivity.REFERENCE),
    ),
)
