"""DingTalk's group robot (钉钉自定义机器人): signed in the query, judged by `errcode`, never by the HTTP status."""

import hashlib
import hmac
import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from notifications.adapter import Kind, Limit, Outgoing, Request, Response, Result, link
from notifications.answers import json_object
from notifications.faults import BadAddress, BadSecret
from notifications.settings import Settings
from notifications.texts import cut, inert, shanghai

BODY_BYTES = 20_000
TITLE_BYTES = 200
# Stands under every message, so that a robot whose keyword is 隐患 takes those of every workflow.
FOOT = "隐患闭环 · 生成于"
PENALTY = timedelta(minutes=10)
QUOTA_PAUSE = timedelta(hours=1)
# Never above 18 in any minute: the platform allows 20, then silences the robot for ten minutes.
PACE = Limit(burst=6, per_minute=12, reserved=4)

# fmt: off
# The robot's error codes as its manual lists them; what is not here is retried, never taken for sent.
CODES: dict[int, Result] = {
    0:      Result("accepted"),
    -1:     Result("down",      "钉钉系统繁忙"),
    130101: Result("throttled", "钉钉限流：每分钟超过 20 条", PENALTY),
    410100: Result("throttled", "钉钉限流：发送过快", PENALTY),
    90030:  Result("throttled", "钉钉调用额度已用完", QUOTA_PAUSE),
    88:     Result("dead",      "钉钉机器人的 access_token 有误"),
    300001: Result("dead",      "钉钉机器人的 access_token 有误"),
    300005: Result("dead",      "钉钉机器人的 access_token 不存在"),
    400101: Result("dead",      "钉钉机器人的 access_token 不存在"),
    400013: Result("gone",      "钉钉群已解散"),
    400102: Result("gone",      "钉钉机器人已停用"),
    400106: Result("gone",      "钉钉机器人已不在群中"),
    400105: Result("dead",      "钉钉不支持这种消息类型"),
    40035:  Result("dead",      "钉钉消息缺少字段"),
    43004:  Result("dead",      "钉钉消息的内容类型有误"),
    460101: Result("dead",      "钉钉消息过长"),
    430101: Result("dead",      "钉钉拒绝了消息中的链接"),
    430102: Result("dead",      "钉钉拒绝了消息中的文字"),
    430103: Result("dead",      "钉钉拒绝了消息中的图片"),
    430104: Result("dead",      "钉钉拒绝了消息内容"),
}
# One code, four causes, and two generations of wording for each.
SECURITY = 310000
WORDINGS: tuple[tuple[str, Kind, str], ...] = (
    ("invalid timestamp",       "down", "钉钉认为签名时间有误：请检查本机时钟"),
    ("签名过期",                "down", "钉钉认为签名时间有误：请检查本机时钟"),
    ("sign not match",          "dead", "钉钉签名不匹配：请检查加签密钥"),
    ("签名不匹配",              "dead", "钉钉签名不匹配：请检查加签密钥"),
    ("keywords not in content", "dead", "消息不含钉钉机器人要求的关键词：请把“隐患”设为关键词"),
    ("关键词",                  "dead", "消息不含钉钉机器人要求的关键词：请把“隐患”设为关键词"),
    ("not in whitelist",        "dead", "本机地址不在钉钉机器人的 IP 名单内"),
    ("白名单",                  "dead", "本机地址不在钉钉机器人的 IP 名单内"),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class DingTalk:
    """The adapter."""

    limit: Limit = PACE

    def check(self, settings: Settings) -> None:
        """BadAddress without an access_token; BadSecret with more than the one secret a robot has."""
        if not httpx.URL(settings.url).params.get("access_token"):
            raise BadAddress(field="url", right="机器人设置页上的完整 Webhook 地址，含 access_token")
        if len(settings.secrets) > 1:
            raise BadSecret(field="secrets", right="机器人设置页“加签”下的一个密钥")

    def request(self, settings: Settings, message: Outgoing, *, now: datetime) -> Request:
        """Build the POST; the signature travels in the query, encoded once."""
        url = httpx.URL(settings.url)
        for secret in settings.secrets:
            stamp = int(now.timestamp() * 1000)
            url = url.copy_merge_params({"timestamp": str(stamp), "sign": sign(secret, stamp)})
        return Request(str(url), {"Content-Type": "application/json; charset=utf-8"}, body(settings, message))

    def classify(self, response: Response, *, now: datetime) -> Result:
        """Judge by `errcode`; a redirect or 429 is how a silenced robot answers."""
        if 300 <= response.status < 400 or response.status == 429:
            return Result("throttled", "钉钉限流：机器人暂被停用", PENALTY)
        if response.status >= 500:
            return Result("down", "钉钉暂时不可用")
        answer = json_object(response.body)
        if answer is None:
            return Result("down", "钉钉的答复无法读懂")
        return _judge(answer.get("errcode"), str(answer.get("errmsg", "")))


DINGTALK = DingTalk()


def sign(secret: str, timestamp_ms: int) -> str:
    """Return base64 of HMAC-SHA256 over timestamp and secret (钉钉“加签”), not yet encoded for a URL."""
    digest = hmac.new(secret.encode(), f"{timestamp_ms}\n{secret}".encode(), hashlib.sha256).digest()
    return b64encode(digest).decode()


def heading(message: Outgoing) -> str:
    """Return the first line, in which a repeat shows for what it is.

    A case's title brings its number: 【隐患 HZ-2026-000142 · 第3号通知】; what is about no case carries its minute.
    """
    title = inert(message.payload["title"])
    whole = title if message.case_id else f"【隐患 · 系统通知 {shanghai(message.created_at)}】{title}"
    return cut(whole, TITLE_BYTES)


def body(settings: Settings, message: Outgoing) -> bytes:
    """Return the markdown message as JSON of at most 20,000 bytes; only the text of the case is ever shortened."""
    text = inert(message.payload["text"])
    whole = _document(settings, message, text)
    excess = len(whole) - BODY_BYTES
    if excess <= 0:
        return whole
    # Each byte of text is at least one byte of JSON, so taking `excess` bytes off is always enough.
    return _document(settings, message, cut(text, len(text.encode()) - excess))


def _document(settings: Settings, message: Outgoing, text: str) -> bytes:
    title = heading(message)
    where = link(settings, message)
    parts = [
        f"**{title}**",
        text.replace("\n", "\n\n"),
        f"{FOOT} {shanghai(message.created_at)}",
        *([f"[接口中的这一件（须登录）]({where})"] if where else []),
    ]
    markdown = {"title": title, "text": "\n\n".join(parts)}
    return json.dumps({"msgtype": "markdown", "markdown": markdown}, ensure_ascii=False).encode()


def _judge(code: object, wording: str) -> Result:
    # `True == 1` and `False == 0`: only a whole number is a code.
    if type(code) is not int:
        return Result("down", "钉钉的答复无法读懂")
    if code == SECURITY:
        fits = (Result(kind, reason) for words, kind, reason in WORDINGS if words in wording)
        return next(fits, Result("retry", f"钉钉未接受（{code}）"))
    return CODES.get(code, Result("retry", f"钉钉未接受（{code}）"))
