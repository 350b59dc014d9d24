"""Commits of requests, as the forge lists them."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="request_commits",
    about="A commit that a request holds; happened_at is its commit date.",
    key=("repo", "number", "sha"),
    columns=(
        Column("repo", CODE, "repository"),
        Column("number", pa.string(), "request", sensitivity=Sensitivity.REFERENCE),
        Column("sha", pa.string(), "commit id", sensitivity=Sensitivity.REFERENCE),
        Column("author", CODE, "identity that wrote it", sensitivity=Sensitivity.PSEUDONYM),
        Column("committer", CODE, "identity that applied it", sensitivity=Sensitivity.PSEUDONYM),
        Column("authored_at", TIMESTAMP, "author date", unit="UTC"),
        Column("subject_id", pa.string(), "hash of the subject, as of `commits`"),
    ),
)
