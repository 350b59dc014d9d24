"""Azure DevOps Services and Server: pull requests, votes, comments, builds, work items, iterations.

Pull requests, builds and jobs belong to their repository, `organisation/project/repository`; work items
and iterations to their project, which several repositories share.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trueup.kernel.sources import SENSITIVE, Door, Interface, Numbers, Source, own_door, sent
from trueup.sources.azuredevops.kinds import KINDS
from trueup.sources.azuredevops.places import spelled

if TYPE_CHECKING:
    from collections.abc import Mapping


def _door(host: str, environment: Mapping[str, str]) -> Door | None:
    """dev.azure.com, or the server that `AZURE_DEVOPS_URL` names: the token belongs to that one alone."""
    if environment.get("AZURE_DEVOPS_URL", "").strip():
        own = own_door("AZURE_DEVOPS")(host, environment)
        below = own.address.partition("://")[2].partition("/")[2] if own else ""
        return replace(own, secrets=USUAL.secrets, within=below) if own else None
    # Addresses of SSH begin with the version of its protocol.
    known = {"": "", "dev.azure.com": "", "ssh.dev.azure.com": "v3"}
    return replace(USUAL, within=known[host]) if host in known else None


USUAL = Door("https://dev.azure.com", ("AZURE_DEVOPS_EXT_PAT",))


def _headers(token: str) -> dict[str, str]:
    # Without the second a wrong token ends on a page to sign in, and not in a refusal.
    others = {"X-TFS-FedAuthRedirect": "Suppress"}
    return sent(f":{token}" if token else "", "Basic {basic}", others=others)


SOURCE = Source(
    name="azuredevops",
    version=1,
    title="Azure DevOps",
    sensitive=SENSITIVE,
    access=(
        "a personal access token with the scopes Code, Build and Work Items (read each) in `AZURE_DEVOPS_EXT_PAT`, "
        "the variable of Microsoft's own tool; nothing is written. `AZURE_DEVOPS_URL` says where a server of your "
        "own is (2022.1 or newer), without the collection; the token then goes to that one alone. A place is "
        "`organisation/project/repository`, of a server `collection/project/repository`; clones from dev.azure.com "
        "and from that server are found by themselves"
    ),
    limits=(
        "Texts are turned into features and not kept. Pull requests that are open are read at each sync; comments, "
        "moments of votes, commits and work items of one when it is closed, not what is said later. A reviewer has one "
        "vote, the last; one that a push reset is dismissed at the moment it was given, as no record tells when that "
        "was. What a description says of work items is read when a list gives all of it (up to 399 characters), or "
        "alone when it is closed. A reason nobody knows for closing a work item is neither done nor refused. Builds are read when they have ended, with one request more for the "
        "jobs of each, so the first sync takes long; work items can only be listed for the whole project. Of several "
        "runs of a job the last is kept. A build that succeeded in part is neither a success nor a "
        "failure: it does not say whether something failed that was allowed to. Work items are read without their "
        "descriptions, comments (these are counted) and links other than the parent; their estimates of work have no "
        "unit and are left. Deployments and releases are not read: those of Azure DevOps Services are on another "
        "host. Clones from visualstudio.com are not found by themselves. As files: answers of the addresses above, where `{owner}` is organisation and project; "
        "where a record does not say what it belongs to (threads and commits of a pull request, work items), put it "
        "into a column `data` of a CSV file, with the address that was asked in a column `url`. Jobs are read after "
        "the builds they belong to."
    ),
    kinds=KINDS,
    interface=Interface(
        _door,
        _headers,
        USUAL,
        forge=True,
        where="AZURE_DEVOPS_URL",
        spelled=spelled,
        numbers=Numbers("/{owner}/_apis/git/repositories/{name}", {"api-version": "7.1"}, ""),
    ),
)
