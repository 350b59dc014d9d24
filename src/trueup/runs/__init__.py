"""What is collected and measured, in what order, with progress; results are kept in the workspace."""
