"""What the addresses of repositories say."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_ADDRESS = re.compile(r"(?:\w[\w+.-]*://[^/]+/|[\w.-]+@[\w.-]+:)([^?#]+)")
_FORGED = re.compile(r"pkg:(?:github|gitlab|bitbucket)/([^@?#]+)(?:@([^?#]*))?")
#: In full: what is shorter may be a version or a day.
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def slug_of(url: str) -> str:
    """The last two parts of a remote address, without anything secret.

    >>> slug_of("git@forge.example:acme/checkout.git"), slug_of("/srv/git/x.git")
    ('acme/checkout', '')
    """
    parts = path_of(url).split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 else ""


def path_of(url: str) -> str:
    """The whole path of a remote address, or nothing: forges may nest groups.

    >>> path_of("https://forge.example/acme/shop/checkout.git")
    'acme/shop/checkout'
    """
    match = _ADDRESS.match(url)
    path = match[1].rstrip("/").removesuffix(".git") if match else ""
    return "/".join(p for p in path.split("/") if p not in {"", "_git"})


def pointed_at(address: str) -> tuple[str, str]:
    """The repository and the commit that an address of a bill of materials points at, if it does.

    >>> pointed_at("git+https://forge.example/acme/app.git@v2#sub"), pointed_at("pkg:github/acme/app@20240301")
    (('acme/app', ''), ('acme/app', ''))
    """
    if match := _FORGED.match(address):
        return slug_of(f"purl://forge/{match[1]}"), sha_of(match[2] or "")
    plain = address.partition("#")[0].removeprefix("scm:git:")
    before, at, after = plain.rpartition("@")
    if at and "/" not in after and "/" in before and before.count("/") > 2:
        return slug_of(before), sha_of(after)
    return slug_of(plain), ""


#: Where forges show a commit, a request, an issue, a branch; the repository stands before it.
_SHOWN = (
    ("commit", "", re.compile(r"(.+?)(?:/-)?/commits?/([0-9a-f]{7,64})(?![^/])")),
    ("request", "!", re.compile(r"(.+?)(?:/-)?/merge_requests/(\d+)(?![^/])")),
    ("request", "#", re.compile(r"(.+?)/(?:pull|pulls|pull-requests|pullrequest)/(\d+)(?![^/])")),
    ("issue", "#", re.compile(r"(.+?)(?:/-)?/issues/(\d+)(?![^/])")),
    ("branch", ":", re.compile(r"(.+?)(?:/-)?/(?:tree|branch)/(.+)")),
)
#: How a server of Bitbucket writes project and repository.
_SERVER = re.compile(r"^.*?/(?:projects|users)/([^/]+)/repos/([^/]+)/")


def shown_at(address: str) -> tuple[str, str] | None:
    """What an address of a forge shows, and what it is called; nothing where that is not clear.

    A request of GitLab has a sign of its own: issues are numbered apart from requests there.

    >>> shown_at("https://git.example/team/app/-/merge_requests/12#note_1")
    ('request', 'team/app!12')
    >>> shown_at("https://dev.azure.com/acme/shop/_git/app/pullrequest/4?_a=files")
    ('request', 'acme/shop/app#4')
    """
    path = _SERVER.sub(r"/\1/\2/", unquote(urlsplit(address).path).rstrip("/")).lstrip("/")
    for kind, sign, shape in _SHOWN:
        if found := shape.match(path):
            place = "/".join(part for part in found[1].split("/") if part != "_git")
            return kind, f"{place}{sign}{found[2]}" if sign else found[2]
    return None


def sha_of(text: str) -> str:
    """The text, if it is the whole id of a commit.

    >>> sha_of("0A1B2C3D4E" * 4), sha_of("0a1b2c3"), sha_of("main")
    ('0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e', '', '')
    """
    return text.lower() if _SHA.fullmatch(text.lower()) else ""
