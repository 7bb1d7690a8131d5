"""The demo group: 2 subsidiaries, 3 projects, 312 units, 67 staff; contracts: `contracts.py`. All of it is invented.

project        code   buildings                     units          handed over
云杉苑          YS     1–3, two entrances each       YS-3-2-1001    2019 and 2023
枫林里          FL     1–4, two entrances each       FL-2-1-302     2025
澜湾花园        LW     towers A, B, no entrances     LW-A-1203      2024; B is not yet
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chalicelib.adapters.holidays import china
from chalicelib.domain.register.labels import HOLIDAYS
from infra.seed import contracts

Row = dict[str, object]
PROJECTS = (("YS", "云杉苑", "BJ"), ("FL", "枫林里", "BJ"), ("LW", "澜湾花园", "HD"))
SUBSIDIARIES = (("BJ", "演示滨江公司"), ("HD", "演示河东公司"))
PHASES: tuple[tuple[str, str, str, date], ...] = (
    ("YS-P1", "一期", "YS", date(2019, 5, 20)),
    ("YS-P2", "二期", "YS", date(2022, 10, 18)),
    ("FL-P1", "一标段", "FL", date(2025, 3, 14)),
    ("LW-P1", "一标段", "LW", date(2023, 11, 30)),
    ("LW-P2", "二标段", "LW", date(2026, 1, 20)),
)
# building, name, project, phase, entrances, floors, rooms a floor, handed over, stage
BUILDINGS: tuple[tuple[str, str, str, str, int, int, int, date | None, str], ...] = (
    ("YS-1", "1号楼", "YS", "YS-P1", 2, 10, 2, date(2019, 9, 28), "老业主"),
    ("YS-2", "2号楼", "YS", "YS-P1", 2, 10, 2, date(2019, 9, 28), "老业主"),
    ("YS-3", "3号楼", "YS", "YS-P2", 2, 10, 2, date(2023, 1, 12), "稳定期"),
    *((f"FL-{n}", f"{n}号楼", "FL", "FL-P1", 2, 6, 2, date(2025, 6, 28), "磨合期") for n in (1, 2, 3, 4)),
    ("LW-A", "A座", "LW", "LW-P1", 0, 12, 4, date(2024, 5, 18), "稳定期"),
    ("LW-B", "B座", "LW", "LW-P2", 0, 12, 4, None, "准业主"),
)
HANDED_LATE = {"YS-2-1-1002": date(2023, 12, 20)}  # handed over long after the rest of its building
NAMED = {"YS-3-2-1001": "甲", "FL-2-1-302": "乙", "LW-A-1203": "丙", "LW-B-301": "丁", "YS-1-1-101": "戊"}
ALL = "燃气、电梯、电气、给排水、暖通、综合"
BUILDING = "防水、木作门窗、泥瓦"
EARLY, LATE, NIGHT = "每天 07:00-15:00", "每天 13:00-21:00", "每天 21:00-07:00"
# code, team, skills, duty; for each project
PROJECT_STAFF = (
    ("D1", "物业客服", "", "每天 08:00-20:00"),
    ("D2", "物业客服", "", "每天 08:00-20:00"),
    ("E1", "工程班", "燃气、给排水、综合", EARLY),
    ("E2", "工程班", "电梯、电气、暖通", EARLY),
    ("E3", "工程班", "给排水、电气、综合", EARLY),
    ("E4", "工程班", "燃气、给排水、综合", LATE),
    ("E5", "工程班", "电梯、电气、暖通", LATE),
    ("E6", "工程班", ALL, NIGHT),
    ("B1", "房修班", BUILDING, EARLY),
    ("B2", "房修班", BUILDING, LATE),
    ("B3", "房修班", BUILDING, NIGHT),
)
DEPARTMENTS = (("PM", "物业工程部"), ("BX", "保修办"), ("GC", "工程部"))
OFFICE = "周一至周五 09:00-18:00"
OFFICE_PEOPLE = {"BJ": 2, "HD": 3}  # who engages a third party, who approves what follows, who decides disputes of it
MANAGED = (
    *((code, "项目管理") for code, _, _ in PROJECTS),
    *((code, "公司管理") for code, _ in SUBSIDIARIES),
    ("group", "集团管理"),
)
HOTLINE = ("每天 00:00-08:00", "每天 08:00-16:00", "每天 16:00-24:00")
NUMERALS = "一二三四五六七八九十"


def demo() -> dict[str, list[Row]]:
    """The rows of every sheet."""
    units = list(_units())
    return {
        "subsidiaries": [{"code": code, "name": name} for code, name in SUBSIDIARIES],
        "projects": [{"code": code, "name": name, "subsidiary": at} for code, name, at in PROJECTS],
        "phases": [{"code": c, "name": n, "project": p, "acceptance": a} for c, n, p, a in PHASES],
        "buildings": [
            {"code": b[0], "name": b[1], "project": b[2], "phase": b[3], "entrances": "、".join("12"[: b[4]])}
            for b in BUILDINGS
        ],
        "units": units,
        "areas": list(_areas()),
        "residents": list(_residents(units)),
        "departments": [{"project": p, "code": c, "name": n} for p, _, _ in PROJECTS for c, n in DEPARTMENTS],
        "staff": list(_staff()),
        "contacts": list(_contacts()),
        "holidays": [
            {"date": day, "day": HOLIDAYS["work" if work else "off"]} for day, work in sorted(china(2026).items())
        ],
        "overrides": [{"project": "LW", "clock": "到场", "priority": "一般", "target": "3小时"}],
        "baselines": list(_baselines()),
        **contracts.sheets(),
    }


def _baselines() -> Iterator[Row]:
    """云杉苑 before it was here, and what the industry is said to reach."""
    for whose, months in (("YS", ("2024-12", "2025-01", "2025-02")), ("行业", ("2025-01",))):
        for n, month in enumerate(months):
            head: Row = {"project": whose, "month": month}
            yield head | {"measure": "处理时长", "n": 186_000 - 7_000 * n, "d": 98 - 3 * n}
            yield head | {"measure": "满意", "n": 58 + n, "d": 84}
            yield head | {"measure": "投诉", "n": 9 - n, "d": 120}


def _units() -> Iterator[Row]:
    for building, _, _, _, entrances, floors, rooms, handed, stage in BUILDINGS:
        for entrance in range(1, entrances + 1) if entrances else [""]:
            for floor in range(1, floors + 1):
                for room in range(1, rooms + 1):
                    yield {
                        "building": building,
                        "entrance": entrance,
                        "room": f"{floor}{room:02d}",
                        "handover": HANDED_LATE.get(f"{building}-{entrance}-{floor}{room:02d}", handed),
                        "stage": stage,
                    }


def _areas() -> Iterator[Row]:
    for code, _, _ in PROJECTS:
        yield {"code": f"{code}-GARAGE", "kind": "公共区域", "name": "地下车库", "place": code}
        yield {"code": f"{code}-GARDEN", "kind": "公共区域", "name": "中心花园", "place": code}
        yield {"code": f"{code}-PUMP", "kind": "设备", "name": "生活水泵", "place": f"{code}-GARAGE", "what": "水泵"}
    for building, _, _, _, entrances, *_ in BUILDINGS:
        yield {"code": f"{building}-LOBBY", "kind": "公共区域", "name": "大堂", "place": building}
        for lift in (1, 2):
            place = f"{building}-{lift}" if entrances else building
            yield {
                "code": f"{building}-LIFT{lift}",
                "kind": "设备",
                "name": f"{lift}号电梯",
                "place": place,
                "what": "电梯",
            }


def _residents(units: list[Row]) -> Iterator[Row]:
    for n, unit in enumerate(units, 1):
        code = "-".join(str(part) for part in (unit["building"], unit["entrance"], unit["room"]) if part)
        name = NAMED.get(code, f"{n:03d}")
        owner: Row = {"unit": code, "role": "业主", "name": f"演示业主{name}", "phone": f"100-0000-{n:04d}"}
        yield owner | {"email": f"owner{n:03d}@zhuhu.example"}
        if code in NAMED or not n % 10:
            yield {"unit": code, "role": "家属", "name": f"演示家属{name}", "phone": f"100-0001-{n:04d}"}
        if not n % 15:
            yield {"unit": code, "role": "租户", "name": f"演示租户{name}", "phone": f"100-0002-{n:04d}"}


def _staff() -> Iterator[Row]:
    for p, (project, _, _) in enumerate(PROJECTS):
        for n, (code, team, skills, duty) in enumerate(PROJECT_STAFF):
            title = "客服" if team == "物业客服" else "师傅"
            yield {
                "code": f"{project}-{code}",
                "name": f"测试{title}{NUMERALS[p]}{n + 1:02d}",
                "place": project,
                "team": team,
                "skills": skills,
                "phone": f"100-0010-{p * 20 + n + 1:04d}",
                "email": f"{project}-{code}@wuye.example".lower(),
                "duty": duty,
                "lang": "英文" if (project, code) == ("FL", "E2") else "",
            }
        for n, (code, name) in enumerate(DEPARTMENTS, 1):
            head: Row = {"code": f"{project}-{code}1", "name": f"测试经办{NUMERALS[p]}{n:02d}", "place": project}
            yield head | {
                "team": name,
                "phone": f"100-0011-{p * 20 + n:04d}",
                "email": f"{project}-{code}1@dichan.example".lower(),
                "duty": OFFICE,
            }
    for n, (place, team) in enumerate(MANAGED, 1):
        code = f"{place}-M1".upper()
        who: Row = {"code": code, "name": f"测试管理{NUMERALS[n - 1]}", "place": place, "team": team}
        yield who | {"phone": f"100-0023-{n:04d}", "email": f"{code}@dichan.example".lower(), "duty": OFFICE}
    who = {"code": "GROUP-A1", "name": "测试审计一", "place": "group", "team": "集团审计"}
    yield who | {"phone": "100-0024-0001", "email": "group-a1@dichan.example", "duty": OFFICE}
    for s, (code, _) in enumerate(SUBSIDIARIES):
        for n in (1, 2):
            who = {
                "code": f"{code}-S{n}",
                "name": f"测试主管{NUMERALS[s]}{n:02d}",
                "place": code,
                "team": "地产客服",
            }
            yield who | {
                "phone": f"100-0020-{s * 20 + n:04d}",
                "email": f"{code}-s{n}@dichan.example".lower(),
                "duty": OFFICE,
            }
        for n in range(1, OFFICE_PEOPLE[code] + 1):
            who = {"code": f"{code}-O{n}", "name": f"测试保修办{NUMERALS[s]}{n:02d}", "place": code, "team": "保修办"}
            yield who | {
                "phone": f"100-0021-{s * 20 + n:04d}",
                "email": f"{code}-o{n}@dichan.example".lower(),
                "duty": OFFICE,
            }
    for e, (code, *_) in enumerate(contracts.ENTITIES):
        for n in (1, 2):
            who = {"code": f"{code}-F{n}", "name": f"测试财务{NUMERALS[e]}{n:02d}", "place": code, "team": "财务"}
            yield who | {
                "phone": f"100-0022-{e * 20 + n:04d}",
                "email": f"{code}-f{n}@dichan.example".lower(),
                "duty": OFFICE,
            }
    for n, duty in enumerate(HOTLINE, 1):
        who = {"code": f"H{n}", "name": f"测试热线{n:02d}", "place": "集团", "team": "集团400", "duty": duty}
        yield who | {"phone": f"100-0030-{n:04d}", "email": f"h{n}@jituan.example"}


def _contacts() -> Iterator[Row]:
    for n, (code, name, _) in enumerate(PROJECTS, 1):
        yield {"place": code, "level": "物业客服", "name": f"{name}物业客服中心", "phone": f"000-0000-100{n}"}
    for n, (code, name) in enumerate(SUBSIDIARIES, 1):
        yield {"place": code, "level": "地产客服", "name": f"{name}地产客服", "phone": f"000-0000-200{n}"}
    yield {"place": "集团", "level": "集团400", "name": "演示集团服务热线", "phone": "000-400-0000"}
