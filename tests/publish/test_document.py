"""The document as a whole: it says for every number what it is, and survives being written down."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

import pytest
from tests.claims.making import claim, day, inspected, present, refixed
from tests.publish.making import assessed
from tests.publish.making import measured as told

from trueup.claims.model import Kind
from trueup.kernel.estimate import Status
from trueup.publish.build import claim_row, publish
from trueup.publish.claims import detail, from_plain, to_plain
from trueup.publish.document import VERDICTS, Audience, Published
from trueup.publish.gaps import GAPS, gap


def figures_in(value, path=""):
    """Every figure of a document, with its place."""
    if isinstance(value, dict):
        if {"status", "value", "low", "high"} <= value.keys():
            yield path, value
        for key, inner in value.items():
            yield from figures_in(inner, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from figures_in(inner, f"{path}[{place}]")


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings_in(inner)


def test_it_can_be_written_and_read_again(published):
    told = json.loads(json.dumps(published.to_dict()))
    assert Published.from_dict(told) == published
    assert Published.from_dict(told).to_dict() == published.to_dict()


@pytest.mark.parametrize("harm", ["missing", "unknown audience", "no object"])
def test_something_else_is_not_taken_for_it(published, harm):
    told = json.loads(json.dumps(published.to_dict()))
    if harm == "missing":
        del told["ledger"]
    elif harm == "unknown audience":
        told["audience"] = "board"
    else:
        told["mix"] = 7
    with pytest.raises((KeyError, TypeError, ValueError)):
        Published.from_dict(told)


def test_every_figure_has_a_status_and_a_number_or_a_reason(published):
    found = list(figures_in(published.to_dict()))
    assert len(found) > 50
    for place, figure in found:
        numbers = [figure[k] for k in ("value", "low", "high")]
        assert figure["status"] in set(Status), place
        if figure["status"] == "measured":
            value, low, high = numbers
            assert low <= value <= high, place
            assert figure["n_events"] > 0, place
        else:
            assert numbers == [None] * 3, place
            assert len(figure["reason"]) > 8, place


def test_figures_have_enough_people_behind_them(published):
    minimum = 3 if published.audience is Audience.TEAM else 5
    for place, figure in figures_in(published.to_dict()):
        if figure["status"] == "measured" and figure["n_people"] is not None:
            assert figure["n_people"] >= minimum, place
    for row in published.scopes:
        assert row.people is None or row.people >= minimum
        assert (row.people is None) == (not row.counts) == bool(row.reason)


def test_the_mix_adds_up(published):
    mix = published.mix
    assert set(mix.counts) == set(VERDICTS)
    assert mix.total == sum(n for v, n in mix.counts.items() if v != "pending")
    for verdict, figure in mix.shares.items():
        assert figure.value == pytest.approx(mix.counts[verdict] / mix.total)
        assert figure.n_events == mix.total
    for horizon in published.horizons:
        assert horizon.total == sum(horizon.counts.values())


def test_the_ledger_agrees_with_the_mix(published):
    ledger = published.ledger
    assert ledger.open == ledger.months[-1].closing
    assert ledger.open == published.mix.counts["contradicted"] + published.mix.counts["unverified"]
    assert published.drift.reported_not_there == ledger.open
    assert ledger.open_a_quarter_ago == ledger.months[-3].opening


def test_the_organisation_sees_nothing_that_leads_to_a_person(for_organisation, for_team):
    """`no claim list, no hash, ticket key or link, since each leads to a person in one step`"""
    plain = for_organisation.to_dict()
    assert plain["examples"] == ()
    assert plain["hotspots"] == ()
    assert plain["couplings"] == ()
    assert plain["ledger"]["oldest_claim"] == ""
    assert plain["method"].pop("content") == for_team.method.content  # of facts, of no commit
    text = "\n".join(strings_in(plain))
    for what, pattern in {
        "hash": r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b",
        "ticket": r"#\d+|\b(?!UTF-)[A-Z]{2,}-\d+",
        "claim": r"\bC-[A-Z2-7]{7}\b",
        "link": r"https?://|www\.",
        "address": r"[\w.+-]+@[\w-]+\.\w+",
        "file": r"\b[\w/-]+\.(?:py|md|c|txt)\b",
    }.items():
        assert re.findall(pattern, text) == [], what
    assert any("shown to the team only" in s for s in for_organisation.suppressed)


def test_the_patterns_would_find_something(for_team):
    """The same search over the team's document finds what it is meant to find."""
    text = "\n".join(strings_in(for_team.to_dict()))
    for pattern in (r"\b[0-9a-f]{40}\b", r"#\d+", r"\bC-[A-Z2-7]{7}\b", r"\.py\b"):
        assert re.search(pattern, text)


def test_no_name_is_in_any_document(published, measured):
    text = "\n".join(strings_in(published.to_dict())).lower()
    for word in ("zita", "bird.example", "example.org", "kestrel"):
        assert word not in text
    authors = {c.author for c in measured.assessment.all_claims if c.author}
    assert authors
    assert not any(author in text for author in authors)


def test_examples_are_the_newest_of_each_verdict(for_team):
    by_verdict = {}
    for row in for_team.examples:
        by_verdict.setdefault(row.verdict, []).append(row.claimed_at)
    assert list(by_verdict) == [v for v in VERDICTS if v in by_verdict]
    assert all(
        len(dates) <= 3 and dates == sorted(dates, reverse=True) for dates in by_verdict.values()
    )
    assert all(row.subject == "" or row.kind == "release_note" for row in for_team.examples)


def test_a_claim_survives_being_written_down():
    for made in (
        claim(
            0, present(), inspected(), refixed(9, until=50), tickets=("#1",), pull="9", scope="a"
        ),
        claim(5, kind=Kind.RELEASE_NOTE, release="v1", tickets=("K-1",), shas=()),
    ):
        (judged,) = assessed([made]).judged
        told = json.loads(json.dumps(to_plain(made, judged)))
        again, verdict = from_plain(told)
        assert verdict == judged
        assert again.evidence == made.evidence
        assert again.id == made.id
        assert claim_row(again, verdict, {}) == claim_row(made, judged, {})
        assert "author" not in told


@pytest.mark.parametrize(
    ("pull", "ticket"), [("9", "#9, K-1"), ("!9", "!9, K-1"), ("D9", "D9, K-1"), ("", "K-1")]
)
def test_numbers_as_their_forge_writes_them(pull, ticket):
    made = claim(0, present(), tickets=("K-1",), pull=pull)
    assert claim_row(made, assessed([made]).judged[0], {}).ticket == ticket


def test_a_claim_explained():
    made = claim(0, present(), refixed(9, until=50), tickets=("#1",))
    found = detail(made, assessed([made]).judged[0], {})
    assert [(e.against, e.text) for e in found.evidence] == [
        (False, "its commits are on the default branch"),
        (
            True,
            "the same ticket was fixed again in the same files; made good by verified work on 2026-04-21",
        ),
    ]
    assert found.missing == ()
    alone = claim(0, present())
    assert "a look by another human" in " ".join(
        detail(alone, assessed([alone]).judged[0], {}).missing
    )


def test_every_finder_has_words(measured):
    everything = [*measured.assessment.all_claims]
    everything += [c for n in measured.assessment.notes.values() for c in n.folded]
    for made in everything:
        judged = measured.assessment.judged[0]
        assert all(line.text for line in detail(made, judged, {}).evidence)


@pytest.mark.parametrize("slug", GAPS)
def test_gaps_say_what_it_is_and_what_it_costs(slug):
    found = gap(slug, "acme/x", 12, 345)
    assert "12" in found.what
    assert all(text and "{" not in text for text in (found.what, found.cost, found.remedy))


def test_nothing_at_all_is_still_a_document():
    shown = publish(told([]), Audience.TEAM, today=day(400))
    assert shown.mix.total == 0
    assert shown.visibility.status == "insufficient"
    assert shown.risk.low is None
    assert shown.ledger.oldest_days is None
    assert Published.from_dict(json.loads(json.dumps(asdict(shown)))) == shown
