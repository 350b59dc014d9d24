"""What may be shown to whom. The only door out."""
