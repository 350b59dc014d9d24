"""Records of Bitbucket: requests, what happened to them, pipelines, deployments, issues."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import given, needed, said, text_features
from trueup.facts.texts.message import Link, subject_id
from trueup.facts.texts.words import environment_kind, issue_kind, not_done
from trueup.kernel.clock import moment_of

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.facts.rows import Raw, Rows

_REQUEST = {"open": "open", "merged": "merged", "declined": "closed", "superseded": "closed"}
_ISSUE = dict.fromkeys(("new", "open", "submitted", "on hold"), "open") | dict.fromkeys(
    ("resolved", "closed", "invalid", "duplicate", "wontfix"), "done"
)
#: What is paused or halted waits for somebody or something.
_STATUS = (
    dict.fromkeys(("pending", "undeployed", "paused", "halted"), "queued")
    | dict.fromkeys(("in_progress", "building", "running"), "running")
    | dict.fromkeys(
        "completed successful passed failed error stopped cancelled expired".split(), "done"
    )
)
_RESULT = {
    "completed": "",
    "successful": "success",
    "passed": "success",
    "failed": "failure",
    "error": "failure",
    "stopped": "cancelled",
    "cancelled": "cancelled",
    "expired": "other",
}
_PLACE = re.compile(r"/repositories/([^/?]+/[^/?]+)(?:/pullrequests/(\d+))?")
_RAW = re.compile(r"\s*(.*?)\s*<([^<>]*)>\s*")
_WHOLE = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def pull_request(raw: Raw, to: Rows) -> None:
    """A pull request, from the list of them or alone."""
    theirs, ours = raw.get("source") or {}, raw.get("destination") or {}
    repo, number = _place(raw, to, ours.get("repository")), str(int(raw["id"]))
    status = to.meaning("requests.status", raw["state"], _REQUEST)
    common, links = _told(raw, raw.get("description") or "", repo)
    landed = (raw.get("merge_commit") or {}).get("hash") if status == "merged" else None
    to.add(
        "requests",
        repo=repo,
        number=number,
        status=status,
        author=_person(raw.get("author"), repo, to),
        **given(raw, draft="draft"),
        **_ended(raw, status, repo, to),
        target_branch=(ours.get("branch") or {}).get("name"),
        branch=(theirs.get("branch") or {}).get("name"),
        forked=_forked(theirs, ours),
        base_sha=_full(_sha(ours)),
        head_sha=_full(_sha(theirs)),
        merge_sha=_full(landed),
        **common,
    )
    if landed:
        found = Link("closed_by", "commit", landed, "merge_commit", 0.99)
        to.link(repo, ("request", number), found, happened_at=_merged_at(raw))
    for link in links:  # requests and issues are numbered apart: `#` and its own number is an issue
        if link.relation != "pull" and link.target:
            to.link(repo, ("request", number), link, happened_at=common["happened_at"])


def _ended(raw: Raw, status: str, repo: str, to: Rows) -> dict[str, Any]:
    """By whom and when it was merged or declined, as far as the record says."""
    by = _person(raw.get("closed_by"), repo, to) if status == "merged" else None
    told: dict[str, Any] = {"merged_by": by} if "closed_by" in raw or status != "merged" else {}
    if status == "merged":
        dated = "date" in (raw.get("merge_commit") or {})
        return told | (dict.fromkeys(("merged_at", "closed_at"), _merged_at(raw)) if dated else {})
    if status == "closed":
        to.remark("pull requests that were declined: when is not told, their last change is taken")
    ended = moment_of(raw.get("updated_on")) if status == "closed" else None
    return told | {"merged_at": None, "closed_at": ended}


def _told(raw: Raw, body: str, repo: str) -> tuple[dict[str, Any], tuple[Link, ...]]:
    """What pull requests and issues have in common, and what their texts say of other things."""
    text, (title_id, links) = text_features(body), said(raw["title"], body, slug=repo)
    return {
        "happened_at": moment_of(raw["created_on"]),
        "changed_at": moment_of(raw.get("updated_on")),
        "status_original": raw["state"],
        "title_id": title_id,
        **text.of_item(),
    }, links


def _merged_at(raw: Raw) -> datetime | None:
    """The date of the commit that merged it, unless it was made before that, and only moved along."""
    merged, head = raw.get("merge_commit") or {}, _sha(raw.get("source") or {})
    at, made = moment_of(merged.get("date")), moment_of(raw["created_on"])
    return at if at and made and at >= made and merged.get("hash") != head else None


def _sha(end: Raw) -> str | None:
    return (end.get("commit") or {}).get("hash")


def _full(sha: str | None) -> str | None:
    """The id of a commit where it is whole: pull requests mostly show its first twelve digits."""
    return sha if sha and _WHOLE.fullmatch(sha) else None


def _forked(theirs: Raw, ours: Raw) -> bool | None:
    """Whether it comes from another repository; unknown where that is gone."""
    one, other = ((end.get("repository") or {}).get("full_name") for end in (theirs, ours))
    return None if one is None or other is None else one != other


def activity(raw: Raw, to: Rows) -> None:
    """What happened to a pull request: an approval, a request for changes, a comment, or a change of state."""
    of = raw["pull_request"] or {}
    repo, number = _place({}, to, of), _number(of, to)
    if raw.get("comment"):
        _comment(raw["comment"], repo, number, to)
    for kind, verdict in (("approval", "approved"), ("changes_requested", "changes_requested")):
        if told := raw.get(kind):
            to.add(
                "reviews",
                happened_at=moment_of(told["date"]),
                repo=repo,
                number=number,
                review=f"{kind}:{told['date']}:{told['user']['uuid']}",
                reviewer=_person(told["user"], repo, to),
                verdict=verdict,
                verdict_original=kind,
            )
    if told := raw.get("update"):
        _update(told, repo, number, to)


def _update(raw: Raw, repo: str, number: str, to: Rows) -> None:
    """That it was merged or declined; the list of pull requests does not tell when."""
    ended = to.meaning("requests.status", raw.get("state"), _REQUEST) in {"merged", "closed"}
    changes = raw.get("changes") or {}
    if not ended or (changes and "status" not in changes):
        return
    to.add(
        "issue_events",
        happened_at=moment_of(raw["date"]),
        repo=repo,
        key=f"!{number}",
        event=f"{raw['state']}:{raw['date']}",
        field="status",
        field_original=raw["state"],
        before="open",
        after="done",
        actor=_person(raw.get("author"), repo, to),
    )


def _comment(raw: Raw, repo: str, number: str, to: Rows) -> None:
    """A comment on a pull request or a line of it."""
    own, inline = str(int(raw["id"])), raw.get("inline") or {}
    kind, parent = "line" if inline else "discussion", raw.get("parent") or {}
    if raw.get("deleted"):
        to.gone("comments", "deleted", repo=repo, kind=kind, comment=own)
        return
    text = text_features((raw.get("content") or {}).get("raw") or "")
    to.add(
        "comments",
        happened_at=moment_of(raw["created_on"]),
        repo=repo,
        kind=kind,
        comment=own,
        key=f"!{number}",
        author=_person(raw.get("user"), repo, to),
        changed_at=moment_of(raw.get("updated_on")),
        answers=str(int(parent["id"])) if parent else None,
        path=inline.get("path"),
        **text.of_comment(),
    )


def pull_request_commit(raw: Raw, to: Rows) -> None:
    """A commit of a pull request; its date is that of the commit. It also tells whose an address is."""
    repo = _place(raw, to, raw.get("repository"))
    to.add(
        "request_commits",
        happened_at=moment_of(raw["date"]),
        repo=repo,
        number=_number({}, to),
        sha=raw["hash"],
        author=_signed(raw.get("author"), repo, to),
        committer=_signed(raw.get("committer"), repo, to),
        subject_id=subject_id((raw.get("message") or "").lstrip().partition("\n")[0]),
    )


def _signed(raw: Raw | None, repo: str, to: Rows) -> str | None:
    """The pseudonym of somebody a commit names, with the account that has the address."""
    if not raw or not raw.get("raw"):
        return _person((raw or {}).get("user"), repo, to)
    found, user = _RAW.fullmatch(raw["raw"]), raw.get("user") or {}
    name, address = (found[1], found[2]) if found else (raw["raw"].strip(), "")
    proper = (user.get("display_name") or name, _address(user)) if _address(user) else ("", "")
    return to.person(repo, name, address, proper)


def pipeline(raw: Raw, to: Rows) -> None:
    """A run of the pipeline."""
    target = raw.get("target") or {}
    chosen = target.get("selector") or {}  # as it is named in the file of the pipelines
    repo, build = _place(raw, to, raw.get("repository")), str(raw["uuid"])
    made, ended = moment_of(raw["created_on"]), moment_of(raw.get("completed_on"))
    outcome = _outcome(raw["state"], "result", to, "builds")
    to.add(
        "builds",
        happened_at=made,
        repo=repo,
        build=build,
        name=": ".join(x for x in (chosen.get("type"), chosen.get("pattern")) if x) or None,
        event=(raw.get("trigger") or {}).get("name") or target.get("type"),
        branch=target.get("ref_name") or target.get("source"),
        sha=_sha(target),
        **outcome,
        ended_at=ended if outcome["status"] == "done" else None,
        changed_at=ended or made,
        starter=_person(raw.get("creator"), repo, to),
    )
    if of := target.get("pullrequest"):
        found = Link("tests", "request", str(int(of["id"])), "pipeline_of_request", 0.95)
        to.link(repo, ("build", build), found, happened_at=made)


def deployment(raw: Raw, to: Rows) -> None:
    """A deployment: a step of a pipeline that brings its commit to an environment."""
    where, state, release = raw["environment"], raw["state"], raw.get("release") or {}
    name = where.get("name")
    kind = (where.get("environment_type") or {}).get("name") or name
    started = moment_of(state.get("started_on"))
    outcome = _outcome(state, "status", to, "deployments")
    to.add(
        "deployments",
        happened_at=started or moment_of(release.get("created_on")),
        repo=_place(raw, to),
        deployment=str(raw["uuid"]),
        name=release.get("name"),
        environment=name,
        environment_kind=environment_kind(kind) if kind else None,
        sha=_sha(release),
        build=(release.get("pipeline") or {}).get("uuid"),
        **outcome,
        started_at=started,
        ended_at=moment_of(state.get("completed_on")) if outcome["status"] == "done" else None,
    )


def _outcome(state: Raw, ended: str, to: Rows, table: str) -> dict[str, str]:
    """How far it is and how it ended: in words of two fields, and of a stage while it goes on."""
    name, result = state["name"], (state.get(ended) or {}).get("name") or ""
    stage = (state.get("stage") or {}).get("name") or name
    status = to.meaning(f"{table}.status", stage, _STATUS)
    return {
        "status": status,
        "status_original": stage,
        "result": to.meaning(f"{table}.result", result or name, _RESULT)
        if status == "done"
        else "",
        "result_original": result,
    }


def issue(raw: Raw, to: Rows) -> None:
    """An issue; when it was closed is not told."""
    repo, key, state = _place(raw, to, raw.get("repository")), f"#{int(raw['id'])}", raw["state"]
    common, links = _told(raw, (raw.get("content") or {}).get("raw") or "", repo)
    status = to.meaning("issues.status", state, _ISSUE)
    done, milestone = status == "done", (raw.get("milestone") or {}).get("id")
    to.add(
        "issues",
        repo=repo,
        key=key,
        **issue_kind(raw.get("kind") or ""),
        status=status,
        resolution=(not_done(state) or "done") if done else "",
        resolution_original=state if done else "",
        creator=_person(raw.get("reporter"), repo, to),
        assignee=_person(raw.get("assignee"), repo, to),
        milestone=None if milestone is None else str(milestone),
        priority=raw.get("priority"),
        component=(raw.get("component") or {}).get("name"),
        **common,
    )
    to.mentions(repo, key, links, happened_at=common["happened_at"])


def _place(raw: Raw, to: Rows, within: Raw | None = None) -> str:
    """The repository a record belongs to: as it was asked for, or as the record names it."""
    links = [((one or {}).get("links") or {}).get("self") or {} for one in (raw, within)]
    told = (to.asked, *(link.get("href") or "" for link in links))
    found = next((m[1] for address in told if (m := _PLACE.search(address))), "")
    return needed(
        to.about.get("place") or found or (within or {}).get("full_name"), "its repository"
    )


def _number(of: Raw, to: Rows) -> str:
    """The number of the pull request a record belongs to."""
    asked = _PLACE.search(to.asked)
    told = of.get("id") or to.about.get("number") or (asked[2] if asked else None)
    return str(int(needed(str(told or ""), "what it is about")))


def _person(account: Raw | None, repo: str, to: Rows) -> str | None:
    """The pseudonym of an account; deleted ones are nobody. Apps are marked as forges mark theirs."""
    account = account or {}
    known, name = _address(account), account.get("display_name") or account.get("nickname") or ""
    name = f"{name} [bot]" if account.get("type") == "app_user" else name
    return to.person(repo, name, known) if known else None


def _address(account: Raw) -> str:
    """What stands for the address of an account, which is not shown; an id of Atlassian is known there too."""
    if account.get("account_id"):
        return f"{account['account_id']}@account.atlassian.com".lower()
    return f"{account['uuid'].strip('{}')}@bitbucket.invalid" if account.get("uuid") else ""
