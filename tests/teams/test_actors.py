"""Only what is certain merges; who is no person is told by exact addresses and accounts alone."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.teams.actors import AGENT, BOT, FORGE, HUMAN, kind_of, lookalikes, merge


def row(number: int, name: str, address: str, proper: str = "", proper_address: str = ""):
    """An identity; without a mailmap entry the proper name is the name."""
    return f"p{number}", name, address, proper or name, proper_address or address


def groups(*rows):
    """Identities that are one actor, as sorted groups of numbers."""
    found = {}
    for identity, (actor, _) in merge(rows).items():
        found.setdefault(actor, []).append(int(identity[1:]))
    return sorted(sorted(group) for group in found.values())


MERGED = {
    "equal addresses": [
        row(1, "Ada", "ada@example.org"),
        row(2, "A. Quill", "ADA@Example.org "),
    ],
    "the mailmap": [
        row(1, "Ada", "ada@home.example", "Ada Quill", "ada@example.org"),
        row(2, "Ada Quill", "ada@example.org"),
    ],
    "a chain through the mailmap": [
        row(1, "Ada", "a@one.example", "Ada Quill", "a@two.example"),
        row(2, "Ada", "a@two.example", "Ada Quill", "a@three.example"),
        row(3, "Ada", "a@three.example"),
    ],
    "an account with and without its number": [
        row(1, "Ada", "123+ada@users.noreply.github.com"),
        row(2, "Ada Quill", "ada@users.noreply.github.com"),
    ],
    "one agent under several names": [
        row(1, "Claude", "noreply@anthropic.com"),
        row(2, "Claude Opus 4.6", "noreply@anthropic.com"),
        row(3, "claude[bot]", "209825114+claude[bot]@users.noreply.github.com"),
    ],
}
APART = {
    "equal names": [row(1, "Ada Quill", "ada@one.example"), row(2, "Ada Quill", "ada@two.example")],
    "a shared address": [row(1, "Ada", "root@localhost"), row(2, "Bo", "root@localhost")],
    "an address nobody has": [row(1, "Ada", "none@none"), row(2, "Bo", "none@none")],
    "no address": [row(1, "Ada", ""), row(2, "Bo", "")],
    "a made up host": [row(1, "Ada", "x@box.localdomain.example"), row(2, "Bo", "y@(none)")],
    "the example of git": [row(1, "Ada", "you@example.com"), row(2, "Bo", "you@example.com")],
    "no-reply addresses": [
        row(1, "Ada", "noreply@corp.example"),
        row(2, "Bo", "noreply@corp.example"),
    ],
    "accounts of two forges": [
        row(1, "Ada", "ada@users.noreply.github.com"),
        row(2, "Ada", "ada@users.noreply.gitlab.com"),
    ],
    "a person and the agent that helps": [
        row(1, "Ada", "ada@example.org"),
        row(2, "Ada (aider)", "ada@example.org"),
    ],
    "an agent the mailmap gives to a person": [
        row(1, "Claude", "noreply@anthropic.com", "Ada Quill", "ada@example.org"),
        row(2, "Ada Quill", "ada@example.org"),
    ],
    "two agents": [
        row(1, "Claude", "noreply@anthropic.com"),
        row(2, "Codex", "noreply@openai.com"),
    ],
}


@pytest.mark.parametrize("name", MERGED)
def test_one_actor(name):
    rows = MERGED[name]
    assert groups(*rows) == [list(range(1, len(rows) + 1))]


@pytest.mark.parametrize("name", APART)
def test_several_actors(name):
    rows = APART[name]
    assert groups(*rows) == [[n] for n in range(1, len(rows) + 1)]


@pytest.mark.parametrize(
    ("name", "address", "kind"),
    [
        ("Ada Quill", "ada@example.org", HUMAN),
        ("Devin Marsh", "devin@example.org", HUMAN),
        ("Devin", "devin@users.noreply.github.com", HUMAN),
        ("Claude Monet", "claude.monet@example.org", HUMAN),
        ("Jules", "jules@google.example", HUMAN),
        ("Ada", "ada@openai.com", HUMAN),
        ("Ada", "ada@anthropic.com", HUMAN),
        ("Bot Wilkins", "bot.wilkins@example.org", HUMAN),
        ("Abbot", "abbot@example.org", HUMAN),
        ("Devin AI", "158243242+devin-ai-integration[bot]@users.noreply.github.com", AGENT),
        ("Claude", "noreply@anthropic.com", AGENT),
        ("Ada Quill (aider)", "ada@example.org", AGENT),
        ("copilot-swe-agent[bot]", "198982749+Copilot@users.noreply.github.com", AGENT),
        ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com", BOT),
        ("some-new-app[bot]", "1+some-new-app[bot]@users.noreply.github.com", BOT),
        ("GitHub Action", "action@github.com", BOT),
        ("GitHub", "noreply@github.com", FORGE),
    ],
)
def test_who_is_a_person(name, address, kind):
    assert kind_of(name, address) == kind
    assert merge([row(1, name, address)])["p1"][1] == kind


def test_a_group_with_automation_in_it_is_automation():
    rows = [row(1, "bumper", "ci@example.org"), row(2, "renovate-bot", "ci@example.org")]
    assert {kind for _, kind in merge(rows).values()} == {BOT}


def test_look_alikes_are_counted_and_never_merged():
    rows = [
        row(1, "Ada Quill", "ada@one.example"),
        row(2, "quill, ada", "ada@two.example"),
        row(3, "Ada Quill", "ada@three.example"),
        row(4, "Ada", "ada@four.example"),  # one word is no full name
        row(5, "Bo Reed", "bo@example.org"),
        row(6, "Claude Code", "noreply@anthropic.com"),
    ]
    assert lookalikes(rows, merge(rows)) == {"p1": "p1", "p2": "p1", "p3": "p1"}
    assert len(groups(*rows)) == 6


def test_look_alikes_by_the_name_before_the_mailmap():
    rows = [
        row(1, "Ada Quill", "ada@one.example", "A. Q.", "aq@example.org"),
        row(2, "Ada Quill", "ada@two.example"),
    ]
    assert lookalikes(rows, merge(rows)) == {"p1": "p1", "p2": "p1"}


_words = st.sampled_from(["Ada Quill", "Bo Reed", "dependabot[bot]", "Claude", "x"])
_places = st.sampled_from(["a@e.org", "b@e.org", "noreply@anthropic.com", "root@localhost", ""])
_rows = st.lists(st.tuples(_words, _places, _words, _places), max_size=8, unique=True)


@given(_rows, st.randoms())
@settings(deadline=None)
def test_neither_order_nor_pseudonyms_matter(rows, chance):
    """Another key gives other pseudonyms: the same identities must still be one actor."""
    numbers = list(range(len(rows)))
    chance.shuffle(numbers)
    told = [(f"p{i}", *r) for i, r in enumerate(rows)]
    renamed = [(f"p{n}", *r) for n, r in zip(numbers, rows, strict=True)]
    chance.shuffle(renamed)
    one, other = merge(told), merge(renamed)
    for i, j in itertools.combinations(range(len(rows)), 2):
        same = one[f"p{i}"][0] == one[f"p{j}"][0]
        assert same == (other[f"p{numbers[i]}"][0] == other[f"p{numbers[j]}"][0])
    assert all(one[f"p{i}"][1] == other[f"p{numbers[i]}"][1] for i in range(len(rows)))
    groups_told, groups_renamed = lookalikes(told, one), lookalikes(renamed, other)
    assert len(groups_told) == len(groups_renamed)
    assert len(set(groups_told.values())) == len(set(groups_renamed.values()))


def test_a_name_that_several_people_use_beside_their_own_is_nobodys():
    rows = [
        (identity, name, address, name, address)
        for identity, name, address in [
            ("p1", "merge-script", "ada@x.example"), ("p2", "Ada Quill", "ada@x.example"),
            ("p3", "merge-script", "bo@x.example"), ("p4", "Bo Reed", "bo@x.example"),
            ("p5", "merge-script", "nn@x.example"),
        ]
    ]  # fmt: skip
    assert lookalikes(rows, merge(rows)) == {}
