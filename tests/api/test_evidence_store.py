"""What arrives is sealed as it came, shown as a harmless copy, and found again."""

import io
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from api.evidence.refusals import UnknownOriginal
from api.evidence.store import Store
from tests.api.evidence_files import CANARY, NAMES, exif, files_under, paper, picture


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "佐证")


@pytest.mark.parametrize("plugin", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_telephones_picture_keeps_its_bytes_its_time_and_its_place(store: Store, plugin: str) -> None:
    data = picture(plugin)
    received = store.receive([data], name=NAMES[plugin])
    assert store.original(received.sha256).read_bytes() == data
    assert received.sha256 == sha256(data).hexdigest()
    assert received.size == len(data)
    assert received.taken_at == datetime(2026, 3, 1, 2, 20, 30, tzinfo=UTC)
    assert (received.latitude, received.longitude) == (29.8751389, 121.5508333)
    assert (received.width, received.height) == (640, 480)


@pytest.mark.parametrize("kind", ["picture", "paper"])
def test_a_folder_named_from_where_we_stand_keeps_evidence_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    data, name = (picture("JPEG"), "照片.jpg") if kind == "picture" else (paper(), "报告.pdf")

    received = Store(Path("hazardloop-data/evidence")).receive([data], name=name)

    assert (tmp_path / "hazardloop-data/evidence/originals" / received.sha256[:2] / received.sha256).exists()


def test_the_copy_stands_upright(store: Store) -> None:
    received = store.receive([picture(tags=exif(orientation=6))], name="照片.jpg")
    copy = store.copy(received.sha256)
    assert copy is not None
    with Image.open(copy) as upright:
        assert upright.size == (480, 640) == (received.width, received.height)
        red, _, blue = upright.getpixel((240, 10))  # type: ignore[misc]  # of an RGB picture
        assert red > blue, "the left half must have turned to the top"


@pytest.mark.parametrize("plugin", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_the_copy_tells_nothing_of_camera_or_place(store: Store, plugin: str) -> None:
    data = picture(plugin)
    assert CANARY in data
    copy = store.copy(store.receive([data], name=NAMES[plugin]).sha256)
    assert copy is not None
    with Image.open(copy) as plain:
        assert not plain.getexif()
        assert not {"exif", "comment", "icc_profile", "xmp"} & plain.info.keys()
    assert CANARY not in copy.read_bytes()


def test_a_comment_in_the_original_does_not_reach_the_copy(store: Store) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (64, 64)).save(stream, "JPEG", comment=CANARY)
    copy = store.copy(store.receive([stream.getvalue()], name="照片.jpg").sha256)
    assert copy is not None
    assert CANARY not in copy.read_bytes()


def test_the_copy_is_no_larger_than_a_page_needs(store: Store) -> None:
    copy = store.copy(store.receive([picture(size=(4000, 1000))], name="照片.jpg").sha256)
    assert copy is not None
    with Image.open(copy) as small:
        assert small.size == (2048, 512)


@pytest.mark.parametrize(
    ("mode", "level"), [("I;16", 0x8000), ("L", 128), ("1", 0), ("P", 0), ("LA", 128), ("RGBA", 0)]
)
def test_every_way_of_writing_grey_can_be_looked_at(store: Store, mode: str, level: int) -> None:
    stream = io.BytesIO()
    Image.new(mode, (64, 64), {"LA": (level, 255), "RGBA": (0, 0, 0, 255)}.get(mode, level)).save(stream, "PNG")
    copy = store.copy(store.receive([stream.getvalue()], name="照片.png").sha256)
    assert copy is not None
    with Image.open(copy) as plain:
        red = plain.getpixel((32, 32))[0]  # type: ignore[index]  # of an RGB picture
    assert abs(red - min(level, 128)) <= 2


def test_a_document_is_sealed_and_never_rewritten(store: Store) -> None:
    received = store.receive([paper()], name="整改通知.pdf")
    assert received.media_type == "application/pdf"
    assert store.copy(received.sha256) is None
    assert store.original(received.sha256).read_bytes() == paper()
    assert received.width is received.height is received.taken_at is None


def test_the_name_is_kept_for_reading_and_stays_out_of_every_path(store: Store) -> None:
    received = store.receive([picture()], name="消防通道.jpg")
    assert received.name == "消防通道.jpg"
    assert files_under(store.root.parent) == {store.original(received.sha256), store.copy(received.sha256)}
    assert not [path for path in store.root.rglob("*") if "消防" in path.name]


def test_the_same_bytes_again_are_the_same_file(store: Store) -> None:
    first = store.receive([picture()], name="一.jpg")
    before = store.original(first.sha256).stat()
    second = store.receive([picture()], name="二.jpg")
    assert second.sha256 == first.sha256
    assert store.original(first.sha256).stat().st_ino == before.st_ino
    assert len(files_under(store.root)) == 2


def test_many_at_once_with_the_same_bytes_leave_one_sealed_original(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        received = set(pool.map(lambda _: store.receive([picture()], name="照片.jpg"), range(8)))
    assert len(received) == 1
    assert store.check(received.pop().sha256)
    assert len(files_under(store.root)) == 2


def test_the_original_is_sealed_against_writing(store: Store) -> None:
    path = store.original(store.receive([picture()], name="照片.jpg").sha256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400


def test_one_changed_byte_in_the_original_is_found(store: Store) -> None:
    received = store.receive([picture()], name="照片.jpg")
    path = store.original(received.sha256)
    assert store.check(received.sha256)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    assert not store.check(received.sha256)
    assert not store.check("0" * 64)


@pytest.mark.parametrize("asked", ["0" * 64, "", "../../etc/passwd", "A" * 64, "0" * 63 + "\n"])
def test_nothing_but_a_known_checksum_opens_a_file(store: Store, asked: str) -> None:
    with pytest.raises(UnknownOriginal):
        store.original(asked)


def test_a_slow_telephone_is_as_good_as_a_fast_one(store: Store) -> None:
    data = picture(size=(64, 48))
    drops = (data[i : i + 1] for i in range(len(data)))
    assert store.receive(drops, name="照片.jpg") == store.receive([b"", data, b""], name="照片.jpg")


def test_a_broken_connection_leaves_nothing_behind(store: Store) -> None:
    def half() -> Iterator[bytes]:
        yield picture()[:1000]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.receive(half(), name="照片.jpg")
    assert not [*store.root.glob("*/*")]


def test_what_a_killed_server_left_is_swept_and_what_still_arrives_is_not(store: Store) -> None:
    kept = store.receive([picture()], name="照片.jpg")
    dead, alive = store.root / "incoming" / "dead", store.root / "incoming" / "alive"
    for bench in (dead, alive):
        bench.mkdir()
        (bench / "original").write_bytes(b"half")
    os.utime(dead / "original", (1000, 1000))
    os.utime(dead, (1000, 1000))
    os.utime(alive, (1000, 1000))
    assert store.sweep_temporary(datetime.fromtimestamp(2000, UTC)) == 1
    assert [*store.root.glob("incoming/*")] == [alive]
    assert store.check(kept.sha256)
