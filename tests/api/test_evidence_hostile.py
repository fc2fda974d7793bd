"""A hostile or broken file is refused by its own name, leaves nothing behind, and costs the server no memory."""

import io
import random
import resource
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from PIL import Image

from api.evidence import refusals
from api.evidence.decode import LIMITS
from api.evidence.papers import PIECE
from api.evidence.store import Store
from tests.api.evidence_files import NAMES, files_under, paper, picture, png_of, untouched
from workflow.refusals import Refusal

MUTATIONS = 40


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def refused(store: Store, data: bytes, name: str, why: type[Refusal]) -> Refusal:
    """The refusal of a file, which must be the one named and leave an empty store."""
    with pytest.raises(why) as caught:
        store.receive([data], name=name)
    assert untouched(store)
    assert caught.value.right
    return caught.value


def zip_bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(50 * 2**20))
    return stream.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
GIF_AND_HTML = b"GIF89a/*" + HTML + b"*/=1;"


@pytest.mark.parametrize("name", ["照片.svg", "a.html", "a.zip", "a.docx", "a.exe", "a", "", "..", ".", "\0"])
def test_a_name_of_no_admitted_kind_is_refused_before_a_byte_is_read(store: Store, name: str) -> None:
    def never() -> Iterator[bytes]:
        raise AssertionError("read")
        yield b""

    with pytest.raises(refusals.WrongKind) as caught:
        store.receive(never(), name=name)
    assert caught.value.field == "name"
    assert not store.root.exists()


@pytest.mark.parametrize("name", ["照片.jpg", "通知.pdf", "照片.png"])
@pytest.mark.parametrize("data", [zip_bomb(), SVG, HTML, GIF_AND_HTML, b"MZ\x90\0", b"\xff", b"\0" * 5000])
def test_content_of_no_admitted_kind_is_refused_whatever_its_name(store: Store, name: str, data: bytes) -> None:
    refused(store, data, name, refusals.WrongKind)


@pytest.mark.parametrize("name", ["照片.png", "照片.pdf", "照片.jpg\0.png", "照片\u202egpj.png"])
def test_a_name_that_lies_about_its_content_is_refused(store: Store, name: str) -> None:
    assert ".jpg" in (refused(store, picture(), name, refusals.WrongExtension).right or "")


def test_an_empty_file_is_refused(store: Store) -> None:
    refused(store, b"", "照片.jpg", refusals.EmptyFile)


def test_the_byte_beyond_the_limit_is_refused_and_the_rest_is_never_asked_for(store: Store) -> None:
    mebibyte = bytes(2**20)
    asked = []

    def endless() -> Iterator[bytes]:
        while True:
            asked.append(1)
            yield mebibyte

    with pytest.raises(refusals.FileTooLarge):
        store.receive(endless(), name="照片.jpg")
    assert len(asked) == 21
    assert untouched(store)


def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(store: Store) -> None:
    # Bytes after the picture's end belong to the original and trouble no decoder.
    exact = picture() + bytes(store.limit_bytes - len(picture()))
    refused(store, exact + b"\0", "照片.jpg", refusals.FileTooLarge)
    assert store.receive([exact], name="照片.jpg").size == 20 * 2**20


def test_sixty_thousand_pixels_square_are_refused_by_the_header(store: Store) -> None:
    refused(store, png_of(60_000, 60_000), "照片.png", refusals.TooManyPixels)


def test_a_photo_of_fifty_megapixels_is_kept_and_a_larger_one_is_told_the_limit(store: Store) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (8192, 6144), "gray").save(photo, "JPEG")

    kept = store.receive([photo.getvalue()], name="照片.jpg")
    with pytest.raises(refusals.TooManyPixels) as refusal:
        store.receive([png_of(8192, 6400)], name="照片.png")

    assert (kept.width, kept.height) == (8192, 6144)
    assert refusal.value.right == "宽乘高不超过 5200 万像素"


def test_a_webp_that_claims_the_largest_canvas_is_refused_by_its_header(store: Store) -> None:
    data = picture("WEBP")
    lossy = data[:12] + b"VP8X" + data[16:24] + b"\xff\x3f\0\xff\x3f\0" + data[30:]
    refused(store, lossy, "照片.webp", refusals.TooManyPixels)


def test_a_bomb_that_passes_the_pixel_limit_starves_the_child_and_not_the_server(tmp_path: Path) -> None:
    generous = Store(tmp_path / "store", pixel_limit=10**10)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused(generous, png_of(60_000, 60_000, rows=bytes(10**7)), "照片.png", refusals.CorruptPicture)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < dict(LIMITS)[resource.RLIMIT_AS]


def test_a_document_that_swells_without_end_is_refused(store: Store) -> None:
    squeeze = zlib.compressobj(9)
    swollen = b"".join(squeeze.compress(bytes(2**24)) for _ in range(40)) + squeeze.flush()
    refused(store, paper().replace(b"stream\n", b"stream\n" + swollen, 1), "通知.pdf", refusals.CorruptPaper)


@pytest.mark.parametrize("plugin", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_picture_cut_short_is_refused_as_corrupt(store: Store, plugin: str) -> None:
    data = picture(plugin)
    refused(store, data[: len(data) * 2 // 3], NAMES[plugin], refusals.CorruptPicture)


def test_a_document_cut_short_or_followed_by_an_archive_is_refused_as_corrupt(store: Store) -> None:
    refused(store, paper()[:-20], "通知.pdf", refusals.CorruptPaper)
    refused(store, paper(ending=zip_bomb()[-200:]), "通知.pdf", refusals.CorruptPaper)


def test_an_encrypted_document_is_refused_by_name(store: Store) -> None:
    refused(store, paper(trailer=b"/Encrypt 9 0 R"), "通知.pdf", refusals.EncryptedPaper)


SCRIPT = b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"


@pytest.mark.parametrize(
    "hidden",
    [
        paper(catalog=SCRIPT),
        paper(catalog=b"/OpenAction << /S /Launch /F (calc.exe) >>"),
        paper(catalog=b"/OpenAction << /S /J#61va#53cript /JS (app.alert(1)) >>"),
        paper(catalog=b"/OpenAction << /S /#4cau#6Ech /F (calc.exe) >>"),
        paper(stream=b" " * (PIECE - 5) + b"/JavaScript (app.alert(1))"),
    ],
    ids=["script", "launch", "escaped script", "escaped launch", "compressed, across a border"],
)
def test_a_document_that_acts_by_itself_is_refused_however_it_hides_it(store: Store, hidden: bytes) -> None:
    refused(store, hidden, "通知.pdf", refusals.ActivePaper)


def test_a_document_that_only_opens_at_a_page_is_taken(store: Store) -> None:
    assert store.receive([paper(catalog=b"/OpenAction [3 0 R /Fit] /Lang (zh-CN)")], name="通知.pdf").sha256


@contextmanager
def disk_with_room_for(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_without_room_is_a_refusal_and_the_next_upload_succeeds(store: Store) -> None:
    data = picture() + bytes(10**6)
    with disk_with_room_for(500_000):
        refused(store, data, "照片.jpg", refusals.StoreFull)
    assert store.receive([data], name="照片.jpg").size == len(data)


def test_a_place_nobody_may_write_is_a_refusal() -> None:
    # Of the two, /sys is read-only to everybody on Linux, and so is / on macOS.
    with pytest.raises(refusals.StoreFull):
        Store(Path("/sys/hazardloop")).receive([picture()], name="照片.jpg")


# Refusals that blame the file; a full store would be our own fault here.
ALLOWED = (
    refusals.ActivePaper,
    refusals.CorruptPaper,
    refusals.CorruptPicture,
    refusals.EmptyFile,
    refusals.EncryptedPaper,
    refusals.TooManyPixels,
    refusals.WrongExtension,
    refusals.WrongKind,
)


def mutated(seed: bytes, dice: random.Random) -> bytes:
    """Some bytes changed, and at times a stretch cut out, doubled, or the end lost."""
    data = bytearray(seed)
    for _ in range(dice.choice((1, 1, 3, 10, 100))):
        data[dice.randrange(len(data))] = dice.choice((0, 0x7F, 0xFF, dice.randrange(256)))
    start = dice.randrange(len(data))
    stretch = slice(start, start + dice.randrange(1, 64))
    match dice.randrange(6):
        case 0:
            del data[stretch]
        case 1:
            data[start:start] = data[stretch] * dice.randrange(1, 50)
        case 2:
            del data[start:]
    return bytes(data)


@pytest.mark.parametrize("plugin", NAMES)
def test_any_damage_ends_in_evidence_or_a_named_refusal_and_nothing_else(tmp_path: Path, plugin: str) -> None:
    store = Store(tmp_path / "store")
    seed = paper(stream=b"0 0 595 842 re") if plugin == "PDF" else picture(plugin, size=(96, 64))
    expected: set[Path | None] = {None}
    for number in range(MUTATIONS):
        with suppress(*ALLOWED):
            received = store.receive([mutated(seed, random.Random(f"{plugin} {number}"))], name=NAMES[plugin])
            assert store.check(received.sha256), number
            expected |= {store.original(received.sha256), store.copy(received.sha256)}
    assert files_under(tmp_path) == expected - {None}
    assert not [*store.root.glob("incoming/*")]
