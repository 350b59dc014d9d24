"""What was reported as done, what evidence would verify it, what was found, and what is owed."""
