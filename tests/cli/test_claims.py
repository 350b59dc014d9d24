"""Questions after a scan: claims chosen in every way, and one claim down to its commits."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from trueup.claims.model import Kind
from trueup.cli.claims import CLAIMS_SCHEMA, KINDS
from trueup.publish.document import VERDICTS

if TYPE_CHECKING:
    from tests.cli.conftest import Scanned

ID = re.compile(r"^  (C-[A-Z2-7]{7}) ", re.MULTILINE)


@pytest.fixture(scope="session")
def every(scanned: Scanned) -> list[dict[str, Any]]:
    """All claims, the newest first."""
    return asked(scanned, "--limit", "0")


def asked(scanned: Scanned, *arguments: str) -> list[dict[str, Any]]:
    ran = scanned.ask("claims", *arguments, "--json", "-")
    assert (ran.code, ran.err) == (0, "")
    told = json.loads(ran.out)
    assert told["schema"] == CLAIMS_SCHEMA
    assert told["total"] >= len(told["claims"])
    found: list[dict[str, Any]] = told["claims"]
    return found


def test_kinds_are_all_kinds():
    assert set(KINDS) == {kind.value for kind in Kind}


def test_all_claims_are_those_of_the_report(scanned: Scanned, every):
    mix = json.loads(scanned.json)["mix"]["counts"]
    assert {v: sum(c["verdict"] == v for c in every) for v in VERDICTS} == mix
    days = [c["claimed_at"] for c in every]
    assert days == sorted(days, reverse=True)
    assert len({c["id"] for c in every}) == len(every)


@pytest.mark.parametrize(
    ("arguments", "fits"),
    [
        (["--status", "contradicted"], lambda c: c["verdict"] == "contradicted"),
        (["--status", "pending"], lambda c: c["verdict"] == "pending"),
        (["--kind", "umbrella"], lambda c: c["kind"] == "umbrella"),
        (["--kind", "release_note"], lambda c: c["kind"] == "release_note"),
        (["--area", "@acme/merge"], lambda c: c["area"] == "@acme/merge"),
        (["--repository", "cove"], lambda _: True),
        (["--since", "2024-06-01"], lambda c: c["claimed_at"] >= "2024-06-01"),
        (["--find", "acme-1"], lambda c: "ACME-1" in c["ticket"]),
        (
            ["--status", "verified", "--area", "@acme/squash", "--since", "2024-01-01"],
            lambda c: (
                (c["verdict"], c["area"]) == ("verified", "@acme/squash")
                and c["claimed_at"] >= "2024-01-01"
            ),
        ),
    ],
)
def test_claims_are_chosen(arguments, fits, scanned: Scanned, every):
    found = asked(scanned, *arguments, "--limit", "0")
    assert found == [c for c in every if fits(c)]
    assert len(found) > 0
    assert len(found) < len(every) or "--repository" in arguments


@pytest.mark.parametrize("key", ["id", "commits"])
def test_one_claim_is_found_by_what_names_it(key, scanned: Scanned, every):
    claim = every[30]
    named = claim[key] if key == "id" else claim[key][0][:12]
    assert claim in asked(scanned, "--find", named, "--limit", "0")


@pytest.mark.parametrize("option", ["--area", "--repository", "--find"])
def test_nothing_fits(option, scanned: Scanned):
    ran = scanned.ask("claims", option, "no such thing")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "No claim fits what was asked.\n"
    assert asked(scanned, option, "no such thing") == []


@pytest.mark.parametrize(("limit", "shown"), [((), 20), (("--limit", "3"), 3)])
def test_how_many_are_shown(limit, shown, scanned: Scanned, every):
    ran = scanned.ask("claims", *limit)
    assert ID.findall(ran.out) == [c["id"] for c in every[:shown]]
    assert ran.out.endswith(f"\n  {shown} of {len(every)} shown\n")
    assert asked(scanned, *limit) == every[:shown]


def test_all_are_shown(scanned: Scanned, every):
    ran = scanned.ask("claims", "--limit", "0")
    assert ID.findall(ran.out) == [c["id"] for c in every]
    assert "shown" not in ran.out


def test_a_file_holds_the_same_without_subjects(scanned: Scanned, every, tmp_path):
    """`Subjects are read when a claim is listed; they are not written to any file`"""
    place = tmp_path / "claims.json"
    ran = scanned.ask("claims", "--limit", "0", "--json", place)
    assert ID.findall(ran.out) == [c["id"] for c in every]
    assert json.loads(place.read_text())["claims"] == [c | {"subject": ""} for c in every]
    assert any(c["subject"] for c in every)
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("status", ["verified", "partial", "contradicted", "unverified"])
def test_a_claim_is_explained_down_to_its_commits(status, scanned: Scanned, every):
    claim = next(c for c in every if c["verdict"] == status and c["commits"])
    ran = scanned.ask("explain", claim["id"].lower())
    assert (ran.code, ran.err) == (0, "")
    told = " ".join(ran.out.split())
    assert ran.out.startswith(f"  {claim['id']} · ")
    assert claim["reason"] in told
    assert all(sha[:12] in told for sha in claim["commits"][:6])
    assert f"{claim['claimed_at']} as {claim['kind']} in cove" in told
    assert "Evidence" in told
    assert ("  against  " in ran.out) == (status == "contradicted")
    assert ("What would make it verified" in told) == (status != "verified")


def test_what_speaks_against_is_named_by_its_commit(scanned: Scanned, every):
    from tests.sources.git.making import words

    for claim in [c for c in every if c["verdict"] == "contradicted"][:3]:
        told = scanned.ask("explain", claim["id"]).out
        lines = told[told.index("Evidence") :].split("  against  ")[1:]
        assert lines
        for line in lines:
            (short, *_) = re.findall(r"\(([0-9a-f]{12})\)", " ".join(line.split()))
            assert len(words(scanned.repository, "rev-parse", "--verify", short)) == 1


def test_everything_listed_can_be_explained(scanned: Scanned):
    told = scanned.ask("explain", "--list")
    groups = dict(line.split(": ", 1) for line in told.out.splitlines())
    for group in ("signals", "gaps", "errors"):
        name = groups[group].split(", ")[0]
        ran = scanned.ask("explain", name)
        assert (ran.code, ran.err) == (0, "")
        assert "What it says\n" in ran.out
    assert scanned.ask("explain") == told
