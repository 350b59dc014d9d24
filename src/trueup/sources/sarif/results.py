"""Results of one run: which rule, how severe, what became of it, and what makes it itself."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from trueup.facts.scanning import digest
from trueup.kernel.clock import moment_of
from trueup.sources.sarif.places import Place

if TYPE_CHECKING:
    from trueup.facts.rows import Raw
    from trueup.facts.scanning import Report
    from trueup.sources.sarif.places import Places

#: Tags and names of rules, the surest first.
_KINDS = {
    "secret": "secret",
    "secrets": "secret",
    "license": "licence",
    "licence": "licence",
    "misconfiguration": "misconfiguration",
    "vulnerability": "vulnerability",
    "security": "vulnerability",
    "correctness": "bug",
    "reliability": "bug",
    "bug": "bug",
    "maintainability": "smell",
    "readability": "smell",
    "code-smell": "smell",
    "style": "smell",
}
#: Tools that look for nothing else, and whose rules carry no tags.
_TOOLS = {
    "gitleaks": "secret",
    "trufflehog": "secret",
    "ggshield": "secret",
    "detect-secrets": "secret",
}
#: How Trivy tags its rules; the score beside it may be that of somebody else.
_WORDS = frozenset(("CRITICAL", "HIGH", "MEDIUM", "LOW", "UNKNOWN"))
_STATES = {"new": "open", "unchanged": "open", "updated": "open", "absent": "done"}
_WAVED = {"insource": "not_planned", "external": "not_planned"}
#: Fingerprints are hashes; one tool writes who committed what beside them.
_HASH = re.compile(r"[0-9a-fA-F]{8,}(?:[:_-]\d+)?")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
#: How Trivy and those that follow it say in a text which package they mean.
_TOLD = {
    "component": re.compile(r"^Package: (\S{1,200})$", re.MULTILINE),
    "version": re.compile(r"^Installed Version: (\S{1,100})$", re.MULTILINE),
    "fixed_in": re.compile(r"^Fixed Version: (\S.{0,199})$", re.MULTILINE),
}


class Results:
    """The results of one run.

    Args:
        run: of the log.
        report: where they go.
        places: of the run.
    """

    def __init__(self, run: Raw, report: Report, places: Places) -> None:
        tool = run["tool"]
        self._report = report
        self._places = places
        self._driver = tool["driver"].get("rules") or ()
        self._extensions = [x.get("rules") or () for x in tool.get("extensions") or ()]
        self._rules = {r["id"]: r for rules in (*self._extensions, self._driver) for r in rules}
        # What several results carry is no fingerprint of any: some tools write a fixed text there.
        self._shared = Counter(_fingerprint(r) for r in run["results"])
        self._met: Counter[str] = Counter()

    def add(self, result: Raw) -> None:
        """A result, if it says that something is wrong."""
        if result.get("kind") in {"pass", "notApplicable"}:
            return
        rule_id, rule = self._rule(result)
        place = self._places.of(result)
        kind = self._kind(rule, result)
        told = _package(result) if kind.get("kind") == "vulnerability" else {}
        if rule.get("name") == "OsPackageVulnerability":
            # Its address is the image with its tag, which is another one tomorrow.
            place = Place(None, None, ())
        provenance = result.get("provenance") or {}
        self._report.finding(
            *self._itself(result, rule_id, place, (told.get("component"), told.get("version"))),
            happened_at=moment_of(provenance.get("firstDetectionTimeUtc")),
            rule=rule_id,
            path=place.path,
            # A package is in the whole of a file; tools write the first line for that.
            line=None if not place.path or (told and place.line == 1) else place.line,
            **kind,
            **told,
            **self._severity(rule, result),
            **self._status(result),
        )

    def _rule(self, result: Raw) -> tuple[str | None, Raw]:
        """The id of its rule, and what the run tells about that."""
        ref = result.get("rule") or {}
        extension = (ref.get("toolComponent") or {}).get("index")
        rules = _at(self._extensions, extension) or self._driver
        named = result.get("ruleId") or ref.get("id")
        found = _at(rules, ref.get("index", result.get("ruleIndex")))
        if found is None or (named and found["id"] != named):
            # Below a rule there may be others: `CA5350/md5`.
            found = (
                self._rules.get(named) or self._rules.get(str(named).rpartition("/")[0]) or found
            )
        return named or (found or {}).get("id"), found or {}

    def _kind(self, rule: Raw, result: Raw) -> dict[str, str]:
        bags = [rule.get("properties") or {}, result.get("properties") or {}]
        tags = [str(t).lower() for bag in bags for t in bag.get("tags") or ()]
        if self._report.tool in _TOOLS:
            return {"kind": _TOOLS[self._report.tool], "kind_original": self._report.tool}
        for word, kind in _KINDS.items():
            if word in tags:
                return {"kind": kind, "kind_original": word}
        cwe = next((t for t in tags if re.search(r"\bcwe-\d+\b", t)), "")
        if cwe or any("security-severity" in bag for bag in bags):
            return {"kind": "vulnerability", "kind_original": (cwe or "security-severity")[:100]}
        return {}

    def _severity(self, rule: Raw, result: Raw) -> dict[str, str]:
        """By the word the tool tags its rule with, else the score for security, else the level."""
        bags = (result.get("properties") or {}, rule.get("properties") or {})
        words = [t for bag in bags for t in bag.get("tags") or () if t in _WORDS]
        scores = [x for bag in bags if (x := bag.get("security-severity")) not in {None, ""}]
        if not words and scores and not str(scores[0]).strip("0."):
            # Scanners write no score as 0, whatever the vulnerability is worth.
            return {"severity": "other", "severity_original": str(scores[0])[:100]}
        level = result.get("level")
        if not level and result.get("kind", "fail") != "fail":
            level = "none"
        usual = (rule.get("defaultConfiguration") or {}).get("level")
        return self._report.severity(*words, *scores, level or usual or "warning")

    def _status(self, result: Raw) -> dict[str, Any]:
        to, state = self._report.to, result.get("baselineState")
        told = {"status_original": state} if state else {}
        waved = result.get("suppressions") or ()
        # Asked for is not granted: one that is under review or refused leaves the result open.
        if waved and all(s.get("status", "accepted") == "accepted" for s in waved):
            kind = waved[0]["kind"]
            found = to.meaning("findings.resolution", kind, _WAVED)
            return told | {"status": "done", "resolution": found, "resolution_original": kind}
        return told | {"status": to.meaning("findings.status", state, _STATES) or "open"}

    def _itself(
        self, result: Raw, rule: str | None, place: Place, package: tuple[object, ...]
    ) -> tuple[object, ...]:
        """What makes a result itself: what the tool says does, else its rule and place."""
        if _GUID.fullmatch(result.get("correlationGuid") or ""):
            return ("correlation", result["correlationGuid"])
        own = _fingerprint(result)
        if own and self._shared[own] == 1:
            return ("fingerprint", rule, *own)
        partial = result.get("partialFingerprints") or {}
        hashes = sorted(
            (k, v) for k, v in partial.items() if _HASH.fullmatch(v) and "commit" not in k.lower()
        )
        itself = ("place", rule, *place.itself[:1], *package, *(hashes or place.itself[1:]))
        # Several on one place are told apart by their order.
        self._met[digest(*itself)] += 1
        return (*itself, self._met[digest(*itself)])


def _at(list_: Any, index: object) -> Any:
    """What stands at that place of a list, if anything does."""
    return list_[index] if isinstance(index, int) and 0 <= index < len(list_) else None


def _fingerprint(result: Raw) -> tuple[str, str] | None:
    """The first of its fingerprints that is one: each alone is said to be enough.

    Semgrep writes `requires login` there.
    """
    found = result.get("fingerprints") or {}
    fit = (pair for pair in found.items() if _HASH.fullmatch(pair[1]) or _GUID.fullmatch(pair[1]))
    return min(fit, default=None)


def _package(result: Raw) -> dict[str, str]:
    """The package a text names; the text itself is not kept."""
    text = (result.get("message") or {}).get("text") or ""
    found = {name: m[1].strip() for name, pattern in _TOLD.items() if (m := pattern.search(text))}
    return found if "component" in found else {}
