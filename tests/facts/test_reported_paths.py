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
        ("a\\b/c.py", "", "a/b/c.py", False),
        ("../../etc/passwd", "", "etc/passwd", False),
        ("/../../etc/passwd", "", "etc/passwd", True),
        ("/home/ada", "", "home/ada", True),
        ("home/page.py", "", "home/page.py", False),
        ("", "", "", False),
    ],
)
def test_paths_keep_no_machine_and_no_person(raw, root, path, absolute):
    assert reported_path(raw, root) == (path, absolute)


@pytest.mark.parametrize(
    "path",
    [
        "C:\\Users\\ada\\app\\a.cs",
        "c:/users/ada/app/a.cs",
        "file:///C:/Users/ada/app/a.cs",
        "/mnt/c/Users/ada/app/a.cs",
        "/c/Users/ada/app/a.cs",
        "/cygdrive/c/Users/ada/app/a.cs",
        "\\\\?\\C:\\Users\\ada\\app\\a.cs",
        "C:\\Documents and Settings\\ada\\app\\a.cs",
        "\\\\fs\\home\\ada\\app\\a.cs",
        "\\\\fs\\users$\\ada\\app\\a.cs",
        "//fs/share/home/ada/app/a.cs",
        "/home/ada/app/a.cs",
        "/var/home/ada/app/a.cs",
        "/export/home/ada/app/a.cs",
        "/Volumes/disk/Users/ada/app/a.cs",
        "file:/Users/ada/app/a.cs",
        "file:///home/ada/app/a.cs",
    ],
)
def test_no_path_holds_the_name_of_an_account(path):
    assert reported_path(path) == ("app/a.cs", True)


@pytest.mark.parametrize(
    "path", ["app/users/models/a.py", "usr/app/src/users/models/a.py", "var/www/home/ada/a.py"]
)
def test_folders_of_a_product_stay(path):
    assert reported_path(f"/{path}") == (path, True)


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
        ("/__w/app/app/src/a.py", "src/a.py"),
        ("/__w/app/other/src/a.py", None),
        ("/var/lib/jenkins/workspace/app/src/a.py", "src/a.py"),
        ("/var/jenkins_home/workspace/app@2/src/a.py", "src/a.py"),
        ("/home/jenkins/agent/workspace/app_main/a.py", "a.py"),
        ("C:\\Jenkins\\workspace\\app\\a.cs", "a.cs"),
        ("/workspace/src/a.py", None),
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
