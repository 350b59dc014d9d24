"""Other processes start from one that has already imported what they need."""

import multiprocessing

multiprocessing.set_forkserver_preload(["pytest", "duckdb", "tests.facts.dying"])
