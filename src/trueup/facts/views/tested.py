"""Whether tests really ran on a commit, by reports of tests or else by builds and checks.

A report tells which cases ran: one without cases, or with none but skipped ones, shows that nothing was
tested, however green its build is. Where there is no report, a build or check counts unless its name says
that it does something else (style, documents, licences, labels, deployments). Of what ran several times
the last run counts: a retry that passes is a pass. Which names count is our choice:
docs/decisions/2026-11-22-evidence-across-sources.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from trueup.facts.schema import TABLES
from trueup.facts.texts.trailers import TESTED_KEYS
from trueup.facts.views.builds import by_commit

if TYPE_CHECKING:
    from trueup.facts.engine import Facts

#: What became of the tests of a commit.
OUTCOMES = ("passed", "failed", "empty", "skipped", "unclear", "not_run", "beside")

_MOMENT = "timestamp('UTC', 6)"
_TESTS = "tests? testing unittests? specs? pytest tox nox jest mocha e2e integration verify"
_OTHERS = (
    "lint linter linters linting format formatting style black ruff flake8 isort mypy pylint pyright eslint "
    "prettier rubocop gofmt golangci shellcheck pre-commit typecheck types docs? documentation readthedocs "
    "website netlify vercel preview cla easycla dco licen[cs]e licen[cs]es labels? labeler stale triage welcome "
    "codeql security scan snyk dependabot dependency dependencies codecov coveralls coverage codeclimate codacy "
    "sonar sonarcloud sonarqube lgtm deepsource spelling spellcheck codespell typos deploy deployment release "
    "publish upload changelog news size benchmarks? performance wip semantic title milestone approvals? "
    "reviewers? reviewdog tide backport assign greetings"
)


def keep_tested(facts: Facts) -> None:
    """Work out `tested`: repo, sha, outcome (of `OUTCOMES`), told (report, check, gate or trailer), happened_at.

    ``happened_at`` is when the run ended that decides, or nothing where no report tells. Needs `homes` and
    `actors`.
    """
    told = ibis.union(_gated(facts), _named(facts))
    told = told.group_by("repo", "sha").agg(told=lambda t: t.told.min())
    told = told.mutate(outcome=ibis.literal("passed"), happened_at=ibis.null(_MOMENT))
    told = told.select("repo", "sha", "outcome", "told", "happened_at")
    if any(facts.snapshot.files(TABLES[name]) for name in ("builds", "jobs", "test_runs")):
        ran = facts.keep("ran", _ran(facts))
        told = ibis.union(ran, told.anti_join(ran, ["repo", "sha"]))
    facts.keep("tested", told)


def _named(facts: Facts) -> ibis.Table:
    """Commits of which the last lines name a machine that tested them, as Gerrit writes when it submits."""
    machines = facts.table("actors").filter(lambda t: t.kind == "bot").select(actor="identity")
    trailers = facts.table("trailers").filter(lambda t: t["key"].isin(TESTED_KEYS))
    named = trailers.filter(trailers.in_last_block).semi_join(machines, "actor")
    return named.select("repo", "sha", told=ibis.literal("trailer"))


def _gated(facts: Facts) -> ibis.Table:
    """Merges by a gate, which makes none before the tests of just this merge have passed."""
    gates = facts.table("actors").filter(lambda t: t.gate).select(author="identity")
    merges = facts.table("commits").filter(lambda t: t.parents.length() > 1)
    return merges.semi_join(gates, "author").select("repo", "sha", told=ibis.literal("gate"))


def _ran(facts: Facts) -> ibis.Table:
    joined = _checked(facts).outer_join(_reported(facts), ["repo", "sha"])
    report = joined.report.fill_null("unclear")
    clear = report != "unclear"
    return joined.select(
        repo=joined.repo.fill_null(joined.repo_right),
        sha=joined.sha.fill_null(joined.sha_right),
        outcome=ibis.ifelse(clear, report, joined["check"].fill_null("unclear")),
        told=ibis.ifelse(clear | joined["check"].isnull(), "report", "check"),
        happened_at=ibis.ifelse(clear, joined.reported_at, joined.checked_at),
    )


def _reported(facts: Facts) -> ibis.Table:
    told = by_commit(facts, "test_runs").filter(lambda t: t.sha.notnull())
    suite = ibis.window(
        group_by=["repo", "sha", "suite"],
        order_by=[told.started_at.desc(nulls_first=False), told.run, told.suite_number],
    )
    # Files of one run may share the name of a suite: only another run at another time replaces it.
    newest = told.mutate(newest=told.started_at.first().over(suite))
    last = newest.filter(newest.started_at.isnull() | (newest.started_at == newest.newest))
    result = last.result
    return last.group_by("repo", "sha").agg(
        report=ibis.cases(
            ((result == "failure").any(), "failed"),
            ((result == "success").any(), "passed"),
            ((result == "other").any(), "unclear"),
            ((result == "skipped").any(), "skipped"),
            else_="empty",
        ),
        reported_at=last.started_at.max(),
    )


def _checked(facts: Facts) -> ibis.Table:
    units = _units(facts).filter(lambda t: t.sha.notnull())
    again = ibis.window(
        group_by=["repo", "sha", "name"], order_by=[units["at"].desc(), units.key.desc()]
    )
    last = units.mutate(order=ibis.row_number().over(again)).filter(lambda t: t.order == 0)
    tests, result = last.tests, last.result
    return last.group_by("repo", "sha").agg(
        check=ibis.cases(
            ((tests & (result == "failure")).any(), "failed"),
            ((tests & (result == "success")).any(), "passed"),
            (tests.any(), "not_run"),
            else_="beside",
        ),
        checked_at=last["at"].max(where=tests & result.isin(("success", "failure"))),
    )


def _units(facts: Facts) -> ibis.Table:
    """Jobs, and builds of which no jobs are known: repo, sha, key, name, result, at, tests."""
    builds, jobs = by_commit(facts, "builds"), by_commit(facts, "jobs")
    done = builds.filter(builds.status == "done").mutate(at=_ended(builds))
    parts = jobs.filter(jobs.status == "done").mutate(at=_ended(jobs))
    whole = done.select("repo", "build", workflow="name", whole="result").distinct(
        on=["repo", "build"], keep="first"
    )
    told = parts.left_join(whole, ["repo", "build"])
    # A job that may fail: its build succeeded all the same.
    allowed = (told.result == "failure") & (told.whole == "success").fill_null(False)
    alone = done.anti_join(jobs.filter(jobs.build.notnull()), ["repo", "build"])
    columns = ("repo", "sha", "key", "name", "result", "at", "tests")
    return ibis.union(
        told.mutate(
            key=told.job,
            result=ibis.ifelse(allowed, "neutral", told.result),
            tests=_about(told.name).fill_null(_about(told.workflow)).fill_null(True),
        ).select(*columns),
        alone.mutate(key=alone.build, tests=_about(alone.name).fill_null(True)).select(*columns),
    )


def _ended(runs: ibis.Table) -> ibis.Value:
    return ibis.coalesce(runs.ended_at, runs.started_at, runs.happened_at)


def _about(name: ibis.Value) -> ibis.Value:
    """True where a name says tests, False where it says something else, nothing where it says neither."""
    said = name.fill_null("").lower()
    return ibis.cases(
        (said.re_search(_words(_TESTS)), True),
        (said.re_search(_words(_OTHERS)), False),
        else_=ibis.null(bool),
    )


def _words(words: str) -> str:
    return rf"(^|[^a-z0-9])({'|'.join(words.split())})([^a-z0-9]|$)"
