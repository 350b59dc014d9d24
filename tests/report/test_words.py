import re

import pytest

from trueup.kernel.estimate import Status
from trueup.publish.document import VERDICTS, Audience
from trueup.report import words
from trueup.report.html import TEMPLATES


def test_every_word_of_the_document_is_known():
    assert tuple(words.VERDICT_TERM) == tuple(words.VERDICT_WORDS) == VERDICTS
    assert {status.value for status in Status} == set(words.STATUS_WORDS)
    assert {audience.value for audience in Audience} == set(words.AUDIENCE_WORDS)
    assert all(words.fallback(verdict).text for verdict in VERDICTS)


@pytest.mark.parametrize(
    ("direction", "verdict", "adds"),
    [
        ("high_is_debt", "higher", True),
        ("low_is_debt", "lower", True),
        ("high_is_debt", "lower", False),
        ("high_is_debt", "not distinguishable", False),
        ("both_tails", "higher", False),
        ("context", "lower", False),
    ],
)
def test_adds_to_debt(direction, verdict, adds):
    assert words.adds_to_debt(direction, verdict) is adds


def test_templates_say_nothing_loudly():
    for template in TEMPLATES.rglob("*.j2"):
        prose = re.sub(
            r"<!doctype|\{[%#{].*?[%#}]\}|<[^>]*>", "", template.read_text(encoding="utf-8")
        )
        assert "!" not in prose, template.name
        assert prose.isascii() or set(prose) - set(map(chr, range(128))) <= {"·"}, template.name
