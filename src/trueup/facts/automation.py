"""Who is not a person: AI tools and bots, by exact addresses, account numbers and account names.

A disclosed tool is a lower bound of AI use; what is left is undisclosed, never "human".
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_NOREPLY = re.compile(r"(?:(\d+)\+)?([^@+]+)@users\.noreply\.github\.com")
#: What GitLab calls the accounts behind tokens of projects and groups, and service accounts.
_TOKEN_ACCOUNT = re.compile(
    r"(?:\d+-)?(?:(?:project|group)_\d+_bot\w*|service_account_(?:group|project)_\w+)"
)
#: Nobody but programs of Google's cloud has such an address.
_SERVICE_ACCOUNT = ".iam.gserviceaccount.com"


@dataclass(frozen=True)
class Automation:
    """Look-up tables made from `automation.toml`; all keys are lower case."""

    tool_by_address: dict[str, str]
    tool_by_account_id: dict[str, str]
    tool_by_account: dict[str, str]
    tool_by_suffix: dict[str, str]
    tool_by_marker: dict[str, str]
    tool_by_word: dict[str, str]
    tool_trailers: frozenset[str]
    bot_accounts: frozenset[str]
    bot_addresses: frozenset[str]
    machine_words: frozenset[str]
    gates: frozenset[str]
    web_committers: frozenset[str]

    def tool(self, name: str, address: str) -> str:
        """The AI tool behind a name and address, or an empty string.

        >>> automation().tool("Claude Opus 4.6", "noreply@anthropic.com")
        'claude'
        >>> automation().tool("Devin Marsh", "devin@example.org")
        ''
        """
        address = address.lower()
        if found := self.tool_by_address.get(address):
            return found
        if noreply := _NOREPLY.fullmatch(address):
            number, account = noreply.groups()
            found = self.tool_by_account_id.get(number or "")
            return found or self.tool_by_account.get(account, "")
        if name.lower().endswith("[bot]"):
            return self.tool_by_account.get(name.lower(), "")
        return next((t for s, t in self.tool_by_suffix.items() if name.endswith(s)), "")

    def is_bot(self, name: str, address: str) -> bool:
        """Whether it is maintenance automation.

        >>> automation().is_bot("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com")
        True
        >>> automation().is_bot("Release", "project_9_bot_31c0a7@noreply.gitlab.example")
        True
        """
        name, address = name.lower(), address.lower()
        if address in self.bot_addresses or name in self.bot_accounts or name.endswith("[bot]"):
            return True
        if address.endswith(_SERVICE_ACCOUNT):
            return True
        if any(_TOKEN_ACCOUNT.fullmatch(x) for x in (name, address.partition("@")[0])):
            return True
        noreply = _NOREPLY.fullmatch(address)
        account = noreply.group(2) if noreply else ""
        return account.endswith("[bot]") or account in self.bot_accounts

    def machine_like(self, name: str) -> bool:
        """Whether a name has a word that machines bear; people may bear it too.

        >>> [automation().machine_like(n) for n in ("build bot (Jenkins)", "Paul Jenkins", "Ada Quill")]
        [True, True, False]
        """
        return not self.machine_words.isdisjoint(re.findall(r"[a-z]+", name.lower()))

    def tool_in_trailer(self, key: str, value: str) -> str:
        """The tool that a trailer without address names in words, or an empty string.

        >>> automation().tool_in_trailer("assisted-by", "Claude-Code opus 4.6")
        'claude'
        >>> automation().tool_in_trailer("generated-by", "openstack/project-config:roles/x")
        ''
        """
        if key not in self.tool_trailers:
            return ""
        value = value.lower()
        if key == "replit-commit-author":
            return "replit" if value in {"agent", "assistant"} else ""
        for word, tool in self.tool_by_word.items():
            if value.startswith(word) and not value[len(word) :][:1].isalpha():
                return tool
        return ""

    def tool_in_text(self, message: str) -> str:
        """The tool whose exact footer stands in a message, or an empty string."""
        for marker, tool in self.tool_by_marker.items():
            if marker in message:
                return tool
        return ""


@cache
def automation() -> Automation:
    """The tables, read once."""
    text = files("trueup.facts").joinpath("automation.toml").read_text("utf-8")
    told = tomllib.loads(text)
    tools = told["tool"]

    def by(field: str) -> dict[str, str]:
        return {key.lower(): t["name"] for t in tools for key in t.get(field, [])}

    return Automation(
        tool_by_address=by("addresses"),
        tool_by_account_id=by("account_ids"),
        tool_by_account=by("accounts"),
        tool_by_suffix={t["name_suffix"]: t["name"] for t in tools if "name_suffix" in t},
        tool_by_marker={m: t["name"] for t in tools for m in t.get("markers", [])},
        tool_by_word=dict(sorted(by("words").items(), key=lambda x: -len(x[0]))),
        tool_trailers=frozenset(told["trailers"]["keys"]),
        bot_accounts=frozenset(told["bots"]["accounts"]),
        bot_addresses=frozenset(told["bots"]["addresses"]),
        machine_words=frozenset(told["machines"]["words"]),
        gates=frozenset(told["gates"]["addresses"]),
        web_committers=frozenset(told["web_committers"]["addresses"]),
    )
