"""What is known of a claim on its day: by hand, and whatever order or names its history has."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.claims.risk.worlds import EMBARGO, FIRST, telling, world

from trueup.claims.risk.features import FEW, MANY, PRIOR_RATE, base_rate, features
from trueup.claims.risk.history import NEVER, History
from trueup.claims.risk.past import DAY

#: Days on which four claims were made, all by one person in one folder.
DAYS = (0, 50, 100, 200)


def small(**known) -> History:
    """Four claims of one file of ten lines each; the first is contradicted after twenty days."""
    at = FIRST + DAY * np.array(DAYS)
    told = {
        "ids": ("a", "b", "c", "d"),
        "at": at,
        "stratum": np.zeros(4, np.int64),
        "author": np.zeros(4, np.int64),
        "reviewed": np.array([True, False, False, False]),
        "broken_at": np.array([at[0] + 20 * DAY, NEVER, NEVER, NEVER]),
        "seen_until": np.full(4, FIRST + 400 * DAY),
        "part_claim": np.arange(4),
        "part_path": np.zeros(4, np.int64),
        "part_folder": np.zeros(4, np.int64),
        "part_lines": np.full(4, 10),
        "part_test": np.array([False, False, False, True]),
        "edit_path": np.zeros(4, np.int64),
        "edit_at": at,
        "edit_mends": np.array([False, True, False, False]),
        "embargo": EMBARGO,
    }
    return History(**told | known)


def column(history, name):
    return features(history).columns[name].round(6).tolist()


def test_a_person_is_known_by_what_had_matured():
    # On day 50 nothing has matured, on day 100 the first claim has, on day 200 all three.
    assert column(small(), "author_claims") == np.log1p([0, 1, 2, 3]).round(6).tolist()
    base = base_rate(small())
    expected = [1.0, 1.0, 2 / (base[0] + 1), 2 / (base[:3].sum() + 1)]
    assert column(small(), "author_rate") == np.log(expected).round(6).tolist()
    assert column(small(), "place_rate") == column(small(), "author_rate")


def test_the_base_rate_is_that_of_what_had_matured():
    everywhere = (1 + FEW * PRIOR_RATE) / (3 + FEW)
    of_all_years = (1 + MANY * everywhere) / (3 + MANY)
    assert base_rate(small())[:2].tolist() == [PRIOR_RATE, PRIOR_RATE]
    assert base_rate(small())[3] == pytest.approx((1 + MANY * of_all_years) / (3 + MANY))


def test_files_are_hot_by_what_changed_before():
    # 90 days before day 200 nothing changed but what landed on day 100, which is too long ago.
    assert column(small(), "hotness") == np.log1p([0, 1, 1, 0]).round(6).tolist()
    assert column(small(), "past_fixes") == np.log1p([0, 0, 1, 1]).round(6).tolist()


def test_size_and_spread():
    lines = np.array([30, 10, 0, 10, 5])
    history = small(
        part_claim=np.array([0, 0, 1, 2, 3]),
        part_path=np.arange(5),
        part_folder=np.array([0, 1, 1, 1, 1]),
        part_lines=np.where(lines == 5, -1, lines),
        part_test=np.array([False, True, False, False, False]),
    )
    found = features(history).columns
    assert found["files"].tolist() == [np.log(2), 0, 0, 0]
    assert found["folders"].tolist() == [np.log(2), 0, 0, 0]
    assert found["lines"].tolist() == np.log1p([40, 0, 10, 0]).tolist()
    assert found["lines_unknown"].tolist() == [0, 0, 0, 1]
    assert found["tests"].tolist() == [1, 0, 0, 0]
    assert found["entropy"][0] == pytest.approx(-0.75 * np.log(0.75) - 0.25 * np.log(0.25))
    assert found["entropy"][1:].tolist() == [0, 0, 0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 0.99))
def test_nothing_changes_when_the_future_is_cut_away(seed, share):
    """What is known of a claim on its day does not change when later days are taken away."""
    history = telling(seed, claims=400, days=900)
    then = history.until(int(history.at[int(share * 399)]))
    whole, known = features(history), features(then)
    n = len(then.ids)
    np.testing.assert_allclose(known.base, whole.base[:n], rtol=1e-9)
    for name, values in known.columns.items():
        np.testing.assert_allclose(values, whole.columns[name][:n], rtol=1e-9, atol=1e-9)


def test_a_contradiction_counts_for_nobody_before_the_claim_has_matured():
    history = world(3, claims=400, days=900)
    last = int(history.at[250])
    young = history.at + history.embargo >= last
    other = replace(history, broken_at=np.where(young, history.at + DAY, history.broken_at))
    assert (other.contradicted != history.contradicted).sum() > 100
    one, two = features(history), features(other)
    np.testing.assert_allclose(one.matrix()[:251], two.matrix()[:251], rtol=1e-9, atol=1e-12)
    assert one.base[:251].tolist() == two.base[:251].tolist()
    assert one.base[-1] != two.base[-1]


@pytest.mark.parametrize("seed", range(3))
def test_neither_order_of_rows_nor_names_matter(seed):
    history = telling(seed, claims=400, days=900)
    rng = np.random.default_rng(seed)
    rows, edits = rng.permutation(len(history.part_claim)), rng.permutation(len(history.edit_at))
    people, folders = rng.permutation(40), rng.permutation(60)
    paths = rng.permutation(int(history.part_path.max()) + 1)
    other = replace(
        history,
        author=people[history.author],
        part_claim=history.part_claim[rows],
        part_path=paths[history.part_path[rows]],
        part_folder=folders[history.part_folder[rows]],
        part_lines=history.part_lines[rows],
        part_test=history.part_test[rows],
        edit_path=paths[history.edit_path[edits]],
        edit_at=history.edit_at[edits],
        edit_mends=history.edit_mends[edits],
    )
    np.testing.assert_allclose(features(other).matrix(), features(history).matrix(), rtol=1e-9)
