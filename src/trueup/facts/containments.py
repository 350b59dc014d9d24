"""Which releases first contain a commit."""

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="containments",
    about="A release contains a commit and none of the releases it contains does.",
    key=("repo", "sha", "tag"),
    columns=(
        Column("repo", CODE, "repository"),
        Column("sha", CODE, "commit id", sensitivity=Sensitivity.REFERENCE),
        Column("tag", CODE, "release"),
    ),
)
