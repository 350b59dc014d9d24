import itertools
import re
from base64 import b64encode
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from hashlib import sha256

import pytest
from tests.report import documents
from tests.report.reading import read

from trueup.publish.document import Audience
from trueup.report import html
from trueup.report.text import harmless

DOCUMENTS = {
    "team": documents.full(),
    "organisation": documents.full(Audience.ORGANISATION),
    "empty": documents.nearly_empty(),
    "hostile": documents.hostile(),
}
PARTS = [
    "answer", "ledger", "alignment", "delivery", "verification", "where", "signals", "code", "next",
    "changed", "method",
]  # fmt: skip
pages = pytest.mark.parametrize("name", DOCUMENTS)


@pytest.fixture(scope="module")
def rendered():
    return {name: html.render(document) for name, document in DOCUMENTS.items()}


@pytest.fixture(scope="module")
def trees(rendered):
    return {name: read(text) for name, text in rendered.items()}


@pages
def test_nothing_is_asked_of_anyone(name, trees):
    tree = trees[name]
    assert not tree.find(
        "script", "link", "img", "iframe", "object", "embed", "form", "base", "a", href=""
    )
    for one in tree.walk():
        for attribute, value in one.attributes.items():
            assert not attribute.startswith("on"), f"{attribute} on <{one.tag}>"
            assert attribute not in {"style", "srcset", "poster", "xlink:href", "background"}
            if attribute in {"src", "href", "action"}:
                assert value.startswith("#"), value


@pages
def test_the_style_loads_nothing_and_is_the_one_allowed(name, trees):
    (style,) = trees[name].find("style")
    text = "".join(style.texts)
    assert "@import" not in text
    assert set(re.findall(r"url\((.)", text)) == {"#"}
    (policy,) = [
        m for m in trees[name].find("meta") if m.has("http-equiv", "Content-Security-Policy")
    ]
    digest = b64encode(sha256(text.encode()).digest()).decode()
    assert policy.attributes["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


@pages
def test_headings_go_down_one_at_a_time(name, trees):
    levels = [int(h.tag[1]) for h in trees[name].find("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pages
def test_landmarks_and_order(name, trees):
    tree = trees[name]
    assert [len(tree.find(tag)) for tag in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert [s.attributes["id"] for s in tree.find("section")] == PARTS
    assert [a.attributes["href"] for a in tree.find("nav")[0].find("a")] == [f"#{p}" for p in PARTS]
    assert tree.find("html")[0].attributes["lang"] == "en"


@pages
def test_names_are_unique_and_found(name, trees):
    ids = [one.attributes["id"] for one in trees[name].walk() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for one in trees[name].walk():
        for target in one.attributes.get("aria-labelledby", "").split():
            assert target in ids
        if one.attributes.get("href", "").startswith("#"):
            assert one.attributes["href"][1:] in ids


@pages
def test_tables_have_captions_and_scopes(name, trees):
    for table in trees[name].find("table"):
        assert table.children[0].tag == "caption"
        assert table.children[0].text
        assert all(th.attributes.get("scope") in {"col", "row"} for th in table.find("th"))


@pages
def test_pictures_have_a_title_a_description_and_a_table(name, trees):
    for picture in trees[name].find("svg", role="img"):
        assert [child.tag for child in picture.children[:2]] == ["title", "desc"]
        assert all(child.text for child in picture.children[:2])
        around = list(picture.up())
        if any(one.has("data-figure", "risk") for one in around):
            continue  # its four numbers stand beside it
        near = [o for o in around if o.tag in {"figure", "section"} or o.has("class", "fig")]
        assert any(one.find("details", class_="twin") for one in near)
    for other in trees[name].find("svg"):
        inside = any(one.tag == "svg" for one in other.up())
        assert inside or other.has("role", "img") or other.has("aria-hidden", "true")


@pages
def test_every_figure_has_a_why(name, trees):
    tree = trees[name]
    shown = tree.find(data_figure=True)
    assert len(shown) >= (2 if name == "empty" else 25)
    for figure in shown:
        whys = figure.find("details", class_="why")
        assert whys, figure.attributes["data-figure"]
        body = whys[0].find(class_="why-body")[0]
        assert body.find("p")[0].text, figure.attributes["data-figure"]
    for number in tree.find("data"):
        assert any("data-figure" in one.attributes for one in number.up()), number.text


def test_the_why_of_a_signal_says_what_it_rests_on(trees):
    (card,) = trees["team"].find("div", data_figure="time_to_land")
    told = card.find(class_="why-body")[0].text
    for words in ("31.5 hours", "26 to 37", "98", "14", "97 %", "Own past 21.9 hours"):
        assert words in told
    assert "Pairs who review each other live" in told


def test_a_definition_of_the_method_wins_over_ours(trees):
    (card,) = trees["team"].find("div", data_figure="verified")
    assert "All the evidence this kind of item needs" in card.text
    (card,) = trees["team"].find("div", data_figure="partial")
    assert "nothing undid it" in card.text


def test_the_team_sees_at_most_three_examples(trees):
    whys = [w for w in trees["team"].find(class_="why-body") if w.find("ul", class_="claims")]
    assert whys
    assert all(1 <= len(w.find("ul", class_="claims")[0].children) <= 3 for w in whys)


def test_the_organisation_sees_no_claim():
    document = replace(
        documents.full(Audience.ORGANISATION),
        ledger=documents.ledger(),
        examples=documents.examples(),
    )
    text = read(html.render(document)).text
    assert not re.search(r"C-01\d\d|CHK-4\d\d|trueup explain", text)
    assert "Work at weekends is not shown: fewer than five people are behind it." in text


@pages
def test_nothing_commands(name, rendered, trees):
    assert harmless(rendered[name].replace("\n", "")) == rendered[name].replace("\n", "")
    assert "1337" not in trees[name].text


def test_hostile_text_is_shown_as_text(trees):
    text = trees["hostile"].text
    assert "<script>alert(1)</script>" in text
    assert "\\x1b[31mred" in text
    assert "safe\\u202egpj.exe" in text
    assert "{{ 7 * 191 }}" in text
    assert "=cmd|' /C calc'!A0" in text


def test_long_names_are_cut(rendered):
    assert len(rendered["hostile"]) < 2 * len(rendered["team"])


def poisoned(value, poison):
    """Every text of a document replaced, but for those that choose a page."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return poison
    if isinstance(value, tuple):
        return tuple(poisoned(one, poison) for one in value)
    if isinstance(value, dict):
        return {key: poisoned(one, poison) for key, one in value.items()}
    if is_dataclass(value):
        return replace(
            value, **{f.name: poisoned(getattr(value, f.name), poison) for f in fields(value)}
        )
    return value


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param(documents.EVIL, id="script"),
        pytest.param(documents.ANSI, id="escapes"),
        pytest.param(documents.BIDI, id="overrides"),
        pytest.param(documents.TEMPLATE, id="template"),
        pytest.param(documents.BYTES, id="bytes"),
        pytest.param(documents.LONG, id="long"),
        pytest.param("", id="empty"),
        pytest.param("\x00", id="nul"),
    ],
)
def test_any_field_may_hold_anything(poison):
    text = html.render(poisoned(documents.full(), poison))
    tree = read(text)
    assert not tree.find("script", "img")
    assert harmless(text.replace("\n", "")) == text.replace("\n", "")
    text.encode("utf-8")


def test_a_suppressed_scope_is_a_sentence(trees):
    (where,) = trees["team"].find("section", id="where")
    assert "Not shown: fewer than three people worked here" in where.text


def test_first_scan_and_changes(trees):
    assert "first scan of this workspace" in trees["empty"].find("section", id="changed")[0].text
    assert "open items 11 14" in trees["team"].find("section", id="changed")[0].text


def test_the_same_document_gives_the_same_bytes(rendered):
    assert html.render(documents.full()) == rendered["team"]


def test_signals_of_a_scope_stand_together_in_whatever_order_they_come():
    mixed = tuple(sorted(documents.signals(), key=lambda one: one.name))
    tree = read(html.render(replace(documents.full(), signals=mixed)))
    (part,) = tree.find("section", id="signals")
    assert len(part.find("details", class_="scope-more")) == 1
    assert len(part.find("div", class_="signal")) == 8


def test_items_too_recent_may_stand_beside_the_total():
    base = documents.full()
    shares = {v: figure for v, figure in base.mix.shares.items() if v != "pending"}
    apart = replace(base, mix=replace(base.mix, total=304, shares=shares))
    tree = read(html.render(apart))
    (card,) = tree.find("div", data_figure="pending")
    assert "8 are too recent to say beside those counted" in card.text
    (bar,) = [svg for svg in tree.find("svg") if svg.has("aria-labelledby", "mix-t mix-d")]
    assert not bar.find("rect", class_="k-pending")


def test_what_was_not_compared_says_so():
    first = documents.signals()[0]
    alone = replace(
        first.comparison, verdict="", past=documents.missing("x", "52 weeks are needed")
    )
    tree = read(html.render(replace(documents.full(), signals=(replace(first, comparison=alone),))))
    (card,) = tree.find("div", class_="signal")
    assert "not compared with its own past" in card.text
    assert "52 weeks are needed" in card.text


def test_each_chapter_begins_with_its_answer(trees):
    chapters = documents.chapters()
    for name in ("alignment", "delivery", "verification"):
        (part,) = trees["team"].find("section", id=name)
        first = part.find("div", class_="body")[0].find("p")[0]
        assert first.text == getattr(chapters, name).text


def test_reasons_beyond_the_first_stand_in_the_table(trees):
    (figure,) = trees["team"].find("figure", data_figure="lacks")
    assert "61 of 119" in figure.text
    assert "and 2 more in the table" in figure.text
    assert len(figure.find("details", class_="twin")[0].find("tbody")[0].find("tr")) == 6


def test_causes_and_their_sum(trees):
    (part,) = trees["team"].find("section", id="changed")
    rows = [[c.text for c in row.children] for row in part.find("tbody")[0].find("tr")]
    assert rows[2] == ["contradicted since", "-0.3", "+3", "3"]
    assert rows[-1] == ["All together", "-2.0", "+3", "30"]
    for column in (1, 2):
        assert sum(float(r[column]) for r in rows[:-1]) == pytest.approx(float(rows[-1][column]))


@pages
def test_what_is_not_measured_has_no_number_and_no_picture(name, trees):
    (line,) = [p for p in trees[name].find("p") if "Technical Debt" in p.text]
    assert "Human Debt and Technical Debt are not yet measured" in line.text
    assert not re.search(r"\d", line.text)


def test_the_audit_says_where_it_stands_and_what_to_do_for_the_team(trees):
    (team,) = trees["team"].find("section", id="verification")
    assert "No audit yet" in team.text
    assert "trueup audit draw" in team.text
    (organisation,) = trees["organisation"].find("section", id="verification")
    assert "No audit yet" in organisation.text
    assert "trueup audit" not in organisation.text


def test_an_organisation_sees_steps_of_all_repositories_together(trees):
    (part,) = trees["organisation"].find("section", id="delivery")
    assert "182 of 240" in part.text
