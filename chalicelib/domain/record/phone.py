"""Phone numbers: however one is written, it is kept and compared in one form. Raises NoPhone with why it is none.

    kept                 written
    13900000001          139 0000-0001, +86 (0)139…, 0086 139…, 0139…, full-width digits
    057188888888         0571-8888 8888, (0571) 88888888, +86 571 8888 8888
    4000000000, 95500    a hotline: printed for others to call, never somebody's own
    +85290000001         another country's, where the group allows it

A mobile has eleven digits, no more, no less: one too many is a slip, not another country. A landline has its area
code. 100… and 000… are given to nobody in the country: the demo's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chalicelib.domain.record.text import plain

MAINLAND = "+86"
MOBILE = re.compile(r"1[3-9]\d{9}|100\d{8}")
# 010 and 02x have eight digits behind them, the others seven or eight.
LANDLINE = re.compile(r"0(?:10|2\d)[2-9]\d{7}|0[3-9]\d\d[2-9]\d{6,7}|000\d{7,8}")
HOTLINE = re.compile(r"[48]00\d{7}|9[56]\d{3,6}|1[012]\d{3}")
LOCAL = re.compile(r"[2-9]\d{6,7}")
ABROAD = re.compile(r"\+[1-9]\d{6,14}")
EXTENSION = re.compile(r"\s*(?:转|轉|分机|分機|ext\.?|x|#|,|;|-)\s*\d{1,6}$", re.IGNORECASE)
WRITTEN = re.compile(r"[-+0-9 ().·/]*")
LONG = re.compile(r"\+?\d(?:[-\s().]{0,2}\d){6,}")  # whatever may be a number to call
NAMELESS = "**"
CALLED = re.compile("[\u4e00-\u9fff](?=师傅|先生|女士|小姐|经理|主管|管家)")
SOMEBODY = "某"


class NoPhone(ValueError):
    """`reason`: phone_form, phone_extension, phone_area (a landline without area code), phone_hotline, phone_abroad."""

    def __init__(self, reason: str = "phone_form") -> None:
        super().__init__(reason)
        self.reason = reason


def kept(text: str, *, abroad: Sequence[str] = (), hotline: bool = False) -> str:
    """The one form of a number. `abroad`: what numbers of other countries may begin with (852), "" for any.

    Raises NoPhone.
    """
    written = plain(text)
    number = _number(written)
    if number is None:
        begins = EXTENSION.sub("", written)
        raise NoPhone("phone_extension" if begins != written and _number(begins) else "phone_form")
    if number.startswith("+"):
        if not any(number.startswith(f"+{prefix}") for prefix in abroad):
            raise NoPhone("phone_abroad")
    elif LOCAL.fullmatch(number) and not HOTLINE.fullmatch(number):
        raise NoPhone("phone_area")
    elif HOTLINE.fullmatch(number) and not hotline:
        raise NoPhone("phone_hotline")
    return number


def compared(text: str) -> str:
    """What two writings of a number have in common; of something that is no number its digits."""
    written = plain(text)
    return _number(written) or "".join(c for c in written if c in "0123456789")


def is_sent_to(number: str) -> bool:
    """Whether an SMS can reach a number as it is kept: a mobile, or another country's."""
    return MOBILE.fullmatch(number) is not None or ABROAD.fullmatch(number) is not None


def _number(written: str) -> str | None:
    """The number in its one form, whosever it is; None where it is none."""
    if not WRITTEN.fullmatch(written) or written.lstrip("+ (").find("+") >= 0:
        return None
    international = written.lstrip(" (").startswith("+")
    inner = re.sub(r"\(\s*0\s*\)", "", written) if international or written.lstrip().startswith("00") else written
    digits = "".join(c for c in inner if c in "0123456789")
    if not international and digits.startswith("00") and not LANDLINE.fullmatch(digits):
        international, digits = True, digits[2:]
    if not international and digits.startswith("86") and (found := _mainland(digits[2:], bare=False)):
        return found
    if international:
        if digits.startswith("86"):
            return _mainland(digits[2:], bare=False)
        return f"+{digits}" if ABROAD.fullmatch(f"+{digits}") else None
    return _mainland(digits, bare=True)


def _mainland(digits: str, *, bare: bool) -> str | None:
    """A number of the mainland. `bare`: dialled from here, so that a landline without area code is one of this town."""
    if MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits):
        return digits
    if digits.startswith("0") and MOBILE.fullmatch(digits, 1):
        return digits[1:]
    if HOTLINE.fullmatch(digits) or (bare and LOCAL.fullmatch(digits)):
        return digits
    return f"0{digits}" if not bare and LANDLINE.fullmatch(f"0{digits}") else None


def masked(kept: str) -> str:
    """A number as it is shown to who may call it and need not know it: 139****5678."""
    return f"{kept[:-8]}****{kept[-4:]}" if len(kept) > 10 else f"****{kept[-4:]}"


def hushed(text: str, name: str = "") -> str:
    """A text as it is shown to who need not know whom to call: numbers masked, `name` taken out."""
    found = LONG.sub(lambda number: masked("".join(c for c in number[0] if c.isdigit())), text)
    return found.replace(name, NAMELESS) if len(name) > 1 else found


def uncalled(text: str) -> str:
    """A text without the surnames by which people are called to their face: 王师傅 is 某师傅."""
    return CALLED.sub(SOMEBODY, text)
