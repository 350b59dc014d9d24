"""Texts of Jira in both editions, and the links that they and issues tell."""

from __future__ import annotations

import pytest
from tests.sources.jira.records import JIRA

from trueup.facts.rows import OddRecordError
from trueup.sources.jira.links import target_of
from trueup.sources.jira.places import features_of, plain


def document(*content):
    return {"type": "doc", "version": 1, "content": list(content)}


def told(text, **more):
    return {"type": "text", "text": text, **more}


def test_words_of_a_document():
    linked = told(
        "plan",
        marks=[
            {"type": "strong"},
            {"type": "link", "attrs": {"href": "https://x.example/browse/PAY-2"}},
        ],
    )
    body = document(
        {"type": "paragraph", "content": [told("See "), linked, {"type": "hardBreak"}, told("now")]},
        {"type": "blockquote", "content": [{"type": "paragraph", "content": [told("Really?")]}]},
        {"type": "codeBlock", "content": [told("why?")]},
        {"type": "bulletList", "content": [{"type": "listItem", "content": [{"type": "paragraph", "content": [told("a")]}]}]},
        {"type": "rule"},
    )  # fmt: skip
    assert "https://x.example/browse/PAY-2" in plain(body)
    assert not features_of(body).asks, "what is quoted, and code, asks nothing"
    assert features_of(document({"type": "paragraph", "content": [told("Why?")]})).asks


def test_a_document_that_never_ends():
    body = document()
    for _ in range(300):
        body = document(body)
    with pytest.raises(OddRecordError):
        plain(body)


def test_wiki_text_that_is_quoted_or_code_asks_nothing():
    assert features_of("Why?").asks
    assert not features_of("{code:java}\nwhy?\n{code}\nbq. who?\n{quote}\nwhen?\n{quote}").asks
    assert features_of("{code}x{code}").bytes == 13


def test_a_text_names_other_issues_by_key_only(desk):
    found = desk.issue_tables(
        description="Closes PAY-2, see #12 and PAY-1, fixes https://github.com/a/b/pull/3"
    )
    assert [(r["relation"], r["target"]) for r in found["item_links"]] == [("mentions", "PAY-2")]


def linked(desk, kind, **side):
    found = desk.issue_tables(issuelinks=[{"id": "1", "type": kind, **side}])["item_links"]
    return [(r["repo"], r["item"], r["relation"], r["target"]) for r in found]


BLOCKS = {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
DEPENDS = {"name": "Dependency", "inward": "is depended on by", "outward": "depends on"}
CHILD = {"name": "Hierarchy", "inward": "is child of", "outward": "is parent of"}
GERMAN = {"name": "Blocks", "inward": "wird blockiert von", "outward": "blockiert"}
CLONES = {"name": "Cloners", "inward": "is cloned by", "outward": "clones"}


@pytest.mark.parametrize(("kind", "out", "into"), [
    (BLOCKS, ("PAY", "PAY-1", "blocks", "OPS-2"), ("OPS", "OPS-2", "blocks", "PAY-1")),
    (DEPENDS, ("OPS", "OPS-2", "blocks", "PAY-1"), ("PAY", "PAY-1", "blocks", "OPS-2")),
    (CHILD, ("OPS", "OPS-2", "parent", "PAY-1"), ("PAY", "PAY-1", "parent", "OPS-2")),
    (GERMAN, ("PAY", "PAY-1", "blocks", "OPS-2"), ("OPS", "OPS-2", "blocks", "PAY-1")),
    (CLONES, ("PAY", "PAY-1", "relates", "OPS-2"), ("OPS", "OPS-2", "relates", "PAY-1")),
    ({}, ("PAY", "PAY-1", "relates", "OPS-2"), ("OPS", "OPS-2", "relates", "PAY-1")),
])  # fmt: skip
def test_links_have_one_direction_whichever_issue_tells_them(kind, out, into, desk):
    assert linked(desk, kind, outwardIssue={"key": "OPS-2"}) == [out]
    assert linked(desk, kind, inwardIssue={"key": "OPS-2"}) == [into]


SHA = "8748a066cbaf67b15e86f2c636f9931347e987cf"


@pytest.mark.parametrize(("address", "found"), [
    (f"https://github.com/acme/app/commit/{SHA}", ("commit", SHA)),
    (f"https://git.example/a/b/c/-/commits/{SHA}?x=1", ("commit", SHA)),
    ("https://github.com/acme/app/pull/7/files", ("request", "acme/app#7")),
    ("https://bitbucket.org/acme/app/pull-requests/7", ("request", "acme/app#7")),
    ("https://gitlab.com/acme/app/-/merge_requests/5", ("request", "acme/app!5")),
    ("https://dev.azure.com/acme/shop/_git/app/pullrequest/4", ("request", "acme/shop/app#4")),
    ("https://bb.example/ctx/projects/PAY/repos/app/pull-requests/7/overview", ("request", "PAY/app#7")),
    ("https://git.example/a/b/-/issues/7", ("issue", "a/b#7")),
    ("https://other.atlassian.net/browse/LEG-5", ("issue", "LEG-5")),
    ("https://bb.example/projects/PAY/repos/app/browse/src/a-1.c", None),
    ("https://github.com/acme/app/pull/new/branch", None),
    ("https://wiki.example/display/PAY/Refunds", None),
    ("", None),
])  # fmt: skip
def test_targets(address, found):
    assert target_of(address) == found


@pytest.mark.parametrize(("edition", "path"), [("", "3"), ("data_center", "2")])
def test_comments_come_in_the_form_of_texts_of_issues(edition, path):
    """The same text is measured in the same form, whether it stands in the issue or in a list."""
    source = JIRA.of(edition)
    assert source.kind("comments").path == f"/rest/api/{path}/issue/{{number}}/comment"
    assert source.kind("issues").path.startswith(f"/rest/api/{path}/")
