"""What a simulated organisation keeps outside of git: planted here, and written in the formats of its tools.

`planting` says what happened, once git is written; `github`, `junit`, `pagerduty` and `tables` write it down.
"""
