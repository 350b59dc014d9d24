"""Documents from published results: terminal, HTML, JSON. No arithmetic on figures."""
