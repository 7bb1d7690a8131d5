"""Amounts in capital figures 大写, as the rules for bills and settlement vouchers have them (支付结算办法, annex 1).

Zeros in a row are said once; 整 stands after 元 where nothing follows, and after no 角 or 分; 人民币 stands in front
without a gap. Where the rules leave a 零 open (a zero of 万 or 元 before 仟 or 角), it is written once, before 角:
the first of the two forms that they give of each of their examples.
"""

from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
YUAN, JIAO, FEN, WHOLE, CURRENCY, ZERO = "元", "角", "分", "整", "人民币", DIGITS[0]
MOST = 10**17  # fen: a thousand million million yuan


def capitals(fen: int) -> str:
    """An amount of fen (0 to below MOST) as it is written out. Raises ValueError for what is no such amount."""
    if not isinstance(fen, int) or isinstance(fen, bool) or not 0 <= fen < MOST:
        raise ValueError("no amount that can be written out")
    yuan, rest = divmod(fen, 100)
    jiao, cent = divmod(rest, 10)
    said = f"{_whole(yuan)}{YUAN}" if yuan else ""
    if not rest:
        return f"{CURRENCY}{said or ZERO + YUAN}{WHOLE}"
    if jiao:
        between = ZERO if yuan and yuan % 10 == 0 else ""
        said += f"{between}{DIGITS[jiao]}{JIAO}"
    elif yuan:
        said += ZERO
    if cent:
        said += f"{DIGITS[cent]}{FEN}"
    return CURRENCY + said


def _whole(yuan: int) -> str:
    """The yuan, more than nothing, without their unit."""
    high, low = divmod(yuan, 10**8)
    if not high:
        return _below(low)
    gap = ZERO if low and low < 10**7 else ""
    return f"{_below(high)}亿{gap}{_below(low) if low else ''}"


def _below(number: int) -> str:
    """A number below 10^8, more than nothing."""
    upper, lower = divmod(number, 10**4)
    if not upper:
        return _four(lower)
    gap = ZERO if lower and lower < 1000 else ""
    return f"{_four(upper)}万{gap}{_four(lower) if lower else ''}"


def _four(number: int) -> str:
    """A number below 10^4, more than nothing; zeros inside once, none at its ends."""
    said, gap = "", False
    for digit, place in zip(f"{number:04d}", PLACES, strict=True):
        if digit == "0":
            gap = bool(said)
            continue
        said += (ZERO if gap else "") + DIGITS[int(digit)] + place
        gap = False
    return said
