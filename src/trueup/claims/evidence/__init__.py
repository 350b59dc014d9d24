"""Finding evidence: one file for each rung of the ladder."""
