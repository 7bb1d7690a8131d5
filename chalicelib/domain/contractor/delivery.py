"""When a letter has arrived, and by what that is proved. Nothing else is receipt: opening a page is not.

    how            the letter has arrived                           proved by
    button         as an authorised contact presses it              the press itself
    email          as the provider takes it for the agreed address  the provider's answer, or a picture of it
    ems_signed     as the carrier handed it over                    its waybill, which names the letter, and the scan
    ems_refused    as it was refused at the door                    the same
    ems_returned   as it was returned, where the clause counts it   the same

A day without a time is over at its end: what is in doubt is in the contractor's favour. Texts for counsel to confirm.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.text import plain

INTERNATIONAL = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}", re.ASCII)  # UPU S10, with its check digit
DOMESTIC = re.compile(r"\d{13}", re.ASCII)
WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def waybill_number(text: str) -> str:
    """The number of a waybill as it was typed. Raises Invalid: one digit off is a proof of something else."""
    number = plain(text).replace(" ", "").replace("-", "").upper()
    if not number:
        raise Invalid("waybill", "required")
    found = INTERNATIONAL.fullmatch(number)
    if found and check_digit(found[1]) == found[2]:
        return number
    if DOMESTIC.fullmatch(number):
        return number
    raise Invalid("waybill", "waybill_form")


def check_digit(serial: str) -> str:
    """The check digit of the eight digits of a UPU S10 number."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(serial, WEIGHTS, strict=True)) % 11
    return {10: "0", 11: "5"}.get(rest, str(rest))


def names(contents: str, number: str) -> bool:
    """Whether what a waybill says of its contents names the letter by its whole number."""
    said = plain(contents).upper().replace(" ", "")
    return bool(re.search(rf"(?<![A-Z0-9]){re.escape(number.upper())}(?!\d)", said))


def checked_waybill(text: str, contents: str, number: str) -> str:
    """The number of a waybill that names the letter. Raises Invalid."""
    waybill = waybill_number(text)
    if not contents.strip():
        raise Invalid("contents", "required")
    if not names(contents, number):
        raise Invalid("contents", "names_another_letter", number=number)
    return waybill


def moment_of(day: date, at: time | None, tz: str) -> datetime:
    """When something happened on a day in a zone; without a time, at the end of that day."""
    if at is None:
        return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(tz))
    return datetime.combine(day, at, ZoneInfo(tz))
