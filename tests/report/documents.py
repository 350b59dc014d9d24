"""Published results made by hand: a full one for each audience, a nearly empty and a hostile one."""

from __future__ import annotations

from dataclasses import replace

from trueup.publish.document import (
    VERDICTS,
    Audience,
    ClaimRow,
    Comparison,
    Coupling,
    Definition,
    Drift,
    Gap,
    HorizonMix,
    Hotspot,
    Ledger,
    LedgerMonth,
    Method,
    Mix,
    NextStep,
    Published,
    RepositoryRead,
    Requests,
    Risk,
    ScopeRow,
    SignalResult,
    SourceRow,
)
from trueup.publish.figure import Figure
from trueup.publish.parts import (
    Alignment,
    Cause,
    Change,
    Changed,
    Chapters,
    Delivery,
    Moved,
    Step,
    Tally,
    Verification,
)

COUNTS = dict(zip(VERDICTS, (128, 119, 12, 9, 36, 8), strict=True))
TOTAL = sum(COUNTS.values())
SCOPE = "acme/checkout"


def measured(name, value, low, high, unit="share", *, events=312, people=14, coverage=0.97):
    return Figure(name, 1, unit, "measured", value, low, high, people, events, coverage)


def missing(name, reason, *, status="source_missing", unit="share", events=0):
    return Figure(name, 1, unit, status, None, None, None, None, events, 0.0, reason)


def mix(counts=COUNTS, people=14):
    total = sum(counts.values())
    shares = {
        verdict: measured(
            verdict,
            n / total,
            max(n / total - 0.045, 0.0),
            min(n / total + 0.045, 1.0),
            events=total,
            people=people,
        )
        for verdict, n in counts.items()
    }
    return Mix(total, dict(counts), shares)


def months():
    flows = [
        (2, 0, 1),
        (1, 1, 1),
        (3, 0, 2),
        (0, 0, 1),
        (2, 1, 0),
        (1, 0, 3),
        (4, 0, 1),
        (1, 0, 2),
    ] * 3
    stock, rows = 4, []
    for i, (new, later, repaid) in enumerate(flows):
        into = 2 if i == 15 else 0
        off = 1 if i in {9, 20} else 0
        withdrawn = 1 if i == 12 else 0
        closing = stock + new + later + into - repaid - withdrawn - off
        contradicted = min(closing, closing // 2 + 2)
        rows.append(
            LedgerMonth(
                month=f"{2024 + (i + 11) // 12}-{(i + 11) % 12 + 1:02d}",
                opening=stock,
                new=new,
                contradicted_later=later,
                came_into_view=into,
                restated=0,
                repaid=repaid,
                withdrawn=withdrawn,
                written_off=off,
                went_out_of_view=0,
                closing=closing,
                contradicted=contradicted,
                unverified=closing - contradicted,
                unseen=52 - i // 2 - (10 if i > 14 else 0),
            )
        )
        stock = closing
    return tuple(rows)


def ledger():
    rows = months()
    return Ledger(
        months=rows,
        open=rows[-1].closing,
        open_a_quarter_ago=rows[-4].closing,
        oldest_days=118,
        oldest_claim="C-0193",
        median_age_days=41.5,
        why="+7 fixed again within 90 days (payments), -4 repaid, -1 written off.",
    )


def series(name, unit, values, half):
    figures = [
        measured(name, value, value - half, value + half, unit, events=70 + 7 * i)
        for i, value in enumerate(values)
    ]
    return tuple(figures)


def signal(name, title, unit, direction, values, verdict, *, half, scope=SCOPE, sentence=""):
    windows = series(name, unit, values, half)
    past_value = round(sum(values[:-1]) / len(values[:-1]), 4)
    past = measured(
        name, past_value, past_value - half / 2, past_value + half / 2, unit, events=290
    )
    return SignalResult(
        scope=scope,
        inferred=scope != SCOPE,
        name=name,
        title=title,
        unit=unit,
        direction=direction,
        comparison=Comparison(windows[-1], past, verdict, windows),
        sentence=sentence or f"{title} is {verdict} than in the 52 weeks before.",
        definition=f"{title}: landed changes by people that show it, over all landed changes by people.",
        limits="Pairs who review each other live leave no mark and count as not reviewed.",
    )


def unmeasured(name, title, reason, *, scope=SCOPE, status="source_missing"):
    none = missing(name, reason, status=status)
    return SignalResult(
        scope=scope,
        inferred=False,
        name=name,
        title=title,
        unit="share",
        direction="low_is_debt",
        comparison=Comparison(none, none, "not compared"),
        sentence=f"{title} {reason}.",
        definition=f"{title}, counted over all reviews.",
        limits="Says nothing about what was said aloud.",
    )


def signals():
    return (
        signal(
            "review_coverage",
            "Review coverage",
            "share",
            "low_is_debt",
            (0.74, 0.72, 0.73, 0.71, 0.62),
            "lower",
            half=0.07,
            sentence="Fewer changes were looked at by a second person than in the 52 weeks before.",
        ),
        signal(
            "work_concentration",
            "Effective contributors",
            "people",
            "low_is_debt",
            (3.6, 3.3, 3.5, 3.5, 3.4),
            "same",
            half=0.6,
            sentence="The work is spread as it was.",
        ),
        signal(
            "revert_share",
            "Revert and re-fix share",
            "share",
            "high_is_debt",
            (0.049, 0.058, 0.044, 0.066, 0.061),
            "not distinguishable",
            half=0.026,
            sentence="Whether more was undone or fixed again cannot be told from so few events.",
        ),
        signal(
            "change_size",
            "Median change size",
            "lines",
            "both_tails",
            (64, 70, 81, 96, 128),
            "higher",
            half=18,
            sentence="Half of all changes are now larger than 128 lines.",
        ),
        signal(
            "time_to_land",
            "Median time to land",
            "hours",
            "high_is_debt",
            (19.0, 22.5, 20.0, 26.0, 31.5),
            "higher",
            half=5.5,
            sentence="Half of all changes wait longer than a day before they land.",
        ),
        signal(
            "knowledge_held_by_one",
            "Files known to one person",
            "share",
            "high_is_debt",
            (0.31, 0.32, 0.30, 0.31, 0.30),
            "same",
            half=0.04,
            sentence="About a third of the files changed this year are known to one person.",
        ),
        unmeasured(
            "decision_dissent", "Decision dissent", "cannot be seen from git: needs reviews"
        ),
        unmeasured("review_depth", "Review depth", "cannot be seen from git: needs reviews"),
        unmeasured(
            "weekend_work",
            "Work at weekends",
            "31 % of commits carry no local time",
            status="insufficient",
        ),
        signal(
            "review_coverage",
            "Review coverage",
            "share",
            "low_is_debt",
            (0.66, 0.61, 0.52, 0.44, 0.41),
            "lower",
            half=0.09,
            scope="payments",
        ),
        signal(
            "revert_share",
            "Revert and re-fix share",
            "share",
            "high_is_debt",
            (0.05, 0.06, 0.08, 0.09, 0.13),
            "higher",
            half=0.03,
            scope="payments",
        ),
    )


def examples():
    wanted = (("contradicted", 3), ("unverified", 3), ("partial", 2), ("verified", 1))
    rows = []
    for verdict, n in wanted:
        for i in range(n):
            k = len(rows)
            rows.append(
                ClaimRow(
                    id=f"C-{180 + k:04d}",
                    repository=SCOPE,
                    kind="commit that says it fixes",
                    claimed_at=f"2026-0{9 - k % 3}-1{i}T09:30:00Z",
                    verdict=verdict,
                    reason={
                        "contradicted": "fixed again after 12 days in the same lines",
                        "unverified": "no review and no test run found, though 83 % of such changes have one",
                        "partial": "on the main line and not undone in 30 days; nobody else looked",
                        "verified": "reviewed by another person before landing and not undone in 30 days",
                    }[verdict],
                    ticket=f"CHK-{400 + k}",
                    commits=(f"{k:02d}3fa9c1d2e4b5a6978812{k:02d}",),
                    area=("payments", "cart", "ledger")[k % 3],
                    subject="Round amounts half to even before posting"
                    if k % 2
                    else "Retry when the gateway times out",
                )
            )
    return tuple(rows)


def requests():
    """Merged requests of a repository: one step is seen by no source, and one for some of them only."""
    counts = (("issue", 182, 240), ("review", 201, 240), ("line", 236, 240), ("build", 150, 160),
              ("release", 0, 240), ("deployment", None, 0))  # fmt: skip
    return (
        Requests(
            repository=SCOPE, open=12, merged=240, landed=230, rewritten=6, elsewhere=4, unseen=0,
            closed=31, closed_landed=1, reviewed=201,
            text="Of 240 merged requests 230 are on the default branch.",
            steps=tuple(Step(*told) for told in counts),
        ),
    )  # fmt: skip


def scopes():
    people = {"payments": 6, "ledger": 5, "cart": 9, "web": 7, "api": 6}
    rows = [
        ScopeRow(name, True, n, dict(zip(VERDICTS, counts, strict=True)))
        for (name, n), counts in zip(
            people.items(),
            (
                (18, 21, 7, 3, 9, 2),
                (12, 14, 3, 4, 4, 0),
                (41, 33, 1, 2, 8, 3),
                (35, 30, 1, 0, 9, 2),
                (22, 21, 0, 0, 6, 1),
            ),
            strict=True,
        )
    ]
    hidden = (
        "Not shown: fewer than three people worked here, so each row would be about one of them."
    )
    return (*rows, ScopeRow("tools/migrations", True, None, {}, hidden))


def hotspots():
    names = (
        ("payments/posting.py", 1480, 96, 31), ("payments/gateway/client.py", 1120, 74, 22),
        ("ledger/journal.py", 960, 38, 9), ("web/static/checkout.ts", 1310, 61, 12),
        ("cart/pricing.py", 720, 58, 11), ("cart/discounts.py", 540, 44, 8),
        ("api/routes.py", 880, 41, 5), ("web/components/AddressForm.tsx", 610, 33, 7),
        ("ledger/reconcile.py", 430, 29, 10), ("payments/refunds.py", 390, 40, 14),
        ("api/schema.py", 1010, 22, 2), ("web/components/Summary.tsx", 350, 26, 3),
        ("cart/models.py", 460, 19, 2), ("tools/import_prices.py", 280, 17, 4),
    )  # fmt: skip
    return tuple(
        Hotspot(path, path.split("/")[0], changes, lines, lines // 9, changes * lines / 1e5, fixes)
        for path, lines, changes, fixes in names
    )


def couplings():
    pairs = (
        ("payments", "ledger", 41, 96, 60, 3.9, 2.8), ("cart", "web", 33, 80, 91, 2.2, 1.6),
        ("api", "web", 27, 52, 91, 2.6, 1.8), ("payments", "tools/migrations", 12, 96, 15, 4.4, 2.5),
        ("cart", "payments", 21, 80, 96, 1.5, 1.1), ("api", "cart", 14, 52, 80, 1.4, 1.0),
    )  # fmt: skip
    return tuple(Coupling(*pair) for pair in pairs)


def sources():
    return (
        SourceRow("git", "read", "2026-11-20T08:12:44Z", ("ancestry", "survival", "re-fixes"), 0, "38 571 files at the tip"),
        SourceRow("GitHub issues and checks", "missing", "", ("inspected", "tested", "reopened"), 190, "read-only token with repo:read"),
        SourceRow("Jira", "missing", "", ("issue done", "reopened"), 22, "export as CSV or a read-only token"),
        SourceRow("test reports", "missing", "", ("tested",), 61, "JUnit files from any build server"),
    )  # fmt: skip


def gaps():
    return (
        Gap("git.missing-blob", SCOPE, "12 of 8 412 commits have no line counts", "everything else was read", f"git -C {SCOPE} fetch --refetch"),
        Gap("git.no-local-time", SCOPE, "2 610 commits carry no local time", "working hours cannot be told", "nothing can be done about the past"),
    )  # fmt: skip


def next_steps():
    return (
        NextStep("Look at 7 contradicted items in payments", "payments", "They were fixed again within 90 days, more than in any other part.", "trueup claims --status contradicted --area payments", "2026-12-18"),
        NextStep("Connect GitHub with a read-only token", SCOPE, "It would let about 190 items be judged that cannot be seen today.", "trueup init --source github", "2026-12-18"),
        NextStep("Ask two people to judge 20 sampled items", SCOPE, "The range of what is not really done shrinks to about a third.", "trueup audit draw --items 20", "2026-12-18"),
    )  # fmt: skip


def method():
    return Method(
        edition="2026.1",
        policy=("issue done: present, and inspected or tested, and survived 30 days", "commit that says it fixes: present, survived, and inspected by another person", "release note: the named tag contains the change"),
        horizon_days=30,
        restate_days=90,
        definitions=(
            Definition("verified", 1, "All the evidence this kind of item needs was found, at least one piece of it independent.", "A review of one second counts as a review.", "policy edition 2026.1"),
            Definition("visibility", 1, "Items with any verdict but 'cannot be seen', over all items.", "Seeing more can raise the debt."),
            Definition("risk", 2, "Bounds of the share not really done, from what is recorded alone.", "Wide until a sample is judged by people.", "Manski 2003"),
            Definition("review_coverage", 1, "Landed changes by people with a mark of a second person, over all of them.", "Pairing leaves no mark."),
        ),
        content="5d41402abc4b2a76b9719d911017c592ae2d1f1e",
    )  # fmt: skip


def chapters():
    """Six reasons for what is lacking, so that one of them is left to the table."""
    steps = requests()[0].steps
    against = (
        Tally("reverted", "reverted by a later commit", 7),
        Tally("refixed", "the same ticket was fixed again in the same files", 5),
    )
    rests = (
        Tally("both", "another person looked first, and tests passed", 90),
        Tally("look", "another person looked first", 30),
        Tally("tests", "tests passed", 8),
    )
    lacks = (
        Tally("no_look", "no independent look is on record", 61),
        Tally("no_tests", "no tests are known to have run on it", 40),
        Tally("looked_later", "others looked only after it had been merged", 12),
        Tally("too_fast", "it was approved faster than anybody reads so many lines", 9),
        Tally("tests_failed", "tests failed on it", 3),
        Tally("few", "other reasons, together", 6),
    )
    dark = (
        Tally("x", "nothing points at it, and such issues normally have no linked change here", 30),
        Tally("y", "no commit names what this entry names; a tracker could", 6),
    )
    return Chapters(
        Alignment("Of 304 items reported done 21 are not there or no longer.", 190, 151, 4, 11),
        Delivery("Of 304 items reported done 268 are on the line they were meant for.", 304, 268, None, 247, against, 3, steps),
        Verification("128 items have independent evidence.", 128, rests, 119, lacks, 36, dark),
    )  # fmt: skip


def moved():
    """The share with independent evidence went from 43 % to 41 %, and the open items from 11 to 14."""
    causes = (
        Cause("new", "reported since", 20, 4, 20, 1, -1.5, "-1.5"),
        Cause("matured", "old enough to tell by now", 6, 1, 6, 0, -0.5, "-0.5"),
        Cause("contradicted", "contradicted since", 3, -1, 0, 3, -0.3, "-0.3"),
        Cause("repaid", "done again or made good, and verified", 1, 1, 0, -1, 0.3, "+0.3"),
    )
    text = "Since 2026-10-20 the share with independent evidence went from 43 % to 41 %, in percentage points: -1.5 reported since."
    return Moved(123, 286, 11, 128, 312, 14, -2.0, "-2.0", causes, text)  # fmt: skip


def full(audience=Audience.TEAM):
    team = audience is Audience.TEAM
    return Published(
        title=SCOPE,
        audience=audience,
        version="0.1.0",
        as_of="2026-11-20T08:12:44Z",
        period_start="2024-11-20T00:00:00Z",
        period_end="2026-11-20T00:00:00Z",
        repositories=(RepositoryRead(SCOPE, "main", 8412, "lines", "2026-11-20T08:12:44Z", ("squash merges: 62 % of changes",)),),
        people=14,
        sentence=(
            "Of 312 items reported done, 41 % have independent evidence, 38 % landed and survived but "
            "nobody independent looked, 4 % are contradicted, 3 % have no evidence where there normally "
            "is some, 12 % cannot be seen from the connected sources, and 3 % are too recent to say."
        ),
        source_hint="Connecting GitHub issues and checks would light up most: about 190 of them.",
        mix=mix(),
        visibility=measured("visibility", 0.885, 0.85, 0.91),
        risk=Risk(0.0435, 0.5072, 0.0385, 0.59, "as recorded", 276, 312),
        horizons=(
            HorizonMix(14, 301, dict(zip(VERDICTS, (0, 236, 6, 9, 36, 14), strict=True))),
            HorizonMix(30, 290, dict(zip(VERDICTS, (121, 116, 9, 8, 36, 0), strict=True))),
            HorizonMix(90, 262, dict(zip(VERDICTS, (104, 101, 12, 9, 36, 0), strict=True))),
        ),
        ledger=ledger() if team else replace(ledger(), oldest_claim=""),
        drift=Drift(5, 23, 1440, 2210, "Landed work that claimed nothing is counted, not judged."),
        scopes=scopes(),
        signals=signals(),
        hotspots=hotspots(),
        couplings=couplings(),
        sources=sources(),
        requests=requests() if team else (),
        gaps=gaps(),
        next_steps=next_steps(),
        changed=Changed(
            "2026-10-20T07:00:00Z",
            (Change("open items", "11", "14"), Change("independent evidence", "43 %", "41 %"), Change("seen", "87 %", "88 %")),
            "Same edition, same sources.",
            moved(),
        ),
        method=method(),
        chapters=chapters(),
        examples=examples() if team else (),
        suppressed=() if team else ("Work at weekends is not shown: fewer than five people are behind it.",),
        seconds={"total": 11.2, "git": 7.9},
    )  # fmt: skip


def nearly_empty():
    nothing = dict.fromkeys(VERDICTS, 0)
    return replace(
        full(),
        title="acme/new",
        repositories=(RepositoryRead("acme/new", "main", 3, "structure", "2026-11-20T08:12:44Z"),),
        people=None,
        sentence="",
        source_hint="",
        mix=Mix(0, nothing, {}),
        visibility=missing("visibility", "nothing was reported done", status="insufficient"),
        risk=Risk(None, None, None, None, "as recorded", 0, 0),
        horizons=(HorizonMix(14, 0, nothing),),
        ledger=Ledger((), 0, 0, None, "", None, ""),
        drift=Drift(0, None, 3, 3),
        scopes=(),
        signals=(unmeasured("review_coverage", "Review coverage", "3 changes are too few to say", status="insufficient"),),
        hotspots=(),
        couplings=(),
        requests=(),
        gaps=(),
        next_steps=(),
        changed=None,
        examples=(),
        method=replace(method(), definitions=(), policy=()),
        chapters=Chapters(
            Alignment("Nothing was reported done.", None, None, None, 0),
            Delivery("Nothing can be followed.", 0, 0, None, 0, (), 0, ()),
            Verification("Nothing can be verified.", 0, (), 0, (), 0, ()),
        ),
        seconds={},
    )  # fmt: skip


EVIL = "<script>alert(1)</script>\"'><img src=https://evil.example/x onerror=alert(1)>"
ANSI = "\x1b[31mred\x1b[0m\x9b2J\x07"
BIDI = "safe\u202egpj.exe\u202c\u2066\u200b\u2028"
FORMULA = "=cmd|' /C calc'!A0"
LINES = "a\nb\r\nc\td"
LONG = "very/long/" * 1000
BYTES = "caf\udce9.txt"
ZALGO = "z" + "\u0301" * 60
EVERYTHING = f"{EVIL} {ANSI} {BIDI} {FORMULA} {LINES} {BYTES} {ZALGO}"
TEMPLATE = "{{ 7 * 191 }}{% raw %}</style></title></svg></details>"


def hostile():
    """Every text that a repository could have written is an attack; figures stay as they are."""
    base = full()
    names = (EVIL, ANSI, BIDI, FORMULA, LINES, BYTES, ZALGO, TEMPLATE, LONG)
    rows = tuple(
        replace(
            row,
            subject=f"{name} {EVERYTHING}",
            ticket=name,
            area=name,
            id=name,
            reason=EVERYTHING,
            commits=(name,),
        )
        for row, name in zip(base.examples, names, strict=True)
    )
    return replace(
        base,
        title=EVERYTHING,
        repositories=(RepositoryRead(EVERYTHING, BIDI, 8412, "lines", "2026-11-20T08:12:44Z", (ANSI, LONG)),),
        ledger=replace(base.ledger, oldest_claim=EVERYTHING, why=EVERYTHING),
        scopes=tuple(replace(base.scopes[i % 5], scope=name) for i, name in enumerate(names)),
        signals=tuple(replace(one, scope=EVERYTHING, title=f"{one.title} {name}") for one, name in zip(base.signals, names, strict=False)),
        hotspots=tuple(replace(base.hotspots[i], path=name, area=name) for i, name in enumerate(names)),
        couplings=tuple(replace(base.couplings[i % 6], left=name, right=names[i - 1]) for i, name in enumerate(names)),
        gaps=(Gap(EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING),),
        next_steps=tuple(replace(step, scope=name, title=f"{step.title} {name}", command=f"{step.command} {name}") for step, name in zip(base.next_steps, (EVERYTHING, LONG, TEMPLATE), strict=True)),
        changed=Changed("2026-10-20", (Change(EVERYTHING, LONG, BIDI),), ANSI),
        sources=tuple(replace(source, note=EVERYTHING) for source in base.sources),
        examples=rows,
        suppressed=(EVERYTHING,),
    )  # fmt: skip
