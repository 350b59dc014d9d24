"""Syncing with an interface: whole, incremental, resumed after a break, and what is there no longer."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from tests.fakes.github import BASE, build, deployment, issue, moment, once, problem, pull, review
from tests.runs.github_desk import GITHUB, Desk, filled

from trueup.runs import sync

if TYPE_CHECKING:
    from pathlib import Path

LISTED = [k for k in GITHUB.kinds if k.listing is not None]
FLAT = [k for k in LISTED if not k.listing.each[0]]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "workspace")


def test_the_first_sync_reads_everything(desk: Desk) -> None:
    taken, refused = desk.sync()
    assert refused == []
    assert (taken.unread, taken.problems) == (0, [])
    assert len(desk.rows("issues", "key")) == 250
    assert len(desk.rows("requests", "number")) == 13
    assert len(desk.rows("reviews", "review")) == 26


def test_nothing_new_costs_one_request_for_each_list(desk: Desk) -> None:
    desk.sync()
    records = len(desk.store.snapshot().records)
    taken, _ = desk.sync()
    assert len(desk.github.asked) == len(FLAT)
    assert taken.rows == 0
    assert len(desk.store.snapshot().records) == records, "a sync that tells nothing is no run"


def test_what_changed_is_read_and_nothing_else(desk: Desk) -> None:
    desk.sync()
    desk.github.put("issues", issue(7, changed=900, state="closed", closed_at=moment(900)))
    desk.github.put("pulls", pull(11, changed=901, merged_at=moment(901), state="closed"))
    desk.github.put("pulls/11/reviews", review(999, 11, at=900))
    taken, _ = desk.sync()
    assert ("#7", "done") in desk.rows("issues", "key", "status")
    assert ("11", "merged") in desk.rows("requests", "number", "status")
    assert ("999",) in desk.rows("reviews", "review")
    assert taken.rows == 3
    assert len(desk.github.asked) <= len(FLAT) + 6


def test_what_changes_while_it_is_read_pulls_nothing_past_the_reader(desk: Desk) -> None:
    """An issue that changes moves to the end; what follows moves up by one."""
    moved = iter(range(1, 60))

    def meddle(path: str):
        if path.endswith("/issues") and (number := next(moved, None)):
            desk.github.put("issues", issue(number, changed=2_000 + number, comments=9))

    desk.github.faults.append(meddle)
    desk.sync()
    assert len(desk.rows("issues", "key")) == 250


def test_more_of_one_moment_than_fit_a_page(desk: Desk) -> None:
    desk.github.put("issues", *(issue(n, changed=5_000) for n in range(1, 251)))
    desk.sync()
    assert len(desk.rows("issues", "key")) == 250
    taken, _ = desk.sync()
    assert taken.rows == 0


@pytest.mark.parametrize("seed", range(20))
def test_broken_off_anywhere_it_ends_as_if_it_were_not(
    seed: int, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "SAVED_EVERY", 60)
    whole = Desk(tmp_path / "whole", desk.github)
    whole.sync()
    asked = len(desk.github.asked)
    chance = random.Random(seed)
    breaks = sorted(chance.sample(range(asked), 3))
    for after in breaks:

        def stop(_: str, left: list[int] = [after]) -> None:  # noqa: B006 - one list for each break
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt

        desk.github.faults[:] = [stop]
        with suppress(KeyboardInterrupt):
            desk.sync()
    desk.github.faults.clear()
    desk.sync()
    assert desk.facts() == whole.facts()
    assert desk.store.snapshot().content == whole.store.snapshot().content


def test_it_goes_on_where_it_broke(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "SAVED_EVERY", 60)
    desk.github.put("deployments", *(deployment(n) for n in range(1, 31)))
    desk.sync()
    everything = len(desk.github.asked)
    other = Desk(desk.store.workspace.parent / "other", desk.github)
    other.github.faults.append(once("404 Not Found", after=everything - 3))
    other.github.faults.append(stop_after(everything - 2))
    with pytest.raises(KeyboardInterrupt):
        other.sync()
    other.github.faults.clear()
    other.sync()
    assert len(other.github.asked) < everything / 2


def stop_after(requests: int):
    left = [requests]

    def stop(_: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt

    return stop


def test_an_interface_that_knows_no_pages(desk: Desk) -> None:
    known = desk.github._list

    def always_the_first(name: str, params: dict[str, str]):
        if name == "issues":
            params |= {"page": "1"}
            params.pop("since", None)
        return known(name, params)

    desk.github._list = always_the_first  # type: ignore[method-assign]
    _, refused = desk.sync()
    assert ["the same page again" in str(error) for error in refused] == [True]
    assert len(desk.rows("requests", "number")) == 13, "the other lists are read"


def test_records_without_a_moment_or_with_odd_ids(desk: Desk) -> None:
    """They are told and left out; nothing else is lost, now or later."""
    desk.github.put("pulls", pull(500, changed=9, updated_at=None))
    desk.github.put("issues", issue(501, changed=9) | {"number": {"a": 1}})
    desk.github.put("milestones", {"id": 7, "number": [], "updated_at": moment(1)})
    for _ in range(2):
        taken, refused = desk.sync()
        assert refused == []
        assert len(desk.rows("issues", "key")) == 250
        assert len(desk.rows("requests", "number")) == 14
    assert taken.rows == 0
    assert desk.rows("gaps", "slug") == [("records.unread",)], "what was not read is not forgotten"


def test_a_page_that_can_no_longer_be_had(desk: Desk) -> None:
    desk.github.put("actions/runs", *(build(n) for n in range(1, 251)))

    def deep(path: str) -> bool:
        return path.endswith("/actions/runs") and "page=2" in desk.github.asked[-1]

    def stop(path: str) -> None:
        if deep(path):
            raise KeyboardInterrupt

    def gone(path: str):
        return problem("422 Unprocessable Entity", "pagination is limited") if deep(path) else None

    desk.github.faults[:] = [stop]
    with pytest.raises(KeyboardInterrupt):
        desk.sync()
    desk.github.faults[:] = [gone]
    desk.sync()
    desk.github.faults.clear()
    desk.sync()
    assert len(desk.rows("builds", "build")) == 250


def test_the_mark_of_a_page_is_not_that_of_those_after_it(desk: Desk) -> None:
    def milestone(number: int, **more: object):
        return {
            "url": f"{BASE}/repos/acme/app/milestones/{number}", "id": number, "number": number,
            "state": "open", "created_at": moment(0), "updated_at": moment(0),
        } | more  # fmt: skip

    desk.github.put("milestones", *(milestone(n) for n in range(1, 131)))
    desk.sync()
    desk.github.put("milestones", milestone(1, state="closed"))
    desk.sync()
    assert ("1", "done") in desk.rows("milestones", "milestone", "status")


def test_what_is_gone_is_found_by_reading_everything_anew(desk: Desk) -> None:
    desk.sync()
    for name, gone in (("issues", {7, 250}), ("pulls", {11}), ("milestones", {1})):
        desk.github.items[name] = [r for r in desk.github.items[name] if r["number"] not in gone]
    taken, _ = desk.sync()
    assert len(desk.rows("issues", "key")) == 250, "lists of changes do not tell what is gone"
    taken, _ = desk.sync(whole=True)
    keys = {key for (key,) in desk.rows("issues", "key")}
    assert keys == {f"#{n}" for n in range(1, 251)} - {"#7", "#250"}
    assert ("11",) not in desk.rows("requests", "number")
    assert desk.rows("milestones", "milestone") == []
    # Two issues, a milestone, and a request with its two reviews.
    assert (taken.gone, taken.rows) == (6, 0)
    assert desk.sync()[0].gone == 0


def test_what_is_there_again_is_a_fact_again(desk: Desk) -> None:
    desk.sync()
    kept = desk.github.items["issues"]
    desk.github.items["issues"] = kept[1:]
    desk.sync(whole=True)
    desk.github.items["issues"] = kept
    desk.sync(whole=True)
    assert len(desk.rows("issues", "key")) == 250


def test_what_a_text_no_longer_says_is_no_longer_a_link(desk: Desk) -> None:
    def links():
        return [r for r in desk.rows("item_links", "item", "target") if r[0] in {"1", "#3"}]

    desk.github.put("pulls", pull(1, changed=300, body="Closes #3 and closes #4"))
    desk.github.put("issues", issue(3, changed=300, body="see #9"))
    desk.sync()
    assert links() == [("#3", "#9"), ("1", "#3"), ("1", "#4")]
    desk.github.put("pulls", pull(1, changed=301, body="Closes #4"))
    desk.github.put("issues", issue(3, changed=301, body=""))
    taken, _ = desk.sync()
    assert links() == [("1", "#4")]
    assert taken.gone == 2
