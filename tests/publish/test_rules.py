"""Who may see which figure, and that what is held back cannot be worked out from the rest."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.claims.making import claim, inspected, present, reverted
from tests.publish.making import estimate, insufficient, measured, reading

from trueup.kernel.errors import UsageError
from trueup.publish.build import publish, scope_rows
from trueup.publish.document import VERDICTS, Audience
from trueup.publish.rules import MINIMUM, Rules
from trueup.publish.signals import signal_results

TEAM, ORGANISATION = Rules.of(Audience.TEAM), Rules.of(Audience.ORGANISATION)
LAW = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(("rules", "minimum"), [(TEAM, 3), (ORGANISATION, 5)])
def test_the_minimum_of_each_audience(rules, minimum):
    assert rules.minimum == minimum
    assert rules.figure(estimate(people=minimum)).status == "measured"
    held = rules.figure(estimate(people=minimum - 1))
    assert (held.status, held.value, held.low, held.high) == ("suppressed", None, None, None)
    assert held.n_people is None
    assert held.n_events == 0
    assert held.reason.startswith(f"not shown: fewer than {minimum} people")


def test_the_minimum_can_be_raised_and_not_lowered():
    assert Rules(Audience.TEAM, 10).figure(estimate(people=9)).status == "suppressed"
    for audience, minimum in MINIMUM.items():
        with pytest.raises(UsageError):
            Rules(audience, minimum - 1)


def test_nothing_is_made_of_what_was_not_measured():
    shown = TEAM.figure(insufficient(), held_back=True)
    assert (shown.status, shown.reason) == ("insufficient", "too few events")


@pytest.mark.parametrize(
    ("people", "already", "hidden"),
    [
        ({"a": 9, "b": 8}, (), ""),
        ({"a": 9, "b": 2}, (), "ab"),
        ({"a": 9, "b": 8, "c": 4}, (), "bc"),
        ({"a": 9, "b": 3, "c": 4}, (), "bc"),
        ({"a": 9, "b": 1, "c": 1, "d": 1}, (), "abcd"),
        ({"a": 9, "b": 6, "c": 1, "d": 1}, (), "bcd"),
        ({"a": 9, "b": 0}, (), ""),
        ({"a": 2}, (), "a"),
        ({"a": 9, "b": 8, "c": 7}, ("c",), "c"),
        ({"a": 9, "b": 8}, ("z",), ""),
    ],
)
def test_hidden_groups(people, already, hidden):
    assert ORGANISATION.hidden(people, already) == set(hidden)


groups = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9), max_size=6)


@given(groups, st.sampled_from([TEAM, ORGANISATION]))
@LAW
def test_what_is_hidden_is_never_a_small_group_by_itself(people, rules):
    """`from all published numbers no hidden group can be derived`"""
    hidden = rules.hidden(people)
    shown = {g for g, n in people.items() if n} - hidden
    assert all(people[g] >= rules.minimum for g in shown)
    if hidden and shown:
        assert len(hidden) > 1
        assert sum(people[g] for g in hidden) >= rules.minimum


counts = st.dictionaries(st.sampled_from(VERDICTS[:3]), st.integers(0, 3), min_size=1, max_size=3)
trees = st.dictionaries(
    st.sampled_from("abcde"), st.tuples(st.integers(1, 9), counts), min_size=1, max_size=5
)


def claims_of(tree, unscoped):
    """As many claims of each verdict as the tree says, and some that belong to no scope."""
    evidence = {
        "verified": (present(), inspected()),
        "partial": (present(),),
        "contradicted": (present(), reverted(5)),
    }
    made = [
        claim(0, *evidence[verdict], scope=scope, key=f"{scope}{verdict}{i}")
        for scope, (_, told) in {**tree, "": (0, unscoped)}.items()
        for verdict, n in told.items()
        for i in range(n)
    ]
    return made or [claim(0, present(), key="only")]


@given(trees, counts, st.sampled_from(list(Audience)))
@LAW
def test_no_hidden_count_follows_from_what_is_shown(tree, unscoped, audience):
    """By brute force: for each hidden cell there is another number that fits everything shown.

    Where the hidden groups hold none of a verdict together, that none of them does is no secret: the
    totals of a repository are always shown.
    """
    told = measured(claims_of(tree, unscoped), people={s: n for s, (n, _) in tree.items()})
    shown = publish(told, audience, today=told.until)
    rows = {r.scope: r for r in shown.scopes}
    hidden = [s for s, r in rows.items() if r.people is None]
    assert all(rows[s].counts == {} for s in hidden)
    assert set(rows) == set(tree)
    if len(rows) == 1:
        return  # the whole, which is always shown
    for verdict in ("verified", "partial", "contradicted"):
        total = shown.mix.counts[verdict]
        rest = total - sum(r.counts.get(verdict, 0) for r in rows.values())
        # The rest is spread over the hidden groups and whatever belongs to none, in any way.
        ways = list(_spread(rest, len(hidden) + 1))
        for place in range(len(hidden)):
            values = {way[place] for way in ways}
            assert rest == 0 or len(values) > 1
            assert tree[hidden[place]][1].get(verdict, 0) in values


def _spread(total, places):
    if places == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *others) for others in _spread(total - first, places - 1))


windows = st.tuples(*[st.integers(0, 9)] * 4)


@given(
    st.dictionaries(st.sampled_from("abcd"), windows, min_size=1),
    st.sampled_from([TEAM, ORGANISATION]),
)
@LAW
def test_no_figure_of_a_small_group_follows_from_the_whole(told, rules):
    """Whole and parts are ratios of sums: with one part missing, it is their difference.

    So in every window the parts without a number are none, or enough people together.
    """
    whole = {scope: max(found) for scope, found in told.items()}
    readings = [reading(s, found) for s, found in told.items()]
    results = signal_results(measured(people=whole, readings=readings), rules)
    for place, scope_figures in enumerate(
        zip(
            *([r.comparison.now, r.comparison.past, *r.comparison.series] for r in results),
            strict=True,
        )
    ):
        behind = dict(zip((r.scope for r in results), scope_figures, strict=True))
        dark = [s for s, f in behind.items() if f.value is None and told[s][place]]
        lit = [s for s, f in behind.items() if f.value is not None]
        assert all(told[s][place] >= rules.minimum for s in lit)
        if dark and lit:
            assert sum(told[s][place] for s in dark) >= rules.minimum


def test_a_window_with_few_people_takes_the_next_smallest_with_it():
    readings = [
        reading("", (16, 16, 16, 16)),
        reading("a", (9, 9, 9, 9)),
        reading("b", (2, 8, 8, 2)),
        reading("c", (6, 7, 7, 6)),
    ]
    told = measured(people={"": 16, "a": 9, "b": 8, "c": 7}, readings=readings)
    results = signal_results(told, ORGANISATION)
    now = {r.scope: r.comparison.now.status for r in results}
    assert now == {"everything": "measured", "a": "measured", "b": "suppressed", "c": "suppressed"}
    assert all(r.comparison.past.status == "measured" for r in results)
    assert [r.comparison.verdict for r in results] == ["same", "same", "", ""]


def test_too_few_events_of_too_few_people_is_hidden_by_another_too():
    readings = [
        reading("a", (9, 9), [estimate(), estimate()]),
        reading("b", (2, 8), [insufficient(), estimate()]),
        reading("c", (6, 7), [estimate(), estimate()]),
    ]
    results = signal_results(
        measured(people={"a": 9, "b": 8, "c": 7}, readings=readings), ORGANISATION
    )
    assert [r.comparison.now.status for r in results] == ["measured", "insufficient", "suppressed"]


def test_agents_and_bots_do_not_help_a_group():
    """People are counted before; a scope with work but no people has no row at all."""
    told = measured([claim(0, present(), scope="robots")], people={"": 7, "a": 7})
    assert [r.scope for r in scope_rows(told, TEAM)] == ["a"]


@pytest.mark.parametrize("size", range(1, 5))
def test_every_small_tree_of_one_window(size):
    """All trees of up to four groups of one to six people."""
    for people in itertools.product(range(1, 7), repeat=size):
        told = dict(zip("abcd", people, strict=False))
        for rules in (TEAM, ORGANISATION):
            hidden = rules.hidden(told)
            rest = sum(n for g, n in told.items() if g in hidden)
            assert not hidden or rest >= rules.minimum or len(hidden) == size
