"""One sync of a place, as a run does it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.runs.intake import Intake
from trueup.runs.sync import Sync

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from trueup.facts.store import Store
    from trueup.kernel.errors import SourceError
    from trueup.kernel.sources import Source
    from trueup.runs.intake import Taken
    from trueup.transport.http import Client

KEY = b"a key for tests"


def sync(
    source: Source,
    store: Store,
    place: str,
    client: Client,
    clock: Callable[[], datetime],
    *,
    since: datetime | None = None,
    graph: str = "",
    whole: bool = False,
) -> tuple[Taken, list[SourceError]]:
    """What the last year tells, or what there is since a moment, and what may not be read."""
    with store.writing(), client:
        intake = Intake(source, store, place, KEY, clock, lambda *_: None)
        begin = since or clock() - timedelta(days=365)
        return Sync(source, place, client, intake, begin, lambda *_: None, graph, whole).run()
