"""What stands on a sheet of signs: all of it within its sign, each code large enough to be read, no name cut short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.register.signs import (
    FORMS,
    HEIGHT,
    MARGIN,
    QUIET,
    WIDTH,
    Drawn,
    Sign,
    drawn,
    fitted,
    length,
    mark_of,
    sheets,
)

TEXT = st.text(st.sampled_from("一二三号楼单元电梯地下车库Tower AB-12 39"), min_size=1, max_size=40).map(str.strip)


def sign(name: str = "3号楼 2单元 1001", project: str = "云杉苑", phone: str = "000-0000-1001") -> Sign:
    return Sign("YS-3-2-1001", name, project, "扫码报修、看进展", "云杉苑物业客服中心", phone, "https://a.example")


def within(one: Drawn, form: str) -> bool:
    """Whether every line and the code lie in the sign, and the lines beside or below the code."""
    made = FORMS[form]
    left, top, side = one.square
    inside = one.x <= left and left + side <= one.x + made.width and one.y <= top and top + side <= one.y + made.height
    for line in one.lines:
        wide = length(line.text) * line.size
        begins = line.x - wide / 2 if line.middle else line.x
        fits = begins >= one.x - 1e-6 and begins + wide <= one.x + made.width + 1e-6
        fits = fits and one.y <= line.y - line.size * 0.88 and line.y + line.size * 0.2 <= one.y + made.height
        beside = begins >= left + side or line.y + line.size * 0.2 <= top or line.y - line.size * 0.88 >= top + side
        inside = inside and fits and beside
    return inside


@given(TEXT.filter(bool), TEXT.filter(bool), st.sampled_from(sorted(FORMS)))
def test_whatever_a_place_is_called_its_sign_holds_it(name: str, project: str, form: str) -> None:
    many = FORMS[form].many
    found = drawn([sign(name, project)] * many, form)
    assert len(found) == many
    assert all(within(one, form) for one in found)


@given(
    st.lists(st.sampled_from(["3号楼", "2单元", "1001", "地下车库", "2号电梯"]), min_size=1, max_size=4).map(" ".join)
)
def test_a_name_as_they_are_is_printed_whole(name: str) -> None:
    for form in FORMS:
        [one] = drawn([sign(name)], form)
        printed = "".join(line.text for line in one.lines if line.bold)
        assert name.replace(" ", "") in printed.replace(" ", "")


def test_a_room_number_is_never_broken() -> None:
    _, lines = fitted("3号楼 2单元 1001", 20, 4.6, 3)
    assert "1001" in " ".join(lines).split()


@pytest.mark.parametrize("form", sorted(FORMS))
def test_what_printers_leave_white_holds_nothing(form: str) -> None:
    for one in drawn([sign()] * FORMS[form].many, form):
        assert one.x >= MARGIN / 2
        assert one.x + FORMS[form].width <= WIDTH - MARGIN / 2
        assert one.y >= MARGIN / 2
        assert one.y + FORMS[form].height <= HEIGHT - MARGIN / 2


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_module_is_half_a_millimetre_at_least(form: str) -> None:
    version_8 = 49  # modules a side: 84 letters at level Q, an address with the longest code
    assert FORMS[form].square / (version_8 + 2 * QUIET) >= 0.5


def test_every_sign_is_on_one_sheet() -> None:
    signs = [sign(str(n)) for n in range(50)]
    assert [len(s) for s in sheets(signs, "door")] == [24, 24, 2]
    assert [one for sheet in sheets(signs, "door") for one in sheet] == signs


def test_another_name_gives_another_mark() -> None:
    assert mark_of("云杉苑 3号楼") == mark_of("云杉苑 3号楼")
    assert mark_of("云杉苑 3号楼") != mark_of("云杉苑 2号楼")
