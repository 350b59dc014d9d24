"""Slack: exports of a workspace, public channels only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.facts.reports import moment
from trueup.facts.rows import OddRecordError
from trueup.facts.spoken import add_message, name_of, place_of
from trueup.kernel.sources import SENSITIVE, RecordKind, Source, names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from trueup.facts.rows import Raw, Rows

_STAMP = re.compile(r"\d{9,11}\.\d{1,6}")
_ID = re.compile(r"[A-Z0-9]{2,40}")
#: `<@U123>`, `<#C123|name>` and `<https://...|words>` stand for words in a text.
_MARKED = re.compile(r"<(?:[@#!][^>]{0,200}|(https?://[^>|]{1,2000})(?:\|[^>]{0,2000})?)>")

#: Fields of attachments and blocks that hold texts and addresses.
_TEXTS = ("pretext", "title", "title_link", "text", "value", "url")
_EVENTS = (
    "channel_join channel_leave channel_topic channel_purpose channel_name channel_archive channel_unarchive "
    "channel_convert_to_private channel_convert_to_public channel_posting_permissions channel_canvas_updated group_join "
    "group_leave group_topic group_purpose group_name group_archive group_unarchive pinned_item unpinned_item bot_add "
    "bot_remove bot_enable bot_disable reminder_add reminder_delete ekm_access_denied message_replied reply_broadcast "
    "document_mention assistant_app_thread sh_room_created sh_room_shared huddle_thread joiner_notification "
    "joiner_notification_for_inviter app_conversation_join app_conversation_leave tabbed_canvas_updated bookmark_added"
).split()
_SAID = (
    "bot_message",
    "thread_broadcast",
    "me_message",
    "file_share",
    "file_comment",
    "slackbot_response",
)
_SUBTYPES = dict.fromkeys(_EVENTS, "event") | dict.fromkeys(_SAID, "said") | {"tombstone": "gone"}
_LEFT_OUT = "messages of channels that channels.json does not name as public: never read"


def user(raw: Raw, to: Rows) -> None:
    """An account, and the address it shows; exports without addresses know it by its id."""
    own, profile = _needed(raw["id"]), raw.get("profile") or {}
    name = profile.get("real_name") or raw.get("real_name") or raw.get("name") or ""
    address, program = _address(own), bool(raw.get("is_bot")) or own == "USLACKBOT"
    name = f"{name}[bot]" if program else name
    proper = (name, profile["email"]) if profile.get("email") else ("", "")
    to.learn("user", own, to.person(place_of(to), name, address, proper), keep=False)
    to.learn("program", own, "yes" if program else "", keep=False)


def channel(raw: Raw, to: Rows) -> None:
    """A public channel: messages of no other folder are read."""
    own = _needed(raw["id"])
    if not any(raw.get(private) for private in ("is_private", "is_im", "is_mpim", "is_group")):
        to.learn("channel", raw["name"], own, keep=False)


def private(_raw: Raw, to: Rows) -> None:
    """A private channel, direct or group conversation."""
    to.remark("private channels and direct conversations: never read")


def message(raw: Raw, to: Rows) -> None:
    """What somebody, or a program, said in a public channel."""
    if raw["type"] != "message":
        return
    _, _, folder = str(to.about.get("path") or "").rpartition("/")[0].rpartition("/")
    place = to.learned("channel", folder)
    if not place:
        to.remark(_LEFT_OUT)
        return
    stamp = _stamp(raw["ts"])
    key = name_of(place, stamp)
    became = to.meaning("messages.subtype", raw.get("subtype"), _SUBTYPES) or "said"
    if became == "gone":
        to.gone("messages", "deleted", repo=place_of(to), channel=place, message=key)
    if became != "said":
        return
    first = raw.get("thread_ts")
    thread = name_of(place, _stamp(first)) if first else key
    files, reactions = raw.get("files"), raw.get("reactions")
    add_message(
        to,
        None,
        _text(raw),
        happened_at=_moment(to, stamp),
        kind="chat",
        channel=place,
        message=key,
        thread=thread,
        answers=thread if thread != key else None,
        author=_author(raw, to),
        automatic=_automatic(raw, to),
        changed_at=_moment(to, _stamp(raw["edited"]["ts"])) if raw.get("edited") else None,
        # Slack leaves them out where there are none.
        reactions=sum(_count(one) for one in reactions or ()),
        files=len(files or ()),
    )


def _text(raw: Raw) -> str | None:
    """What was said; programs say it in attachments and blocks. Nothing where it stands elsewhere still."""
    within = [raw.get("attachments") or (), raw.get("blocks") or ()]
    told = raw.get("text") or "\n".join(_words(within))
    if not told and any(within):
        return None
    return _MARKED.sub(lambda found: found[1] or "", told)


def _words(within: list[Any]) -> Iterator[str]:
    """All texts within, in their order."""
    left: list[Any] = [within]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            yield from (one[name] for name in _TEXTS if isinstance(one.get(name), str))
            left += reversed(one.values())
        elif isinstance(one, list):
            left += reversed(one)


def _author(raw: Raw, to: Rows) -> str | None:
    """An account; programs that have none go by the id of what they are."""
    if raw.get("user"):
        own = _needed(raw["user"])
        return to.learned("user", own) or to.person(place_of(to), own, _address(own))
    if raw.get("bot_id"):
        own = _needed(raw["bot_id"])
        name = (raw.get("bot_profile") or {}).get("name") or raw.get("username") or own
        return to.person(place_of(to), f"{name}[bot]", _address(own))
    return None


def _automatic(raw: Raw, to: Rows) -> bool | None:
    """Whether a program wrote it; nothing where its account is not told of."""
    if raw.get("bot_id") or raw.get("subtype") in {"bot_message", "slackbot_response"}:
        return True
    own = raw.get("user")
    if to.learned("program", own):
        return True
    return False if to.learned("user", own) else None


def _count(reaction: Raw) -> int:
    told = reaction["count"]
    if type(told) is not int or not 0 <= told < 1_000_000:
        raise OddRecordError("a count of reactions is none")
    return told


def _stamp(told: object) -> str:
    if not isinstance(told, str) or not _STAMP.fullmatch(told):
        raise OddRecordError("a moment is none of Slack's")
    return told


def _moment(to: Rows, stamp: str) -> datetime | None:
    return moment(to, float(stamp))[0]


def _needed(told: object) -> str:
    if not isinstance(told, str) or not _ID.fullmatch(told):
        raise OddRecordError("an id is none of Slack's")
    return told


def _address(own: str) -> str:
    """Ids are told apart by this; Slack gives accounts no address of its own."""
    return f"{own.lower()}@slack.invalid"


_PLACE = (
    "id name created creator is_archived is_general members topic purpose pins is_private is_im is_mpim is_group "
    "is_channel is_shared is_org_shared is_ext_shared is_pending_ext_shared previous_names updated name_normalized "
    "context_team_id num_members unlinked parent_conversation shared_team_ids properties is_member user is_user_deleted"
)
KINDS = (
    RecordKind(
        name="users",
        writes=("people",),
        lights="which accounts are one person",
        access="an export of the workspace",
        marks=names("profile name deleted team_id"),
        known=names(
            "id team_id name deleted color real_name tz tz_label tz_offset profile is_admin is_owner is_primary_owner "
            "is_restricted is_ultra_restricted is_bot is_app_user updated is_email_confirmed has_2fa who_can_share_contact_card "
            "is_invited_user teams enterprise_user is_stranger two_factor_type locale is_workflow_bot is_connector_bot"
        ),
        to_facts=user,
        names=("org_users", "slack_users"),
        turn=1,
    ),
    RecordKind(
        name="channels",
        writes=(),
        lights="which channels are public",
        access="an export of the workspace",
        marks=names("name creator topic purpose"),
        known=names(_PLACE),
        to_facts=channel,
        names=("slack_channels",),
        turn=1,
    ),
    RecordKind(
        name="private_conversations",
        writes=(),
        lights="nothing: they are not read",
        access="none",
        marks=names("id created members"),
        known=names("id created members name creator is_archived topic purpose pins"),
        to_facts=private,
        names=("groups", "dms", "mpims"),
        turn=1,
    ),
    RecordKind(
        name="messages",
        writes=("messages", "item_links"),
        lights="what was asked, answered and announced, by people and programs, and about which work",
        access="an export of public channels",
        marks=names("type ts"),
        known=names(
            "type subtype ts user text thread_ts reply_count reply_users reply_users_count latest_reply replies is_locked "
            "subscribed last_read parent_user_id reactions files attachments blocks bot_id app_id username icons bot_profile "
            "edited client_msg_id team user_team source_team user_profile upload display_as_bot root inviter hidden channel "
            "topic purpose name old_name members item item_type bot_link permalink no_notifications room metadata x_files "
            "assistant_app_thread huddle file comment upload_reply_to is_starred pinned_to pinned_info"
        ),
        to_facts=message,
        own="ts",
    ),
)

SOURCE = Source(
    name="slack",
    version=1,
    title="Slack",
    sensitive=SENSITIVE,
    access="an export of public channels (workspace settings, Import/Export Data), as a zip archive or unpacked; nothing is asked over the network",
    limits=(
        "Direct messages, group conversations and private channels are never read, also when an export holds them: "
        "only folders that `channels.json` names are, and how many messages were left out is told. "
        "Give the whole export, not a folder of it. Texts are turned into features and not kept; of reactions it is "
        "counted how many there are. A channel goes by its id, which stays when it gets another name. Exports of free plans hold the last 90 days. Programs go by the id of their app. "
        "A workspace does not say which repository a channel is about: `--repo OWNER/NAME`, or `#12` is of no place. "
        "`integration_logs.json` and canvases are told as unknown and not read."
    ),
    kinds=KINDS,
)
