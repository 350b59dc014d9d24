"""What to read, from options and settings; an option wins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trueup.runs.config import Config


def request_of(
    config: Config,
    *,
    branch: str = "",
    since: datetime | None = None,
    level: str = "lines",
    workers: int = 0,
    context: int = 0,
) -> Any:
    """A request for the git source.

    Raises:
        UsageError: there is no such level.
    """
    from trueup.kernel.errors import UsageError
    from trueup.runs.scan import make_request

    if level not in {"lines", "structure"}:
        raise UsageError(f"there is no level {level!r}", remedy="Choose lines or structure.")
    if since is not None and since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    return make_request(
        branch=branch or config.branch,
        since=since or config.since,
        lines=level == "lines",
        workers=workers or config.workers,
        context=context,
    )
