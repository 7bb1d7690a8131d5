"""What a cell of the register may hold, and what it means. Forms take cells that are not blank.

Raises BadCell with a reason that `faults.py` words. A cell comes as text, number or date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.record import email as addresses
from chalicelib.domain.record import phone as phones
from chalicelib.domain.record import text as texts

Form = Callable[[object], Any]

LONGEST = 200
LONG = 10**15  # a spreadsheet keeps fifteen digits of a number
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
RESERVED = frozenset({"group"})
ERRORS = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
PARTED = re.compile(r"[,、;\s]+")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
MOST = 10**9
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)
DURATION = re.compile(r"(\d{1,4}) ?(m|min|分钟|分|h|小时|时|d|天|日)")
UNITS = {"m": "minutes", "min": "minutes", "分钟": "minutes", "分": "minutes", "h": "hours", "小时": "hours"}
UNITS |= {"时": "hours", "d": "days", "天": "days", "日": "days"}
YES_NO = {"yes": "是", "no": "否"}
DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")
ALL_DAY = frozenset({"24小时", "24h", "全天"})
WHOLE = re.compile(r"\d+\.0+")
MANGLED = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")  # a long number as a spreadsheet shows it
Duty = dict[int, tuple[int, int]]


class BadCell(ValueError):
    """The cell can't be what its column wants."""

    def __init__(self, reason: str, **details: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


def is_blank(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not texts.plain(raw))


def words(raw: object, limit: int = LONGEST) -> str:
    """Text as it is printed. What a spreadsheet would run is refused: = @, and + or - before anything but a digit."""
    if isinstance(raw, datetime | date):
        raise BadCell("became_date")
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise BadCell("formula" if not isinstance(raw, bool) else "not_text")
    if isinstance(raw, int | float) and abs(raw) >= LONG:
        raise BadCell("lost_digits")
    text = texts.line(str(raw))
    if text[:1] in ("=", "@") or text in ERRORS or (text[:1] in ("+", "-") and not text[1:2].isdigit()):
        raise BadCell("formula")
    if len(text) > limit:
        raise BadCell("too_long", limit=limit)
    if texts.GONE.search(str(raw)):
        raise BadCell("control")
    return text


def plain(raw: object) -> str:
    """Text that is compared: full-width digits and signs as their plain ones; 101.0, as some write a number, is 101."""
    text = texts.plain(words(raw))
    if MANGLED.fullmatch(text):
        raise BadCell("lost_digits")
    return text.partition(".")[0] if WHOLE.fullmatch(text) else text


def code(raw: object) -> str:
    """What places and people are called by in links and keys."""
    text = plain(raw)
    if not CODE.fullmatch(text) or text.lower() in RESERVED:
        raise BadCell("code")
    return text


def scope(raw: object) -> str:
    """A code, or the whole group."""
    text = plain(raw)
    return "group" if text.lower() in ("group", "集团") else code(text)


def listed(raw: object) -> list[str]:
    """Several, between , 、 ; or spaces; each once."""
    found = [part for part in PARTED.split(plain(raw)) if part]
    if len(set(found)) != len(found):
        raise BadCell("twice_in_cell")
    return found


def unparted(word: str) -> str:
    """A word as it stands among several: without what parts them, as in 墙面、地面、天花."""
    return PARTED.sub("", texts.sought(word))


def codes(raw: object) -> tuple[str, ...]:
    """Several codes, each once."""
    return tuple(code(part) for part in listed(raw))


def rank(raw: object) -> int:
    """A place in a row, from 1 to 9."""
    text = plain(raw)
    if len(text) != 1 or text not in "123456789":
        raise BadCell("rank")
    return int(text)


def day(raw: object) -> date:
    """A date cell, or 2021-06-30, 2021/6/30, 2021年6月30日."""
    if isinstance(raw, datetime):
        if raw.time() != datetime.min.time():
            raise BadCell("date")
        found = raw.date()
    elif isinstance(raw, date):
        found = raw
    else:
        match = DATE.fullmatch(plain(raw))
        try:
            found = date(int(match[1]), int(match[2]), int(match[3])) if match else date.min
        except ValueError:
            found = date.min
    if not EARLIEST <= found < LATEST:
        raise BadCell("date")
    return found


def month(raw: object) -> str:
    """2024-12, as 2024-12, 2024/12, 2024年12月, or any day of it."""
    match = MONTH.fullmatch(plain(raw)) if not isinstance(raw, date) else None
    try:
        found = date(int(match[1]), int(match[2]), 1) if match else day(raw)
    except (BadCell, ValueError) as fault:
        raise BadCell("month") from fault
    if not EARLIEST <= found < LATEST:
        raise BadCell("month")
    return f"{found:%Y-%m}"


def count(raw: object) -> int:
    """A whole number from nothing to a thousand million."""
    text = plain(raw).replace(",", "")
    if not text.isdecimal() or int(text) > MOST:
        raise BadCell("count")
    return int(text)


def phone(raw: object) -> str:
    """Somebody's own number in its one form; another country's with its +, whether or not it may be written to."""
    return _phone(raw, hotline=False)


def _phone(raw: object, *, hotline: bool) -> str:
    try:
        return phones.kept(plain(raw), abroad=("",), hotline=hotline)
    except phones.NoPhone as none:
        raise BadCell(none.reason.replace("phone_form", "phone")) from none


def printed_phone(raw: object) -> str:
    """A number as it is printed: 400-000-0000."""
    text = plain(raw)
    _phone(text, hotline=True)
    return text


def email(raw: object) -> str:
    text = addresses.kept(plain(raw))
    if not addresses.is_address(text):
        raise BadCell("email")
    return text


def choice(labels: Mapping[str, str]) -> Form:
    """One of a list; `labels`: value → what it is called on the sheet. Both are accepted."""
    accepted = {label.lower(): value for value, label in labels.items()} | {value.lower(): value for value in labels}

    def one(raw: object) -> str:
        found = accepted.get(plain(raw).lower())
        if found is None:
            raise BadCell("choice", choices=labels)
        return found

    return one


def choices(labels: Mapping[str, str]) -> Form:
    """Some of a list."""
    one = choice(labels)
    return lambda raw: frozenset(one(part) for part in listed(raw))


def yes_no(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    text = plain(raw).lower()
    if text not in ("是", "yes", "y", "1", "true", "否", "no", "n", "0", "false"):
        raise BadCell("choice", choices=YES_NO)
    return text in ("是", "yes", "y", "1", "true")


def duration(raw: object) -> timedelta:
    """30m, 30分钟, 4h, 4小时, 7d, 7天; more than nothing, at most a year."""
    match = DURATION.fullmatch(plain(raw).lower())
    found = timedelta(**{UNITS[match[2]]: int(match[1])}) if match else timedelta()
    if not timedelta() < found <= timedelta(days=366):
        raise BadCell("duration")
    return found


def duty(raw: object) -> Duty:
    """A roster: 每天 07:00-15:00, or 周一至周五 09:00-18:00;周六 09:00-12:00, or 24小时.

    Weekday 0–6 → (opens, closes) in minutes after midnight; one shift a day, which may run past midnight.
    """
    roster: Duty = {}
    for part in re.split(r"[;\n]+", texts.plain(words(str(raw).replace("\n", ";")))):
        if not part.strip():
            continue
        days, shift = _shift(part.strip().lower())
        for weekday in days:
            if weekday in roster:
                raise BadCell("duty_twice", day=weekday)
            roster[weekday] = shift
    for weekday, (opens, closes) in roster.items():
        after = roster.get((weekday + 1) % 7)
        if opens > closes and after and after[0] < closes:
            raise BadCell("duty_overlaps", day=weekday)
    return roster


def _shift(part: str) -> tuple[list[int], tuple[int, int]]:
    days, _, hours = part.rpartition(" ")
    if hours in ALL_DAY:
        return _days(days), (0, 1440)
    match = HOURS.fullmatch(hours.replace("~", "-").replace("–", "-"))
    opens, closes = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) if match else (0, 0)
    if opens == closes or opens >= 1440 or closes > 1440 or (match and (int(match[2]) > 59 or int(match[4]) > 59)):
        raise BadCell("duty", part=part)
    return _days(days), (opens, closes)


def _days(text: str) -> list[int]:
    if text.strip() in ("", "每天", "daily"):
        return list(range(7))
    found: list[int] = []
    for piece in re.split(r"[,、\s]+", text.strip().replace("工作日", "周一至周五").replace("周末", "周六至周日")):
        ends = [_weekday(end) for end in re.split(r"至|到|-|~|–", piece)]
        if len(ends) > 2:
            raise BadCell("duty", part=text)
        found += range(ends[0], ends[-1] + 1) if ends[0] <= ends[-1] else [*range(ends[0], 7), *range(ends[-1] + 1)]
    return found


def _weekday(text: str) -> int:
    text = text.strip().removeprefix("周").removeprefix("星期").removeprefix("礼拜")
    if text in DAYS:
        return DAYS[text]
    if text[:3] in NAMES and text.isalpha():
        return NAMES.index(text[:3])
    if text.isdigit() and 1 <= int(text) <= 7:
        return int(text) - 1
    raise BadCell("duty", part=text)
