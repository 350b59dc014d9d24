"""Jira, in the cloud and on servers of one's own: issues, their changes, sprints, time and links."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from trueup.kernel.sources import SENSITIVE, Door, Interface, Sign, Source, own_door, sent
from trueup.sources.jira.kinds import KINDS, SERVER

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLOUD = re.compile(
    r"https?://(?:[^/]+\.(?:atlassian\.net|jira\.com|atlassian-us-gov-mod\.net)|api\.atlassian\.com)(?:[:/]|\Z)"
)
_own = own_door("JIRA")


def _door(host: str, environment: Mapping[str, str]) -> Door | None:
    """The site that `JIRA_URL` names; those that Atlassian does not run itself are servers."""
    found = _own(host, environment)
    if found is None or _CLOUD.match(found.address.lower()):
        return found
    return replace(found, edition=SERVER)


def _headers(token: str) -> dict[str, str]:
    """An address with its token, as the cloud wants it, or a token alone."""
    return sent(token, "Basic {basic}" if ":" in token else "Bearer {token}")


SOURCE = Source(
    name="jira",
    version=1,
    title="Jira (Cloud and Data Center)",
    sensitive=SENSITIVE,
    access=(
        "an account that may browse the project; `JIRA_URL` is the address of the site (in the cloud the one at "
        "`atlassian.net`), and `JIRA_TOKEN` a token of that account: in the cloud `address:api-token`, on a server a "
        "personal access token. The scope `read:jira-work` is enough for all but boards and sprints; nothing is written"
    ),
    limits=(
        "Texts are turned into features and not kept. Changes of status name statuses by id: what they mean is known "
        "from the list of statuses, where the issue or one linked to it is in that status now, or of those that Jira "
        "comes with; other statuses, deleted ones among them, become `other`. Story points, epics and severities are "
        "read from a custom field only where the list of fields, or names beside the issue, say that it holds them; "
        "where two fields of story points differ, neither is taken. Resolutions in other words than Jira's own become "
        "`other`. Due dates have no hour: they stand at the beginning of their day in UTC. Sprints are read of scrum "
        "boards; boards of team-managed projects may refuse to list theirs and are not asked: of these sprints only "
        "the number is known, from the issues. The panel of commits, branches and requests has no documented "
        "interface and is read from files only; users come with the records that name them. Deleted issues are "
        "found by a reconciliation. An issue whose status is refused by its name (Won't Do, Cancelled) is not done, whatever its resolution. "
        "Exports: keep each answer of the interface in a file named as above, of one site at a time, and ask "
        "for issues with `fields=*all` and `expand=changelog`; a server gives all changes so, the cloud the last ones. "
        "Lists of changes, worklogs and comments say whose they are by their addresses: in a table with the columns "
        "`data` and `url`. Records that name an issue by its number alone need that issue beside them; else they are "
        "kept under the number, without a project. A sprint of a file belongs to its board, not to a project."
    ),
    kinds=KINDS,
    signs=(Sign(),),
    interface=Interface(
        _door,
        _headers,
        Door("https://YOUR-SITE.atlassian.net", ("JIRA_TOKEN",)),
        place="a project",
    ),
)
