"""The sketch of a page: whatever the points, it stays on its sheet and to scale."""

from __future__ import annotations

import re
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.sketch_map import HEIGHT, MARGIN, WIDTH, Mark, Point, Sketch, draw, runs

WINNIPEG, THOMPSON, CHURCHILL = (49.8951, -97.1384), (55.7435, -97.8558), (58.7684, -94.165)


def places(*spots: tuple[float, float], is_about: bool = False) -> list[Point]:
    return [Point(number, *spot, is_about) for number, spot in enumerate(spots, 1)]


def sketch(points: list[Point], here: tuple[float, float] | None = None) -> Sketch:
    drawn = draw(points, here)
    assert drawn
    return drawn


def spots(drawn: Sketch) -> list[tuple[int, int]]:
    return [(mark.x, mark.y) for mark in drawn.marks]


def test_nothing_to_draw() -> None:
    assert draw([]) is None
    assert draw([], WINNIPEG) is None


def test_one_place_stands_in_the_middle() -> None:
    drawn = sketch(places(WINNIPEG))
    assert drawn.marks == [Mark(WIDTH // 2, HEIGHT // 2, "1", 24)]
    assert drawn.here is None
    assert (drawn.circles, drawn.words) == ([], [])
    assert 0.1 <= drawn.bar.km <= 2


def test_the_same_place_several_times_is_one_mark() -> None:
    drawn = sketch(places(WINNIPEG, WINNIPEG, WINNIPEG))
    assert drawn.marks == [Mark(WIDTH // 2, HEIGHT // 2, "1–3", 40)]


def test_a_province_fits_with_north_above_and_east_on_the_right() -> None:
    drawn = sketch(places(WINNIPEG, THOMPSON, CHURCHILL))
    winnipeg, thompson, churchill = spots(drawn)
    assert winnipeg[1] > thompson[1] > churchill[1]
    assert churchill[0] > winnipeg[0]
    assert drawn.bar.km in {100, 200, 500}


def test_the_bar_is_true() -> None:
    south, north = (49.8, -97.1), (50.0, -97.1)  # 22.24 km
    drawn = sketch(places(south, north))
    (_x, low), (_same, high) = spots(drawn)
    assert (low - high) / 22.24 == pytest.approx(drawn.bar.length / drawn.bar.km, rel=0.03)


def test_an_area_has_a_circle_and_its_numbers_but_no_mark() -> None:
    drawn = sketch([*places(WINNIPEG), Point(2, *WINNIPEG, True), Point(3, *WINNIPEG, True)])
    assert [mark.text for mark in drawn.marks] == ["1"]
    assert drawn.circles == [(WIDTH // 2, HEIGHT // 2)]
    assert [mark.text for mark in drawn.words] == ["2–3"]


def test_an_area_s_numbers_leave_the_place_that_was_searched_free() -> None:
    drawn = sketch(places(WINNIPEG, is_about=True), WINNIPEG)
    assert drawn.here == (WIDTH // 2, HEIGHT // 2)
    assert abs(drawn.words[0].y - drawn.here[1]) >= 20


def test_numbers_of_a_crowd_are_all_told_in_marks_that_do_not_cover_each_other() -> None:
    crowd = [(49.9 + step / 700, -97.14 + step % 5 / 300) for step in range(20)]
    drawn = sketch(places(*crowd))
    said = ", ".join(mark.text for mark in drawn.marks)
    numbers = set(map(int, re.findall(r"\d+", said)))
    assert len(drawn.marks) > 3
    assert {1, 20} <= numbers
    assert not any(a.covers(b) for a in drawn.marks for b in drawn.marks if a is not b)


COORDINATES = st.tuples(st.floats(-85, 85), st.floats(-180, 180))


@given(st.lists(st.tuples(COORDINATES, st.booleans()), min_size=1, max_size=20), st.none() | COORDINATES)
def test_everything_stays_on_the_sheet_and_every_number_is_told(
    given_spots: list[tuple[tuple[float, float], bool]], here: tuple[float, float] | None
) -> None:
    points = [Point(number, *spot, about) for number, (spot, about) in enumerate(given_spots, 1)]
    drawn = sketch(points, here)
    for x, y in [*drawn.circles, *([drawn.here] if drawn.here else [])]:
        assert MARGIN <= x <= WIDTH - MARGIN
        assert MARGIN <= y <= HEIGHT - MARGIN
    for mark in drawn.marks + drawn.words:
        assert 0 <= mark.left <= mark.left + mark.width <= WIDTH
        assert 0 < mark.y < HEIGHT
    for one in drawn.marks:
        for other in drawn.marks:
            assert one is other or not one.covers(other)
    assert bool(drawn.marks) is any(not point.is_about for point in points)
    assert bool(drawn.circles) is bool(drawn.words) is any(point.is_about for point in points)
    assert 0 < drawn.bar.length <= WIDTH / 3 + 1
    assert 0 < drawn.radius <= MARGIN


@given(COORDINATES, COORDINATES)
def test_half_way_is_drawn_half_way(one: tuple[float, float], other: tuple[float, float]) -> None:
    middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    drawn = sketch([Point(1, *one, True), Point(2, *other, True)], middle)
    assert drawn.here == (WIDTH // 2, HEIGHT // 2)
    ends = [hypot(x - WIDTH / 2, y - HEIGHT / 2) for x, y in drawn.circles]
    assert ends[0] == pytest.approx(ends[-1], abs=1.5)


@pytest.mark.parametrize(
    ("numbers", "most", "said"),
    [
        ([3], None, "3"),
        ([3, 1, 2, 2], None, "1–3"),
        ([21, 22, 30], None, "21–22, 30"),
        ([1, 3, 5, 7, 9], 4, "1, 3, 5, 7, …"),
        ([1, 3, 5, 7], 4, "1, 3, 5, 7"),
        ([], None, ""),
    ],
)
def test_numbers_in_short(numbers: list[int], most: int | None, said: str) -> None:
    assert runs(numbers, most) == said
