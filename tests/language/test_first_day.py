"""Hours of a week and the steps of the first day, as they are read."""

from __future__ import annotations

import pytest

from chalicelib.domain.register.cover import DAY, Gap
from chalicelib.language.catalogue import LANGS
from chalicelib.language.first_day import STEPS, hours, said

EVERY = tuple(range(7))


@pytest.mark.parametrize(
    ("gap", "zh", "en"),
    [
        (Gap(EVERY, 1200, 1920), "每天 20:00–次日 08:00", "daily 20:00 to 08:00 the day after"),
        (Gap((0, 1, 2, 3), 1080, 1980), "周一至周四 18:00–次日 09:00", "Mon to Thu 18:00 to 09:00 the day after"),
        (Gap((4,), 1080, 3 * DAY + 540), "周五 18:00–周一 09:00", "Fri 18:00 to Mon 09:00"),
        (Gap((5, 6), 720, DAY), "周六、周日 12:00–24:00", "Sat, Sun 12:00 to 24:00"),
        (Gap(EVERY, 0, DAY), "任何时候", "at any time"),
    ],
)
def test_hours_are_read_as_people_say_them(gap: Gap, zh: str, en: str) -> None:
    assert hours([gap], "zh_CN") == zh
    assert hours([gap], "en") == en


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("step", [step for step in STEPS if step != "no_phone"])
def test_every_step_says_what_is_missing_and_what_to_do(step: str, lang: str) -> None:
    facts = {"level": 2, "phone": True, "trades": ["gas"], "gaps": [Gap(EVERY, 0, DAY)], "names": ["甲"]}
    what, how = said(
        step, facts | {"people": ["a", "b"], "buildings": 3, "form": "https://f/", "codes": "https://f/c"}, lang
    )
    assert what
    assert how
    assert "{" not in what + how


def test_a_level_without_a_phone_says_so() -> None:
    assert said("no_level", {"level": 1, "phone": False}, "zh_CN").what.endswith("没有电话")
    assert said("no_level", {"level": 1, "phone": True}, "zh_CN").what.endswith("无人受理")
