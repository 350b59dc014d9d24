"""Deliveries of GitLab are taken when they carry the secret token, or were signed just now."""

from __future__ import annotations

import base64
import hmac
from datetime import timedelta

import pytest
from tests.runs.test_hooks_gitlab import BODY, NOW, TOKEN, Desk

from trueup.kernel.errors import DeliveryError

SIGNING = "whsec_" + base64.b64encode(b"s" * 32).decode()


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def signature(body: bytes, own: str, stamp: str, secret: str = SIGNING) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{own}.{stamp}.".encode() + body, "sha256").digest()
    return "v1," + base64.b64encode(made).decode()


STAMP = str(int(NOW.timestamp()))


def headers(**changed: str) -> dict[str, str]:
    told = {
        "Webhook-Id": "1",
        "Webhook-Timestamp": STAMP,
        "Webhook-Signature": signature(BODY, "1", STAMP),
    }
    return told | {name.replace("_", "-"): value for name, value in changed.items()}


def test_what_is_signed_is_taken(desk):
    assert desk.send(headers(), BODY, SIGNING).rows > 0


def test_one_signature_of_several_is_enough(desk):
    several = f"v1,AAAA v2,BBBB {headers()['Webhook-Signature']}"
    assert desk.send(headers(Webhook_Signature=several), BODY, SIGNING).rows > 0


def at(delta: timedelta) -> dict[str, str]:
    stamp = str(int((NOW + delta).timestamp()))
    return headers(Webhook_Timestamp=stamp, Webhook_Signature=signature(BODY, "1", stamp))


@pytest.mark.parametrize("delta", [timedelta(minutes=-5), timedelta(minutes=5)])
def test_clocks_may_differ_by_minutes(delta, desk):
    assert desk.send(at(delta), BODY, SIGNING).rows > 0


ANOTHER = "whsec_" + base64.b64encode(b"t" * 32).decode()
SHORT = "whsec_" + base64.b64encode(b"s").decode()


@pytest.mark.parametrize(
    ("sent", "secret"),
    [
        ({}, TOKEN),
        ({"X-Gitlab-Token": ""}, TOKEN),
        ({"X-Gitlab-Token": "between"}, TOKEN),
        ({"X-Gitlab-Token": "between u\u00e9"}, TOKEN),
        (headers(), TOKEN),
        ({"X-Gitlab-Token": ""}, ""),
        ({"X-Gitlab-Token": SIGNING}, SIGNING),
        ({}, SIGNING),
        (headers(Webhook_Signature=""), SIGNING),
        (headers(Webhook_Signature="v1,"), SIGNING),
        (headers(Webhook_Signature=headers()["Webhook-Signature"].replace("v1", "v2")), SIGNING),
        (headers(Webhook_Signature="v1,\ud800"), SIGNING),
        (headers(Webhook_Signature=signature(BODY, "1", STAMP, ANOTHER)), SIGNING),
        (headers(Webhook_Signature=signature(BODY + b" ", "1", STAMP)), SIGNING),
        (headers(Webhook_Id="2"), SIGNING),
        (headers(Webhook_Timestamp=str(int(STAMP) + 1)), SIGNING),
        (headers(Webhook_Timestamp=""), SIGNING),
        (headers(Webhook_Timestamp="soon"), SIGNING),
        (headers(Webhook_Timestamp="9" * 5000), SIGNING),
        (headers(Webhook_Timestamp="\u0661\u0662"), SIGNING),
        (at(timedelta(minutes=-5, seconds=-1)), SIGNING),
        (at(timedelta(minutes=5, seconds=1)), SIGNING),
        (headers(Webhook_Signature=signature(BODY, "1", STAMP, SHORT)), SHORT),
        (headers(Webhook_Signature=signature(BODY, "1", STAMP, "whsec_")), "whsec_"),
        (headers(), "whsec_???"),
    ],
)  # fmt: skip
def test_what_is_not_signed_just_now_is_not_taken(sent, secret, desk):
    with pytest.raises(DeliveryError, match="not signed"):
        desk.send(sent, BODY, secret)
    assert desk.rows("issues") == []
