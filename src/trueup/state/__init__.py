"""Small transactional state: what people tell trueup itself, in SQLite or PostgreSQL."""
