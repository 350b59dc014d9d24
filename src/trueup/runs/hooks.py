"""Taking events that a source delivers by itself: signed, each once; what says it is older changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from trueup.kernel.errors import DeliveryError
from trueup.runs.intake import Intake
from trueup.transport.documents import Exported

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.facts.store import Store
    from trueup.kernel.clock import Clock
    from trueup.kernel.sources import Source
    from trueup.runs.intake import Taken

#: So many ids of deliveries are remembered: forges repeat for hours, not for weeks.
REMEMBERED = 10_000
#: Larger bodies are not read; forges send at most 25 MB.
LARGEST = 32 << 20


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came in: the headers and the body as they were sent."""

    headers: Mapping[str, str]
    body: bytes


def take_delivery(
    source: Source, found: Delivery, secret: str, store: Store, key: bytes, clock: Clock
) -> Taken:
    """One delivery becomes facts; one that came before, or says that it is older, changes nothing.

    Raises:
        DeliveryError: it is not signed with the secret, or cannot be read.
    """
    hook = source.hook
    headers = {name.lower(): value for name, value in found.headers.items()}
    if hook is None or not secret or not hook.signed(headers, found.body, secret, clock()):
        raise DeliveryError.unsigned(source.title)
    kind = source.kind(hook.kind)
    if kind is None or len(found.body) > LARGEST:
        raise DeliveryError.odd(source.title, "it is too large")
    try:
        record = orjson.loads(found.body)
    except orjson.JSONDecodeError as error:
        raise DeliveryError.odd(source.title, "it is no JSON") from error
    if not isinstance(record, dict):
        raise DeliveryError.odd(source.title, "it is no object")
    own = next((headers[name] for name in hook.ids if headers.get(name)), "")
    with store.writing():
        intake = Intake(source, store, "deliveries", key, clock, lambda *_: None)
        seen = intake.state.setdefault("seen", [])
        if own not in seen or not own:
            intake.take(kind, Exported(f"delivery {own}", 1, kind.name, record=record))
            intake.state["seen"] = [*seen[1 - REMEMBERED :], own] if own else seen
        taken = intake.save(source.title)
    if taken.unread:
        raise DeliveryError.odd(source.title, taken.problems[0])
    return taken
