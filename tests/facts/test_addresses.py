"""What addresses and paths of documents say."""

import pytest

from trueup.facts.addresses import path_within, pointed_at, sha_of, slug_of

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
        ("pkg:npm/lodash@4.17.20", ("", "")),
        ("NOASSERTION", ("", "")),
        ("", ("", "")),
    ],
)
def test_pointed_at(told, meant):
    assert pointed_at(told) == meant


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("src/a.py", "src/a.py"),
        ("./src/./a.py", "src/a.py"),
        ("src\\a.cs", "src/a.cs"),
        ("/home/runner/_work/app/app/src/a.py", "src/a.py"),
        ("D:\\a\\app\\app\\src\\a.cs", "src/a.cs"),
        ("D:/a/1/s/src/a.cs", "src/a.cs"),
        ("/github/workspace/a.py", "a.py"),
        ("/home/vsts/_work/1/s/a.py", "a.py"),
        ("/opt/atlassian/pipelines/agent/build/a.py", "a.py"),
        ("/builds/acme/app/a.py", "a.py"),
        ("/home/runner/_work/app/other/src/a.py", None),
        ("/Users/someone/app/a.py", None),
        ("C:/Users/someone/app/a.py", None),
        ("../a.py", None),
        ("", None),
        (".", None),
    ],
)
def test_path_within(told, meant):
    assert path_within(told, "acme/app") == meant


def test_ids_of_commits():
    assert sha_of(SHA.upper()) == SHA
    assert [sha_of(x) for x in ("main", "v1.2.3", "abc", "sha256:00")] == ["", "", "", ""]


def test_addresses_without_a_project_have_no_slug():
    assert [slug_of(x) for x in ("https://forge.example/", "https://forge.example/a", "x")] == [
        ""
    ] * 3
