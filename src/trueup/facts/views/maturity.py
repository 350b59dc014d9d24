"""Landed work that is old enough to tell what became of it.

What happens to a change within some days can only be told once these days have passed. Younger work
is left out, and work belongs to the week in which it came of age: then every window, the newest one
too, holds nothing but work that was watched for equally long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from trueup.facts.engine import Facts

DAY = 24 * 3600


def come_of_age(facts: Facts, rows: ibis.Table, days: int) -> ibis.Table:
    """Rows with ``landed_at`` so many days before the end of what was seen of their repository.

    Adds ``of_age_at``, so many days of 24 hours after landing.
    """
    repositories = facts.table("repositories").select("repo", "observed_until")
    aged = rows.mutate(of_age_at=rows.landed_at + ibis.interval(seconds=days * DAY))
    seen = aged.inner_join(repositories, "repo")
    return seen.filter(seen.of_age_at <= seen.observed_until).drop("observed_until")
