"""Writes template.xlsx (empty, to be filled in) and demo.xlsx (a demo group): python -m infra.seed.make [FOLDER]

Same bytes each time. Names are plainly invented; phones begin with 100 or 000, which no exchange has; domains end
in .example.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from chalicelib.adapters import policies
from chalicelib.domain.register import cells
from chalicelib.domain.register.column import Column, Sheet
from chalicelib.domain.register.sheets import SHEETS
from chalicelib.language.faults import component_named
from infra.seed.demo import demo

CREATED = datetime(2026, 1, 1)  # noqa: DTZ001
ROWS = 20_000  # down to where the template's lists and formats reach
HEAD = {"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "vcenter"}
Rows = Mapping[str, Sequence[Mapping[str, object]]]
NOTES = (
    "先填下属公司、项目、楼栋、房产，再填业主住户与员工。列名带 * 的必填。列的顺序可变，可加“备注”列。",
    "编码定下后不要改：工单、二维码和链接都认它。改名称、电话、班组可以，改后重新导入即可。",
    "整份检查通过才会写入；错误按工作表、行、列列出。同一份文件导入两次，第二次不改变任何内容。",
    "不需要更新的工作表可以整张删去，系统内已有的内容不变。",
    "房产一旦出现在“业主住户”中，就以表中所列的人为准：没有列出的旧住户视为迁出，旧号码随即失效。",
    "合同、条款、责任单位一经入库，联系人、地址、条款、上限、账号的变更须由第二人确认，并通知原联系人。",
    "员工停用：在册 填 否，链接立即失效。换班组也会换链接。员工不再列出时不变。",
    "单元格请粘贴为数值，不要用公式；编码与电话列已设为文本格式。",
    "检查：python -m chalicelib.commands.load 文件 --check    导入：python -m chalicelib.commands.load 文件",
)


def main(folder: Path) -> None:
    """Write both workbooks."""
    write(folder / "template.xlsx", {})
    write(folder / "demo.xlsx", demo())


def write(path: Path, rows: Rows) -> None:
    """A workbook with all sheets; `rows` by sheet and column name."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "报修登记簿", "created": CREATED})
        formats = {
            "head": book.add_format(HEAD),
            "need": book.add_format({**HEAD, "bg_color": "#F8D9C4"}),
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "note": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _explain(book.add_worksheet("说明"), formats)
        for sheet in SHEETS:
            _sheet(book.add_worksheet(sheet.zh), sheet, rows.get(sheet.name, ()), formats)


def _explain(page: Any, formats: Mapping[str, Any]) -> None:
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 16)
    page.set_column(2, 2, 14)
    page.set_column(3, 3, 8)
    page.set_column(4, 4, 70)
    for at, text in enumerate(NOTES):
        page.merge_range(at, 0, at, 4, text, formats["note"])
        page.set_row(at, 32)
    first = len(NOTES) + 1
    for at, heading in enumerate(("工作表", "列", "英文列名", "必填", "填写说明")):
        page.write_string(first, at, heading, formats["head"])
    row = first
    for sheet in SHEETS:
        row += 1
        for at, text in enumerate((sheet.zh, "", sheet.name, "", sheet.note)):
            page.write_string(row, at, text, formats["head"])
        for column in sheet.columns:
            row += 1
            for at, text in enumerate(("", column.zh, column.name, "是" if column.need else "", column.note)):
                page.write_string(row, at, text, formats["note"])
    page.merge_range(row + 2, 0, row + 2, 4, "部位的写法（类别/部位）", formats["head"])
    for at, (category, components) in enumerate(_components(), row + 3):
        page.write_string(at, 0, category, formats["note"])
        page.merge_range(at, 1, at, 4, components, formats["note"])


def _components() -> Iterator[tuple[str, str]]:
    """What the sheets call categories and their components."""
    for name, category in policies.policy().categories.items():
        if category.components:
            named = (component_named(f"{name}/{component}", "zh_CN") for component in category.components)
            yield component_named(name, "zh_CN"), "、".join(named)


def _sheet(page: Any, sheet: Sheet, rows: Iterable[Mapping[str, object]], formats: Mapping[str, Any]) -> None:
    page.freeze_panes(1, 0)
    page.set_row(0, 30)
    for at, column in enumerate(sheet.columns):
        is_date = column.form is cells.day
        page.set_column(at, at, column.width, formats["date" if is_date else "text"])
        heading = column.zh + ("*" if column.need else "")
        page.write_string(0, at, heading, formats["need" if column.need else "head"])
        page.data_validation(1, at, ROWS, at, _rule(column, is_date))
    for row, values in enumerate(rows, 1):
        for at, column in enumerate(sheet.columns):
            value = values.get(column.name)
            if isinstance(value, date):
                page.write_datetime(row, at, value, formats["date"])
            elif value not in (None, ""):
                page.write_string(row, at, str(value), formats["text"])


def _rule(column: Column, is_date: bool) -> dict[str, Any]:
    """What the spreadsheet itself checks and says while somebody types."""
    rule: dict[str, Any] = {"validate": "any"}
    if column.labels:
        rule = {"validate": "list", "source": list(column.labels.values()), "error_title": column.zh[:32]}
        rule["error_message"] = ("只能填：" + "、".join(column.labels.values()))[:255]
        if column.others:
            rule["error_type"], rule["error_message"] = "warning", "不在列表中：请确认是部门表中的部门"
    elif is_date:
        rule = {"validate": "date", "criteria": ">=", "value": datetime.combine(cells.EARLIEST, datetime.min.time())}
        rule["error_message"] = "应为日期，如 2021-06-30"
    if column.note:
        rule |= {"input_title": column.zh[:32], "input_message": column.note[:255]}
    return rule


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
