"""What names of environments and labels of issues mean."""

from __future__ import annotations

import pytest

from trueup.facts.texts.words import environment_kind, issue_kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("production", "production"),
        ("Production (EU)", "production"),
        ("eu-prod-2", "production"),
        ("my_prod", "production"),
        ("prd", "production"),
        ("live", "production"),
        ("non-prod", "staging"),
        ("nonprod", "staging"),
        ("pre-production", "staging"),
        ("eu-preprod", "staging"),
        ("staging", "staging"),
        ("stage2", "staging"),
        ("review/fix-production-login", "testing"),
        ("review/prod-hotfix", "testing"),
        ("live-reload-test", "testing"),
        ("QA", "testing"),
        ("product-docs-preview", "development"),
        ("dev-products", "development"),
        ("development", "development"),
        ("products", "other"),
        ("developers", "other"),
        ("delivery", "other"),
        ("", "other"),
    ],
)
def test_what_an_environment_is_for(name, kind):
    assert environment_kind(name) == kind


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("bug", "bug"),
        ("Bugs", "bug"),
        ("type: bug", "bug"),
        ("kind/bug", "bug"),
        ("type::bug", "bug"),
        ("C-bug", "bug"),
        ("🐛 bug", "bug"),
        ("feature request", "feature"),
        ("new feature", "feature"),
        ("bug-report", "bug"),
        ("not a bug", ""),
        ("no bug", ""),
        ("windows-support", ""),
        ("bug-bounty", ""),
        ("feature: login", ""),
        ("", ""),
    ],
)
def test_what_a_label_says(label, kind):
    assert issue_kind("", label) == {"kind": kind, "kind_original": label if kind else ""}


def test_a_type_says_it_with_one_of_its_words():
    asked = issue_kind("Support Request", "bug")
    assert asked == {"kind": "question", "kind_original": "Support Request"}
    assert issue_kind("Spike", "bug") == {"kind": "bug", "kind_original": "bug"}
