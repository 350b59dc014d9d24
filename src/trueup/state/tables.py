"""The tables of the state, and the steps that made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable

METADATA = sa.MetaData()

MIGRATIONS = sa.Table(
    "migrations",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("applied_at", sa.Text, nullable=False),
)

AUDITS = sa.Table(
    "audits",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("workspace", sa.Text, nullable=False),  # a database may hold the state of several
    sa.Column("number", sa.Integer, nullable=False),  # from 1 in each
    sa.Column("drawn_at", sa.Text, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("result", sa.Text, nullable=False),  # key of the result the claims are of
    sa.UniqueConstraint("workspace", "number"),
)

AUDIT_STRATA = sa.Table(
    "audit_strata",
    METADATA,
    sa.Column("audit", sa.ForeignKey("audits.id"), primary_key=True),
    sa.Column("verdict", sa.Text, primary_key=True),
    sa.Column("size", sa.Integer, nullable=False),
)

AUDIT_CLAIMS = sa.Table(
    "audit_claims",
    METADATA,
    sa.Column("audit", sa.ForeignKey("audits.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),  # in the order in which they are judged
    sa.Column("claim", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),  # when it was drawn
    # What its sheets say of it, whatever a later result holds.
    *(sa.Column(name, sa.Text, nullable=False) for name in ("repository", "kind", "reported")),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("request", "tickets", "commits")),
    sa.UniqueConstraint("audit", "claim"),
)

#: Nothing is ever changed: who answers again adds another answer, and the last one holds.
AUDIT_ANSWERS = sa.Table(
    "audit_answers",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("audit", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("rater", sa.Integer, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),  # nothing where it was taken back
    sa.Column("answered_at", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["audit", "number"], ["audit_claims.audit", "audit_claims.number"]),
    sa.CheckConstraint("rater in (1, 2)"),
)

#: Nothing is ever changed: what is taken back is told again, and the last one holds.
WRITE_OFFS = sa.Table(
    "write_offs",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("workspace", sa.Text, nullable=False),
    sa.Column("claim", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("taken_back", sa.Boolean, nullable=False),
    sa.Column("told_at", sa.Text, nullable=False),
)

LEDGERS = sa.Table(
    "ledgers",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("workspace", sa.Text, nullable=False),
    sa.Column("result", sa.Text, nullable=False),  # key of the result that was published
    sa.Column("as_of", sa.Text, nullable=False),
    # What it rests on, to say why another one differs.
    *(sa.Column(name, sa.Text, nullable=False) for name in ("edition", "version", "content")),
    sa.Column("sources", sa.Text, nullable=False),  # a list in JSON
    sa.Column("months", sa.Text, nullable=False),  # a list in JSON, of whole months
    sa.Column("states", sa.LargeBinary, nullable=False),  # see `trueup.state.ledgers`
    sa.Column("kept_at", sa.Text, nullable=False),
    sa.UniqueConstraint("workspace", "result"),
)


def _audits(connection: sa.Connection) -> None:
    METADATA.create_all(connection, [AUDITS, AUDIT_STRATA, AUDIT_CLAIMS, AUDIT_ANSWERS])


def _ledgers(connection: sa.Connection) -> None:
    METADATA.create_all(connection, [WRITE_OFFS, LEDGERS])


#: What made the state what it is, in this order; steps are added, never changed.
STEPS: dict[str, Callable[[sa.Connection], None]] = {"audits": _audits, "ledgers": _ledgers}
