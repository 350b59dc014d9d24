"""One table per file, the store that holds them, and the shared definitions over them."""
