"""Organisations with planted truth, written as real git repositories. Knows no facts.

`organisation.write` turns a `scenario.Scenario` into a repository and a `truth.Truth`;
`scenarios` holds ready ones; `stream` writes very long histories for benchmarks.
"""
