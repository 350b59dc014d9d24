"""Syncing with GitLab: nested groups, instances below a path, scopes, pages, and what changed since."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.fakes.gitlab import (
    ADA,
    BO,
    GitLab,
    issue,
    merge_request,
    moment,
    note,
    once,
    pipeline,
    problem,
)
from tests.syncing import sync

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.kernel.errors import AccessError, CredentialsError, NotFoundError
from trueup.runs.forges import forge_of, place_of
from trueup.runs.kinds import SOURCES
from trueup.transport.http import Client

if TYPE_CHECKING:
    from trueup.runs.forges import Place

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LATER = {"before_sha": "0" * 40, "detailed_status": {}, "finished_at": moment(9), "user": ADA}


class Desk:
    """A workspace that syncs with one GitLab."""

    def __init__(self, workspace, gitlab: GitLab) -> None:
        self.store = Store(workspace)
        self.gitlab = gitlab
        self.slept: list[float] = []

    def sync(
        self, place: Place | None = None, token: str = "glpat-a-token", *, whole: bool = False
    ):
        source = SOURCES["gitlab"]
        base = place.door.address if place else self.gitlab.base
        client = Client(
            base, source.interface.headers(token), source.title, "GITLAB_TOKEN", fixed_clock(NOW),
            sleep=self.slept.append, transport=httpx.MockTransport(self.gitlab),
        )  # fmt: skip
        name = place.name if place else self.gitlab.project
        return sync(source, self.store, name, client, fixed_clock(NOW), whole=whole)

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        found = self.store.snapshot().table(TABLES[table]).to_pylist()
        return sorted(tuple(row[c] for c in columns) for row in found)


@pytest.fixture
def desk(tmp_path) -> Desk:
    gitlab = GitLab()
    gitlab.put("issues", *(issue(n, changed=n // 7) for n in range(1, 251)))
    gitlab.put("issues/3/resource_state_events", {
        "id": 1, "user": BO, "created_at": moment(4), "resource_type": "Issue", "resource_id": 9003, "state": "reopened",
    })  # fmt: skip
    gitlab.put("merge_requests", *(merge_request(n, changed=n) for n in range(1, 6)))
    gitlab.put("merge_requests/4/notes", *(note(n, 4, "Why?", at=n) for n in range(1, 131)))
    gitlab.items["merge_requests/4/approvals"] = {"approved_by": [{"user": BO}]}
    gitlab.put("pipelines", pipeline(71, changed=8), pipeline(72, changed=9, status="running"))
    gitlab.items["pipelines/71"] = pipeline(71, changed=8, started_at=moment(8)) | LATER
    return Desk(tmp_path / "workspace", gitlab)


def test_a_project_of_nested_groups_is_read_whole(desk: Desk) -> None:
    taken, refused = desk.sync()
    assert (refused, taken.problems) == ([], [])
    assert len(desk.rows("issues", "key")) == 250
    assert {repo for (repo,) in desk.rows("requests", "repo")} == {"acme/platform/shop"}
    assert len(desk.rows("comments", "comment")) == 130, "pages of one list are followed"
    assert desk.rows("reviews", "number", "review", "happened_at") == [("4", "approval:2", None)]
    assert desk.rows("issue_events", "key", "after") == [("#3", "open")]


def test_a_pipeline_alone_tells_more_than_the_list(desk: Desk) -> None:
    desk.sync()
    desk.sync()
    started = {b: at is not None for b, at in desk.rows("builds", "build", "started_at")}
    assert started == {"71": True, "72": False}
    assert len(desk.store.snapshot().records) == 1, "nothing new is no run"


def test_only_what_changed_is_asked_for_again(desk: Desk) -> None:
    desk.sync()
    desk.gitlab.asked.clear()
    changed = merge_request(2, changed=300, state="merged", merged_at=moment(300))
    desk.gitlab.put("merge_requests", changed | {"merge_commit_sha": "c" * 40})
    desk.gitlab.put("merge_requests/2/notes", note(900, 2, "approved this merge request", at=299, system=True))  # fmt: skip
    desk.sync()
    assert ("2", "merged", "c" * 40) in desk.rows("requests", "number", "status", "merge_sha")
    assert ("2", "approval:2", "approved") in desk.rows("reviews", "number", "review", "verdict")
    each = {a.partition("?")[0] for a in desk.gitlab.asked if a.startswith("merge_requests/")}
    assert {a.split("/")[1] for a in each} == {"2", "5"}, "the newest known is listed again"


def test_many_changes_in_one_second_are_read_by_pages(desk: Desk) -> None:
    desk.gitlab.put("issues", *(issue(n, changed=77) for n in range(300, 550)))
    desk.sync()
    desk.sync()
    assert len(desk.rows("issues", "key")) == 500


def test_broken_off_it_goes_on(desk: Desk) -> None:
    def stop(name: str) -> None:
        if name == "merge_requests/3/commits":
            raise KeyboardInterrupt

    desk.gitlab.faults.append(stop)
    with pytest.raises(KeyboardInterrupt):
        desk.sync()
    desk.gitlab.faults.clear()
    desk.gitlab.asked.clear()
    desk.sync()
    read = [a for a in desk.gitlab.asked if "/commits" in a]
    assert [a.split("/")[1] for a in read] == ["3", "4", "5"]


def test_what_is_gone_there_is_gone_here_when_all_is_read(desk: Desk) -> None:
    desk.gitlab.put("milestones", {
        "id": 3, "iid": 1, "title": "1.1", "state": "active", "created_at": moment(1), "updated_at": moment(1),
    })  # fmt: skip
    desk.sync()
    for name in ("issues", "merge_requests", "milestones"):
        desk.gitlab.items[name].pop(0)
    desk.sync(whole=True)
    assert ("#1",) not in desk.rows("issues", "key")
    assert len(desk.rows("issues", "key")) == 249
    assert len(desk.rows("requests", "number")) == 4
    assert desk.rows("milestones", "milestone") == []


def test_a_token_without_the_scope_is_told_which_one(desk: Desk) -> None:
    desk.gitlab.scopes = frozenset(("read_repository",))
    _, refused = desk.sync()
    assert {type(error) for error in refused} == {AccessError}
    assert "It needs: scope api or read_api." in str(refused[0])


def test_a_token_that_is_refused(desk: Desk) -> None:
    with pytest.raises(CredentialsError, match="GITLAB_TOKEN") as error:
        desk.sync(token="glpat-expired")
    assert "expired" not in str(error.value).replace("expired token", "")


def test_a_project_that_is_hidden(desk: Desk) -> None:
    desk.gitlab.project = "acme/other"
    with pytest.raises(NotFoundError, match="hides it"):
        desk.sync(place_of("gitlab:acme/platform/shop"))


def test_what_the_role_may_not_see_is_told_and_the_rest_is_read(desk: Desk) -> None:
    def forbid(name: str) -> httpx.Response | None:
        return problem(403, message="403 Forbidden") if name == "pipelines" else None

    desk.gitlab.faults.append(forbid)
    _, refused = desk.sync()
    assert [type(error) for error in refused] == [AccessError]
    assert "role Reporter" in str(refused[0])
    assert len(desk.rows("requests", "number")) == 5


def test_a_rate_limit_is_waited_for(desk: Desk) -> None:
    told = {"Retry-After": "17", "RateLimit-Remaining": "0", "RateLimit-Reset": "1780272017"}
    desk.gitlab.faults.append(once(httpx.Response(429, text="Retry later\n", headers=told), after=3))  # fmt: skip
    _, refused = desk.sync()
    assert (refused, desk.slept) == ([], [17])
    assert len(desk.rows("issues", "key")) == 250


def test_an_instance_below_a_path(desk: Desk, monkeypatch) -> None:
    monkeypatch.setenv("GITLAB_HOST", "https://code.example/gitlab/")
    desk.gitlab.base = "https://code.example/gitlab/api/v4"
    for path in ("gitlab/acme/platform/shop", "acme/platform/shop"):  # over HTTPS and over SSH
        place = forge_of("code.example", "platform/shop", path)
        assert place is not None
        assert place.name == "acme/platform/shop"
    desk.sync(place)
    assert len(desk.rows("issues", "key")) == 250


def test_tokens_of_oauth_stand_in_the_usual_header(desk: Desk) -> None:
    desk.gitlab.token = "0f" * 32
    _, refused = desk.sync(token="0f" * 32)
    assert refused == []
    headers = SOURCES["gitlab"].interface.headers
    assert "PRIVATE-TOKEN" not in headers("0f" * 32)
    assert "Authorization" not in headers("glpat-x")
    assert headers("") == {"Accept": "application/json"}


@pytest.mark.parametrize(
    ("host", "named", "address"),
    [
        ("gitlab.com", "", "https://gitlab.com/api/v4"),
        ("altssh.gitlab.com", "", "https://gitlab.com/api/v4"),
        ("gitlab.com", "https://gitlab.com", "https://gitlab.com/api/v4"),
        ("gitlab.com", "code.example", ""),
        ("code.example", "code.example", "https://code.example/api/v4"),
        ("code.example", "Code.Example:8443", "https://code.example:8443/api/v4"),
        ("code.example", "http://code.example/", "http://code.example/api/v4"),
        ("code.example", "https://code.example/Git/Lab", "https://code.example/Git/Lab/api/v4"),
        ("code.example", "", ""),
        ("gitlab.evil.example", "code.example", ""),
        ("gitlab.com.evil.example", "", ""),
        ("code.example", "https://[code.example", ""),
        ("code.example", "ftp://code.example", ""),
        ("", "", ""),
    ],
)
def test_a_token_goes_to_the_instance_it_stands_beside(host, named, address, monkeypatch):
    monkeypatch.setenv("GITLAB_HOST", named)
    monkeypatch.delenv("GL_HOST", raising=False)
    found = forge_of(host, "acme/app")
    assert (found.door.address if found else "") == address
    if found:
        assert found.door.command[-1] == address.split("/")[2]
        assert "--global" in found.door.command


def test_a_project_is_connected_without_a_clone(monkeypatch):
    monkeypatch.delenv("GITLAB_HOST", raising=False)
    assert place_of("gitlab:acme/app").door.address == "https://gitlab.com/api/v4"
    monkeypatch.setenv("GL_HOST", "code.example")
    assert place_of("gitlab:acme/app").door.address == "https://code.example/api/v4"
