"""Pull requests, merge requests, reviewed changes: work proposed for a line."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="requests",
    about="A proposed change as it was last seen; happened_at is when it was opened.",
    key=("repo", "number"),
    columns=(
        Column("repo", CODE, "repository it is meant for"),
        Column("number", pa.string(), "its number there", sensitivity=Sensitivity.REFERENCE),
        Column("status", CODE, "open, merged or closed (without merging)"),
        Column("status_original", CODE, "state in the forge's words"),
        Column("draft", pa.bool_(), "marked as not ready"),
        Column("author", CODE, "identity that opened it", sensitivity=Sensitivity.PSEUDONYM),
        Column("merged_by", CODE, "identity that merged it", sensitivity=Sensitivity.PSEUDONYM),
        Column("merged_at", TIMESTAMP, "when it was merged", unit="UTC"),
        Column("closed_at", TIMESTAMP, "when it was merged or closed", unit="UTC"),
        Column("changed_at", TIMESTAMP, "when it last changed in any way", unit="UTC"),
        Column("target_branch", pa.string(), "branch it is meant for"),
        Column("branch", pa.string(), "branch it comes from", sensitivity=Sensitivity.REFERENCE),
        Column("forked", pa.bool_(), "comes from another repository"),
        Column("base_sha", pa.string(), "commit it starts from", sensitivity=Sensitivity.REFERENCE),
        Column("head_sha", pa.string(), "its newest commit", sensitivity=Sensitivity.REFERENCE),
        Column(
            "merge_sha", pa.string(), "commit that merged it", sensitivity=Sensitivity.REFERENCE
        ),
        Column("additions", pa.int64(), "lines it adds", unit="lines"),
        Column("deletions", pa.int64(), "lines it deletes", unit="lines"),
        Column("files", pa.int32(), "files it touches"),
        Column("commits", pa.int32(), "commits it holds"),
        Column("comments", pa.int32(), "comments in its discussion"),
        Column("review_comments", pa.int32(), "comments on lines of it"),
        Column("milestone", pa.string(), "id of its milestone"),
        Column("labels", pa.list_(pa.string()), "labels, sorted"),
        Column("title_id", pa.string(), "hash of the title, as of subjects of commits"),
        Column("text_bytes", pa.int32(), "length of its text", unit="bytes"),
        Column("tasks", pa.int32(), "check boxes in its text"),
        Column("tasks_done", pa.int32(), "check boxes that are ticked"),
    ),
)
