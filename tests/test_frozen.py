"""Tests run on frozen numbers: a number that ships may change, and only the test that pins it notices."""

from __future__ import annotations

import re

from chalicelib.adapters import policies
from tests import frozen


def test_the_policy_of_the_tests_is_the_frozen_one() -> None:
    assert policies.FOLDER != frozen.SHIPPED
    read = (policies.FOLDER / "clocks.toml").read_text(encoding="utf-8")
    assert read == frozen.frozen((frozen.SHIPPED / "clocks.toml").read_text(encoding="utf-8"))


def test_other_numbers_that_ship_freeze_to_the_same() -> None:
    shipped = (frozen.SHIPPED / "clocks.toml").read_text(encoding="utf-8")
    other = re.sub(r'"[1-9]\d*[mhd]"', '"9h"', shipped).replace("08:00-20:00", "07:30-21:00")
    assert other != shipped
    assert frozen.frozen(other) == frozen.frozen(shipped)
