"""One data layer over SQLite (in the workspace) and PostgreSQL (on a server).

Moments are texts in ISO 8601 and UTC: both databases keep and order them alike.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, OperationalError, SQLAlchemyError

from trueup.kernel.errors import ConfigError, StateError
from trueup.state.tables import METADATA, MIGRATIONS, STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trueup.kernel.clock import Clock

#: Where the state of a server lies, as `postgresql://user@host/trueup`; without it, in the workspace.
VARIABLE = "TRUEUP_STATE"
#: Of the locks of a PostgreSQL database, ours.
LOCK = 5_417_218
#: Seconds to wait for another writer.
PATIENCE = 10


class State:
    """The state of one workspace.

    Args:
        workspace: its folder.
        clock: tells when something was told.
        address: of a PostgreSQL database; by default it is a file in the workspace.
    """

    def __init__(self, workspace: Path, clock: Clock, address: str = "") -> None:
        self.clock = clock
        self._id = workspace / "id"
        self._file = workspace / "state.db"
        self._url = _url(address) if address else sa.URL.create("sqlite", database=str(self._file))
        self.where = self._url.render_as_string(hide_password=True)
        self._engine: sa.Engine | None = None

    @property
    def there(self) -> bool:
        """Whether anything may have been told yet."""
        return self._id.exists() and (
            self._url.get_backend_name() != "sqlite" or self._file.exists()
        )

    @property
    def workspace(self) -> str:
        """What the workspace is called where several share a database; made when first asked for.

        Raises:
            StateError: it cannot be read or written.
        """
        try:
            if not self._id.exists():
                fresh = self._id.with_name(f"id.{uuid4()}")
                fresh.write_text(f"{uuid4()}\n", "utf-8")
                with suppress(FileExistsError):  # of two at the same moment the first wins
                    os.link(fresh, self._id)
                fresh.unlink()
            return self._id.read_text("utf-8").strip()
        except OSError as error:
            raise StateError.unusable(str(self._id), error.strerror or str(error)) from error

    @contextmanager
    def begin(self, *, reads: bool = False) -> Iterator[sa.Connection]:
        """A transaction: everything in it is there, or nothing; one that only ``reads`` waits for nobody.

        Raises:
            StateError: the database cannot be reached, read or written.
        """
        try:
            engine = self._started().execution_options(reads=reads)
            with engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise StateError.unusable(self.where, _reason(error)) from error
        except DBAPIError as error:
            raise StateError.damaged(self.where, _reason(error)) from error

    @property
    def now(self) -> str:
        """The moment, as it is kept."""
        return self.clock().isoformat()

    def _started(self) -> sa.Engine:
        if self._engine is None:
            engine = self._made()
            _migrate(engine, self.now)
            self._engine = engine
        return self._engine

    def _made(self) -> sa.Engine:
        try:
            if self._url.get_backend_name() != "sqlite":
                engine = sa.create_engine(
                    self._url, connect_args={"connect_timeout": PATIENCE}, poolclass=sa.NullPool
                )
                sa.event.listen(engine, "begin", _begin_postgres)
                return engine
            engine = sa.create_engine(
                self._url, connect_args={"timeout": PATIENCE}, poolclass=sa.NullPool
            )
        except (ImportError, NoSuchModuleError) as error:
            raise ConfigError(
                "PostgreSQL needs a driver that is not installed",
                where=VARIABLE,
                remedy='Install it: pip install "trueup[postgres]".',
            ) from error
        sa.event.listen(engine, "connect", _settle_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine


def _url(address: str) -> sa.URL:
    wrong = ConfigError(
        "this is no address of a PostgreSQL database",
        where=VARIABLE,
        remedy="Write it as in postgresql://user@host/trueup; a password may stand in PGPASSWORD.",
    )
    try:
        url = sa.make_url(address)
    except (SQLAlchemyError, ValueError) as error:
        raise wrong from error
    if url.drivername not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise wrong
    return url.set(drivername="postgresql+psycopg")


def _settle_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = (
        None  # transactions are begun here, and not by the driver when it likes
    )
    for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on"):
        connection.execute(f"pragma {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    # Two that begin by reading would each wait for the other to let it write.
    connection.exec_driver_sql("begin" if _reads(connection) else "begin immediate")


def _begin_postgres(connection: sa.Connection) -> None:
    # One at a time here as well: numbers are given one after the other, and there is little to do.
    if not _reads(connection):
        connection.exec_driver_sql(f"select pg_advisory_xact_lock({LOCK})")


def _reads(connection: sa.Connection) -> bool:
    return bool(connection.get_execution_options().get("reads"))


def _migrate(engine: sa.Engine, now: str) -> None:
    """Take the steps that were not taken yet, each noted in its own transaction."""
    try:
        with engine.execution_options(reads=True).begin() as connection:
            made = sa.inspect(connection).has_table(MIGRATIONS.name)
            names = sa.select(MIGRATIONS.c.name)
            taken = set(connection.scalars(names)) if made else set()
        for name, step in STEPS.items():
            if name in taken:
                continue
            with engine.begin() as connection:
                METADATA.create_all(connection, [MIGRATIONS])
                known = sa.select(MIGRATIONS.c.name).where(MIGRATIONS.c.name == name)
                if connection.execute(known).first() is None:
                    step(connection)
                    connection.execute(sa.insert(MIGRATIONS).values(name=name, applied_at=now))
    except OperationalError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise StateError.unusable(where, _reason(error)) from error
    except DBAPIError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise StateError.damaged(where, _reason(error)) from error


def _reason(error: DBAPIError) -> str:
    """What the database said, on one line; never a statement or its values."""
    return " ".join(str(error.orig).split())[:200]
