"""The kinds of file taken as evidence: one row each; whatever is in no row is refused."""

from collections.abc import Callable
from dataclasses import dataclass

from filetype.types.archive import Pdf
from filetype.types.image import Heic, Jpeg, Png, Webp

from api.evidence import names
from api.evidence.refusals import WrongExtension, WrongKind

# As many leading bytes as the matchers look at.
HEAD = 4096
RIGHT = "JPG、PNG、WebP、HEIC 图片或 PDF 文档"


@dataclass(frozen=True, slots=True)
class Kind:
    """One admitted kind: media type, extensions that agree with it, Pillow's name of it, what tells its head."""

    media_type: str
    extensions: tuple[str, ...]
    plugin: str | None
    tells: Callable[[bytes], bool]


def _heic(head: bytes) -> bool:
    # filetype knows the eight-bit brand only; telephones also write ten bits (heix).
    return head[4:12] == b"ftypheix" or bool(Heic().match(head))


# fmt: off
KINDS = (
    Kind("image/jpeg",      (".jpg", ".jpeg", ".jpe", ".jfif"), "JPEG", Jpeg().match),
    Kind("image/png",       (".png",),                          "PNG",  Png().match),
    Kind("image/webp",      (".webp",),                         "WEBP", Webp().match),
    Kind("image/heic",      (".heic", ".heif"),                 "HEIF", _heic),
    Kind("application/pdf", (".pdf",),                          None,   Pdf().match),
)
# fmt: on


def refuse_extension(name: str) -> None:
    """Refuse (WrongKind) a name no admitted kind carries, before any byte is read."""
    if not any(names.extension(name) in kind.extensions for kind in KINDS):
        raise WrongKind(field="name", right=RIGHT, name=name)


def sniff(head: bytes, *, name: str) -> Kind:
    """The kind of a file by its first bytes; refuses other content (WrongKind) and a lying name (WrongExtension)."""
    kind = next((kind for kind in KINDS if kind.tells(head)), None)
    if kind is None:
        raise WrongKind(field="file", right=RIGHT, name=name)
    if names.extension(name) not in kind.extensions:
        raise WrongExtension(field="name", right=f"扩展名 {kind.extensions[0]}", name=name)
    return kind
