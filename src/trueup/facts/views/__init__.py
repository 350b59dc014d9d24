"""Concepts with a name, defined once: what counts as work, who did it, what it touched."""
