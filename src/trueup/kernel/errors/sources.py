"""What a source that is asked answers instead of records."""

from __future__ import annotations

from trueup.kernel.errors.base import TrueupError


class SourceError(TrueupError):
    """A source could not be read; what was read before is kept."""

    slug = "source.failed"


class UnreachableError(SourceError):
    """A source gives no answer, or its rate limit lasts too long."""

    slug = "source.unreachable"

    @classmethod
    def at(cls, named: str, where: str, reason: str) -> UnreachableError:
        return cls(
            f"{named} gives no answer: {reason}",
            where=where,
            remedy="What was read is kept. Check the network (HTTPS_PROXY, SSL_CERT_FILE) and run it again.",
        )

    @classmethod
    def limited(cls, named: str, seconds: float) -> UnreachableError:
        minutes = max(1, round(seconds / 60))
        return cls(
            f"{named} asks to wait {minutes} minutes: its rate limit is used up",
            remedy="What was read is kept; run it again then, and it goes on from there.",
        )


class CredentialsError(SourceError):
    """The secret for a source is missing, wrong or expired."""

    slug = "source.credentials"

    @classmethod
    def refused(cls, named: str, secret: str) -> CredentialsError:
        return cls(
            f"{named} does not accept the token",
            where=secret,
            remedy=f"Make a new one that may read, and give it in {secret}.",
        )

    @classmethod
    def odd(cls, where: str) -> CredentialsError:
        return cls(
            "the token holds spaces, line ends or letters that no token has",
            where=where,
            remedy="Copy it again, without anything around it.",
        )


class AccessError(SourceError):
    """The secret for a source may not read something."""

    slug = "source.access"

    @classmethod
    def missing(cls, named: str, where: str, access: str) -> AccessError:
        needed = f" It needs: {access}." if access else ""
        return cls(
            f"the token may not read this at {named}.{needed}",
            where=where,
            remedy="Give the token that access (reading is enough), or go on without what it shows.",
        )


class DeliveryError(SourceError):
    """An event that somebody delivered is not taken."""

    slug = "source.delivery"

    @classmethod
    def unsigned(cls, named: str) -> DeliveryError:
        return cls(
            f"a delivery in the name of {named} is not signed with the secret",
            remedy="Give the same secret here and where the webhook is set up; nothing was taken.",
        )

    @classmethod
    def odd(cls, named: str, why: str) -> DeliveryError:
        return cls(
            f"a delivery of {named} cannot be read: {why}",
            remedy="Nothing was taken; the next sync reads what it was about.",
        )


class NotFoundError(SourceError):
    """A source has no such thing, or hides it."""

    slug = "source.not-found"

    @classmethod
    def at(cls, named: str, where: str, secret: str) -> NotFoundError:
        return cls(
            f"{named} has no such thing, or hides it from this token",
            where=where,
            remedy=f"Check the name; private ones need a token in {secret} that may read them.",
        )


class AnswerError(SourceError):
    """A source answers with something that cannot be read."""

    slug = "source.answer"

    @classmethod
    def strange(cls, named: str, where: str, what: str) -> AnswerError:
        return cls(
            f"{named} answers with {what}",
            where=where,
            remedy="A proxy may stand in between, or the address is not that of an interface.",
        )
