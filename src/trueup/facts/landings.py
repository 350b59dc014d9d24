"""When a commit reached a line of development."""

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="landings",
    about="A commit is reachable from the default branch, or (when it is not) a release branch.",
    key=("repo", "sha", "line"),
    columns=(
        Column("repo", CODE, "repository"),
        Column("sha", CODE, "commit id", sensitivity=Sensitivity.REFERENCE),
        Column("line", CODE, "`default`, or the name of a release branch"),
        Column("landed_by", CODE, "first-parent commit that brought it, often a merge"),
        Column("landed_at", TIMESTAMP, "commit date of that commit", unit="UTC"),
    ),
)
