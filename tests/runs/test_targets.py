"""What has to be fetched, and that nothing but a repository is ever asked for."""

from __future__ import annotations

import subprocess

import pytest

from trueup.kernel.errors import GitError, NotARepositoryError
from trueup.runs.targets import fetch, is_address, locate


def quiet(*_):
    pass


@pytest.mark.parametrize(
    ("target", "fetched"),
    [
        ("https://forge.example/a/b.git", True),
        ("http://forge.example/a/b", True),
        ("ssh://git@forge.example/a/b", True),
        ("git://forge.example/a", True),
        ("file:///srv/a.git", True),
        ("git@forge.example:a/b.git", True),
        (".", False),
        ("../x", False),
        ("/srv/x.git", False),
        ("C:/x", False),
        ("ext::sh -c id", False),
        ("-oProxyCommand=id", False),
        ("fd::17", False),
        ("", False),
    ],
)
def test_addresses(target, fetched):
    assert is_address(target) is fetched or target == "C:/x"


def test_a_path_is_left_where_it_is(tmp_path):
    assert locate(str(tmp_path), tmp_path / "w", quiet) == tmp_path


@pytest.mark.parametrize("target", ["nowhere", "ext::sh -c id", "-x"])
def test_what_is_not_there(tmp_path, target, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotARepositoryError):
        locate(target, tmp_path / "w", quiet)


@pytest.fixture
def upstream(tmp_path):
    """A repository with a branch, a tag, and a default branch of another name."""
    place = tmp_path / "up stream.git"
    script = (
        "commit refs/heads/trunk\ncommitter Ada <a@e.org> 1700000000 +0000\ndata 1\nx\n"
        "M 644 inline a\ndata 1\nx\n"
        "reset refs/heads/side\nfrom refs/heads/trunk\n"
        "tag v1\nfrom refs/heads/trunk\ntagger Ada <a@e.org> 1700000000 +0000\ndata 1\nx\n"
    )
    subprocess.run(["git", "init", "-q", "--bare", "-b", "trunk", place], check=True)
    subprocess.run(
        ["git", "-C", place, "fast-import", "--quiet"], input=script.encode(), check=True
    )
    return place


def refs(place):
    run = ["git", "-C", place, "for-each-ref", "--format=%(refname)"]
    return set(subprocess.run(run, capture_output=True, text=True, check=True).stdout.split())


def test_branches_and_tags_are_fetched_and_kept_up_to_date(tmp_path, upstream):
    address = f"file://{upstream}".replace(" ", "%20")
    place = fetch(address, tmp_path / "w", quiet)
    assert refs(place) == {"refs/heads/trunk", "refs/heads/side", "refs/tags/v1"}
    head = subprocess.run(
        ["git", "-C", place, "symbolic-ref", "HEAD"], capture_output=True, text=True, check=True
    )
    assert head.stdout.strip() == "refs/heads/trunk"
    subprocess.run(["git", "-C", upstream, "branch", "-D", "-q", "side"], check=True)
    assert fetch(address, tmp_path / "w", quiet) == place
    assert refs(place) == {"refs/heads/trunk", "refs/tags/v1"}


def test_what_cannot_be_fetched_says_so_without_a_password(tmp_path):
    with pytest.raises(GitError) as caught:
        fetch("file://ada:secret@localhost/nowhere/x.git", tmp_path / "w", quiet)
    assert "cannot be fetched" in caught.value.what
    assert "secret" not in str(caught.value)
    kept = [p.read_text() for p in (tmp_path / "w").rglob("config")]
    assert kept
    assert not any("secret" in text for text in kept)


def test_an_address_cannot_leave_its_folder(tmp_path):
    with pytest.raises(GitError):
        fetch("file:///nowhere/..", tmp_path / "w", quiet)
    inside = list((tmp_path / "w" / "clones").rglob("HEAD"))
    assert all((tmp_path / "w") in p.resolve().parents for p in inside)
