"""What the addresses of repositories say."""

from __future__ import annotations

import re

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


def sha_of(text: str) -> str:
    """The text, if it is the whole id of a commit.

    >>> sha_of("0A1B2C3D4E" * 4), sha_of("0a1b2c3"), sha_of("main")
    ('0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e', '', '')
    """
    return text.lower() if _SHA.fullmatch(text.lower()) else ""
