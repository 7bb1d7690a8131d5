"""A code is read by a decoder that knows nothing of us, even with a tenth of it covered."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
import zxingcpp

from chalicelib.adapters import signs as drawing
from chalicelib.domain.register.signs import FORMS, Sign

ADDRESS = "https://baoxiu.example.com/report?p=YS-3-2-1001&v=a06a"


def raster(modules: int, path: str, covered: int = 0, by: int = 6) -> memoryview:
    """A grey picture of a code, each module `by` pixels, with the quiet zone; a square in the middle is white."""
    side = (modules + 8) * by
    pixels = bytearray(b"\xff" * side * side)
    for x, y, many in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path):
        for row in range(by):
            begin = ((int(y) + 4) * by + row) * side + (int(x) + 4) * by
            pixels[begin : begin + int(many) * by] = bytes(int(many) * by)
    low, high = (side - covered * by) // 2, (side + covered * by) // 2
    for row in range(low, high):
        pixels[row * side + low : row * side + high] = b"\xff" * (high - low)
    return memoryview(pixels).cast("B", (side, side))


@pytest.mark.parametrize("covered", [0, 12])
def test_a_code_is_read_back_even_with_a_part_of_it_lost(covered: int) -> None:
    modules, path = drawing.code(ADDRESS)
    [found] = zxingcpp.read_barcodes(raster(modules, path, covered))
    assert found.text == ADDRESS
    assert found.ec_level == "Q"


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_sheet_is_sound_xml_with_every_word_on_it(form: str) -> None:
    sign = Sign("A", 'B座 <1> & "2"', "澜湾花园", "扫码报修", "物业客服", "000-0000-1001", ADDRESS)
    sheet = ET.fromstring(drawing.svg([sign], form, "1 & 2"))
    said = "".join(sheet.itertext())
    assert sheet.attrib["width"] == "210mm"
    assert sheet.attrib["aria-label"] == "1 & 2"
    for text in ('B座 <1> & "2"', "澜湾花园", "扫码报修", "物业客服", "000-0000-1001"):
        assert text.replace(" ", "") in said.replace(" ", "")
