"""CODEOWNERS as documented by GitHub: https://docs.github.com, `About code owners`."""

from __future__ import annotations

import pytest

from trueup.teams.scopes import Rule, by_patterns

# Pattern by pattern: what it covers, and what it does not, as the documentation says.
DOCUMENTED = {
    "*": (["a.txt", "x/y/z.js"], []),
    "*.js": (["a.js", "x/y/b.js"], ["a.jsx", "js"]),
    "/build/logs/": (["build/logs/a", "build/logs/x/y"], ["x/build/logs/a", "build/logs"]),
    "docs/*": (
        ["docs/getting-started.md"],
        ["docs/build-app/troubleshooting.md", "x/docs/a.md"],
    ),
    "apps/": (["apps/a", "x/apps/y/z"], ["apps", "myapps/a"]),
    "/docs/": (["docs/a", "docs/x/y"], ["x/docs/a"]),
    "/scripts/": (["scripts/a"], ["x/scripts/a"]),
    "**/logs": (["logs/a", "build/logs/b", "deeply/nested/logs/c"], ["catalogs/a", "logs.txt"]),
    "/apps/github": (["apps/github", "apps/github/a"], ["apps/githubs"]),
    "a/**/z": (["a/z", "a/b/z", "a/b/c/z"], ["a/bz", "z"]),
    "docs/**": (["docs/a", "docs/x/y"], ["x/docs/a"]),
    "/src/*.py": (["src/a.py"], ["src/b/a.py"]),
    "/src/**/*.py": (["src/a.py", "src/b/a.py"], ["src/a.pyc"]),
    "file?.txt": (["file1.txt", "x/file2.txt"], ["file10.txt"]),
    r"/my\ docs/": (["my docs/a"], ["my/docs/a"]),
    "README.md": (["README.md", "x/README.md"], ["README_md"]),
    "a+b(c)": (["a+b(c)/x"], ["aab(c)"]),
}


@pytest.mark.parametrize("pattern", DOCUMENTED)
def test_pattern(pattern):
    covered, not_covered = DOCUMENTED[pattern]
    counted = {("r", path): 1 for path in (*covered, *not_covered)}
    found = by_patterns(counted, [Rule("", 0, pattern, "@acme/team")])
    assert sorted(path for _, path in found) == sorted(covered)


# The documented file, with the owner of each rule as its team; people own nothing here.
FILE = [
    Rule("r", 0, "*", "@acme/all"),
    Rule("r", 1, "*.js", "@acme/js"),
    Rule("r", 2, "/build/logs/", "@acme/doctocat"),
    Rule("r", 3, "docs/*", "@acme/docs"),
    Rule("r", 4, "apps/", "@acme/octocat"),
    Rule("r", 5, "/apps/github", ""),
]


@pytest.mark.parametrize(
    ("path", "team"),
    [
        ("readme", "@acme/all"),
        ("src/a.js", "@acme/js"),
        ("build/logs/a.js", "@acme/doctocat"),
        ("docs/a.md", "@acme/docs"),
        ("docs/deep/a.md", "@acme/all"),
        ("apps/x.js", "@acme/octocat"),
        ("apps/github/x", None),
    ],
)
def test_the_last_matching_rule_wins(path, team):
    assert by_patterns({("r", path): 1}, FILE).get(("r", path)) == team


def test_the_order_in_which_rules_are_read_does_not_matter():
    counted = {("r", p): 1 for p in ("readme", "src/a.js", "build/logs/a.js", "apps/github/x")}
    assert by_patterns(counted, FILE) == by_patterns(counted, FILE[::-1])


def test_rules_hold_in_their_own_repository():
    rules = [Rule("one", 0, "*", "@acme/one"), Rule("two", 0, "/a/", "@acme/two")]
    counted = {("one", "a/x"): 1, ("two", "a/x"): 1, ("two", "b/x"): 1, ("three", "a/x"): 1}
    assert by_patterns(counted, rules) == {
        ("one", "a/x"): "@acme/one",
        ("two", "a/x"): "@acme/two",
    }
