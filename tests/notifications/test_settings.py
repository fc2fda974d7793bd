"""Settings are credentials: named faults, sealed at rest, never shown."""

import json

import pytest

from notifications.adapter import Request
from notifications.faults import BadAddress, BadSecret, BrokenSeal, Fault, UnreadableSettings
from notifications.sealing import reseal, seal, unseal
from notifications.settings import Settings, hint, parse

OLD, NEW = b"o" * 32, b"n" * 32
SETTINGS = Settings("https://oapi.dingtalk.com/robot/send?access_token=canary1234", ("SECcanary",), "https://x.gov.cn")


@pytest.mark.parametrize(
    ("document", "fault", "field"),
    [
        ("{", UnreadableSettings, "settings"),
        ("[]", UnreadableSettings, "settings"),
        ('{"ulr": "https://x"}', UnreadableSettings, "ulr"),
        ("{}", BadAddress, "url"),
        ('{"url": "ftp://x/"}', BadAddress, "url"),
        ('{"url": "https://me:secret@x/"}', BadAddress, "url"),
        ('{"url": "https://x:port/"}', BadAddress, "url"),
        ('{"url": "https://x", "base_url": "x"}', BadAddress, "base_url"),
        ('{"url": "https://x", "secrets": "one"}', BadSecret, "secrets"),
        ('{"url": "https://x", "secrets": [""]}', BadSecret, "secrets"),
        ('{"url": "https://x", "secrets": ["a", "b", "c"]}', BadSecret, "secrets"),
    ],
)
def test_each_fault_has_a_name_a_field_and_what_would_be_right(document: str, fault: type[Fault], field: str) -> None:
    with pytest.raises(fault, match="应为") as caught:
        parse(document)
    assert caught.value.field == field


def test_what_is_sealed_is_unreadable_and_comes_back_whole() -> None:
    sealed = seal(SETTINGS, channel_id="c1", keys=[NEW])

    assert "canary" not in sealed
    assert unseal(sealed, channel_id="c1", keys=[NEW]) == SETTINGS


def test_while_keys_change_both_open_and_the_new_one_seals() -> None:
    sealed = seal(SETTINGS, channel_id="c1", keys=[OLD])
    renewed = reseal(sealed, channel_id="c1", keys=[NEW, OLD])

    assert unseal(renewed, channel_id="c1", keys=[NEW]) == SETTINGS
    with pytest.raises(BrokenSeal):
        unseal(sealed, channel_id="c1", keys=[NEW])


def test_settings_moved_to_another_channel_or_altered_do_not_open() -> None:
    sealed = seal(SETTINGS, channel_id="c1", keys=[NEW])
    for channel, text in (("c2", sealed), ("c1", sealed[:-8] + "AAAAAAA="), ("c1", ""), ("c1", "v1:!")):
        with pytest.raises(BrokenSeal):
            unseal(text, channel_id=channel, keys=[NEW])


def test_people_see_the_host_and_four_characters() -> None:
    assert hint(SETTINGS) == "oapi.dingtalk.com …1234"
    assert len(hint(Settings("https://" + "a" * 60 + ".gov.cn/hook"))) <= 64


def test_credentials_do_not_show_in_a_traceback() -> None:
    request = Request(SETTINGS.url, {}, b"")
    assert "canary" not in repr((SETTINGS, request))
    assert "canary" in json.dumps(SETTINGS.json)
