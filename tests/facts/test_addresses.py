"""What addresses of repositories say."""

import pytest

from trueup.facts.addresses import pointed_at, sha_of, slug_of

SHA = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (f"git+https://github.com/acme/app.git@{SHA}", ("acme/app", SHA)),
        (f"git+ssh://git@github.com/acme/app.git@{SHA}#src", ("acme/app", SHA)),
        ("git+https://github.com/acme/app@v1.4", ("acme/app", "")),
        ("https://token:secret@forge.example/acme/app.git", ("acme/app", "")),
        ("git@github.com:acme/app.git", ("acme/app", "")),
        ("scm:git:git@github.com:acme/app.git", ("acme/app", "")),
        (f"pkg:github/acme/app@{SHA}", ("acme/app", SHA)),
        ("pkg:gitlab/acme/team/app@main", ("team/app", "")),
        ("pkg:github/acme/app@20240301", ("acme/app", "")),
        ("pkg:github/acme/app@1234567", ("acme/app", "")),
        ("git+https://github.com/acme/app@0a1b2c3", ("acme/app", "")),
        ("pkg:npm/lodash@4.17.20", ("", "")),
        ("NOASSERTION", ("", "")),
        ("", ("", "")),
    ],
)
def test_pointed_at(told, meant):
    assert pointed_at(told) == meant


def test_ids_of_commits():
    assert sha_of(SHA.upper()) == SHA
    assert [sha_of(x) for x in ("main", "v1.2.3", SHA[:12], "sha256:00")] == ["", "", "", ""]


def test_addresses_without_a_project_have_no_slug():
    assert [slug_of(x) for x in ("https://forge.example/", "https://forge.example/a", "x")] == [
        ""
    ] * 3
