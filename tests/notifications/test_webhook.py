"""The signed webhook: the published vector, the envelope, the answers."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.adapter import Kind, Outgoing, Response, Result
from notifications.faults import BadSecret
from notifications.settings import Settings
from notifications.webhook import WEBHOOK, sign

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECRET = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + b64encode(b"o" * 32).decode()
SETTINGS = Settings("https://erp.example/hook", (SECRET,), "https://hazards.example.gov.cn")
PAYLOAD = {
    "title": "隐患交办", "text": "张三 13800000000", "number": "HZ-2026-000142", "workflow": "hazard",
    "state": "assigned", "seq": 9,
    "data": {"phone": "13800000000"},
}  # fmt: skip
MESSAGE = Outgoing("a" * 32, "c1", 3, "assigned", 2, NOW, PAYLOAD)


def event(message: Outgoing = MESSAGE) -> Any:
    return json.loads(WEBHOOK.request(SETTINGS, message, now=NOW).body)


def judged(status: int, **headers: str) -> Result:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return WEBHOOK.classify(Response(status, named, b""), now=NOW)


@pytest.mark.parametrize("secret", [SECRET, "whsec_" + SECRET])
def test_the_signature_is_the_one_standard_webhooks_publishes(secret: str) -> None:
    signed = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_key_is_the_same_on_every_attempt_and_the_time_is_not() -> None:
    first = WEBHOOK.request(SETTINGS, MESSAGE, now=NOW)
    again = WEBHOOK.request(SETTINGS, MESSAGE, now=NOW + timedelta(hours=5))

    assert first.headers["webhook-id"] == again.headers["webhook-id"] == event()["id"] == MESSAGE.id
    assert int(again.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 5 * 3600
    assert first.body == again.body


def test_while_secrets_change_both_sign() -> None:
    request = WEBHOOK.request(Settings(SETTINGS.url, (OTHER, SECRET)), MESSAGE, now=NOW)

    stamp = int(request.headers["webhook-timestamp"])
    expected = {sign(secret, MESSAGE.id, stamp, request.body) for secret in (OTHER, SECRET)}
    assert set(request.headers["webhook-signature"].split(" ")) == expected


def test_the_envelope_is_cloudevents_with_ids_state_and_link_only() -> None:
    assert event() == {
        "specversion": "1.0",
        "id": MESSAGE.id,
        "source": "https://hazards.example.gov.cn",
        "type": "hazardloop.assigned",
        "time": "2026-03-02T01:00:00.000Z",
        "sequence": "0000000003",
        "datacontenttype": "application/json",
        "subject": "case/HZ-2026-000142",
        "data": {
            "case_id": "c1",
            "number": "HZ-2026-000142",
            "state": "assigned",
            "seq": 9,
            "link": "https://hazards.example.gov.cn/api/v1/hazards/c1",
            "message_no": 3,
            "priority": 2,
        },
    }


def test_a_message_about_no_case_carries_its_data() -> None:
    anchor = Outgoing("b" * 32, None, 0, "anchor", 2, NOW, {"title": "", "text": "", "data": {"digest": "abc"}})
    assert event(anchor)["data"] == {"digest": "abc", "message_no": 0, "priority": 2}


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, "accepted"), (202, "accepted"), (204, "accepted"), (301, "down"), (307, "down"), (400, "retry"),
     (401, "retry"), (404, "retry"), (408, "down"), (410, "gone"), (429, "throttled"), (500, "down"), (503, "down")],
)  # fmt: skip
def test_only_2xx_is_delivery(status: int, kind: Kind) -> None:
    assert judged(status).kind == kind


@pytest.mark.parametrize(
    ("value", "pause"),
    [("120", timedelta(minutes=2)), ("Mon, 02 Mar 2026 01:05:00 GMT", timedelta(minutes=5)),
     ("Mon, 02 Mar 2020 01:05:00 GMT", timedelta()), ("9" * 30, timedelta(days=1)), ("soon", None), ("-5", None)],
)  # fmt: skip
def test_retry_after_is_honoured_within_reason(value: str, pause: timedelta | None) -> None:
    assert judged(500, retry_after=value).pause == pause


def test_reasons_tell_no_status_to_whoever_typed_the_address() -> None:
    assert judged(401).reason == judged(404).reason
    assert judged(500).reason == judged(302).reason


@pytest.mark.parametrize("secrets", [(), ("short",), ("whsec_不是",), ("whsec_" + b64encode(b"x" * 65).decode(),)])
def test_a_secret_nobody_could_verify_with_is_refused(secrets: tuple[str, ...]) -> None:
    with pytest.raises(BadSecret, match="24 至 64 字节"):
        WEBHOOK.check(Settings(SETTINGS.url, secrets))
