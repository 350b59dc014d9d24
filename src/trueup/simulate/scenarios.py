"""Ready scenarios."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from trueup.simulate.scenario import (
    Coupling,
    Elsewhere,
    Intervention,
    Rates,
    Regime,
    Scenario,
    Style,
    TeamPlan,
)
from trueup.simulate.stream import StreamPlan

# High enough that a few hundred commits hold several of each kind.
OFTEN = Rates(
    reverted=0.05,
    reverted_late=0.02,
    reapplied=0.03,
    refixed=0.06,
    fixes_trailer=0.05,
    absent=0.03,
    landed_late=0.02,
    empty=0.02,
    umbrella=0.08,
    partial=0.01,
    follow_up=0.08,
    mention=0.06,
    branch_remains=0.3,
    backport=0.15,
    release_absent=0.05,
    release_late=0.05,
    reverted_unclaimed=0.02,
    fixes_unclaimed=0.06,
)


def sample(end: datetime, *, seed: int = 1, canaries: tuple[str, ...] = ()) -> Scenario:
    """The demo: five teams, thirty people, about 4000 commits, every phenomenon.

    Args:
        end: everything happens before the start (UTC) of this moment's day.
        seed: another seed, another organisation.
        canaries: names or addresses planted wherever a person can appear.
    """
    weeks = 110
    midnight = end.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return Scenario(
        name="harbour",
        seed=seed,
        start=midnight - timedelta(weeks=weeks),
        weeks=weeks,
        teams=(
            TeamPlan(name="payments", people=7, changes_per_week=4.3, review_rate=0.8),
            TeamPlan(
                name="checkout",
                people=6,
                changes_per_week=3.5,
                concentration=1.4,
                review_rate=0.55,
                prefixes=("checkout/", "basket/"),
            ),
            TeamPlan(
                name="platform",
                people=7,
                changes_per_week=4.2,
                review_rate=0.9,
                style=Style.TRAILERS,
                prefixes=("platform/", "tools/"),
            ),
            TeamPlan(name="mobile", people=5, changes_per_week=3.2, size=14.0, style=Style.SQUASH),
            TeamPlan(
                name="insights",
                people=5,
                changes_per_week=3.0,
                concentration=1.8,
                review_rate=0.15,
                style=Style.DIRECT,
                turnover=0.3,
            ),
        ),
        agent_share=0.12,
        agent_week=55,
        review_trace=0.5,
        rates=Rates(reverted=0.03, reapplied=0.01, refixed=0.04, absent=0.02, landed_late=0.01),
        couplings=(
            Coupling(first="payments/ledger.py", second="insights/report.py", probability=0.7),
            Coupling(first="checkout/basket.py", second="mobile/basket.py", probability=0.5),
        ),
        regimes=(
            Regime(week=70, team="payments", review_rate=0.45, changes=1.4),
            Regime(week=84, team="mobile", size=2.0),
        ),
        interventions=(Intervention(week=78, rate="refixed", factor=0.3, team="checkout"),),
        bulk_weeks=(40, 90),
        canaries=canaries,
    )


def small(*, seed: int = 1, canaries: tuple[str, ...] = ()) -> Scenario:
    """Four small teams, one per style, about 300 commits, every phenomenon."""
    return Scenario(
        name="cove",
        seed=seed,
        weeks=40,
        teams=tuple(
            TeamPlan(name=style.value, people=4, changes_per_week=1.1, files=16, style=style)
            for style in Style
        ),
        claim_rate=0.6,
        agent_share=0.15,
        review_trace=0.5,
        rates=OFTEN,
        couplings=(Coupling(first="merge/parser.py", second="direct/schema.py", probability=0.6),),
        release_weeks=6,
        bulk_weeks=(20,),
        renames=3,
        two_addresses=0.3,
        canaries=canaries,
    )


def connected(scenario: Scenario, elsewhere: Elsewhere | None = None) -> Scenario:
    """The same organisation with all its sources.

    Unless told what to plant there, one team turns into a watermelon half of the time in: the last that
    works with requests, or else the last.
    """
    forged = [t for t in scenario.teams if scenario.style_of(t.name) in {Style.MERGE, Style.SQUASH}]
    hollow = (forged or scenario.teams)[-1].name
    usual = Elsewhere(watermelons=(hollow,), watermelon_week=scenario.weeks // 2)
    return replace(scenario, elsewhere=elsewhere or usual)


def squash_shop(*, seed: int = 1) -> Scenario:
    """Everything is squashed by the forge; of reviews git keeps no trace."""
    return Scenario(
        name="squash-shop",
        seed=seed,
        weeks=78,
        style=Style.SQUASH,
        teams=(
            TeamPlan(name="web", people=8, changes_per_week=7.0),
            TeamPlan(name="api", people=6, changes_per_week=5.0),
        ),
        agent_share=0.15,
        forge_reverts=0.3,
    )


def kernel_style(*, seed: int = 1) -> Scenario:
    """Maintainers apply what others send, with trailers and `Fixes:` pointing back."""
    return Scenario(
        name="kernel-style",
        seed=seed,
        weeks=78,
        style=Style.TRAILERS,
        teams=(
            TeamPlan(
                name="net", people=12, changes_per_week=7.0, concentration=1.0, review_rate=0.9
            ),
            TeamPlan(name="fs", people=8, changes_per_week=5.0, concentration=1.0, review_rate=0.9),
        ),
        bots_share=0.0,
        agent_share=0.05,
        rates=Rates(fixes_trailer=0.05, fixes_unclaimed=0.05, backport=0.15),
    )


def mono_maintainer(*, seed: int = 1) -> Scenario:
    """One person does nearly everything and pushes it; others drop by."""
    return Scenario(
        name="mono-maintainer",
        seed=seed,
        weeks=78,
        style=Style.DIRECT,
        teams=(
            TeamPlan(
                name="core",
                people=8,
                changes_per_week=8.0,
                concentration=4.5,
                review_rate=0.02,
                turnover=0.0,
            ),
        ),
        release_weeks=13,
    )


def without_contradictions(scenario: Scenario) -> Scenario:
    """The same organisation, in which all reported work is done: nothing may be flagged."""
    rates = replace(
        scenario.rates,
        reverted=0.0,
        reverted_late=0.0,
        reapplied=0.0,
        refixed=0.0,
        fixes_trailer=0.0,
        absent=0.0,
        landed_late=0.0,
        empty=0.0,
        release_absent=0.0,
        release_late=0.0,
    )
    return replace(scenario, rates=rates)


def large(commits: int, *, seed: int = 1) -> StreamPlan:
    """A very long linear history for benchmarks, to be written by `stream.write`."""
    return StreamPlan(commits=commits, seed=seed)
