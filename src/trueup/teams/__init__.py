"""Who is who, and which team or area a piece of work belongs to. The last place where a name exists."""
