"""What a score is of: a quarter, 2026Q1."""

from __future__ import annotations

from datetime import date


def begins(quarter: str) -> date:
    """The first day of a quarter, 2026Q1."""
    return date(int(quarter[:4]), int(quarter[5]) * 3 - 2, 1)


def quarter_before(day: date) -> str:
    """The last quarter that had ended on a day."""
    year, number = divmod(day.year * 4 + (day.month - 1) // 3 - 1, 4)
    return f"{year}Q{number + 1}"


def months_of(quarter: str) -> tuple[str, ...]:
    first = begins(quarter)
    return tuple(f"{first.year}-{first.month + n:02}" for n in range(3))
