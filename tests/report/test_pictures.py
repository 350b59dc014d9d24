from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report import documents

from trueup.publish.document import Comparison, ScopeRow
from trueup.report.pictures import arcs, bars, multiples, scale, stock_flow, treemap

COUNTS = st.dictionaries(st.sampled_from(documents.VERDICTS), st.integers(0, 10**6), max_size=6)


@given(COUNTS)
def test_a_bar_is_full_and_keeps_its_order(counts):
    bar = bars.segments(counts)
    if bar:
        assert sum(s.width for s in bar) == pytest.approx(100, abs=0.01)
        assert bar[-1].x + bar[-1].width == pytest.approx(100, abs=0.01)
    drawn = [s.verdict for s in bar]
    assert drawn == [v for v in documents.VERDICTS if counts.get(v)]
    assert all(s.width >= 0.55 for s in bar)


def test_labels_are_shares_where_known_and_counts_else():
    mix = documents.mix()
    assert bars.segments(mix.counts, mix.shares)[0].label == "41 %"
    assert bars.segments(mix.counts)[0].label == "128"
    assert [s.room for s in bars.segments(mix.counts)] == [
        "any",
        "any",
        "none",
        "none",
        "any",
        "none",
    ]


def test_scopes_share_one_scale():
    rows = [
        ScopeRow("a", False, 5, {"contradicted": 4, "unverified": 4}),
        ScopeRow("b", False, 5, {"contradicted": 2}),
        ScopeRow("c", False, None, {}, "hidden"),
    ]
    first, second, hidden = bars.owed(rows)
    assert [s.width for s in first] == [50, 50]
    assert [s.width for s in second] == [25]
    assert hidden == ()


@given(st.integers(-(10**6), 0), st.integers(0, 10**6), st.integers(1, 4))
def test_an_axis_holds_what_it_is_given(low, high, most):
    axis, lines = scale.counts_axis(low, high, most)
    assert axis.low <= low
    assert axis.high >= high
    assert axis.high > axis.low
    assert len(lines) <= 2 * most + 2
    assert 0 in lines


def test_the_ledger_in_a_picture():
    months = documents.months()
    picture = stock_flow.stock_flow(months)
    assert len(picture.columns) == len(months) == 24
    assert picture.columns[-1].x + picture.columns[-1].width == pytest.approx(100, abs=0.01)
    assert all(
        0 <= b.y <= 100 and b.y + b.height <= 100.01 for b in (*picture.stock, *picture.flows)
    )
    assert "closes with" in picture.summary
    told = picture.columns[1].title
    assert f"opened with {months[1].opening}" in told
    assert "1 new, 1 contradicted later, 1 repaid by evidence" in told


def test_a_negative_restatement_goes_out():
    month = replace(documents.months()[0], restated=-3)
    zero = stock_flow.stock_flow((month,)).flow_lines
    (line,) = [one for one in zero if one.zero]
    books = [b for b in stock_flow.stock_flow((month,)).flows if b.kind == "in-books"]
    assert books
    assert all(b.y >= line.y for b in books)


def test_no_months_no_picture():
    assert stock_flow.stock_flow(()) is None


def test_a_month_without_anything():
    nothing = dict.fromkeys(stock_flow.FLOW_WORDS, 0)
    month = replace(
        documents.months()[0],
        opening=0,
        closing=0,
        contradicted=0,
        unverified=0,
        unseen=0,
        **nothing,
    )
    picture = stock_flow.stock_flow((month,))
    assert picture.flows == ()
    assert "nothing moved" in picture.columns[0].title


def comparison(*values):
    series = tuple(
        documents.missing("x", "too few")
        if v is None
        else documents.measured("x", v, v - 0.1, v + 0.1)
        for v in values
    )
    return Comparison(series[-1], documents.measured("x", 0.5, 0.45, 0.55), "same", series)


def test_a_window_without_a_number_leaves_a_gap():
    picture = multiples.multiple(comparison(0.5, 0.6, None, 0.7, 0.6))
    assert len(picture.points) == 4
    assert len(picture.lines) == len(picture.bands) == 2


def test_a_single_window_shows_its_interval():
    picture = multiples.multiple(comparison(0.5))
    assert [p.joined for p in picture.points] == [False]
    assert picture.points[0].high < picture.points[0].y < picture.points[0].low


def test_no_number_no_picture():
    assert multiples.multiple(comparison(0.5, None)) is None


def test_a_past_without_a_number_is_not_drawn():
    picture = multiples.multiple(
        replace(comparison(0.5, 0.6), past=documents.missing("x", "too short"))
    )
    assert picture.past_y is None
    assert picture.past_value is None


@given(st.lists(st.floats(1, 1e6), min_size=1, max_size=30))
def test_a_treemap_fills_its_box(sizes):
    sizes.sort(reverse=True)
    boxes = treemap.squarify(sizes, treemap.Box(0, 0, 100, 46))
    assert len(boxes) == len(sizes)
    for size, box in zip(sizes, boxes, strict=True):
        assert box.width * box.height == pytest.approx(4600 * size / sum(sizes), rel=1e-6)
        assert box.x >= -1e-6
        assert box.y >= -1e-6
        assert box.x + box.width <= 100 + 1e-6
        assert box.y + box.height <= 46 + 1e-6


def test_files_without_lines_are_left_to_the_table():
    spot = replace(documents.hotspots()[0], lines=0)
    assert treemap.treemap((spot,)) == ()
    assert len(treemap.treemap(documents.hotspots())) == 14


def test_couplings_as_arcs():
    picture = arcs.arcs(documents.couplings())
    assert [n.text for n in picture.names][:2] == ["payments", "ledger"]
    assert [a.weight for a in picture.arcs] == [4, 4, 3, 2, 3, 2]
    assert "changed together 41 times (of 96 and 60)" in picture.arcs[0].title
    assert "3.9 times as often as chance, at least 2.8" in picture.arcs[0].title


def test_no_couplings_no_arcs():
    assert arcs.arcs(()) is None
