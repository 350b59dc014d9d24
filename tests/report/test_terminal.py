import re
from dataclasses import replace

import pytest
from tests.gold.compare import assert_gold
from tests.report import documents

from trueup.publish.claims import ClaimDetail, EvidenceLine
from trueup.publish.document import Audience
from trueup.report.claims import render_claim, render_claims
from trueup.report.terminal import render
from trueup.report.text import cells, harmless

DOCUMENTS = {
    "team": documents.full(),
    "organisation": documents.full(Audience.ORGANISATION),
    "empty": documents.nearly_empty(),
    "hostile": documents.hostile(),
}
PATH = ".trueup/report.html"


def explained():
    return ClaimDetail(
        row=documents.examples()[0],
        rule="present, survived 30 days, and inspected by another person",
        evidence=(
            EvidenceLine("present", False, "2026-09-10", "on main by ancestry", "4f2a" * 10, 1.0),
            EvidenceLine("survived", True, "2026-09-22", "fixed again in the same files", "", 0.9),
        ),
        missing=("a mark that another person looked before it landed",),
    )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_scan(name):
    assert_gold(render(DOCUMENTS[name], report_path=PATH), f"report/scan_{name}.txt")


def test_claims():
    assert_gold(render_claims(documents.examples(), total=40), "report/claims.txt")


def test_claim():
    assert_gold(render_claim(explained()), "report/claim.txt")


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_lines_fit_and_hold_nothing_that_commands(name, width):
    document = DOCUMENTS[name]
    for text in (render(document, width=width), render_claims(document.examples, width=width)):
        assert max(map(cells, text.splitlines())) <= width
        assert all(harmless(line) == line for line in text.split("\n"))


def test_the_answer_comes_first():
    document = documents.full()
    text = " ".join(render(document).split())
    assert text.index(document.sentence) < text.index("Ledger") < text.index("Signals")


def test_colour_changes_no_word():
    plain, bright = (render(documents.full(), colour=colour) for colour in (False, True))
    assert "\x1b[" not in plain
    assert re.sub(r"\x1b\[[012]m", "", bright) == plain


def test_colour_lets_no_other_escape_through():
    text = render(documents.hostile(), colour=True)
    assert set(re.findall(r"\x1b[^m]*m", text)) <= {"\x1b[0m", "\x1b[1m", "\x1b[2m"}
    assert text.count("\x1b") == len(re.findall(r"\x1b\[[012]m", text))


def test_the_organisation_sees_no_single_claim():
    document = replace(documents.full(Audience.ORGANISATION), ledger=documents.ledger())
    assert "C-0193" not in render(document)


def test_unmeasured_signals_say_why_once():
    text = render(documents.full())
    assert text.count("cannot be seen from git: needs reviews") == 1
    assert "Decision dissent, review" in text


def test_at_most_three_steps():
    steps = documents.next_steps()
    text = render(replace(documents.full(), next_steps=(*steps, *steps)))
    assert "  3 Ask" in text
    assert "  4 " not in text


def test_steps_with_days_of_their_own():
    steps = [
        replace(one, look_again=f"2026-12-{18 + i}") for i, one in enumerate(documents.next_steps())
    ]
    text = render(replace(documents.full(), next_steps=tuple(steps)))
    assert "  Next\n" in text
    assert "Look again 2026-12-20." in " ".join(text.split())


def test_seconds_are_those_handed_in():
    text = render(documents.full(), seconds={"total": 3.21, "git": 2.0, "report": 0.4})
    assert "3.2 s (git 2.0 s, report 0.4 s)" in text
    assert "11.2 s" not in text


def test_several_repositories():
    document = documents.full()
    both = (document.repositories[0], replace(document.repositories[0], name="acme/web"))
    text = render(replace(document, repositories=both))
    assert "2 repositories" in text
    assert "acme/checkout: 12 of 8 412 commits" in text


def test_no_claims_help():
    text = " ".join(render(documents.nearly_empty()).split())
    assert "Nothing was reported done in this period" in text
    assert "Reports are read from closed issues" in text
    assert "Ledger" not in text


def test_no_claim_fits():
    assert render_claims(()) == "No claim fits what was asked.\n"
