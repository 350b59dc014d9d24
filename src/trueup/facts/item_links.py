"""Links between issues, requests, builds, deployments and incidents, and from them to commits."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="item_links",
    about="Something other than a commit points at something else; `links` holds those of commits.",
    key=("repo", "item_kind", "item", "relation", "target_kind", "target"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column(
            "item_kind",
            CODE,
            "issue, request, build, pipeline, deployment, incident, message, decision or runbook",
        ),
        Column("item", pa.string(), "its key or id there", sensitivity=Sensitivity.REFERENCE),
        Column(
            "relation",
            CODE,
            "closes, closed_by, fixes, part_of, mentions, reverts, duplicates, blocks, relates, parent, tests, "
            "cherry_pick_of, change, supersedes, superseded_by, covers, reapplies, caused_by",
        ),
        Column(
            "target_kind",
            CODE,
            "issue, request, commit, branch, subject, build, pipeline, incident, change (its Change-Id), topic, "
            "decision, service or alert",
        ),
        Column(
            "target",
            pa.string(),
            "its key, number or id; of other places with the place before it",
            sensitivity=Sensitivity.REFERENCE,
        ),
        Column("how", CODE, "what showed the link"),
        Column("confidence", pa.float32(), "our prior that the link is right", unit="0..1"),
    ),
)
