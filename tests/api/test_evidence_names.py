"""A name is read by people and trusted by nobody."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.evidence.headers import SERVE_HEADERS
from api.evidence.names import LONGEST, bare, shown
from api.evidence.refusals import PathInName


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\王\\照片 1.JPG", "照片 1.JPG"),
        ("消防\0通道.jpg", "消防通道.jpg"),
        ("照片\u202egnp.jpg", "照片gnp.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie: x.jpg"),
        (" 照片.jpg . ", "照片.jpg"),
        ("𠮷野.jpg", "𠮷野.jpg"),
        ("..", ""),
    ],
)
def test_a_name_loses_its_folders_and_all_that_cannot_be_seen(sent: str, seen: str) -> None:
    assert shown(sent) == seen


@pytest.mark.parametrize("sent", ["../../etc/passwd", "C:\\Users\\王\\照片.jpg", "整改/后.jpg", "a.jpg/"])
def test_a_name_with_a_path_is_refused_and_told_what_would_be_right(sent: str) -> None:
    with pytest.raises(PathInName) as refused:
        bare(sent)
    assert (refused.value.field, refused.value.right) == ("name", "只写文件名本身，如 整改后.jpg")


def test_a_long_name_keeps_its_ending() -> None:
    assert shown("图" * 300 + ".jpeg") == "图" * (LONGEST - 5) + ".jpeg"
    assert shown("a." + "b" * 300) == "a." + "b" * (LONGEST - 2)


def test_the_original_is_only_ever_saved_and_the_copy_shown_as_a_picture() -> None:
    original = SERVE_HEADERS("image/heic", '消防 "通道".heic', original=True)
    assert original["Content-Type"] == "image/heic"
    assert original["Content-Disposition"] == (
        "attachment; filename=\"__ ____.heic\"; filename*=UTF-8''%E6%B6%88%E9%98%B2%20%22%E9%80%9A%E9%81%93%22.heic"
    )
    copy = SERVE_HEADERS("image/heic", "a.heic", original=False)
    assert copy["Content-Type"] == "image/jpeg"
    assert copy["Content-Disposition"] == "inline; filename=\"a.jpg\"; filename*=UTF-8''a.jpg"
    for headers in (original, copy):
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@given(st.text(max_size=400) | st.text(alphabet='\u202e\0/\\.\r\n"%;照a', max_size=400))
def test_no_name_breaks_out_of_its_header(name: str) -> None:
    seen = shown(name)
    assert len(seen) <= LONGEST
    assert shown(seen) == seen
    disposition = SERVE_HEADERS("image/png", name, original=True)["Content-Disposition"]
    assert set(disposition) <= set(string.printable) - set("\r\n\t\x0b\x0c\\")
    assert disposition.count('"') == 2
