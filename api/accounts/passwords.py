"""What a password must be (密码规则): long, or shorter and mixed; never the login, never what everybody tries."""

from workflow.people import login_key
from workflow.refusals import Refusal

LONG, SHORT, LONGEST = 12, 8, 256
CLASSES = (str.islower, str.isupper, str.isdigit)
CLASSES_NEEDED = 3
DISTINCT_NEEDED = 5
RIGHT = "至少 12 个字符；或者至少 8 个字符，含大写、小写、数字、符号中的三种；不含登录名，不是常见密码"

# What lists of leaked passwords begin with and still passes the rules above, folded to lower case.
COMMON = frozenset(
    {
        "123456789abc",
        "1234567890ab",
        "12345678910",
        "123456789012",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "1qaz@wsx",
        "a123456789",
        "a1234567890",
        "aa123456",
        "aa123456.",
        "abc12345",
        "abc123456",
        "abc@1234",
        "abcd1234",
        "abcd@1234",
        "admin123",
        "admin1234",
        "admin12345",
        "admin123456",
        "admin@123",
        "admin@1234",
        "administrator",
        "hazardloop",
        "hazardloop123",
        "huawei@123",
        "iloveyou1314",
        "p@ssw0rd",
        "p@ssword1",
        "passw0rd",
        "password1",
        "password123",
        "password1234",
        "password@123",
        "qaz@wsx123",
        "qazwsxedcrfv",
        "qwer1234",
        "qwer@1234",
        "qwerty123456",
        "qwertyuiop123",
        "qwertyuiopas",
        "root@123",
        "test@123",
        "test@1234",
        "woaini1314520",
        "yjglj@123",
        "zhongguo123",
    }
)


class WeakPassword(Refusal):
    """密码太弱。"""


def check_password(password: str, *, login: str) -> None:
    """Refuse with WeakPassword what is short, monotonous, common, over 256 characters, or contains the login."""
    folded = login_key(password)
    weak = (
        len(password) > LONGEST,
        len(password) < SHORT,
        len(password) < LONG and _classes(password) < CLASSES_NEEDED,
        len(set(password)) < DISTINCT_NEEDED,
        folded in COMMON,
        # A login of one or two letters says nothing.
        len(login) > 2 and login_key(login) in folded,
        folded == login_key(login),
    )
    if any(weak):
        raise WeakPassword(field="password", right=RIGHT)


def _classes(password: str) -> int:
    named = sum(any(belongs(c) for c in password) for belongs in CLASSES)
    other = any(not any(belongs(c) for belongs in CLASSES) for c in password)
    return named + other
