"""Renames, bulk commits, copied code, binary files and the files that steer other tools."""

import re

from tests.simulate.conftest import Repository


def test_bulk_commits_are_listed_for_blame(harbour: Repository) -> None:
    listed = harbour.git("show", "main:.git-blame-ignore-revs")
    bulks = harbour.truth.planted("bulk")
    assert len(bulks) == len(harbour.scenario.bulk_weeks)
    for plant in bulks:
        assert plant.sha in listed
        files = harbour.git("diff", "--name-only", f"{plant.sha}^", plant.sha).splitlines()
        assert len(files) > 200
        assert not harbour.git("diff", "-w", f"{plant.sha}^", plant.sha)


def test_renames_are_seen_by_git(harbour: Repository) -> None:
    scores = []
    for plant in harbour.truth.planted("rename"):
        raw = harbour.git("diff", "--raw", "-M", f"{plant.sha}^", plant.sha)
        found = re.search(r"R(\d{3})\t(\S+)\t(\S+)", raw)
        assert found is not None
        assert "/core/" in found[3]
        scores.append(int(found[1]))
    assert len(scores) == harbour.scenario.renames
    assert max(scores) == 100


def test_copied_code_binaries_and_odd_paths(harbour: Repository) -> None:
    paths = harbour.git("ls-tree", "-r", "-z", "--name-only", "main").split("\0")
    assert sum(path.startswith("vendor/") for path in paths) > 30
    assert "docs/übersicht der daten.md" in paths
    modes = harbour.git("ls-tree", "-r", "main", "docs/latest.md", "tools/check.sh")
    assert "120000 blob" in modes
    assert "100755 blob" in modes
    for plant in harbour.truth.planted("binary"):
        assert harbour.git("diff", "--numstat", f"{plant.sha}^", plant.sha).startswith("-\t-\t")


def test_owners_stand_in_codeowners(harbour: Repository) -> None:
    owners = harbour.git("show", "main:.github/CODEOWNERS")
    for team in harbour.truth.teams:
        for prefix in team.prefixes:
            assert f"/{prefix} @acme/{team.name}" in owners


def test_mailmap_joins_half_of_the_second_addresses(harbour: Repository) -> None:
    mailmap = harbour.git("show", "main:.mailmap")
    identities = harbour.truth.identities
    assert {identity.mapped for identity in identities} == {True, False}
    for one in identities:
        line = f"{one.name} <{one.email}> {one.other_name} <{one.other_email}>"
        assert (line in mailmap) == one.mapped
    used = {commit.author[1] for commit in harbour.commits.values()}
    assert sum(identity.other_email in used for identity in identities) >= 2


def test_everyone_lives_at_example_org(harbour: Repository) -> None:
    known = {*harbour.truth.bots, *harbour.truth.agents, "noreply@github.com"}
    for commit in harbour.commits.values():
        for address in (commit.author[1], commit.committer[1]):
            assert address in known or address.endswith(("@example.org", "@home.example.org"))
