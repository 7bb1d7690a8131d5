"""The demo group as a book, all of it or a corner of it, without a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.domain.register.faults import Remark
from chalicelib.services.loading import loading
from infra.seed.demo import demo
from tests.world import MONDAY

Rows = Mapping[str, Sequence[Mapping[str, object]]]


class Held:
    """A book of rows by sheet and column."""

    def __init__(self, rows: Rows) -> None:
        self.sheets, self.notes = rows, list[Remark]()

    def names(self) -> Sequence[str]:
        return list(self.sheets)

    def rows(self, name: str) -> Iterator[tuple[int, Sequence[object]]]:
        rows = self.sheets[name]
        columns = list(dict.fromkeys(column for row in rows for column in row))
        yield 1, columns
        for number, row in enumerate(rows, 2):
            yield number, [row.get(column) for column in columns]


def corner() -> dict[str, list[dict[str, object]]]:
    """Two projects: 云杉苑 whole but for its flats, of which there are the first floors and 1001; 枫林里 with none."""
    rows = {name: [dict(row) for row in found] for name, found in demo().items()}
    ours = ("YS", "FL")

    def within(row: dict[str, object], *names: str) -> bool:
        return any(str(row.get(name, "")).partition("-")[0] in ours for name in names)

    return {
        "subsidiaries": [row for row in rows["subsidiaries"] if row["code"] == "BJ"],
        "projects": [row for row in rows["projects"] if row["code"] in ours],
        "phases": [row for row in rows["phases"] if within(row, "project")],
        "buildings": [row for row in rows["buildings"] if row["project"] == "YS"],
        "units": [
            row
            for row in rows["units"]
            if within(row, "building")
            and row["room"] in ("101", "102", "1001")
            and str(row["building"]).startswith("YS")
        ],
        "areas": [row for row in rows["areas"] if str(row["code"]).startswith("YS")],
        "departments": [row for row in rows["departments"] if row["project"] in ours],
        "staff": [row for row in rows["staff"] if row["place"] in (*ours, "BJ", "集团")],
        "contacts": [row for row in rows["contacts"] if row["place"] in (*ours, "BJ", "集团")],
    }


def load(rows: Rows) -> loading.Loaded:
    """Load rows as a workbook."""
    return loading.load_book(Held(rows), MONDAY)
