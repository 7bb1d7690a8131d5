"""What finance's files cost: own CPU to write them from a batch's entries, and the memory that a large one takes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.figures import ROOT, figure

MANY, LARGE = 10_000, 100_000


def entries(count: int) -> Iterator[Any]:
    from chalicelib.domain.money.entry import Entry

    for n in range(count):
        fen = 100_000 + n
        yield Entry(
            f"E1-D-2026-{n:06d}",
            7,
            f"DEDUCTION#{n:026d}",
            "firm",
            fen,
            {"repair_cost": fen} if n % 2 else {"repair_cost": fen - 5000, "fee": 5000},
            "E1",
            entity_name="云栖置业有限公司",
            account_set="A01",
            project="P1",
            place="云栖苑 3 栋 1 单元 302",
            company=f"C{n % 40}",
            company_name=f"第{n % 40}建筑工程有限公司",
            supplier_code=f"00{n % 40:04d}",
            tax_number="913301080000000012",
            contract=f"K{n % 60}",
            contract_number=f"HT-2019-{n % 60:03d}",
            clause="防水-1",
            tickets=(f"{n:08d}",),
            source="retention",
            basis="contract",
            firm_on="2026-03-20",
            noticed_on="2026-03-01",
            delivered_on="2026-03-03",
            notice=f"E1-2026-{n:04d}",
            tax_rate=900,
            tax_method="general",
            treatment={"repair_cost": "price_reduction", "fee": "receipt"},
            approvals=("o1", "o2"),
            evidence="a" * 64,
        )


def write(count: int, kinds: tuple[str, ...], folder: Path) -> float:
    """Seconds of own CPU to write a batch's list, the making of its entries left out."""
    from chalicelib.adapters import mappings
    from chalicelib.adapters.csvfiles import CsvFile
    from chalicelib.adapters.sheetfiles import XlsxFile
    from chalicelib.domain.money.layout import About

    layout = mappings.layout("deductions")
    about = About("E1-B-2026-0001", "2026-03", "2026-03-31", "2026-03-31")
    made = list(entries(count)) if count <= MANY else entries(count)
    began = time.process_time()
    csv = CsvFile(folder / "b.csv", layout.columns, layout.date) if "csv" in kinds else None
    book = XlsxFile(folder / "b.xlsx", layout.date) if "xlsx" in kinds else None
    sheet = book.sheet(layout.title, layout.columns, "合计") if book else None
    row = 0
    for position, entry in enumerate(made, 1):
        for values in layout.rows_of(entry, about, position, row + 1):
            row += 1
            if csv:
                csv.row(values)
            if sheet:
                sheet.row(values)
    for file in (csv, book):
        if file:
            file.close()
    return time.process_time() - began


def run() -> None:
    with TemporaryDirectory() as folder:
        for kind, goal in (("csv", "<= 0.2"), ("xlsx", "<= 1.5")):
            best = min(write(MANY, (kind,), Path(folder)) for _ in range(3))
            figure(f"{MANY} deductions as {kind.upper()}: own CPU", best, "s", goal)
    large = [sys.executable, "-m", "tests.bench.export", "large"]
    peak = subprocess.run(large, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    figure(f"{LARGE} deductions as CSV and XLSX: peak memory", float(peak), "MB", "<= 150")


if __name__ == "__main__":
    import resource

    with TemporaryDirectory() as folder:
        write(LARGE, ("csv", "xlsx"), Path(folder))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
