"""Entries of release notes that name a ticket, pull request or commit."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="release_notes",
    about="An entry of the notes of a release, as they stand in the tree of its tag.",
    key=("repo", "tag", "target_kind", "target"),
    columns=(
        Column("repo", CODE, "repository"),
        Column("tag", CODE, "release whose section holds the entry"),
        Column("path", CODE, "file of the notes", sensitivity=Sensitivity.PATH),
        Column("line", pa.int32(), "line of the entry in that file"),
        Column("target_kind", CODE, "issue (ticket or pull number) or commit"),
        Column("target", pa.string(), "what it names", sensitivity=Sensitivity.REFERENCE),
        Column(
            "commit",
            pa.string(),
            "commit first contained in that release whose subject says the same as the entry",
            sensitivity=Sensitivity.REFERENCE,
        ),
        Column(
            "written_with",
            pa.string(),
            "commit first contained in that release that wrote the entry and changed code with it",
            sensitivity=Sensitivity.REFERENCE,
        ),
    ),
)
