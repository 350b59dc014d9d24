"""Git histories, through the git command line."""

from trueup.kernel.sources import SENSITIVE, Source

SOURCE = Source(
    name="git",
    version=1,
    title="git repositories: clones, bare repositories, addresses",
    writes=(
        "commits",
        "changes",
        "change_lines",
        "hunks",
        "trailers",
        "links",
        "landings",
        "refs",
        "releases",
        "containments",
        "release_notes",
        "files",
        "owners",
        "set_aside",
        "people",
        "gaps",
        "repositories",
    ),
    sensitive=SENSITIVE,
    access="read access to the repository; nothing is written to it and none of its settings is used",
    limits=(
        "Work inside merges is not seen. Forges that squash in their own name hide who reviewed. "
        "Claims made outside git, tests and deployments need other sources."
    ),
)
