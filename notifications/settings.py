"""The settings of a channel (渠道设置): where it sends and what it signs with. All of it is a credential."""

import json
from dataclasses import asdict, dataclass
from typing import Any

import httpx

from notifications.faults import BadAddress, BadSecret, UnreadableSettings

FIELDS = {"url", "secrets", "base_url"}


@dataclass(frozen=True, slots=True)
class Settings:
    """`url` to post to, `secrets` to sign with (two while one replaces the other), `base_url` of our pages."""

    url: str
    secrets: tuple[str, ...] = ()
    base_url: str | None = None

    def __repr__(self) -> str:
        return "Settings(…)"  # a log or a traceback must not carry a credential

    @property
    def json(self) -> str:
        """The text `parse` reads."""
        return json.dumps(asdict(self), ensure_ascii=False)


def parse(text: str) -> Settings:
    """Read `{"url": …, "secrets": […], "base_url": …}`; UnreadableSettings, BadAddress or BadSecret otherwise."""
    document = _object(text)
    secrets = document.get("secrets") or []
    if not isinstance(secrets, list) or not all(isinstance(secret, str) and secret for secret in secrets):
        raise BadSecret(field="secrets", right="一至两个密钥的列表")
    if len(secrets) > 2:
        raise BadSecret(field="secrets", right="最多两个密钥，新的在前")
    base_url = document.get("base_url")
    return Settings(
        url=_address(document.get("url"), field="url"),
        secrets=tuple(secrets),
        base_url=_address(base_url, field="base_url").rstrip("/") if base_url else None,
    )


def hint(settings: Settings) -> str:
    """Host and the last four characters of the address, at most 64: enough for people, too little to send with."""
    return f"{httpx.URL(settings.url).host[:58]} …{settings.url[-4:]}"


def _object(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        raise UnreadableSettings(field="settings", right="JSON 对象") from None
    if not isinstance(document, dict):
        raise UnreadableSettings(field="settings", right="JSON 对象")
    unknown = sorted(document.keys() - FIELDS)
    if unknown:
        raise UnreadableSettings(field=unknown[0], right="只有 url、secrets、base_url 三项")
    return document


def _address(value: object, *, field: str) -> str:
    try:
        url = httpx.URL(value if isinstance(value, str) else "")
    except httpx.InvalidURL:
        raise BadAddress(field=field, right="https:// 开头的完整网址") from None
    if url.scheme not in {"https", "http"} or not url.host:
        raise BadAddress(field=field, right="https:// 开头的完整网址")
    if url.userinfo or url.fragment:
        raise BadAddress(field=field, right="网址中不含用户名、密码和 #")
    return str(url)
