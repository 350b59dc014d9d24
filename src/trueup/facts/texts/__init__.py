"""What texts people write say about work; the texts themselves are not kept."""
