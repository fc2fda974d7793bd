"""What a camera claims is taken for what it is worth."""

from datetime import UTC, datetime
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

from api.evidence.metadata import position, taken_at
from api.evidence.store import Store
from tests.api.evidence_files import exif, picture

NOON = "2026:03:02 12:00:00"


@pytest.mark.parametrize(
    ("offset", "hour"),
    [("+08:00", 4), ("", 4), (None, 4), ("+00:00", 12), ("-05:00", 17), ("+99:00", 4), ("东八区", 4)],
)
def test_a_camera_that_tells_no_offset_is_read_as_shanghai(offset: Any, hour: int) -> None:
    assert taken_at(NOON, offset) == datetime(2026, 3, 2, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", [None, "", 7, "0000:00:00 00:00:00", "0001:01:01 00:00:00", "2026:13:01 00:00:00", "2026-03-02", "昨天"]
)
def test_a_time_that_cannot_be_is_no_time(text: Any) -> None:
    assert taken_at(text, "+08:00") is None


def test_south_and_west_are_negative() -> None:
    assert position(["S", [33.0, 30.0, 0.0]], ["W", [70.0, 0.0, 36.0]]) == (-33.5, -70.01)


@pytest.mark.parametrize(
    "latitude",
    [
        None,
        [],
        ["N", []],
        ["", [29.0, 0.0, 0.0]],
        ["NS", [29.0, 0.0, 0.0]],
        ["N", [999.0, 0.0, 0.0]],
        ["N", [-29.0, 0.0, 0.0]],
        ["N", [nan, 0.0, 0.0]],
        ["N", [inf, 0.0, 0.0]],
        ["N", [89.0, 90.0, 0.0]],
    ],
)
def test_half_a_place_or_an_impossible_one_is_no_place(latitude: Any) -> None:
    assert position(latitude, ["E", [121.0, 33.0, 3.0]]) == (None, None)


def test_zeros_mean_the_camera_had_no_fix() -> None:
    assert position(["N", [0.0, 0.0, 0.0]], ["E", [0.0, 0.0, 0.0]]) == (None, None)


def test_garbage_in_the_exif_does_not_cost_the_picture(tmp_path: Path) -> None:
    tags = exif(taken="0000:00:00 00:00:00", orientation=77)
    tags.get_ifd(0x8825).update({1: "Q", 2: (999.0, 0.0, 0.0)})
    received = Store(tmp_path).receive([picture(tags=tags)], name="照片.jpg")
    assert received.taken_at is received.latitude is received.longitude is None
    assert (received.width, received.height) == (640, 480)
