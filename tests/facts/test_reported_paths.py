"""Paths of reports: without a machine or a person, and as they stand in a repository."""

import pytest

from trueup.facts.reported_paths import checked_path, path_within, reported_path
from trueup.facts.rows import OddRecordError


@pytest.mark.parametrize(
    ("raw", "root", "path", "absolute"),
    [
        ("src/a.py", "", "src/a.py", False),
        ("a.py", "/home/ada/app/src", "app/src/a.py", True),
        ("/Users/ada/app/a.swift", "/elsewhere", "app/a.swift", True),
        ("file:///builds/acme/app/a.rb", "", "builds/acme/app/a.rb", True),
        ("src\\Acme\\A.cs", "", "src/Acme/A.cs", False),
        ("D:\\a\\app\\A.cs", "", "a/app/A.cs", True),
        ("C:/Users/ada/app/A.cs", "", "app/A.cs", True),
        ("a\\b/c.py", "", "a\\b/c.py", False),
        ("../../etc/passwd", "", "etc/passwd", False),
        ("/../../etc/passwd", "", "etc/passwd", True),
        ("/home/ada", "", "home/ada", True),
        ("home/page.py", "", "home/page.py", False),
        ("", "", "", False),
    ],
)
def test_paths_keep_no_machine_and_no_person(raw, root, path, absolute):
    assert reported_path(raw, root) == (path, absolute)


@pytest.mark.parametrize("path", ["", "a\nb", "a\x1b[31m", "a\u202eb", "a" * 5_000, "a\ufffd"])
def test_what_can_be_no_path(path):
    with pytest.raises(OddRecordError):
        checked_path(path)


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("src/a.py", "src/a.py"),
        ("./src/./a.py", "src/a.py"),
        ("src\\a.cs", "src/a.cs"),
        ("/home/runner/_work/app/app/src/a.py", "src/a.py"),
        ("D:\\a\\app\\app\\src\\a.cs", "src/a.cs"),
        ("D:/a/1/s/src/a.cs", "src/a.cs"),
        ("/github/workspace/a.py", "a.py"),
        ("/home/vsts/_work/1/s/a.py", "a.py"),
        ("/opt/atlassian/pipelines/agent/build/a.py", "a.py"),
        ("/builds/acme/app/a.py", "a.py"),
        ("/home/runner/_work/app/other/src/a.py", None),
        ("/Users/someone/app/a.py", None),
        ("C:/Users/someone/app/a.py", None),
        ("../a.py", None),
        ("", None),
        (".", None),
    ],
)
def test_path_within(told, meant):
    assert path_within(told, "acme/app") == meant
