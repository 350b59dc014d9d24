"""GitHub and GitHub Enterprise: issues, requests, reviews, builds, deployments, releases."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from trueup.kernel.sources import SENSITIVE, Door, Hook, Interface, Source, sent
from trueup.sources.github.kinds import KINDS
from trueup.sources.github.webhooks import signed

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Where GitHub keeps the data of an enterprise in a region; tokens and addresses are as for GitHub itself.
_RESIDENT = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.ghe\.com")


def _door(host: str, environment: Mapping[str, str]) -> Door | None:
    """GitHub itself, also where it keeps data elsewhere, or the enterprise that `GH_HOST` names, as for GitHub's own tool."""
    if host in {"", "github.com", "www.github.com", "ssh.github.com"}:
        return USUAL
    if _RESIDENT.fullmatch(host):
        address = f"https://api.{host}"
        command = (*USUAL.command[:-1], host)
        return replace(USUAL, address=address, command=command, graph=f"{address}/graphql")
    if host and host == environment.get("GH_HOST", "").strip().lower():
        secrets = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
        command = ("gh", "auth", "token", "--hostname", host)
        return Door(f"https://{host}/api/v3", secrets, command, f"https://{host}/api/graphql")
    return None


USUAL = Door(
    "https://api.github.com",
    ("GITHUB_TOKEN", "GH_TOKEN"),
    ("gh", "auth", "token", "--hostname", "github.com"),
    "https://api.github.com/graphql",
)


def _headers(token: str) -> dict[str, str]:
    # The second kind of answer is accepted for servers that stand in for GitHub.
    accepted = "application/vnd.github+json, application/json;q=0.9"
    return sent(token, others={"Accept": accepted, "X-GitHub-Api-Version": "2022-11-28"})


SOURCE = Source(
    name="github",
    version=1,
    title="GitHub and GitHub Enterprise",
    sensitive=SENSITIVE,
    access="a token that may read issues, pull requests, actions, deployments, contents and metadata, and for teams the members of the organisation; nothing is written",
    limits=(
        "Texts are turned into features and not kept. Before 2022 GitHub did not say why an issue was closed: "
        "labels such as `duplicate` or `wontfix` are read instead. Of a pull request 100 reviews, 100 commits, 50 checks and "
        "20 issues it closes are read; where there are more, that is told. Runs of workflows are read again for 31 days: so long "
        "they may wait for somebody or be run again; what becomes of older ones is not seen. Jobs of workflows, checks of other commits than "
        "the newest of a request, and accounts are read from files and deliveries only. "
        "Teams (of organisations) are read with the first sync of a repository, when the list of them changes, and with "
        "`--reconcile`: who is no longer in one then is no member any more. GitHub does not tell since when somebody is in one. "
        "Hours of GH Archive (gharchive.org, from 2015 on) hold events of all public repositories: `--repo OWNER/NAME` takes those "
        "of one, under the name it had then. Since October 2025 they tell less of pull requests: where one was opened and "
        "merged, not its title and text; what is not told is empty until a sync tells it. A pull request that was "
        "closed then is left, as the event does not say whether it was merged."
    ),
    kinds=KINDS,
    # It asks that requests are made one after the other.
    interface=Interface(_door, _headers, USUAL, forge=True, at_once=1),
    hook=Hook("deliveries", signed, ("x-github-delivery",)),
)
