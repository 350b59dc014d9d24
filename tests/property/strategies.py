"""Claims with any evidence, and histories of any commits, for laws that must hold for all of them."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from tests.claims.making import (
    Told,
    applies_again,
    change_id,
    claim,
    closes,
    day,
    fixes,
    mentions,
    part_of,
    pull,
    repairs,
    same_as,
    takes_back,
)

from trueup.claims.model import Evidence, Kind, Rung

LAW = settings(max_examples=60, deadline=None)
DAYS = st.integers(0, 800)
FOR = {
    Rung.PRESENT: ("ancestry", "patch_id", "release_line"),
    Rung.INSPECTED: ("trailer", "merged_by_other"),
    Rung.RELEASED: ("contained", "same_words"),
}
AGAINST = (
    (Rung.PRESENT, "reverted"),
    (Rung.SURVIVED, "refixed"),
    (Rung.SURVIVED, "named_faulty"),
    (Rung.RELEASED, "later_release"),
)


@st.composite
def supports(draw, after: int = 0):
    """Evidence for a claim, from a day on."""
    rung = draw(st.sampled_from(list(FOR)))
    at = after + draw(st.integers(0, 150))
    return Evidence(rung, day(at), draw(st.sampled_from(FOR[rung])), "b" * 40)


@st.composite
def contradictions(draw, after: int = 0):
    """Evidence against a claim, for good or until something ended it."""
    rung, how = draw(st.sampled_from(AGAINST))
    at = after + draw(st.integers(0, 90))
    until = draw(st.none() | st.integers(at + 1, at + 200))
    good = until is not None and draw(st.booleans())
    end = None if until is None else day(until)
    return Evidence(rung, day(at), how, "c" * 40, against=True, until=end, made_good=good)


@st.composite
def claims(draw):
    """One claim of any kind with any evidence."""
    number = draw(DAYS)
    evidence = draw(st.lists(supports(number) | contradictions(number), max_size=5))
    made = claim(
        number,
        *evidence,
        kind=draw(st.sampled_from(list(Kind))),
        key=f"k{draw(st.integers(0, 10**9))}",
        scope=draw(st.sampled_from(("", "a", "b"))),
        empty=draw(st.booleans()),
        absent=draw(st.booleans()),
    )
    made.repo = draw(st.sampled_from(("acme/x", "acme/y")))
    return made


#: No two of them are the same claim: a register holds each once.
many_claims = st.lists(claims(), max_size=30, unique_by=lambda claim: claim.id)
NAMES = tuple(f"n{i}" for i in range(8))
PEOPLE = ("ada", "bo", "cy")
_named = st.sampled_from(NAMES)
_ticket = st.sampled_from(("#1", "#2", "KEY-3"))
_links = st.one_of(
    st.builds(closes, _ticket),
    st.builds(closes, _ticket),
    st.builds(part_of, _ticket),
    st.builds(mentions, _ticket),
    st.builds(pull, st.sampled_from(("7", "8"))),
    st.builds(fixes),
    st.builds(takes_back, _named),
    st.builds(takes_back, _named),
    st.builds(lambda s: takes_back(subject=s), st.sampled_from(("s1", "s2"))),
    st.builds(lambda n: takes_back(number=n), st.sampled_from(("7", "8"))),
    st.builds(applies_again, st.sampled_from(("s1", "s2"))),
    st.builds(repairs, _named),
    st.builds(change_id, st.sampled_from(("I1", "I2"))),
)


@st.composite
def histories(draw):
    """Commits as calls of `Told.commit`, marks of looks, and files by commit."""
    commits, looks, files = [], [], {}
    for name in NAMES[: draw(st.integers(2, len(NAMES)))]:
        links = draw(st.lists(_links, max_size=3, unique=True))
        branch = draw(st.sampled_from((False, False, False, True)))
        if branch and draw(st.booleans()):
            links.append(same_as(draw(_named)))
        known = {
            "subject": draw(st.sampled_from(("s1", "s2", ""))),
            "actor": draw(st.sampled_from(PEOPLE)),
            "kind": draw(st.sampled_from(("human", "human", "agent", "bot"))),
            "files": draw(st.integers(0, 2)),
        }
        at = draw(st.integers(0, 120)) + draw(st.sampled_from((0, 0.25)))
        if branch:
            known["landed"] = None
        elif commits and draw(st.booleans()):
            known |= {"by": "land", "landed": 130, "made": at}
        commits.append((name, at, tuple(links), known))
        files[name] = draw(st.dictionaries(st.sampled_from("abc"), st.just("code"), max_size=2))
        if draw(st.booleans()):
            looks.append((name, draw(st.sampled_from(PEOPLE))))
    if any("by" in known for *_, known in commits):
        first = next(name for name, *_, known in commits if "by" in known)
        commits.append(
            ("land", 130, (pull("9", "merge_subject"),), {"merge": first, "actor": "bo"})
        )
    return commits, looks, files


def written(history, *, order=None, names=None) -> Told:
    """The history as a book, its commits in any order, its people under other names."""
    commits, looks, _ = history
    told, names = Told(), names or {}
    for name, at, links, known in order or commits:
        told.commit(
            name, at, *links, **(known | {"actor": names.get(known["actor"], known["actor"])})
        )
    for name, by in looks:
        told.look(name, names.get(by, by))
    return told
