"""JUnit XML as pytest, Surefire, Gradle, Jest, go-junit-report, GoogleTest and others write it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from trueup.facts import reports
from trueup.facts.reported_paths import checked_path, reported_path
from trueup.kernel.sources import Form, RecordKind, Source, names
from trueup.transport.elements import elements, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.facts.rows import Raw, Rows
    from trueup.transport.elements import Element

#: Elements of a case that say how it ended; the worst counts.
_ENDS = ("error", "failure", "warning", "skipped")
#: Elements of a case for attempts before the last, and those of them for cases that passed at last.
_AGAIN = frozenset("rerunFailure rerunError flakyFailure flakyError".split())
_FLAKY = frozenset("flakyFailure flakyError".split())
#: Words for how a case ended: names of elements, and what some tools say in attributes.
_RESULT = (
    dict.fromkeys("passed pass success successful ok run completed".split(), "success")
    | dict.fromkeys("failure failed fail".split(), "failure")
    | dict.fromkeys("error errored broken".split(), "error")
    | dict.fromkeys(
        "skipped skip ignored disabled suppressed notrun pending pytest.skip pytest.xfail".split(),
        "skipped",
    )
    # What PHPUnit warns of did not run as it was meant.
    | {"warning": "other"}
)
#: Properties that say what a report is of, with dots between their words; all others are left.
_PROPERTIES = {
    "sha": "git.commit git.commit.id git.commit.id.full git.commit.sha git.sha git.revision github.sha "
    "ci.commit.sha vcs.ref.head.revision",
    "repo": "git.repository git.repository.url git.remote.origin.url git.url github.repository "
    "ci.project.path vcs.repository.url.full",
    "build": "github.run.id ci.pipeline.id buildkite.build.id",
}
_MEANS = {name: what for what, told in _PROPERTIES.items() for name in told.split()}
#: Attributes that are read.
_SUITE = tuple("tests failures errors skipped skips skip disabled time timestamp".split())
_CASE = ("name", "classname", "file", "time", "status", "result")
#: Counts that a suite gives of itself, and the attributes that do.
_COUNTS = {
    "tests": ("tests",),
    "failing": ("failures", "errors"),
    "skipped": ("skipped", "skips", "skip", "disabled"),
}
#: What is told of suites that show less than they seem to.
_REMARKS = {
    "empty": "suites without a case: nothing ran",
    "skipped": "suites of which every case was skipped",
    "mended": "suites in which all that failed passed when it ran again: neither good nor failed",
    "at odds": "suites that count other cases than they hold; what they hold is kept",
}
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
_TAG = re.compile(r"dd_tags\[(.+)\]")


def _begins(head: bytes) -> bool:
    return root_of(head)[0] in {"testsuites", "testsuite"}


def _records(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Each case when it ends, each suite after its cases; open ones when the file breaks off."""
    report = _Report()
    try:
        for element in elements(stream, frozenset({"property"})):
            yield from report.take(element)
    except ValueError:
        yield from report.broken_off()
        raise


@dataclass
class _Suite:
    """A suite that is being read, or a group of suites."""

    number: int
    told: dict[str, str]
    known: dict[str, str]
    ends: Counter[str] = field(default_factory=Counter)
    inner: Counter[str] = field(default_factory=Counter)
    failed: Counter[tuple[str, str]] = field(default_factory=Counter)
    mended: int = 0
    groups: bool = False
    broke: bool = False  # outside of its cases

    def record(self, *, complete: bool) -> dict[str, Any]:
        """What is known of it in the end."""
        own = {name: self.told[name] for name in _SUITE if name in self.told}
        counted: dict[str, Any] = {"ends": dict(self.ends), "inner": dict(self.inner)}
        counted |= {"complete": complete, "broke": self.broke}
        counted |= {"mended": 0 if self.failed else self.mended}
        return own | self.known | counted | self.place()

    def count(self, case: dict[str, Any]) -> None:
        """A case more. Some tools tell what they run again as a further case of that name."""
        own = (case.get("classname", ""), case.get("name", ""))
        word = _word(case).lower()
        case["uncounted"] = not word and self.told.get("tests") == "0"
        found = "other" if case["uncounted"] else _RESULT.get(word or "passed", "other")
        self.ends[found] += 1
        if found in {"failure", "error"}:
            self.failed[own] += 1
        elif found == "success" and (before := self.failed.pop(own, 0)):
            self.mended += 1
            case |= {"again": before, "flaky": True}

    def place(self) -> dict[str, Any]:
        """What its record and those of its cases have in common."""
        name, number = self.told.get("name", ""), self.number
        return {"junit": True, "id": str(number), "suite_number": number, "suite": name}


class _Report:
    """What was read of a report so far."""

    def __init__(self) -> None:
        self._open: list[_Suite] = []
        self._suites = self._cases = self._depth = 0
        self._case: dict[str, Any] | None = None
        self._case_depth = 0
        self._property: dict[str, str] = {}

    def take(self, element: Element) -> Iterator[dict[str, Any]]:
        """One element more, and the record that it completes."""
        begins, tag, told, text = element
        self._depth += 1 if begins else -1
        if tag == "property":
            self._note(begins, told, text)
        elif self._case is not None:
            if begins:
                self._within(self._case, tag, told)
            elif self._depth < self._case_depth:
                yield self._ended(self._case)
        elif tag in {"testsuites", "testsuite"}:
            yield from self._suite(begins, told)
        elif tag == "testcase" and begins and self._open:
            self._case = {name: told[name] for name in _CASE if name in told}
            self._case_depth = self._depth
        elif tag in {"error", "failure"} and self._open:
            self._open[-1].broke = True

    def broken_off(self) -> Iterator[dict[str, Any]]:
        """The file ends here: so do the suites that are open, without the case that is."""
        self._case = None
        while self._open:
            yield from self._close(complete=False)

    def _suite(self, begins: bool, told: dict[str, str]) -> Iterator[dict[str, Any]]:
        if not begins:
            yield from self._close(complete=True)
            return
        outer = self._open[-1] if self._open else None
        if outer is not None:
            outer.groups = True
            told = {n: v for n, v in outer.told.items() if n == "timestamp"} | told
        self._suites += 1
        self._open.append(_Suite(self._suites, told, dict(outer.known) if outer else {}))

    def _close(self, *, complete: bool) -> Iterator[dict[str, Any]]:
        """A suite is over; what only groups others is none of its own."""
        suite = self._open.pop()
        if self._open:
            self._open[-1].inner.update(suite.ends + suite.inner)
        if suite.ends or suite.broke or not suite.groups:
            yield suite.record(complete=complete)

    def _note(self, begins: bool, told: dict[str, str], text: str) -> None:
        """A property that says what the report is of; they stand before the cases they are about."""
        if begins:
            self._property = told
            return
        name = self._property.get("name", "")
        tagged = _TAG.fullmatch(name)
        what = _MEANS.get(re.sub(r"[_-]", ".", (tagged[1] if tagged else name).lower()), "")
        value = (self._property.get("value") or text).strip()
        suite = self._open[-1] if self._open and self._case is None else None
        if what and value and suite is not None and not suite.ends:
            suite.known.setdefault(what, value)

    def _within(self, case: dict[str, Any], tag: str, told: dict[str, str]) -> None:
        """An element of a case; those deeper inside are texts."""
        if self._depth != self._case_depth + 1:
            return
        if tag in _ENDS:
            case.setdefault("ends", {})[tag] = told.get("type", "") if tag == "skipped" else ""
        elif tag in _AGAIN:
            case["again"] = case.get("again", 0) + 1
            case["flaky"] = tag in _FLAKY

    def _ended(self, case: dict[str, Any]) -> dict[str, Any]:
        suite = self._open[-1]
        self._case = None
        self._cases += 1
        suite.count(case)
        own = {"case_number": self._cases, "id": f"{suite.number}.{self._cases}"}
        own |= {"timestamp": suite.told.get("timestamp")}
        return case | suite.known | suite.place() | own


def _word(case: Raw) -> str:
    """How a case ended, in a word of the report; nothing for those that it says nothing about."""
    ends = case.get("ends", {})
    if worst := next((tag for tag in _ENDS if tag in ends), ""):
        return ends[worst] if ends[worst] in _RESULT else worst
    said = (str(case.get(name) or "") for name in ("result", "status"))
    return next((word for word in said if word), "")


def result(raw: Raw, to: Rows) -> None:
    """A case, or a suite after its cases."""
    if "case_number" in raw:
        _case(raw, to)
    else:
        _suite(raw, to)


def _case(raw: Raw, to: Rows) -> None:
    word = _word(raw)
    path = reported_path(raw["file"])[0] if raw.get("file") else ""
    again = raw.get("again")
    usual = "other" if raw["uncounted"] else "success"
    ended = to.meaning("test_cases.result", word, _RESULT) or usual
    to.add(
        "test_cases",
        happened_at=reports.moment(to, raw.get("timestamp"))[0],
        **_of(raw, to),
        case_number=raw["case_number"],
        class_name=reports.name_of(to, raw["classname"]) if raw.get("classname") else None,
        name=reports.name_of(to, raw["name"]),
        path=checked_path(path) if path else None,
        result=ended,
        result_original=word if _ID.fullmatch(word) else "",
        seconds=reports.seconds(to, raw.get("time")),
        attempts=again + 1 if again else None,
        flaky=raw["flaky"] and ended == "success" if again else None,
    )


def _suite(raw: Raw, to: Rows) -> None:
    ends: Counter[str] = Counter(raw["ends"])
    started, zone_told = reports.moment(to, raw.get("timestamp"))
    told = {name: _told(raw, to, *said) for name, said in _COUNTS.items()}
    found, agrees = _outcome(raw, ends, told)
    for what in (found, "mended" if raw["mended"] else "", "at odds" if agrees is False else ""):
        if what in _REMARKS:
            to.remark(_REMARKS[what])
    to.add(
        "test_runs",
        happened_at=started,
        **_of(raw, to),
        build=_build(raw),
        result=found,
        tests=ends.total(),
        passed=_passed(ends, told),
        failures=ends["failure"],
        errors=ends["error"],
        skipped=ends["skipped"],
        **{f"{name}_told": number for name, number in told.items()},
        agrees=agrees,
        complete=raw["complete"],
        started_at=started,
        zone_told=zone_told,
        seconds=reports.seconds(to, raw.get("time")),
    )


def _told(raw: Raw, to: Rows, *said: str) -> int | None:
    """What a suite says of itself, in whichever attributes it does."""
    known = [n for name in said if (n := reports.count(to, raw.get(name))) is not None]
    return sum(known) if known else None


def _counted(ends: Counter[str]) -> dict[str, int]:
    """What the cases of a suite show of that."""
    failing = ends["failure"] + ends["error"]
    return {"tests": ends.total(), "failing": failing, "skipped": ends["skipped"]}


def _outcome(
    raw: Raw, ends: Counter[str], told: Mapping[str, int | None]
) -> tuple[str, bool | None]:
    """How a suite ended, by its cases, and whether its own counts are those of them.

    They may include those of suites within it. It ended well only where nothing speaks against it.
    """
    own, whole = _counted(ends), _counted(ends + Counter(raw["inner"]))
    odd = {n for n, count in told.items() if count not in {None, own[n], whole[n]}}
    known = raw["complete"] and any(count is not None for count in told.values())
    agrees = not odd if known else None
    if raw["broke"] or (own["failing"] and not raw["mended"]):
        return "failure", agrees
    if not raw["complete"] or ends["other"] or raw["mended"] or odd & {"failing", "skipped"}:
        return "other", agrees
    if ends["success"]:
        return ("success" if _passed(ends, told) else "other"), agrees
    return ("skipped" if ends else "empty"), agrees


def _passed(ends: Counter[str], told: Mapping[str, int | None]) -> int:
    """Cases that passed: Jest lists those that are still to be written too, without counting them."""
    tests = told["tests"]
    beyond = 0 if tests is None else max(ends.total() - tests, 0)
    return max(ends["success"] - beyond, 0)


def _of(raw: Raw, to: Rows) -> dict[str, Any]:
    """What a row belongs to."""
    return {
        "repo": reports.repository(to, raw.get("repo", "")),
        "run": str(to.about["file"]),
        "sha": reports.commit(to, raw.get("sha", "")),
        "suite_number": raw["suite_number"],
        "suite": reports.name_of(to, raw["suite"]) or None,
    }


def _build(raw: Raw) -> str | None:
    """The id of a build; a text that is none is left."""
    told = str(raw.get("build") or "")
    return told if _ID.fullmatch(told) else None


KINDS = (
    RecordKind(
        name="junit_results",
        writes=("test_cases", "test_runs"),
        lights="that tests really ran on a commit, which, and what became of them",
        access="the reports of the build",
        marks=names("junit suite suite_number"),
        known=names(
            "junit id suite suite_number name classname file time status result ends again flaky case_number "
            "timestamp sha repo build tests failures errors skipped skips skip disabled inner complete "
            "broke mended uncounted"
        ),
        to_facts=result,
        form=Form((".xml",), _begins, _records),
    ),
)

SOURCE = Source(
    name="junit",
    version=1,
    title="JUnit XML test reports",
    sensitive=(),
    access="the report files of a build; nothing is asked over the network",
    limits=(
        "Most reports do not say of which repository and commit they are: "
        "`trueup collect --from PATH --repo OWNER/NAME --commit SHA`. Those that do have a property such as "
        "`git.commit.sha`, `git.repository_url`, `GITHUB_SHA` or `CI_PROJECT_PATH`, before their cases. Names of "
        "tests are kept; messages, output and all other properties are not. The formats of xUnit.net, NUnit and "
        "TestNG are not read. A suite in which all that failed passed when it "
        "ran again, as `gotestsum --rerun-fails` tells it, is `other`. Tests that are still to be written look to Jest like "
        "passed ones: a suite that holds more cases than it counts has so many fewer that passed. Two reports of the same tests in two files count as two runs."
    ),
    kinds=KINDS,
)
