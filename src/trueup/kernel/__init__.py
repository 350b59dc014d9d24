"""Value types every other package speaks in. Standard library only."""
