"""What a score is of: a quarter, 2026Q1, or a year, 2026."""

from __future__ import annotations

from datetime import date


def is_year(period: str) -> bool:
    return "Q" not in period


def begins(period: str) -> date:
    """The first day of a quarter or year."""
    return date(int(period[:4]), 1 if is_year(period) else int(period[5]) * 3 - 2, 1)


def before(period: str) -> str:
    """The quarter before a quarter, the year before a year."""
    return str(int(period) - 1) if is_year(period) else quarter_before(begins(period))


def quarters_of(year: str) -> tuple[str, ...]:
    return tuple(f"{year}Q{n}" for n in range(1, 5))


def quarter_before(day: date) -> str:
    """The last quarter that had ended on a day."""
    year, number = divmod(day.year * 4 + (day.month - 1) // 3 - 1, 4)
    return f"{year}Q{number + 1}"


def months_of(quarter: str) -> tuple[str, ...]:
    first = begins(quarter)
    return tuple(f"{first.year}-{first.month + n:02}" for n in range(3))
