"""Words that say work is done again, and what stands beside them."""

from __future__ import annotations

import pytest

from trueup.facts.texts.again import done_again
from trueup.facts.texts.message import features, subject_id


@pytest.mark.parametrize(
    ("message", "named"),
    [
        (
            "Land the configs\n\nContains f3dcbf5c5c and\ndffb68e49d that were reverted.",
            [("commit", "f3dcbf5c5c"), ("commit", "dffb68e49d")],
        ),
        (
            'List: circular\n\nThis is a reland of\ncommit c4be70f6ff53 ("List: rings").',
            [("commit", "c4be70f6ff53")],
        ),
        (
            "Allocator\n\nAdds back support as originally landed in CB:39486(commit hash 3b02006)\nand "
            "reverted in CB:41413(commit hash 6186cbc).",
            [("commit", "3b02006"), ("commit", "6186cbc"), ("pull", "39486"), ("pull", "41413")],
        ),
        (
            "Cut locks\n\n(Second attempt at https://forge.example/c/tools/+/411910,\nreverted in !12.)",
            [("pull", "411910"), ("pull", "12")],
        ),
        (
            "Use the option\n\ncommit 6ab188ee6c99 brought it, then d05fe9fd3ce9 reverted it.\nThis re-enables it.",
            [("commit", "6ab188ee6c99"), ("commit", "d05fe9fd3ce9")],
        ),
        (
            "Example\n\nRelands https://forge.example/acme/app/pull/3761 and re-lands acme/tools#17.",
            [("pull", "3761"), ("pull", "17")],
        ),
        ("Reapply the cache\n\nUnlike #12 it is bounded.\n\nSee also #13.", []),
        ("Mend the cache\n\nBroken by the change a1b2c3d4.", []),
        ("Add backup of 1a2b3c4d", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_done_again(message, named):
    assert list(done_again(message)) == named


@pytest.mark.parametrize(
    "subject",
    [
        "Parser: skip comments (take 2)",
        "Parser: skip comments (re-instated).",
        "[reland] Parser: skip comments",
        "Parser: skip comments, second attempt",
        "Take 2: Parser: skip comments",
        "Reland Parser: skip comments (#12)",
        'Re-land "Parser: skip comments" (#12)',
    ],
)
def test_a_subject_that_says_so(subject):
    links = features(subject).links
    again = [x.target for x in links if x.relation == "reapplies" and x.target_kind == "subject"]
    assert subject_id("Parser: skip comments") in again


def test_after_the_part_it_is_about():
    links = features("[pigeon] Reland: Add an example app (#3832)").links
    again = [x.target for x in links if x.relation == "reapplies"]
    assert again == [subject_id("[pigeon] Add an example app (#3761)")]


def test_a_line_of_a_bug_tracker():
    links = features("soc: wake\n\nBUG=b:194120188, b/7000001\nTEST=see b:123456\n").links
    assert [x.target for x in links if x.relation == "mentions"] == ["b:194120188", "b:7000001"]


def test_a_revert_does_nothing_again():
    text = 'Revert "Reland the cache"\n\nThis reverts commit 1a2b3c4d5e, a second attempt at #12.'
    assert not [x for x in features(text).links if x.how == "again_words"]


def test_a_hostile_message_takes_no_time():
    assert list(done_again("reland " + "a1" * 500_000)) == []
    assert list(done_again("take 2\n\n" * 20_000)) == []


def test_reviews_a_message_names():
    text = (
        "tools: wrap\n\nAs CL 4711 said; see https://r.example/c/tools/+/4712.\n\n"
        "Reviewed-on: https://r.example/c/tools/+/4713\n"
    )
    links = features(text).links
    assert [x.target for x in links if x.relation == "names"] == ["4711", "4712"]
    assert [x.target for x in links if x.relation == "pull"] == ["4713"]


def test_what_a_message_says_it_reverts_in_effect():
    text = "Remove the claim\n\nIt misleads.\n\nThis effectively reverts 1a2b3c4d5e\n(PR #21)."
    links = features(text).links
    assert [(x.relation, x.target) for x in links if "revert" in x.relation] == [
        ("reverts", "1a2b3c4d5e")
    ]


def test_in_a_squash_that_is_a_step_of_it():
    text = "Add the cache (#40)\n\n* one\n\nThis effectively reverts 1a2b3c4d5e, step two.\n\nCloses #12"
    links = [x[:3] for x in features(text).links]
    assert ("closes", "issue", "#12") in links
    assert not [x for x in links if x[0] == "reverts"]


def test_who_only_speaks_of_what_was_reverted_does_nothing_again():
    text = "Explain why f3dcbf5c5c that was reverted is not coming back."
    assert not [x for x in features(text).links if x.relation == "reapplies"]


@pytest.mark.parametrize("text", ["This reverts CL 416879.", "This reverts commit 1a2b3c4d5e."])
def test_reverts_by_review_or_id(text):
    links = features(f"Undo it\n\n{text}\n").links
    assert [x.target for x in links if x.relation == "reverts"] == [text[:-1].split()[-1]]
