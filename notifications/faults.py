"""Faults (渠道问题) of channels and messages have names; the docstring of a name is the message its reader sees."""

from typing import ClassVar


class Fault(Exception):
    """渠道或消息有问题。"""

    status: ClassVar[int] = 422

    def __init__(self, *, field: str | None = None, right: str | None = None) -> None:
        """Name the offending `field` and what would be `right` (Chinese)."""
        super().__init__(type(self).__name__)
        self.field = field
        self.right = right

    @property
    def message(self) -> str:
        """The Chinese sentence for the person who was refused."""
        return (type(self).__doc__ or "").strip()

    def __str__(self) -> str:
        return self.message + (f"应为：{self.right}" if self.right else "")


class UnknownKind(Fault):
    """没有这种渠道。"""


class UnreadableSettings(Fault):
    """渠道设置的格式有误。"""


class BadAddress(Fault):
    """渠道的网址有误。"""


class BadSecret(Fault):
    """渠道的签名密钥有误。"""


class BrokenSeal(Fault):
    """渠道设置无法解密：密钥已更换，或者内容被改动过，请重新填写。"""


class NotAllowed(Fault):
    """目标地址不在允许外发的名单内，或者指向了不允许的网段。"""


class UnknownMessage(Fault):
    """没有这条消息。"""

    status = 404


class NotDead(Fault):
    """这条消息并未失败，无须再发。"""

    status = 409


class UnknownChannel(Fault):
    """没有这个渠道。"""

    status = 404


class ChannelDisabled(Fault):
    """这个渠道已停用，不再发送。"""

    status = 409
