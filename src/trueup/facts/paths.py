"""What a file is for, by its path."""

from __future__ import annotations

import re
from functools import lru_cache

#: By the folders a file lies in.
_VENDORED = re.compile(
    r"(?:^|/)(?:vendor|vendored|_vendor|third[_-]?party|node_modules|bower_components|external|extern|deps|dist"
    r"|\.yarn)/",
    re.IGNORECASE,
)
_GENERATED_IN = re.compile(r"(?:^|/)generated/|\.generated\.", re.IGNORECASE)
_TEST_IN = re.compile(r"(?:^|/)(?:tests?|testing|specs?|__tests__|t)/")
_DOCS_IN = re.compile(
    r"(?:^|/)(?:docs?|documentation|man|changelogs?|newsfragments|topfiles|releasenotes|news)/",
    re.IGNORECASE,
)
#: By its own name.
_GENERATED = re.compile(
    r"^(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|Cargo\.lock|go\.sum|composer\.lock"
    r"|Gemfile\.lock|Pipfile\.lock)$|\.min\.(?:js|css)$|_pb2?\.(?:py|go)$|\.pb\.go$|\.generated\."
    r"|\.snap$|\.po$|\.pot$",
    re.IGNORECASE,
)
_TEST = re.compile(r"^(?:test_.*|.*[_.-](?:test|spec)s?\.[^/]+|.*Tests?\.\w+)$", re.DOTALL)
_DOCS = re.compile(
    r"\.(?:md|rst|txt|adoc|tex|[1-9])$"
    r"|^(?:README|CHANGES|CHANGELOG|HISTORY|NEWS|AUTHORS|CONTRIBUTORS|MAINTAINERS|LICENSE|COPYING)",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\.(?:json|ya?ml|toml|ini|cfg|csv|tsv|xml|svg|lock|properties|conf|sql|html?|css|defconfig|dtsi?|ipynb)$|^\..",
    re.IGNORECASE | re.DOTALL,
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
    folder, slash, name = path.rpartition("/")
    inside = _inside(folder + slash)
    if inside == "vendored":
        return "vendored"
    if inside == "generated" or _GENERATED.search(name):
        return "generated"
    if _BINARY.search(name):
        return "binary"
    if inside == "test" or _TEST.search(name):
        return "test"
    if inside == "docs" or _DOCS.search(name):
        return "docs"
    return "data" if _DATA.search(name) else "code"


@lru_cache(maxsize=50_000)
def _inside(folder: str) -> str:
    """What the folders of a file say, by the first that applies: many files share them."""
    for role, pattern in (
        ("vendored", _VENDORED),
        ("generated", _GENERATED_IN),
        ("test", _TEST_IN),
        ("docs", _DOCS_IN),
    ):
        if pattern.search(folder):
            return role
    return ""
