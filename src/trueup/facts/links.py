"""Links between things, each with how it was found and how sure that is."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="links",
    about="A commit points at a ticket, a pull request, another commit or a change.",
    key=("repo", "sha", "relation", "target_kind", "target"),
    content_addressed=True,
    columns=(
        Column("repo", CODE, "repository"),
        Column("sha", CODE, "commit id", sensitivity=Sensitivity.REFERENCE),
        Column(
            "relation",
            CODE,
            "closes, fixes, part_of, mentions, pull, reverts, reapplies, cherry_pick_of, "
            "fixes_commit, change, names (a review, as `CL 7`), same_change, absent (looked for and not found), returns",
        ),
        Column("target_kind", CODE, "issue, pull, commit, subject, change, line or none"),
        Column(
            "target",
            pa.string(),
            "ticket key, number, commit id, hash of a subject, or change id",
            sensitivity=Sensitivity.REFERENCE,
        ),
        Column("how", CODE, "what showed the link"),
        Column("confidence", pa.float32(), "our prior that the link is right", unit="0..1"),
    ),
)
