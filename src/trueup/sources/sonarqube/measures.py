"""Measures of projects and files."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from trueup.facts.rows import OddRecordError
from trueup.sources.sonarqube.findings import TOOL

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows


def measures(raw: Raw, to: Rows) -> None:
    """The measures of a project or file; what several lists say of one file stands side by side."""
    found = raw.get("component")
    component = found if isinstance(found, dict) else raw
    if component["qualifier"] not in {"TRK", "FIL", "UTS"}:
        return  # what is said of folders and portfolios is said of their files too
    path = component.get("path") if component["qualifier"] != "TRK" else ""
    key = component["key"]
    if path is None or (path and not key.endswith(f":{path}")):
        raise OddRecordError("its key does not end in its path")
    for measure in component["measures"]:
        value = _number(measure)
        if value is not None:
            to.add(
                "measures",
                happened_at=None,
                repo=key.removesuffix(f":{path}") if path else key,
                tool=TOOL,
                path=path,
                name=measure["metric"],
                value=value,
            )


def _number(measure: Raw) -> float | None:
    """The value, or that of new code; nothing where it is no number."""
    period: Raw = measure.get("period") or next(iter(measure.get("periods") or ()), {})
    told = measure.get("value", period.get("value"))
    try:
        found = float(told if isinstance(told, str | int | float) else "")
    except ValueError:
        return None
    return found if math.isfinite(found) else None
