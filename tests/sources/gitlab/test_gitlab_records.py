"""Records of GitLab at the edges: deleted accounts, other instances, other trackers, words nobody knows."""

from __future__ import annotations

from typing import Any

import pytest
from tests.fakes.gitlab import BO, issue, item, merge_request, moment, note, pipeline
from tests.sources.reading import KEY, by_table

from trueup.facts.automation import automation
from trueup.facts.pseudonyms import identity
from trueup.facts.rows import OddRecordError, Rows
from trueup.facts.schema import TABLES
from trueup.sources.gitlab import SOURCE
from trueup.sources.gitlab.places import place, place_named
from trueup.sources.gitlab.texts import links_of_note, links_of_text, note_of

PLACE = "acme/platform/shop"
API = "https://gitlab.com/api/v4/projects"


def read(
    kind: str, *records: dict[str, Any], asked: str = "", about: dict[str, Any] | None = None
) -> Rows:
    rows = Rows(KEY)
    for number, record in enumerate(records):
        rows.begin(f"{kind}:{number}", f"{number:064x}", asked, about or {"place": PLACE})
        SOURCE.kind(kind).to_facts(record, rows)
    return rows


def table(rows: Rows, name: str) -> list[dict[str, Any]]:
    return by_table(rows).get(name, [])


@pytest.mark.parametrize(
    ("record", "asked", "told"),
    [
        ({}, f"{API}/acme%2Fplatform%2Fshop/issues?page=2", PLACE),
        ({}, "/projects/acme%2Fplatform%2Fshop/issues/4/notes", PLACE),
        ({"references": {"full": "a/b/c!4"}}, f"{API}/9/merge_requests", "a/b/c"),
        ({"web_url": "https://gitlab.com/a/b/c/-/pipelines/4"}, f"{API}/9/pipelines", "a/b/c"),
        ({"web_url": "https://gitlab.com/a/b/pipelines/4"}, "", "a/b"),
        ({"web_url": "https://x.example/git/a/b/-/jobs/4"}, "https://x.example/git/api/v4/projects/9/jobs", "a/b"),
        ({"_links": {"self": "https://x.example/git/a/b/-/releases/v1"}}, "https://x.example/git/api/v4/projects/9/x", "a/b"),
        ({"web_url": "https://gitlab.com/groups/a/-/milestones/4"}, f"{API}/9/milestones", "9"),
        ({"project_id": 12}, "", "12"),
    ],
)  # fmt: skip
def test_the_project_a_record_belongs_to(record, asked, told):
    rows = Rows(KEY)
    rows.begin("x:1", "0" * 64, asked)
    assert place(record, rows) == told


def test_what_tells_no_project_is_odd():
    rows = Rows(KEY)
    rows.begin("x:1", "0" * 64)
    with pytest.raises(OddRecordError, match="its project"):
        place({"web_url": "https://gitlab.com/bo"}, rows)
    assert place_named({}) == ""


def test_accounts_of_two_instances_are_two():
    here = BO | {"web_url": "https://code.example/git/bo"}
    rows = read("merge_requests", merge_request(1, changed=1, author=BO), merge_request(2, changed=1, author=here))  # fmt: skip
    hosts = {"gitlab.com", "code.example"}
    told = {identity(KEY, "bo", f"2-bo@users.noreply.{host}") for host in hosts}
    assert {r["author"] for r in table(rows, "requests")} == told


@pytest.mark.parametrize(
    ("account", "told"),
    [
        (None, False),
        ({"id": 5, "username": "ghost1", "name": "Ghost User", "web_url": "https://gitlab.com/ghost1"}, False),
        ({"id": 5, "username": "ghost", "name": "Gale Hostler", "web_url": "https://gitlab.com/ghost"}, True),
        ({"id": 5, "username": "cy"}, True),
    ],
)  # fmt: skip
def test_deleted_accounts_are_nobody(account, told):
    (row,) = table(read("issues", issue(1, changed=1, author=account)), "issues")
    assert (row["creator"] is not None) is told


def test_tokens_of_projects_are_no_people():
    for name in ("project_9_bot", "project_9_bot3", "group_31_bot_0f3a", "service_account_group_3_ab"):  # fmt: skip
        assert automation().is_bot(name, f"7-{name}@users.noreply.gitlab.com"), name
        assert automation().is_bot("Release", f"{name}@noreply.gitlab.example"), name
    assert not automation().is_bot("project_bot_fan", "9-botanist@users.noreply.gitlab.com")


@pytest.mark.parametrize(
    ("state", "more", "status", "sha"),
    [
        ("merged", {"merge_commit_sha": "c" * 40, "squash_commit_sha": "d" * 40}, "merged", "c" * 40),
        ("merged", {"merge_commit_sha": None, "squash_commit_sha": "d" * 40}, "merged", "d" * 40),
        ("merged", {"merge_commit_sha": None, "squash_commit_sha": None}, "merged", None),
        ("closed", {"merge_commit_sha": "c" * 40}, "closed", None),
        ("locked", {}, "open", None),
        ("dreamt", {}, "other", None),
    ],
)  # fmt: skip
def test_the_commit_that_merged_it(state, more, status, sha):
    rows = read("merge_requests", merge_request(1, changed=1, state=state, **more))
    (row,) = table(rows, "requests")
    assert (row["status"], row["merge_sha"]) == (status, sha)


def test_what_only_a_record_alone_tells_stands_when_a_list_follows():
    alone = merge_request(1, changed=1, diff_refs={"base_sha": "a" * 40}, changes_count="3")
    listed = merge_request(1, changed=1)
    for order in ((alone, listed), (listed, alone)):
        (row,) = table(read("merge_requests", *order), "requests")
        assert (row["base_sha"], row["files"]) == ("a" * 40, 3)
    gone = alone | {"diff_refs": None, "changes_count": "1000+"}
    (row,) = table(read("merge_requests", alone, gone), "requests")
    assert (row["base_sha"], row["files"]) == (None, None), "what is told as nothing is nothing"


def test_a_retried_pipeline_keeps_its_number_and_forgets_when_it_ended():
    done = pipeline(7, changed=1, started_at=moment(1), finished_at=moment(2), user=BO)
    again = done | {"status": "running", "finished_at": None, "started_at": moment(5)}
    (row,) = table(read("pipelines", done, again), "builds")
    assert (row["status"], row["ended_at"], row["result"]) == ("running", None, "")


@pytest.mark.parametrize(
    ("body", "field", "word"),
    [
        ("approved this merge request", "other", "approved"),
        ("unapproved this merge request", "other", "unapproved"),
        ("requested changes", "other", "requested_changes"),
        ("requested review from @bo", "other", "reviewer"),
        ("assigned to @bo and unassigned @ada", "assignee", "assignee"),
        ("removed assignee", "assignee", "assignee"),
        ("removed milestone", "milestone", "milestone"),
        ("unmarked as a **Work In Progress**", "other", "draft"),
        ("marked this merge request as **ready**", "other", "draft"),
        ("marked #7 as a duplicate of this issue", "link", "duplicate"),
        ("marked this issue as related to #7", "link", "relate"),
        ('removed ~"to do" label', "label", "label"),
        ("added 12 commits\n\n* 1234 - x label", "other", "commit"),
        ("added 1h of time spent at 2026-01-01", "other", "time_tracking"),
        ("changed time estimate to 2h", "other", "time_tracking"),
        ("changed due date to January 5, 2026", "other", "due_date"),
        ("changed target branch from `a` to `b`", "other", "branch"),
        ("changed this line in [version 2 of the diff](x)", "other", "outdated"),
        ("moved to acme/other#5", "other", "moved"),
        ("merged manually", "status", "merged"),
    ],
)
def test_what_system_notes_tell(body, field, word):
    found = note_of(body)
    assert found is not None
    assert (found.field, found.word) == (field, word)


@pytest.mark.parametrize(
    ("body", "links"),
    [
        ("closed via merge request !5", [("closed_by", "request", "5")]),
        ("closed via merge request acme/tools!5", [("closed_by", "request", "acme/tools!5")]),
        (f"closed via commit {'e' * 40}", [("closed_by", "commit", "e" * 40)]),
        ("closed via 1a2b3c4d", [("closed_by", "commit", "1a2b3c4d")]),
        ("closed", []),
        ("mentioned in issue acme/platform/shop#4", [("mentions", "issue", "#4")]),
        ("mentioned in epic &4", []),
        ("marked this issue as a duplicate of tools#7", [("duplicates", "issue", "acme/platform/tools#7")]),
        ("marked #7 as a duplicate of this issue", []),
        ("mentioned the facade", []),
    ],
)  # fmt: skip
def test_what_system_notes_point_at(body, links):
    told = note_of(body)
    found = links_of_note(body, PLACE, told.word if told else "")
    assert [link[:3] for link in found] == links


CLOSES, MENTIONS = ("closes", "issue"), ("mentions", "issue")


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Closes #5", [(*CLOSES, "#5")]),
        ("closes acme/platform/shop#5", [(*CLOSES, "#5")]),
        ("Fixes tools#5", [(*CLOSES, "acme/platform/tools#5")]),
        ("Fixes acme/platform/tools#5", [(*CLOSES, "acme/platform/tools#5")]),
        ("Resolves other/platform/shop#5", [(*CLOSES, "other/platform/shop#5")]),
        ("Closes https://gitlab.com/acme/platform/shop/-/issues/5", [(*CLOSES, "#5")]),
        ("Closes https://gitlab.com/acme/platform/shop/-/work_items/5#note_7.", [(*CLOSES, "#5")]),
        ("Closes https://gitlab.com/acme/tools/-/issues/5", [(*CLOSES, "acme/tools#5")]),
        ("Closes https://github.com/acme/tools/issues/5", []),
        ("Closes SHOP-12 and #4", [(*CLOSES, "SHOP-12"), (*CLOSES, "#4")]),
        ("Fixes#5", [(*CLOSES, "#5")]),
        ("Issue#5 again", [(*MENTIONS, "#5")]),
        ("See !5, https://gitlab.com/acme/platform/shop/-/merge_requests/6/diffs", [("mentions", "request", "5"), ("mentions", "request", "6")]),
        ("See merge request acme/platform/shop!7", [("mentions", "request", "7")]),
        ("Follows acme/tools!8", [("mentions", "request", "acme/tools!8")]),
        ("This reverts merge request !9", [("reverts", "request", "9")]),
        ("wow!", []),
    ],
)  # fmt: skip
def test_what_texts_say_of_other_things(text, links):
    _, found = links_of_text("A change", text, PLACE, "https://gitlab.com")
    assert sorted(link[:3] for link in found) == sorted(links)


def test_an_instance_below_a_path_has_addresses_of_its_own():
    text = "Closes https://x.example/git/acme/shop/-/issues/5 and https://x.example/acme/shop/-/issues/6"
    _, found = links_of_text("A change", text, "acme/shop", "https://x.example/git")
    assert [link[:3] for link in found] == [(*CLOSES, "#5")]


def test_no_issue_is_taken_for_the_request_of_the_same_number():
    rows = read("merge_requests", merge_request(4, changed=1, description="Closes #4, see !4"))
    links = [(r["relation"], r["target"]) for r in table(rows, "item_links")]
    assert links == [("closes", "#4")]
    comments = read(
        "merge_request_notes", note(1, 4, "x", at=1), note(2, 4, "x", at=1, noteable_type="Issue")
    )
    assert [r["key"] for r in table(comments, "comments")] == ["!4", "#4"]


def test_issues_that_another_tracker_holds():
    asked = f"{API}/acme%2Fplatform%2Fshop/merge_requests/4/closes_issues"
    own = item(7, changed=1, web_url="https://x.example/git/acme/platform/shop/-/issues/7")
    rows = read("closes_issues", {"id": "SHOP-12", "title": "x"}, own, asked=asked)
    told = {(r["item"], r["target"], r["happened_at"]) for r in table(rows, "item_links")}
    assert told == {("4", "SHOP-12", None), ("4", "#7", None)}


def test_an_approval_is_one_whoever_tells_of_it():
    rows = Rows(KEY)
    for kind, record in (
        ("approvals", {"approved_by": [{"user": BO}], "iid": 4}),
        ("merge_request_notes", note(1, 4, "approved this merge request", at=3, system=True)),
    ):
        rows.begin(f"{kind}:1", "0" * 64, "", {"place": PLACE})
        SOURCE.kind(kind).to_facts(record, rows)
    ((review, verdict, at),) = {(r["review"], r["verdict"], r["happened_at"]) for r in table(rows, "reviews")}  # fmt: skip
    assert (review, verdict, at is not None) == ("approval:2", "approved", True)


def test_an_approval_of_an_issue_is_none():
    approved = note(1, 4, "approved this merge request", at=3, system=True, noteable_type="Issue")
    assert table(read("issue_notes", approved), "reviews") == []


def test_notes_of_other_things_are_odd():
    with pytest.raises(OddRecordError, match="neither an issue nor"):
        read("merge_request_notes", note(1, 4, "x", at=1, noteable_type="Commit"))


def test_what_is_not_said_is_nothing():
    (row,) = table(read("issues", issue(1, changed=1, time_stats=None, weight=None)), "issues")
    left = ("points", "estimate_minutes", "spent_minutes", "severity", "due_at", "parent")
    assert {row[c] for c in left} == {None}
    (row,) = table(read("issues", issue(1, changed=1, time_stats={"time_estimate": 0})), "issues")
    assert row["estimate_minutes"] is None


def test_labels_with_details_are_labels():
    (row,) = table(read("issues", issue(1, changed=1, labels=[{"name": "type::bug"}])), "issues")
    assert (row["labels"], row["kind"]) == (["type::bug"], "bug")


def test_every_word_of_a_status_has_one_meaning():
    words = "created waiting_for_resource preparing pending running success failed canceled skipped manual scheduled canceling waiting_for_callback"
    rows = read("pipelines", *(pipeline(n, changed=1, status=w) for n, w in enumerate(words.split())))  # fmt: skip
    found = table(rows, "builds")
    assert not rows.unknown_values
    assert {r["status_original"] for r in found if r["result"]} == {"success", "failed", "canceled", "skipped"}  # fmt: skip
    assert {r["status"] for r in found if r["result"]} == {"done"}


def test_all_tables_are_known():
    assert set(SOURCE.writes) <= set(TABLES.names())


def votes(*bodies: str, by: dict[str, Any] = BO) -> list[tuple[str, str]]:
    told = [
        note(n, 4, body, at=n, system=True, noteable_type="MergeRequest", author=by)
        for n, body in enumerate(bodies, 1)
    ]
    reviews = table(read("merge_request_notes", *told), "reviews")
    return [(r["review"].partition(":")[0], r["verdict"]) for r in reviews]


APPROVED, WITHDRAWN = "approved this merge request", "unapproved this merge request"
RESET = "reset approvals from @cy, @bo, and @ada by pushing to the branch"


@pytest.mark.parametrize(
    ("bodies", "verdict"),
    [
        ((APPROVED, WITHDRAWN), "dismissed"),
        ((APPROVED, WITHDRAWN, APPROVED), "approved"),
        ((APPROVED, RESET), "dismissed"),
        ((APPROVED, RESET, APPROVED), "approved"),
        ((APPROVED, RESET.replace("@bo", "@bo.q")), "approved"),
    ],
)
def test_an_account_has_one_approval(bodies, verdict):
    assert votes(*bodies) == [("approval", verdict)]


def test_approvals_that_were_reset_and_are_not_known_are_told():
    told = note(1, 4, RESET, at=1, system=True, noteable_type="MergeRequest")
    rows = read("merge_request_notes", told)
    assert sum(rows.remarks.values()) == 3
    assert not table(rows, "reviews")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("mentioned in merge request !9", (PLACE, "request", "9", "issue", "#5")),
        ("mentioned in issue #7", (PLACE, "issue", "#7", "issue", "#5")),
        (
            "mentioned in merge request acme/other!9",
            ("acme/other", "request", "9", "issue", f"{PLACE}#5"),
        ),
    ],
)
def test_what_mentions_an_issue_points_at_it(body, expected):
    told = note(1, 5, body, at=1, system=True, noteable_type="Issue")
    (link,) = table(read("issue_notes", told), "item_links")
    assert link["relation"] == "mentions"
    assert (
        tuple(link[x] for x in ("repo", "item_kind", "item", "target_kind", "target")) == expected
    )


@pytest.mark.parametrize(
    ("record", "target"),
    [
        ({"references": {"full": f"{PLACE}#7"}}, "#7"),
        ({"references": {"full": f"partners/{PLACE}#7"}}, f"partners/{PLACE}#7"),
        ({"web_url": f"https://code.example/gitlab/{PLACE}/-/issues/7"}, "#7"),
    ],
)
def test_an_issue_it_closes_is_its_own_by_its_whole_path(record, target):
    told = {"iid": 7, "project_id": 99, "title": "x"} | record
    (link,) = table(
        read("closes_issues", told, about={"place": PLACE, "number": "4"}), "item_links"
    )
    assert link["target"] == target
