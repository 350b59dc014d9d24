"""Processes and connections. Knows no vendor."""
