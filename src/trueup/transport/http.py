"""Asking an interface over HTTP: politely, again when it stumbles, and never louder than it allows.

Proxies and certificates are those of the environment (`HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`).
Secrets are sent in headers to one host only and stand in no message, error or recording.
"""

from __future__ import annotations

import random
import re
import time
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Self

import httpx
import orjson
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from trueup import __version__
from trueup.kernel.errors import (
    AccessError,
    AnswerError,
    CredentialsError,
    NotFoundError,
    TrueupError,
    UnreachableError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trueup.kernel.sources import Param

#: An interface that stumbles is asked so often in all.
ATTEMPTS = 6
#: Seconds before the second attempt; each further one waits twice as long, up to the longest.
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
#: Longer than this nobody waits for a rate limit: the work so far is kept, and resumed later.
MOST_PATIENCE = timedelta(minutes=70)
#: Answers larger than this are not read.
LARGEST = 256 << 20
_NUMBER = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,6})?")
_SCOPE = re.compile(r"[\w.:/ -]{1,200}")
#: Some interfaces put this before their JSON, so that no page can include it as a script.
_GUARD = b")]}'\n"
_PASSING = {429, 500, 502, 503, 504, 520, 521, 522, 523, 524}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the parsed body (nothing where there is nothing new), headers, and its mark."""

    address: str
    body: Any
    headers: Mapping[str, str]
    etag: str = ""
    new: bool = True

    @property
    def following(self) -> str:
        """The address of the next page, or nothing."""
        found = httpx.Response(200, headers={"link": self.headers.get("link", "")}).links
        return str(found.get("next", {}).get("url", ""))


class _Again(Exception):  # noqa: N818 - it is caught here, and means what it says
    """An answer that may be better next time; ``wait`` is how long it asked for."""

    def __init__(self, told: TrueupError, wait: float | None = None) -> None:
        super().__init__(str(told))
        self.told = told
        self.wait = wait


class _Question(NamedTuple):
    method: str
    path: str
    params: Mapping[str, Param] | None
    told: Mapping[str, Any] | None
    etag: str
    access: str


@dataclass
class Client:
    """A connection to one interface.

    Args:
        base: address that paths are relative to; nothing is sent to another host.
        headers: sent with every request, secrets among them.
        named: what to call it in errors, and how a secret for it is given.
        clock: the current moment.
        sleep: waits so many seconds; told first of longer waits.
        patience: called with how many seconds a rate limit makes one wait.
        transport: in place of the network, for recordings.
        attempts: how often it is asked in all when it stumbles.
        requests: how many were made.
    """

    base: str
    headers: Mapping[str, str]
    named: str
    secret: str
    clock: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    patience: Callable[[float], None] = lambda _: None
    transport: httpx.BaseTransport | None = None
    attempts: int = ATTEMPTS
    requests: int = 0
    _client: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._client = httpx.Client(
            base_url=self.base,
            headers={"User-Agent": f"trueup/{__version__}", **self.headers},
            timeout=httpx.Timeout(60.0, connect=20.0),
            transport=self.transport,
            follow_redirects=True,
            event_hooks={"request": [self._same_host]},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def hasty(self) -> Client:
        """The same connection for whoever would rather have an error than wait; it may be used by several threads."""
        one = copy(self)
        one.attempts, one.patience = 1, lambda _: None
        return one

    def get(
        self,
        path: str,
        params: Mapping[str, Param] | None = None,
        *,
        etag: str = "",
        access: str = "",
    ) -> Answer:
        """One answer.

        Args:
            path: below the base, or a whole address on the same host.
            params: of the query.
            etag: mark of an earlier answer; nothing is sent again while it is the same.
            access: the access this needs, named where it is refused.

        Raises:
            UnreachableError: no answer after several attempts, or a rate limit that lasts too long.
            CredentialsError: the secret is missing, wrong or expired.
            AccessError: the secret may not read this.
            NotFoundError: there is no such thing, or it is hidden from the secret.
            AnswerError: it is not JSON.
        """
        return self._politely(_Question("GET", path, params, None, etag, access))

    def ask(self, address: str, query: str, variables: Mapping[str, Any], *, access: str) -> Answer:
        """The answer to a GraphQL query; what it holds besides errors is taken.

        Raises:
            SourceError: as of `get`.
        """
        told = {"query": query, "variables": variables}
        return self._politely(_Question("POST", address, None, told, "", access))

    def _politely(self, question: _Question) -> Answer:
        retrying = Retrying(
            stop=stop_after_attempt(self.attempts),
            wait=self._wait,
            retry=retry_if_exception_type(_Again),
            sleep=self.sleep,
            reraise=True,
        )
        try:
            return retrying(self._once, question)
        except _Again as error:
            raise error.told from None

    def _once(self, question: _Question) -> Answer:
        method, path, params, told, etag, access = question
        headers = {"If-None-Match": etag} if etag else {}
        try:
            with self._client.stream(
                method, path, params=params, json=told, headers=headers
            ) as response:
                body = self._body(response).removeprefix(_GUARD)
        except httpx.InvalidURL as error:
            raise AnswerError.strange(self.named, path, str(error)) from error
        except httpx.HTTPError as error:
            wrong = UnreachableError.at(self.named, self.base, _plain(error))
            raise _Again(wrong) from error
        address = str(response.url)
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return Answer(address, None, response.headers, etag, new=False)
        self._judge(response, body, access)
        if response.status_code == httpx.codes.NO_CONTENT:
            return Answer(address, None, response.headers)
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            what = response.headers.get("content-type", "something") or "something"
            strange = AnswerError.strange(self.named, address, f"{what} instead of JSON")
            raise _Again(strange) from error
        if told is not None:
            self._judge_errors(response, found, access)
        return Answer(address, found, response.headers, response.headers.get("etag", ""))

    def _judge_errors(self, response: httpx.Response, found: Any, access: str) -> None:
        """Errors of GraphQL come with a good status; what could be answered stands beside them."""
        errors = found.get("errors") if isinstance(found, dict) else None
        first = errors[0] if isinstance(errors, list) and errors else None
        if not isinstance(first, dict):
            return
        told = first.get("type") or (first.get("extensions") or {}).get("code") or ""
        kind, address = str(told).upper(), str(response.url)
        if kind in {"RATE_LIMITED", "RATELIMITED"}:
            self._wait_for(self._reset(response.headers) or LONGEST_WAIT)
        data = found.get("data")
        if isinstance(data, dict) and any(value is not None for value in data.values()):
            return
        if kind == "AUTHENTICATION_ERROR":
            raise CredentialsError.refused(self.named, self.secret)
        if kind in {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
            raise AccessError.missing(self.named, address, access)
        if kind == "NOT_FOUND":
            raise NotFoundError.at(self.named, address, self.secret)
        why = " ".join(str(first.get("message") or "no reason given").split())[:200]
        strange = AnswerError.strange(self.named, address, why)
        # Without a kind it ran out of time there.
        raise _Again(strange) if kind in {"", "INTERNAL_SERVER_ERROR"} else strange

    def _same_host(self, request: httpx.Request) -> None:
        """Secrets go to one host only, wherever an answer points to."""
        self.requests += 1
        base = httpx.URL(self.base)
        if (request.url.scheme, request.url.host, request.url.port) != (
            base.scheme,
            base.host,
            base.port,
        ):
            raise AnswerError.strange(self.named, self.base, "an address on another host")

    def _body(self, response: httpx.Response) -> bytes:
        parts, size = [], 0
        for part in response.iter_bytes():
            size += len(part)
            if size > LARGEST:
                raise AnswerError.strange(self.named, str(response.url), "an endless answer")
            parts.append(part)
        return b"".join(parts)

    def _judge(self, response: httpx.Response, body: bytes, access: str) -> None:
        """An answer that is none, as the error it is."""
        code, address = response.status_code, str(response.url)
        limited = self._limited(response, body)
        if limited is not None:
            self._wait_for(limited)
        if code in _PASSING:
            raise _Again(UnreachableError.at(self.named, address, f"answer {code}"))
        if code == httpx.codes.UNAUTHORIZED:
            raise CredentialsError.refused(self.named, self.secret)
        if code == httpx.codes.FORBIDDEN:
            wanted = response.headers.get("x-accepted-github-permissions", "") or _scope(body)
            raise AccessError.missing(self.named, address, wanted or access)
        if code in {httpx.codes.NOT_FOUND, httpx.codes.GONE, 451}:
            raise NotFoundError.at(self.named, address, self.secret)
        if code >= httpx.codes.BAD_REQUEST:
            raise AnswerError.strange(self.named, address, f"answer {code}: {_message(body)}")

    def _wait_for(self, seconds: float) -> NoReturn:
        """The rate limit is used up: again after so long, or not at all."""
        told = UnreachableError.limited(self.named, seconds)
        if seconds > MOST_PATIENCE.total_seconds():
            raise told
        self.patience(seconds)
        raise _Again(told, seconds)

    def _limited(self, response: httpx.Response, body: bytes) -> float | None:
        """How many seconds a rate limit asks to wait; nothing when it is none."""
        code, headers = response.status_code, response.headers
        # Some interfaces of GraphQL say so with the status of a request that is wrong.
        refused = code == httpx.codes.BAD_REQUEST and b'"RATELIMITED"' in body
        if code not in {403, 429, 503} and not refused:
            return None
        if told := headers.get("retry-after", ""):
            return self._seconds(told)
        if (left := self._reset(headers)) is not None:
            return left
        secondary = code == httpx.codes.FORBIDDEN and b"secondary rate limit" in body.lower()
        return LONGEST_WAIT if secondary or refused else None

    def _reset(self, headers: Mapping[str, str]) -> float | None:
        """How many seconds until requests are allowed again, where headers say that none are left."""
        spent = headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining", "")) == "0"
        reset = headers.get("x-ratelimit-reset", "") or headers.get("ratelimit-reset", "")
        if not spent or not _NUMBER.fullmatch(reset):
            return None
        at = float(reset)
        at = at / 1000 if at > 100_000_000_000 else at
        # Some tell the moment, others how long it lasts.
        left = at - self.clock().timestamp() if at > 1_000_000_000 else at
        return max(1.0, left + 1)

    def _seconds(self, told: str) -> float:
        if _NUMBER.fullmatch(told.strip()):
            return max(1.0, float(told))
        try:
            at = parsedate_to_datetime(told)
        except (TypeError, ValueError):
            return LONGEST_WAIT
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(1.0, (at - self.clock()).total_seconds())

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, _Again) and error.wait is not None:
            return error.wait
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (state.attempt_number - 1))
        return random.uniform(longest / 2, longest)  # noqa: S311 - so that many do not come back at once


def _plain(error: httpx.HTTPError) -> str:
    """What went wrong, without addresses: they may hold secrets."""
    if isinstance(error, httpx.LocalProtocolError) or not str(error):
        return type(error).__name__  # it quotes headers
    return f"{type(error).__name__}: {error}"[:200]


def _scope(body: bytes) -> str:
    """The scope that would do, where the answer names it as OAuth has it (RFC 6750)."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    lacking = isinstance(told, dict) and told.get("error") == "insufficient_scope"
    found = _SCOPE.fullmatch(str(told.get("scope") or "")) if lacking else None
    return f"scope {' or '.join(found[0].split())}" if found else ""


def _message(body: bytes) -> str:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return "no reason given"
    return " ".join(str(_reason(told) or "no reason given").split())[:200]


def _reason(told: Any) -> Any:
    """`message`, several `errorMessages`, that of an `error`, or of the first of several `errors`."""
    if not isinstance(told, dict):
        return told if isinstance(told, str) else None
    first = next(iter(told.get("errors") or ()), None)
    several = "; ".join(map(str, told.get("errorMessages") or ()))
    inner = (told.get("error"), told.get("err"), first)
    plain = told.get("message") or told.get("msg") or several
    return plain or next(filter(None, map(_reason, inner)), None)
