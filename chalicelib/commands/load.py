"""Load places and people: python -m chalicelib.commands.load FILE [--check] [--lang en]

FILE is a workbook (.xlsx), a folder of CSVs or a zip of them; `infra/seed/template.xlsx` is an empty one. Nothing is
written unless all of it is sound; loaded again, it changes nothing. Ends with 0, 1 after faults, 2 if unreadable.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from chalicelib.adapters.time import now
from chalicelib.commands import by_operator
from chalicelib.services.loading.loading import Loaded, Progress, load
from chalicelib.store.table import Conflict

KINDS = {
    "subsidiary": "下属公司",
    "project": "项目",
    "phase": "分期标段",
    "building": "楼栋",
    "entrance": "单元",
    "unit": "房产",
    "area": "公共区域",
    "asset": "设备",
    "staff": "员工",
    "resident": "业主住户",
    "holiday": "节假日",
    "override": "时限调整",
}
COUNTS = {"added": "新增", "changed": "变更", "unchanged": "未变", "removed": "移除"}
EVERY_SECONDS = 2.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.commands.load", description="Load places and people from a file."
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true", help="check only, write nothing")
    parser.add_argument("--lang", choices=("zh_CN", "en"), default="zh_CN")
    args = parser.parse_args(arguments)
    zh = args.lang == "zh_CN"
    from chalicelib.adapters.workbook import NotAWorkbook

    try:
        loaded = load(args.file, now(), write=not args.check, progress=_progress(zh))
    except (NotAWorkbook, OSError) as fault:
        print(f"无法读取:{fault}" if zh else f"can't be read: {fault}", file=sys.stderr)
        return 2
    except Conflict:
        print("另一处正在导入,请稍后重试" if zh else "somebody else is loading; try again later", file=sys.stderr)
        return 2
    for note in loaded.notes:
        print(f"注意：{note}" if zh else f"note: {note}", file=sys.stderr)
    if loaded.faults:
        _print_faults(loaded, args.lang)
        return 1
    if args.check:
        print("检查通过,未写入" if zh else "sound; nothing was written")
        return 0
    _print_counts(loaded, zh)
    return 0


def _print_faults(loaded: Loaded, lang: str) -> None:
    for fault in loaded.faults:
        print(fault.text(lang), file=sys.stderr)
    many = f"{len(loaded.faults)}{'+' if loaded.more_faults else ''}"
    first = loaded.faults[0].text(lang)
    zh = f"共 {many} 处错误,未写入任何数据;第一处:{first}"
    print(zh if lang == "zh_CN" else f"{many} faults, nothing was written; the first: {first}", file=sys.stderr)


def _print_counts(loaded: Loaded, zh: bool) -> None:
    for kind, name in KINDS.items():
        counts = loaded.counts.get(kind)
        if counts:
            said = "  ".join(f"{COUNTS[c] if zh else c} {counts[c]}" for c in COUNTS if counts[c])
            print(f"{name if zh else kind}:{said}" if zh else f"{kind}: {said}")
    if loaded.given_on:
        given_on = loaded.given_on
        print(f"离职人员的 {given_on} 张工单已重新派单" if zh else f"given on from leavers: {given_on} tickets")
    if loaded.recomputed:
        moved = loaded.recomputed
        print(f"{moved} 张工单的时限已重新计算并告知" if zh else f"deadlines moved and told: {moved} tickets")
    for person, tickets in loaded.holding:
        line = f"注意:{person} 名下还有 {tickets} 张未结工单,请改派"
        print(line if zh else f"note: {person} still holds {tickets} open tickets; reassign them")


def _progress(zh: bool) -> Progress:
    """A line every other second, on the error stream."""
    last = time.monotonic()

    def show(stage: str, sheet: str, rows: int) -> None:
        nonlocal last
        if time.monotonic() - last < EVERY_SECONDS:
            return
        last = time.monotonic()
        print(
            f"{'检查' if stage == 'check' else '写入'} {sheet} {rows} …" if zh else f"{stage} {sheet} {rows} …",
            file=sys.stderr,
        )

    return show


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
