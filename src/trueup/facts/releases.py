"""Tags that look like releases."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="releases",
    about="A tag with a version number, and the releases it comes after.",
    key=("repo", "tag"),
    columns=(
        Column("repo", CODE, "repository"),
        Column("tag", pa.string(), "name of the tag"),
        Column("version", pa.string(), "version number without prefix"),
        Column("prerelease", pa.bool_(), "alpha, beta, rc or dev"),
        Column("sha", pa.string(), "tagged commit", sensitivity=Sensitivity.REFERENCE),
        Column(
            "contains",
            pa.list_(pa.string()),
            "release tags that are ancestors of this one, but for those that another one of them contains",
        ),
        Column("on_default", pa.bool_(), "the tagged commit is on the default branch"),
    ),
)
