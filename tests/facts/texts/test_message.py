"""What commit messages of the usual forges and projects say."""

import pytest

from trueup.facts.texts.message import MOST_LINKS, READ, features, subject_id

Said = set[tuple[str, str, str, str]]


def said(message: str, *, merge: bool = False, slug: str = "acme/app") -> Said:
    return {link[:4] for link in features(message, merge=merge, slug=slug).links}


def closes(*targets: str, how: str = "closing_keyword") -> Said:
    return {("closes", "issue", t, how) for t in targets}


def mentions(*targets: str) -> Said:
    return {("mentions", "issue", t, "mention") for t in targets}


def pull(target: str, how: str) -> Said:
    return {("pull", "pull", target, how)}


SHA = "1f3870be274f6c49b3e31a0c6728957f45a1c2d3"
FIX = {("fixes", "none", "", "conventional_fix")}

CASES = {
    "github squash": ("Fix crash on start (#1234)", pull("1234", "squash_subject")),
    "github squash with body": (
        "Fix crash (#7)\n\n* Fix crash\n* review\n\nFixes #5",
        pull("7", "squash_subject") | closes("#5"),
    ),
    "github keyword list": ("Tidy up\n\nFixes #1, #2 and #3", closes("#1", "#2", "#3")),
    "github each with its keyword": ("Tidy\n\nFixes #1, fixes #2", closes("#1", "#2")),
    "github colon": ("Tidy\n\nCloses: #12", closes("#12")),
    "github GH- form": ("Tidy\n\nResolves GH-77", closes("#77")),
    "github own repository": ("Tidy\n\nFixes acme/app#9", closes("#9")),
    "github other repository": ("Tidy\n\nFixes other/lib#9", closes("other/lib#9")),
    "github address": ("Tidy\n\nFixes https://github.com/acme/app/issues/31", closes("#31")),
    "github fixing, past, third person": (
        "Tidy\n\nFixed #1\nCloses #2\nresolved #3\nClosing #4\nsolves #5",
        closes("#1", "#2", "#3", "#4", "#5"),
    ),
    "django": (
        "Fixed #35021 -- Fixed capture of queries in tests.",
        closes("#35021"),
    ),
    "django refs": ("Refs #35021 -- Added tests.", mentions("#35021")),
    "gitlab": (
        "Merge branch 'fix-login' into 'main'\n\nFix login\n\nCloses #45\n\nSee merge request acme/app!678",
        pull("!678", "merge_request_line") | closes("#45"),
    ),
    "gitlab squash": ("Fix login (!678)", pull("!678", "squash_subject")),
    "gitlab group": ("Tidy\n\nCloses sub/proj#4", closes("sub/proj#4")),
    "bitbucket": (
        "Merged in feature/PAY-12-refunds (pull request #98)\n\nRefunds\n\nApproved-by: Ada Quill",
        pull("98", "merge_subject") | mentions("#98", "PAY-12") - mentions("#98"),
    ),
    "gerrit": (
        "net/http: close idle connections\n\nFixes #12345\n\n"
        "Change-Id: I8473b95934b5732ac55d26311a706c9c2bde9940\n"
        "Reviewed-on: https://go-review.googlesource.com/c/go/+/54321\n",
        closes("#12345")
        | {("change", "change", "I8473b95934b5732ac55d26311a706c9c2bde9940", "change_id")}
        | pull("54321", "review_url"),
    ),
    "go part": ("runtime: speed up\n\nFor #12345.\nUpdates #7.", mentions("#12345", "#7")),
    "phabricator": (
        "[clang] Improve\n\nReviewed By: nobody\n\nDifferential Revision: https://reviews.llvm.org/D151567\n",
        pull("D151567", "review_url"),
    ),
    "openstack": (
        "Fix quota race\n\nCloses-Bug: #1999999\nRelated-Bug: #1888888\nPartial-Bug: #1777777\n"
        "Change-Id: I0123456789abcdef0123456789abcdef01234567\n",
        closes("#1999999", how="bug_trailer")
        | {("mentions", "issue", "#1888888", "bug_trailer")}
        | {("part_of", "issue", "#1777777", "bug_trailer")}
        | {("change", "change", "I0123456789abcdef0123456789abcdef01234567", "change_id")},
    ),
    "launchpad": ("Fix\n\nFixes: LP 1234567", closes("#1234567", how="bug_trailer")),
    "kernel fixes": (
        'net: fix leak\n\nFixes: 1f3870be274f ("net: add leak")\nCc: stable@vger.kernel.org\n',
        {("fixes_commit", "commit", "1f3870be274f", "fixes_trailer")},
    ),
    "kernel stable": (
        f"net: fix leak\n\ncommit {SHA} upstream.\n\nIt leaked.",
        {("cherry_pick_of", "commit", SHA, "pick_mark")},
    ),
    "kernel stable in brackets": (
        f"net: fix leak\n\n[ Upstream commit {SHA} ]\n\nIt leaked.",
        {("cherry_pick_of", "commit", SHA, "pick_mark")},
    ),
    "cherry-pick -x": (
        f"Fix leak\n\n(cherry picked from commit {SHA})",
        {("cherry_pick_of", "commit", SHA, "pick_mark")},
    ),
    "kafka": (
        "KAFKA-15000: Fix the consumer lag metric (#13838)\n\nReviewers: Ada Quill <ada@example.org>",
        pull("13838", "squash_subject") | closes("KAFKA-15000", how="tracker_key_and_fix_verb"),
    ),
    "kafka without fix verb": (
        "KAFKA-15000; Add a metric (#13838)",
        pull("13838", "squash_subject")
        | {("mentions", "issue", "KAFKA-15000", "tracker_key_and_fix_verb")},
    ),
    "spark": (
        "[SPARK-40000][SQL] Fix the plan\n\nCloses #37500 from ada/SPARK-40000.",
        pull("37500", "closes_from") | closes("SPARK-40000", how="tracker_key_and_fix_verb"),
    ),
    "node": (
        "http: fix parser\n\nPR-URL: https://github.com/nodejs/node/pull/48000\n"
        "Fixes: https://github.com/nodejs/node/issues/47999\nReviewed-By: Bo Reed <bo@example.org>",
        pull("48000", "pull_url") | closes("#47999"),
    ),
    "jira address": ("Tidy\n\nFixes https://jira.example.org/browse/PAY-77", closes("PAY-77")),
    "bugzilla address": (
        "Tidy\n\nFixes https://bugzilla.example.org/show_bug.cgi?id=4711",
        closes("#4711"),
    ),
    "conventional": ("fix(parser)!: accept tabs", FIX),
    "conventional with ticket": ("fix: accept tabs\n\nCloses #3", FIX | closes("#3")),
    "conventional feature": ("feat(parser): accept tabs\n\nRefs: #3", mentions("#3")),
    "hotfix": ("hotfix: accept tabs", FIX),
    "not conventional": ("Fixture: accept tabs", set()),
    "bors": ("Merge #321\n\n321: Fix it r=ada a=bo", pull("321", "merge_subject")),
    "rust": ("Auto merge of #999 - ada:fix, r=bo", pull("999", "merge_subject")),
    "standards are no tickets": ("Use UTF-8, SHA-256 and RFC-2119; see CVE-2024-12345", set()),
    "wrong word": ("Prefix #5 with a zero\n\nSuffixes #6", mentions("#5", "#6")),
    "no number": ("Fix the colour #fff and #abc123", set()),
    "one line break": ("Tidy\n\nThis finally fixes\n#5", closes("#5")),
    "an empty line between": ("Small fix\n\n#5 is not touched", mentions("#5")),
}


@pytest.mark.parametrize("name", CASES)
def test_links(name: str) -> None:
    message, expected = CASES[name]
    merge = message.startswith("Merge")
    assert said(message, merge=merge) == expected


DOUBTS = {
    "This does not fix #5": "mentions",
    "This doesn't fix #5": "mentions",
    "It won't really fix #5": "mentions",
    "This cannot fix #5": "mentions",
    "Without fixing #5": "mentions",
    "Never closes #5": "mentions",
    "Unable to resolve #5": "mentions",
    "Fails to fix #5": "mentions",
    "Instead of fixing #5": "mentions",
    "Before fixing #5": "mentions",
    "Partially fixes #5": "part_of",
    "Partly fixes #5": "part_of",
    "Part of fixing #5": "part_of",
    "Helps to fix #5": "part_of",
    "Towards closing #5": "part_of",
    "> This fixes #5": "mentions",
    "> said somebody who wrote a rather long line before it that it fixes #5": "mentions",
    "| This fixes #5": "mentions",
    "This fixes #5": "closes",
    "Nothing to note: fixes #5": "closes",
    "It was not easy. Fixes #5": "closes",
}


@pytest.mark.parametrize("line", DOUBTS)
def test_negations_partial_work_and_quotes(line: str) -> None:
    found = {link.relation for link in features(f"Tidy\n\n{line}").links}
    assert found == {DOUBTS[line]}


@pytest.mark.parametrize(
    "subject",
    [
        "Fix parser, part 2 (fixes #5)",
        "Fix parser [1/3], fixes #5",
        "WIP: fixes #5",
        "Follow-up that fixes #5",
        "First step, fixes #5",
        "Preparation, fixes #5",
    ],
)
def test_a_subject_that_says_it_is_a_part(subject: str) -> None:
    assert ("part_of", "issue", "#5", "closing_keyword") in said(subject)


def test_a_merge_claims_only_what_it_requested() -> None:
    assert said("Merge branch 'topic'\n\nFixes #5", merge=True) == {
        ("mentions", "issue", "#5", "closing_keyword")
    }
    assert said("Merge pull request #9 from ada/topic\n\nFixes #5", merge=True) == (
        pull("9", "merge_subject") | closes("#5")
    )
    assert said("Merge pull request #9 from ada/issue-77-crash", merge=True) == pull(
        "9", "merge_subject"
    ) | {("mentions", "issue", "#77", "branch_name")}
    assert said("Merge branch 'x'\n\nfix: thing", merge=True) == set()
    assert FIX not in [said("fix: merge by hand", merge=True)]


SUBJECT = subject_id("Add the cache")
REVERTS = {
    "plain": (
        f'Revert "Add the cache"\n\nThis reverts commit {SHA}.\n',
        {
            ("reverts", "subject", SUBJECT, "revert_subject"),
            ("reverts", "commit", SHA, "revert_line"),
        },
    ),
    "with request numbers": (
        'Revert "Add the cache (#12)" (#15)\n\nReverts acme/app#12',
        {
            ("reverts", "subject", SUBJECT, "revert_subject"),
            ("reverts", "pull", "12", "revert_pull"),
            ("pull", "pull", "15", "squash_subject"),
        },
    ),
    "claims of what is reverted are not made again": (
        f'Revert "Add the cache, fixes #5"\n\nThis reverts commit {SHA}.\n\nIt broke #6.',
        {
            ("reverts", "subject", subject_id("Add the cache, fixes #5"), "revert_subject"),
            ("reverts", "commit", SHA, "revert_line"),
        },
    ),
    "revert of a revert": (
        f'Revert "Revert "Add the cache""\n\nThis reverts commit {SHA}.',
        {
            ("reapplies", "subject", SUBJECT, "revert_of_revert"),
            ("reverts", "subject", subject_id('Revert "Add the cache"'), "revert_subject"),
            ("reverts", "commit", SHA, "revert_line"),
        },
    ),
    "git's own word for it": (
        f'Reapply "Add the cache"\n\nThis reverts commit {SHA}.',
        {
            ("reapplies", "subject", SUBJECT, "reapply_subject"),
            ("reverts", "commit", SHA, "revert_line"),
        },
    ),
    "several": (
        "Revert the cache\n\nThis reverts commits 1111111, 2222222 and 3333333.",
        {("reverts", "commit", s * 7, "revert_line") for s in "123"},
    ),
    "one a line": (
        "Back out\n\nReverts commit 1111111a\nand commit 2222222b,\n3333333c",
        {("reverts", "commit", s, "revert_line") for s in ("1111111a", "2222222b", "3333333c")},
    ),
    "a merge": (
        f"Revert \"Merge branch 'topic'\"\n\nThis reverts commit {SHA}, reversing\n"
        f"changes made to 2222222222222222222222222222222222222222.",
        {
            ("reverts", "subject", subject_id("Merge branch 'topic'"), "revert_subject"),
            ("reverts", "commit", SHA, "revert_line"),
        },
    ),
    "a part": (
        f"Partially revert the cache\n\nThis partially reverts commit {SHA}.",
        {("reverts_part", "commit", SHA, "revert_line")},
    ),
    "deep in a squashed body": (
        f"Rework the cache (#9)\n\n* Add\n\n* Remove\n\nThis reverts commit {SHA}.",
        {
            ("reverts_part", "commit", SHA, "revert_line"),
            ("pull", "pull", "9", "squash_subject"),
        },
    ),
    "not of a change": ("Revert to the old colours\n\nFixes #5", closes("#5")),
}


@pytest.mark.parametrize("name", REVERTS)
def test_reverts(name: str) -> None:
    message, expected = REVERTS[name]
    assert said(message) == expected


@pytest.mark.parametrize(
    "other",
    [
        "Add the cache (#12)",
        "Add the cache (!12)",
        "Add the cache (GH-12) (#13)",
        "  add  the   Cache.",
        "[3.11] Add the cache",
        "[stable-2.9] Add the cache (#77)",
        "Backport: Add the cache",
        "PAY-12: Add the cache",
        "[PAY-12] Add the cache\u2026",
    ],
)
def test_a_subject_is_known_again(other: str) -> None:
    assert subject_id(other) == SUBJECT
    assert subject_id(f"{other} and more") != SUBJECT


def test_trailers() -> None:
    message = (
        "Subject: not a trailer\n\nNote: in the middle\nReviewed-by: Bo Reed <bo@example.org>\n\n"
        "Signed-off-by: Ada Quill <ada@example.org>\r\n"
        'cc: "Stone, Kim" <kim@example.org>, Lee <lee@example.org>\n'
        "Ada Quill: a name as a key\nAda-Quill: likewise\n"
        "Assisted-by : Claude-Code\nChange-Id: I0123456789\nReviewed-by: nobody in particular\n"
    )
    found = features(message).trailers
    assert [(t.key, t.name, t.address, t.in_last_block) for t in found] == [
        ("reviewed-by", "Bo Reed", "bo@example.org", False),
        ("signed-off-by", "Ada Quill", "ada@example.org", True),
        ("cc", "Stone, Kim", "kim@example.org", True),
        ("cc", "Lee", "lee@example.org", True),
        ("other", "", "", True),
        ("assisted-by", "", "", True),
        ("change-id", "", "", True),
    ]
    assert not any("ada" in t.key or "Ada" in t.value for t in found if t.key == "other")


def test_a_subject_is_never_a_trailer() -> None:
    assert features("\n\nfix: leading lines\n\nbody: text").trailers == (
        features("fix: leading lines\n\nbody: text").trailers
    )
    assert features("Cc: Ada <ada@example.org>").trailers == ()


def test_at_most_so_many_links() -> None:
    many = features("Tidy\n\n" + " ".join(f"#{n}" for n in range(1, 400)))
    assert len(many.links) == MOST_LINKS


def test_long_messages_are_read_to_a_point() -> None:
    filler = "word " * (READ // 5)
    assert said(f"Tidy\n\n{filler}\nFixes #5") == set()
    assert said(f"Tidy\n\n{filler[:-100]}\nFixes #5") == closes("#5")


def test_empty_messages() -> None:
    for message in ("", "\n", "  \n\n  ", "\0"):
        found = features(message)
        assert found.links == ()
        assert found.trailers == ()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Reviewers: aquill, Bo Reed", ["aquill", "Bo Reed"]),
        ("Reviewers: aquill and bo-reed", ["aquill", "bo-reed"]),
        ("Reviewer: @aquill", ["@aquill"]),
        ("Reviewers: Ada Quill <ada@example.org>, bo", ["Ada Quill"]),
        ("Reviewers: none of us, it is 3 lines long!", []),
        ("Reviewed-by: nobody in particular", []),
        ("Tested-by: build bot (Jenkins)", ["build bot (Jenkins)"]),
        ("TryBot-Result: Go Bot <gobot@golang.org>", ["Go Bot"]),
        ("Tested-by: on my own laptop", []),
    ],
)
def test_names_alone(line: str, names: list[str]) -> None:
    found = features(f"Fix it\n\nText.\n\n{line}\n").trailers
    assert [t.name for t in found if t.name] == names
