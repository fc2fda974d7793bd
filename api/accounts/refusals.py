"""What the door says to whom it does not let in."""

from workflow.refusals import Refusal


class LogInFailed(Refusal):
    """登录名或密码不正确。连续 5 次不正确的账号锁定 15 分钟。"""

    status = 401


class LinkSpent(Refusal):
    """这个链接无效、已用过或者已过期，请管理员重新发一个。"""


class TokenLife(Refusal):
    """令牌的有效期不正确。"""


class UnknownToken(Refusal):
    """没有这个令牌，或者已经停用。"""

    status = 404
