"""Organisations with planted truth, written as real git repositories and exports. Knows no facts.

`organisation.write` turns a `scenario.Scenario` into a repository and a `truth.Truth`, and, where the
scenario plants anything `elsewhere`, into the exports of a forge, test reports, incidents and status reports;
`scenarios` holds ready ones; `stream` writes very long histories for benchmarks.
"""
