"""Terminal, HTML and JSON show the same figures, because they render the same document."""

import json

import pytest
from tests.report import documents
from tests.report.reading import read

from trueup.publish.document import Audience
from trueup.report import figures, html, json_schema, terminal

BOTH = [documents.full(), documents.full(Audience.ORGANISATION)]
both = pytest.mark.parametrize("document", BOTH, ids=["team", "organisation"])


def flat(text):
    return " ".join(text.replace("\u00a0", " ").split())


def numbers(element):
    return [float(one.attributes["value"]) for one in element.find("data")]


@both
def test_html_holds_the_numbers_of_the_json(document):
    plain = json.loads(json_schema.dumps(document))
    tree = read(html.render(document))
    for verdict, figure in plain["mix"]["shares"].items():
        (card,) = tree.find("div", data_figure=verdict)
        assert numbers(card) == [figure["value"]]
    assert numbers(tree.find(data_figure="visibility")[0]) == [plain["visibility"]["value"]]
    assert numbers(tree.find("div", data_figure="risk")[0]) == [
        plain["risk"]["low"],
        plain["risk"]["high"],
    ]
    ledger = plain["ledger"]
    assert [
        numbers(tree.find("div", data_figure=name)[0])[0]
        for name in ("open", "oldest", "median age")
    ] == [
        ledger["open"],
        ledger["oldest_days"],
        ledger["median_age_days"],
    ]
    shown = [n for s in tree.find("div", class_="signal") for n in numbers(s)]
    assert shown == [
        s["comparison"]["now"]["value"]
        for s in plain["signals"]
        if s["comparison"]["now"]["value"] is not None
    ]


@both
def test_terminal_and_html_say_them_alike(document):
    seen = flat(terminal.render(document, width=120))
    page = flat(read(html.render(document)).text)
    assert flat(document.sentence) in seen
    assert flat(document.sentence) in page
    assert flat(document.source_hint) in seen
    assert flat(document.source_hint) in page
    for signal in document.signals[:9]:
        told = figures.shown(signal.comparison.now)
        row = [told.text, told.interval] if told.measured else [told.reason]
        for words in row:
            assert words in seen
            assert words in page
    for number in (document.ledger.open, document.ledger.open_a_quarter_ago):
        assert figures.count(number) in seen
        assert figures.count(number) in page


@both
def test_the_numbers_of_the_bar_are_those_of_the_sentence(document):
    for verdict, figure in document.mix.shares.items():
        assert figures.shown(figure, whole=True).text in document.sentence, verdict


@both
def test_the_table_of_the_ledger_holds_every_month(document):
    (part,) = read(html.render(document)).find("section", id="ledger")
    rows = part.find("tbody")[0].find("tr")
    assert [row.find("th")[0].text for row in rows] == [m.month for m in document.ledger.months]
    assert [int(row.find("td")[9].text) for row in rows] == [
        m.closing for m in document.ledger.months
    ]
