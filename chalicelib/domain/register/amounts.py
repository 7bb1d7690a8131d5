"""What a cell about contracts may hold: money, rates, tax numbers, terms, times by priority, days of a year.

cell                              means
1,234.56 · 1234.56元 · 1.5万元     fen
3% · 0.05%                        basis points; a cell formatted as percent holds 0.03
91330100MA00000000                unified social credit code, GB 32100-2015: the last of 18 is a check digit
5年 · 24个月 · 2个采暖期           months, or whole seasons
紧急 30分钟、较急 4小时、一般 24小时    by priority; one alone holds for all
11-15 · 11月15日                  month and day

Raises BadCell like the other forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeVar

from chalicelib.domain.register.cells import BadCell, Form, choice, day, duration, plain

T = TypeVar("T")
MONEY = re.compile(r"[¥￥]?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)? ?(元|万元|yuan)?")
MOST_FEN = 10**15
NEAR = Decimal("0.0001")  # of a fen: how a spreadsheet rounds
RATE = re.compile(r"(\d{1,3}(?:\.\d+)?) ?%")
TAX = "0123456789ABCDEFGHJKLMNPQRTUWXY"
YEARS, MONTHS = ("年", "years", "year"), ("月", "months", "month")
HEATING = ("采暖期", "采暖季", "供暖期", "供暖季", "供热期", "供热季", "heating seasons", "heating season")
COOLING = ("供冷期", "供冷季", "制冷期", "制冷季", "cooling seasons", "cooling season")
TERM = re.compile(rf"(\d{{1,4}}) ?个? ?({'|'.join((*YEARS, *MONTHS, *HEATING, *COOLING))})")
MOST_MONTHS = 1200
MONTH_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?")


class Length(NamedTuple):
    """A term in months, or in whole seasons of a name."""

    months: int = 0
    seasons: int = 0
    season: str = ""


def money(raw: object) -> int:
    """Fen, of yuan. No fractions of a fen, nothing below nothing."""
    match = MONEY.fullmatch(plain(raw))
    if not match:
        raise BadCell("money")
    fen = Decimal(match[1].replace(",", "") + (match[2] or "")) * (1_000_000 if match[3] == "万元" else 100)
    if abs(fen - round(fen)) > NEAR or fen > MOST_FEN:
        raise BadCell("money")
    return round(fen)


def rate(raw: object) -> int:
    """Basis points, up to the whole."""
    match = RATE.fullmatch(plain(raw))
    if match:
        points = Decimal(match[1]) * 100
    elif (isinstance(raw, float) and 0 < raw < 1) or raw == 0:
        points = Decimal(str(raw)) * 10_000
    else:
        raise BadCell("rate")
    if abs(points - round(points)) > NEAR or points > 10_000:
        raise BadCell("rate")
    return round(points)


def tax_number(raw: object) -> str:
    """18 digits and capital letters of which the last follows from the others."""
    text = plain(raw).upper().replace(" ", "")
    if len(text) != 18 or set(text) - set(TAX):
        raise BadCell("tax_number")
    if TAX[-sum(TAX.index(sign) * pow(3, at, 31) for at, sign in enumerate(text[:17])) % 31] != text[17]:
        raise BadCell("tax_check")
    return text


def account(raw: object) -> str:
    """The number of a bank account: digits, as it is printed or with spaces between."""
    text = plain(raw).replace(" ", "").replace("-", "")
    if not text.isdigit() or not 8 <= len(text) <= 32:
        raise BadCell("account")
    return text


def term(raw: object) -> Length:
    """A length of warranty, from a month to a hundred years."""
    match = TERM.fullmatch(plain(raw).lower())
    number, unit = (int(match[1]), match[2]) if match else (0, "")
    if unit in (*HEATING, *COOLING):
        found = Length(seasons=number, season="heating" if unit in HEATING else "cooling")
    else:
        found = Length(months=number * (12 if unit in YEARS else 1))
    if not 0 < found.months + found.seasons <= MOST_MONTHS:
        raise BadCell("term")
    return found


def starts(labels: Mapping[str, str]) -> Form:
    """One of a list, or a day."""
    one = choice(labels)

    def found(raw: object) -> str | date:
        try:
            return day(raw)
        except BadCell:
            return str(one(raw))

    return found


def months(raw: object) -> int:
    """A length in months alone."""
    found = term(raw)
    if not found.months:
        raise BadCell("term")
    return found.months


def by_priority(labels: Mapping[str, str], form: Callable[[object], T]) -> Form:
    """A value by priority, or one for all of them."""
    named = {label.lower(): name for name, label in labels.items()} | {name: name for name in labels}

    def values(raw: object) -> dict[str, T]:
        found: dict[str, T] = {}
        for part in re.split(r"[,、;\n]+", plain(str(raw).replace("\n", ";")).lower()):
            text = part.strip()
            label = next((label for label in sorted(named, key=len, reverse=True) if text.startswith(label)), "")
            names = [named[label]] if label else list(labels)
            value = form(text.removeprefix(label).strip(" :"))
            for name in names:
                if name in found:
                    raise BadCell("priority_twice", choices=labels)
                found[name] = value
        return found

    return values


def days(raw: object) -> int:
    """Whole days: 15天."""
    found = duration(raw)
    if found % timedelta(days=1):
        raise BadCell("days")
    return found.days


def month_day(raw: object) -> tuple[int, int]:
    """A day of every year. A spreadsheet may have made a date of it: its year is nothing."""
    if isinstance(raw, date):
        return raw.month, raw.day
    match = MONTH_DAY.fullmatch(plain(raw))
    try:
        found = date(2024, int(match[1]), int(match[2])) if match else None
    except ValueError:
        found = None
    if found is None:
        raise BadCell("month_day")
    return found.month, found.day
