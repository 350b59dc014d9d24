"""A small GitHub: lists with pages, marks, moments, limits and faults, as its documentation has them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

BASE = "https://api.github.com"
START = datetime(2026, 1, 1, tzinfo=UTC)

Answer = tuple[str, list[tuple[str, str]], bytes]


def moment(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class GitHub:
    """One repository behind HTTP.

    Attributes:
        items: records by list, as `issues`, `pulls`, `pulls/4/reviews`.
        faults: called with each path before it is answered; may answer in its place.
        asked: every request, with its query.
    """

    repo: str = "acme/app"
    token: str = "a-token"
    items: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: list[Callable[[str], Answer | None]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def put(self, name: str, *records: dict[str, Any]) -> None:
        """Add records, or change those with the same id."""
        known = {r["id"]: r for r in self.items.get(name, [])}
        self.items[name] = list((known | {r["id"]: r for r in records}).values())

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        self.asked.append(f"{path}?{query}" if query else path)
        status, headers, body = self._fault(path) or self._answer(path, query, environ)
        start(status, headers)
        return [body]

    def _fault(self, path: str) -> Answer | None:
        for fault in list(self.faults):
            if answer := fault(path):
                return answer
        return None

    def _answer(self, path: str, query: str, environ: dict[str, Any]) -> Answer:
        if environ.get("HTTP_AUTHORIZATION") != f"Bearer {self.token}":
            return problem("401 Unauthorized", "Bad credentials")
        if path == "/graphql":
            told = json.loads(environ["wsgi.input"].read())["variables"]
            found = json.dumps(self._graph(told)).encode()
            return "200 OK", [("Content-Type", "application/json")], found
        match = re.fullmatch(rf"/repos/{self.repo}/(.+)|/(orgs/.+)", path)
        if match is None or (match[2] and match[2] not in self.items):
            return problem("404 Not Found", "Not Found")
        name, params = match[1] or match[2], dict(parse_qsl(query))
        records, within = self._list(name, params)
        per_page, page = int(params.get("per_page", 30)), int(params.get("page", 1))
        shown = records[(page - 1) * per_page : page * per_page]
        told = {"total_count": len(records), within: shown} if within else shown
        body = json.dumps(told).encode()
        mark = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
        headers = [("Content-Type", "application/json; charset=utf-8"), ("ETag", mark)]
        if environ.get("HTTP_IF_NONE_MATCH") == mark:
            return "304 Not Modified", headers, b""
        if page * per_page < len(records):
            following = f"{BASE}{path}?{urlencode(params | {'page': page + 1})}"
            headers.append(("Link", f'<{following}>; rel="next"'))
        return "200 OK", headers, body

    def _graph(self, told: dict[str, Any]) -> dict[str, Any]:
        """Pull requests with their reviews, as GraphQL gives them."""
        if f"{told['owner']}/{told['name']}" != self.repo:
            return {
                "data": {"repository": None},
                "errors": [{"type": "NOT_FOUND", "message": "no"}],
            }
        found, _ = self._list("pulls", {"sort": "updated"})
        at = int(told["cursor"] or 0)
        shown = [node(p, self.items.get(f"pulls/{p['number']}/reviews", [])) for p in found]
        page = {"hasNextPage": at + 50 < len(found), "endCursor": str(at + 50)}
        requests = {"pageInfo": page, "nodes": shown[at : at + 50]}
        return {"data": {"repository": {"pullRequests": requests}}}

    def _list(self, name: str, params: dict[str, str]) -> tuple[list[dict[str, Any]], str]:
        records = list(self.items.get(name, []))
        if since := params.get("since"):
            records = [r for r in records if r["updated_at"] >= since]
        stamp = "updated_at" if params.get("sort") == "updated" else "created_at"
        newest_first = params.get("direction") != "asc"
        if all(stamp in r for r in records):
            records.sort(key=lambda r: (r[stamp] or "", r["id"]), reverse=newest_first)
        return records, "workflow_runs" if name == "actions/runs" else ""


def problem(status: str, message: str, **headers: str) -> Answer:
    told = [
        ("Content-Type", "application/json"),
        *((k.replace("_", "-"), v) for k, v in headers.items()),
    ]
    return status, told, json.dumps({"message": message}).encode()


def once(status: str, message: str = "no", after: int = 0, **headers: str):
    """A fault that happens a single time, after some requests."""
    left = [after]

    def fault(_: str) -> Answer | None:
        left[0] -= 1
        return problem(status, message, **headers) if left[0] == -1 else None

    return fault


def issue(number: int, *, changed: float, **more: object) -> dict[str, Any]:
    here = f"{BASE}/repos/acme/app/issues/{number}"
    return {
        "url": here, "id": number, "number": number, "title": f"Issue {number}", "state": "open",
        "user": {"login": "ada"}, "labels": [], "body": "", "comments": 0, "events_url": "", "comments_url": "",
        "created_at": moment(number), "updated_at": moment(changed), "closed_at": None,
    } | more  # fmt: skip


def pull(number: int, *, changed: float, **more: object) -> dict[str, Any]:
    return issue(number, changed=changed) | {
        "url": f"{BASE}/repos/acme/app/pulls/{number}", "head": {"ref": "t", "sha": "1" * 40},
        "base": {"ref": "main", "sha": "0" * 40}, "merged_at": None,
    } | more  # fmt: skip


def node(request: dict[str, Any], reviews: list[dict[str, Any]]) -> dict[str, Any]:
    """A pull request in the form of GraphQL."""
    given = {
        k: request[k]
        for k in ("id", "number", "title", "body", "created_at", "closed_at", "merged_at")
    }
    who = {"__typename": "User", "login": request["user"]["login"]}
    looks = [
        {
            **{k: r[k] for k in ("id", "state", "submitted_at", "body")},
            "commit": {"oid": r["commit_id"]},
            "author": {"__typename": "User", "login": r["user"]["login"]},
        }
        for r in reviews
    ]
    return given | {
        "updated_at": request["updated_at"],
        "state": "MERGED" if request["merged_at"] else request["state"].upper(),
        "baseRefName": request["base"]["ref"], "baseRefOid": request["base"]["sha"],
        "headRefName": request["head"]["ref"], "headRefOid": request["head"]["sha"],
        "author": who, "reviews": {"totalCount": len(looks), "nodes": looks},
    }  # fmt: skip


def review(number: int, of: int, *, at: float) -> dict[str, Any]:
    return {
        "id": number, "user": {"login": "bo"}, "body": "", "state": "APPROVED", "commit_id": "1" * 40,
        "pull_request_url": f"{BASE}/repos/acme/app/pulls/{of}", "submitted_at": moment(at),
    }  # fmt: skip


def build(number: int) -> dict[str, Any]:
    return {
        "url": f"{BASE}/repos/acme/app/actions/runs/{number}", "id": number, "run_number": number,
        "status": "completed", "conclusion": "success", "created_at": moment(number),
        "updated_at": moment(number + 1), "head_sha": "1" * 40,
    }  # fmt: skip


def deployment(number: int) -> dict[str, Any]:
    return {
        "url": f"{BASE}/repos/acme/app/deployments/{number}", "id": number, "sha": "1" * 40,
        "environment": "production", "created_at": moment(number), "creator": {"login": "ada"},
    }  # fmt: skip
