"""A small GitLab: lists with pages, marks and moments, scopes and faults, as its documentation has them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlencode

import httpx

START = datetime(2026, 1, 1, tzinfo=UTC)
#: As many records as a page holds at most.
MOST = 100


def moment(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.") + "123Z"


@dataclass
class GitLab:
    """One project of one instance.

    Attributes:
        base: address of its interface.
        project: path of the project.
        scopes: what the token may do.
        items: records by list, as `issues`, `merge_requests/4/notes`; an object where one is asked alone.
        faults: called with each list before it is answered; may answer in its place.
        asked: every request below the project, with its query.
    """

    base: str = "https://gitlab.com/api/v4"
    project: str = "acme/platform/shop"
    token: str = "glpat-a-token"
    scopes: frozenset[str] = frozenset(("read_api",))
    items: dict[str, Any] = field(default_factory=dict)
    faults: list[Callable[[str], httpx.Response | None]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def put(self, name: str, *records: dict[str, Any]) -> None:
        """Add records, or change those with the same id."""
        known = {r["id"]: r for r in self.items.get(name, [])}
        self.items[name] = list((known | {r["id"]: r for r in records}).values())

    def __call__(self, request: httpx.Request) -> httpx.Response:
        address = str(request.url).partition("?")[0]
        match = re.fullmatch(rf"{re.escape(self.base)}/projects/([^/]+)/(.+)", address)
        sent = request.headers.get("private-token") or request.headers.get("authorization", "")
        if sent.removeprefix("Bearer ") != self.token:
            return problem(401, message="401 Unauthorized")
        if not self.scopes & {"api", "read_api"}:
            told = "The request requires higher privileges than provided by the access token."
            return problem(403, error="insufficient_scope", error_description=told, scope="api read_api")  # fmt: skip
        if match is None or unquote(match[1]).lower() != self.project.lower():
            return problem(404, message="404 Project Not Found")
        name, params = match[2], dict(request.url.params)
        self.asked.append(f"{name}?{urlencode(params)}" if params else name)
        fault = next((found for f in list(self.faults) if (found := f(name))), None)
        return fault or self._answer(name, params, request)

    def _answer(self, name: str, params: dict[str, str], request: httpx.Request) -> httpx.Response:
        found = self.items.get(name)
        if isinstance(found, dict):
            return httpx.Response(200, json=found)
        if found is None and name.endswith("/approvals"):
            return httpx.Response(200, json={"approved": False, "approved_by": []})
        if found is None and re.fullmatch(r"pipelines/\d+", name):
            return problem(404, message="404 Not found")
        records = self._list(found or [], params)
        size, page = min(MOST, int(params.get("per_page", 20))), int(params.get("page", 1))
        shown = records[(page - 1) * size : page * size]
        mark = f'W/"{hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]}"'
        if request.headers.get("if-none-match") == mark:
            return httpx.Response(304, headers={"ETag": mark})
        headers = {"ETag": mark, "X-Page": str(page), "X-Per-Page": str(size)}
        address = str(request.url).partition("?")[0]
        links = [f'<{address}?{urlencode({**params, "page": 1})}>; rel="first"']
        if page * size < len(records):
            links.append(f'<{address}?{urlencode({**params, "page": page + 1})}>; rel="next"')
        return httpx.Response(200, json=shown, headers=headers | {"Link": ", ".join(links)})

    def _list(self, found: list[dict[str, Any]], params: dict[str, str]) -> list[dict[str, Any]]:
        records = list(found)
        if after := params.get("updated_after"):
            # Inclusive, and finer than the second.
            records = [r for r in records if _at(r["updated_at"]) >= _at(after)]
        stamp = params.get("order_by", "created_at")
        if all(r.get(stamp) for r in records):
            records.sort(key=lambda r: (_at(r[stamp]), r["id"]))
            if params.get("sort", "desc") == "desc":
                records.reverse()
        return records


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def problem(status: int, headers: dict[str, str] | None = None, **told: str) -> httpx.Response:
    return httpx.Response(status, json=told, headers=headers)


def once(answer: httpx.Response, on: str = "", after: int = 0):
    """A fault that happens a single time, on one list if one is named, after some requests."""
    left = [after]

    def fault(name: str) -> httpx.Response | None:
        if on and name != on:
            return None
        left[0] -= 1
        return answer if left[0] == -1 else None

    return fault


def user(number: int, username: str) -> dict[str, Any]:
    where = f"https://gitlab.com/{username}"
    return {
        "id": number,
        "username": username,
        "name": username.title(),
        "state": "active",
        "web_url": where,
    }


ADA, BO = user(1, "ada"), user(2, "bo")


def item(number: int, *, changed: float, **more: object) -> dict[str, Any]:
    return {
        "id": 9000 + number, "iid": number, "project_id": 9, "title": f"Item {number}", "description": "",
        "state": "opened", "author": ADA, "labels": [], "user_notes_count": 0, "closed_at": None,
        "created_at": moment(number / 100), "updated_at": moment(changed),
    } | more  # fmt: skip


def issue(number: int, *, changed: float, **more: object) -> dict[str, Any]:
    return item(number, changed=changed, confidential=False, _links={}) | more


def merge_request(number: int, *, changed: float, **more: object) -> dict[str, Any]:
    here = {"source_branch": "t", "target_branch": "main", "sha": "1" * 40, "merged_at": None}
    return item(number, changed=changed, **here) | more


def note(number: int, of: int, body: str, *, at: float, **more: object) -> dict[str, Any]:
    return {
        "id": number, "type": None, "body": body, "author": BO, "system": False, "noteable_type": "MergeRequest",
        "noteable_id": 9000 + of, "noteable_iid": of, "created_at": moment(at), "updated_at": moment(at),
    } | more  # fmt: skip


def pipeline(number: int, *, changed: float, **more: object) -> dict[str, Any]:
    return {
        "id": number, "project_id": 9, "sha": "1" * 40, "ref": "main", "status": "success", "source": "push",
        "created_at": moment(changed), "updated_at": moment(changed), "web_url": "",
    } | more  # fmt: skip
