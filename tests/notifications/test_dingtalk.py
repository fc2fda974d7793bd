"""What the robot is sent, and what its answers mean."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.adapter import Kind, Outgoing, Response
from notifications.dingtalk import BODY_BYTES, DINGTALK, body, heading, sign
from notifications.faults import BadAddress, BadSecret
from notifications.settings import Settings
from tests.notifications.fakeim import NEW_WORDING, OLD_WORDING

NOW = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
ROBOT = "https://oapi.dingtalk.com/robot/send?access_token=abc"
SETTINGS = Settings(ROBOT, ("SECtest",), "https://hazards.example.gov.cn")


def outgoing(**payload: Any) -> Outgoing:
    return Outgoing(
        id="0" * 32,
        case_id="c1",
        number=3,
        template="assigned",
        priority=2,
        created_at=NOW,
        payload={
            "title": "【隐患 HZ-2026-000142 · 第3号通知】隐患交办",
            "text": "请整改",
            "number": "HZ-2026-000142",
            "workflow": "hazard",
            **payload,
        },
    )


def markdown(message: Outgoing) -> str:
    return str(json.loads(body(SETTINGS, message))["markdown"]["text"])


def judged(status: int, document: Any, **headers: str) -> Kind:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return DINGTALK.classify(Response(status, headers, content), now=NOW).kind


def test_the_signature_is_the_one_dingtalk_computes() -> None:
    assert sign("SECtest", 1_700_000_000_000) == "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g="


def test_the_signature_is_encoded_once_into_the_query_and_stays_out_of_the_body() -> None:
    request = DINGTALK.request(SETTINGS, outgoing(), now=NOW)

    assert request.url.endswith("&timestamp=1700000000000&sign=aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g%3D")
    assert httpx.URL(request.url).params["access_token"] == "abc"
    assert b"sign" not in request.body


def test_every_message_shows_its_case_and_number_once_in_its_first_line() -> None:
    sent = json.loads(body(SETTINGS, outgoing()))["markdown"]

    assert sent["title"] == "【隐患 HZ-2026-000142 · 第3号通知】隐患交办"
    assert sent["text"].splitlines()[0] == f"**{sent['title']}**"
    assert sent["text"].count("000142") == sent["text"].count("第3号通知") == 1


def test_a_message_about_no_case_says_so_with_its_minute() -> None:
    trial = replace(outgoing(title="渠道测试", number=None), case_id=None, number=0)
    assert heading(trial) == "【隐患 · 系统通知 2023-11-15 06:13】渠道测试"


def test_a_robot_with_the_keyword_takes_messages_of_every_workflow() -> None:
    assert "隐患" in markdown(outgoing(title="【挂牌督办 LS-2026-000001 · 第3号通知】挂牌", text="请整改"))


def test_words_of_a_case_can_neither_mention_nor_link_nor_hide() -> None:
    text = "甲公司@all [点我](http://evil.example) <b>\u202e倒\u200b写\x07 **粗** #标题"

    sent = markdown(outgoing(title="@所有人", text=text)).rpartition("\n\n")[0]

    assert "@" not in sent
    assert "](" not in sent
    assert "://" not in sent
    assert not set("\u202e\u200b\x07<>#") & set(sent)
    assert "甲公司＠all ［点我］（http：//evil.example）" in sent


def test_the_link_to_the_case_is_ours() -> None:
    assert markdown(outgoing()).endswith("](https://hazards.example.gov.cn/api/v1/hazards/c1)")


@given(text=st.text(alphabet=st.sampled_from('隐a"\\\n😀@'), max_size=400), times=st.integers(1, 200))
def test_a_request_never_exceeds_the_limit_and_is_always_whole(text: str, times: int) -> None:
    sent = body(SETTINGS, outgoing(text=text * times))

    assert len(sent) <= BODY_BYTES
    assert json.loads(sent)["markdown"]["text"].endswith("/hazards/c1)")


def test_a_long_text_says_that_it_was_cut() -> None:
    assert "……（略）" in markdown(outgoing(text="隐" * 20_000))
    assert "略" not in markdown(outgoing(text="隐" * 3_000))


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [(0, "accepted"), (-1, "down"), (130101, "throttled"), (410100, "throttled"), (300005, "dead"), (400102, "gone"),
     (430104, "dead"), (987654, "retry"), ("0", "down"), (None, "down"), (False, "down"), (0.0, "down")],
)  # fmt: skip
def test_the_platforms_own_code_decides(errcode: Any, kind: Kind) -> None:
    assert judged(200, {"errcode": errcode, "errmsg": "?"}) == kind


@pytest.mark.parametrize("wordings", [OLD_WORDING, NEW_WORDING])
def test_one_code_with_four_meanings_is_told_apart_in_both_wordings(wordings: dict[str, str]) -> None:
    kinds = {why: judged(200, {"errcode": 310000, "errmsg": wording}) for why, wording in wordings.items()}

    assert kinds == {"sign": "dead", "timestamp": "down", "keyword": "dead"}
    assert judged(200, {"errcode": 310000, "errmsg": "ip 1.2.3.4 not in whitelist"}) == "dead"
    assert judged(200, {"errcode": 310000, "errmsg": "a third wording"}) == "retry"


def test_whatever_is_no_answer_is_no_delivery() -> None:
    broken = (b"", b"<html>ok</html>", b'{"errcode":0', b"[0]", b"0", b"null", b"\xff", b"[" * 60_000)
    assert {judged(200, content) for content in broken} == {"down"}
    assert judged(502, {"errcode": 0}) == "down"
    assert judged(302, {"errcode": 0}) == "throttled"


def test_settings_without_a_token_or_with_two_secrets_are_refused() -> None:
    with pytest.raises(BadAddress, match="access_token"):
        DINGTALK.check(Settings("https://oapi.dingtalk.com/robot/send"))
    with pytest.raises(BadSecret):
        DINGTALK.check(Settings(ROBOT, ("a", "b")))
