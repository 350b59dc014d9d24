"""What a file is for, by its path."""

from __future__ import annotations

import re

_VENDORED = re.compile(
    r"(?:^|/)(?:vendor|vendored|_vendor|third[_-]?party|node_modules|bower_components|external|extern|deps|dist"
    r"|\.yarn)/",
    re.IGNORECASE,
)
_GENERATED = re.compile(
    r"(?:^|/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|Cargo\.lock|go\.sum|composer\.lock"
    r"|Gemfile\.lock|Pipfile\.lock)$|\.min\.(?:js|css)$|_pb2?\.(?:py|go)$|\.pb\.go$|\.generated\.|(?:^|/)generated/"
    r"|\.snap$|\.po$|\.pot$",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"(?:^|/)(?:tests?|testing|specs?|__tests__|t)/|(?:^|/)(?:test_[^/]*|[^/]*[_.-](?:test|spec)s?\.[^/]+|[^/]*Tests?\.\w+)$"
)
_DOCS = re.compile(
    r"(?:^|/)(?:docs?|documentation|man|changelogs?|newsfragments|topfiles|releasenotes|news)/|\.(?:md|rst|txt|adoc|tex|[1-9])$"
    r"|(?:^|/)(?:README|CHANGES|CHANGELOG|HISTORY|NEWS|AUTHORS|CONTRIBUTORS|MAINTAINERS|LICENSE|COPYING)[^/]*$",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\.(?:json|ya?ml|toml|ini|cfg|csv|tsv|xml|svg|lock|properties|conf|sql|html?|css|defconfig|dtsi?|ipynb)$|(?:^|/)\.[^/]+$",
    re.IGNORECASE,
)
_BINARY = re.compile(
    r"\.(?:png|jpe?g|gif|ico|bmp|pdf|zip|gz|bz2|xz|tar|jar|war|class|so|dll|exe|o|a|whl|woff2?|ttf|eot|otf|mp[34]|wav|ogg|bin|db|pyc)$",
    re.IGNORECASE,
)  # fmt: skip


def role_of(path: str) -> str:
    """What a file is for, by its path.

    >>> [role_of(p) for p in ("src/a.py", "tests/test_a.py", "docs/a.rst", "go.sum", "vendor/x.c")]
    ['code', 'test', 'docs', 'generated', 'vendored']
    """
    for role, pattern in (
        ("vendored", _VENDORED),
        ("generated", _GENERATED),
        ("binary", _BINARY),
        ("test", _TEST),
        ("docs", _DOCS),
        ("data", _DATA),
    ):
        if pattern.search(path):
            return role
    return "code"
