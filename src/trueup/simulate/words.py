"""Word lists: people who do not exist, and what they work on."""

from __future__ import annotations

FIRST_NAMES = tuple(
    """
    Ada Bram Cleo Dov Edda Finn Greta Hugo Ines Jory Kaya Levi Mira Nils Odile Pavo Runa Sefa Timo
    Una Vero Wanda Ximo Yara Zeno Anselm Bibi Casper Dunja Elio Fenna Gil Hedda Ivo Jana Kolja
    Łucja Søren Zoë Élise
    """.split()
)
LAST_NAMES = tuple(
    """
    Quill Thorn Marlow Finch Ember Hollow Birch Vale Sparrow Lantern Reed Tallow Brook Fennel Moss
    Harrow Pike Wren Cobble Larch Drift Sedge Tansy Barrow Plover Yarrow Gale Hazel Kestrel Loom
    Mallow Nettle Orchard Pebble Rook Sorrel Thistle Umber Willow Flint
    """.split()
)
# Folding for addresses; everything else in the lists is plain.
FOLDED = str.maketrans({"Ł": "L", "ø": "o", "ë": "e", "É": "E"})

MODULES = tuple(
    """
    ledger parser session basket router cursor invoice refund coupon ticket export importer
    scheduler retry cache token digest feed search ranking checkout courier stock price region
    calendar contact mailer webhook audit policy quota limiter gateway adapter codec schema
    migration report chart filter sorter pager upload thumbnail draft editor clipboard locale
    currency rounding discount loyalty payout batch stream buffer window snapshot replica
    """.split()
)
NOUNS = tuple(
    """
    order total amount entry record customer result value limit batch offset window target source
    payload header query page token key name state count rate delay path line item group label
    """.split()
)
VERBS = tuple(
    """
    load store scale merge split round parse render collect resolve expand validate normalise
    convert check apply build read send queue copy trim encode
    """.split()
)
SYMPTOMS = (
    "crash on empty input",
    "wrong total after a partial refund",
    "timeout when the queue is long",
    "lost update under concurrent writes",
    "off-by-one at the end of the month",
    "duplicate rows after a retry",
    "broken link in the confirmation",
    "missing translation for the second locale",
    "stale value after a reload",
    "memory growth in long sessions",
    "rounding of negative amounts",
    "ordering of equal keys",
    "encoding of names with accents",
    "double submit on slow networks",
    "truncated export beyond one page",
    "time zone of scheduled jobs",
    "permission check for guests",
    "layout on narrow screens",
    "startup without a network",
    "error message when the token is old",
)
FEATURES = (
    "bulk import",
    "retry with backoff",
    "a summary row",
    "keyboard navigation",
    "partial refunds",
    "a dry run mode",
    "paging for long lists",
    "structured logging",
    "a health endpoint",
    "rate limiting per client",
    "an audit trail",
    "support for second addresses",
    "weekly totals",
    "a configurable timeout",
    "streaming responses",
)
REASONS = (
    "Customers ran into this after the last rollout.",
    "The old code assumed that the list is never empty.",
    "Two callers disagreed about the unit; both now pass seconds.",
    "The value was read before the lock was taken.",
    "Support has seen this four times in two weeks.",
    "The previous attempt only covered the first page.",
    "This keeps the public interface as it was.",
    "Measured on a copy of last month's data: no change in the totals.",
    "The test shows the failure without the change.",
    "A later step will move this out of the request path.",
)
REVERT_REASONS = (
    "It breaks the nightly build.",
    "Totals are off by a cent for some customers.",
    "The queue fills up since this went out.",
    "It does not work on the second region.",
    "The partner is not ready for the new field.",
)
LIBRARIES = tuple(
    f"{first}{second}"
    for first in ("lib", "fast", "tiny", "open", "micro")
    for second in ("yaml", "http", "cron", "hash", "forms", "zip")
)
SENTENCES = (
    "Call `{verb}_{noun}` before the {other} is stored.",
    "The {noun} is kept for {number} days.",
    "A {noun} without a {other} is refused (code {number}).",
    "Set `{noun}_{other}` to {number} to switch this off.",
)
