"""GitLab, gitlab.com and self-hosted: issues, merge requests, reviews, builds, deployments, releases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.kernel.sources import SENSITIVE, Door, Hook, Interface, Source, sent
from trueup.sources.gitlab.kinds import KINDS
from trueup.sources.gitlab.webhooks import signed

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECRETS = ("GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN")
#: Tokens of OAuth applications are 64 hexadecimal digits; others stand in a header of their own.
_OAUTH = re.compile(r"[0-9a-f]{64}")
_HOST = re.compile(r"(?P<scheme>https?://)?(?P<host>[\w.-]+)(?P<port>:\d+)?(?:/.*)?")
_ALIASES = {"www.gitlab.com", "altssh.gitlab.com"}


def _door(host: str, environment: Mapping[str, str]) -> Door | None:
    """gitlab.com, or the instance that `GITLAB_HOST` names, as for GitLab's own tool.

    There is one variable for tokens of all instances: with `GITLAB_HOST` it belongs to that one alone.
    """
    told = environment.get("GITLAB_HOST", "").strip() or environment.get("GL_HOST", "").strip()
    where = _HOST.fullmatch(told.lower() or "gitlab.com")
    named = where["host"] if where else ""
    known = {"", named} | (_ALIASES if named == "gitlab.com" else set())
    if where is None or host not in known:
        return None
    root = told.partition("://")[2] or told
    return _door_at(where["scheme"] or "https://", named + (where["port"] or ""), root)


def _door_at(scheme: str, host: str, told: str = "") -> Door:
    root = told.partition("/")[2].strip("/")
    address = f"{scheme}{host}{f'/{root}' if root else ''}/api/v4"
    # Without `--global` it prints what the environment holds, for whatever host that is.
    command = ("glab", "config", "get", "token", "--global", "--host", host)
    return Door(address, _SECRETS, command, within=root)


USUAL = _door_at("https://", "gitlab.com")


def _headers(token: str) -> dict[str, str]:
    form = (
        ("Bearer {token}", "Authorization")
        if _OAUTH.fullmatch(token)
        else ("{token}", "PRIVATE-TOKEN")
    )
    return sent(token, *form)


SOURCE = Source(
    name="gitlab",
    version=1,
    title="GitLab",
    sensitive=SENSITIVE,
    access=(
        "a personal, group or project access token (or one of OAuth) with the scope read_api, of a member with the "
        "role Reporter; nothing is written. Without `GITLAB_HOST` the token is sent to gitlab.com; with it, to that "
        "instance alone (`https://HOST/PATH` where it lies below a path)"
    ),
    limits=(
        "Texts are turned into features and not kept. Each merge request and each issue is asked for its notes, each "
        "pipeline for its moments and its jobs, so the first sync of a busy project takes long; it goes on where it "
        "broke off. GitLab tells how an issue was closed only of duplicates and moves: labels such as `wontfix` are "
        "read instead. Of a job that was run again the list holds the last run; runs that were read before stay. "
        "Threads are not told apart. Events of state of merge requests are read from files only, and pipelines that "
        "others started are not asked for. An approval that a push took back is known by the note of it, where the "
        "approval itself was noted too. What is confidential shows only to tokens that may see it. Exports: notes, "
        "approvals, commits, closed issues and events of state do not name what they belong to; put each record into "
        "a column `data` of a CSV file, with the address that was asked in a column `url`, by the path of the project "
        "(`/projects/GROUP%2FNAME/merge_requests/4/notes`) rather than its id. Deliveries (webhooks) tell a part of a "
        "thing: who made an issue or merge request only where it is somebody they show, and not when a merge request was "
        "merged or closed, how many comments it has, or when a pipeline began; of deployments those that have ended are "
        "taken. What they do not tell stands as it is known, or is empty until a sync tells it. They are taken with the signing token "
        "(`whsec_...`, GitLab 19 and later), five minutes after they were signed at the latest, or with the older "
        "secret token, by which a replay does not show."
    ),
    kinds=KINDS,
    interface=Interface(_door, _headers, USUAL, place="a project", forge=True),
    # The UUID of an event is shared by all that one of them brings about.
    hook=Hook("deliveries", signed, ("webhook-id", "idempotency-key")),
)
