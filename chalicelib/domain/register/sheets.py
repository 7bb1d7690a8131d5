"""The workbook of places and people: its sheets and columns, in one place. Template, demo and loader all read this.

Headings are matched in Chinese or English, whatever their order; a `*` behind one marks what must be filled in.
A sheet may be left out: what is stored of it stays. Sheets 说明 or README and columns 备注 or note are not read.
"""

from __future__ import annotations

from chalicelib.domain.measures.rollout import INDUSTRY
from chalicelib.domain.record.text import sought
from chalicelib.domain.register import cells
from chalicelib.domain.register import sheets_contracts as contracts
from chalicelib.domain.register.cells import YES_NO
from chalicelib.domain.register.column import Column, Sheet, code, one, to
from chalicelib.domain.register.labels import (
    AREA_KINDS,
    CLOCKS,
    COUNTS,
    HOLIDAYS,
    LANGUAGES,
    LEVELS,
    MEASURED,
    PRIORITIES,
    ROLES,
    SKILLS,
    STAGES,
    TEAMS,
)

NOT_READ = frozenset({"说明", "readme"})
NOTES = frozenset({"备注", "note"})


_NAME = Column("name", "名称", cells.words, True, width=18)
_ACCEPTED = Column("acceptance", "竣工验收日期", cells.day, False, "如 2021-06-30；不填则取上一级的", width=14)
_MAIL = Column("email", "邮箱", cells.email, False, width=28)
_PHONE = Column("phone", "电话", cells.phone, True, "手机或座机", width=16)
_ACTIVE = Column("active", "在册", cells.yes_no, False, "是、否；不填为是", YES_NO, 8)
_USED = Column("used", "在用", cells.yes_no, False, "否：不再报事，扫码会说明；不填为是", YES_NO, 8)
_INSTEAD = Column("instead", "改用编码", cells.code, False, "停用后到哪里报事，如两户打通后的编码", width=16)


def _of_whom(raw: object) -> str:
    """A project, or the industry."""
    return INDUSTRY if cells.plain(raw).lower() in ("行业", INDUSTRY) else cells.code(raw)


SHEETS: tuple[Sheet, ...] = (
    Sheet("subsidiaries", "下属公司", "集团下属公司", (code(), _NAME)),
    Sheet("projects", "项目", "小区或园区", (code(), _NAME, to("subsidiary", "下属公司编码"))),
    Sheet("phases", "分期标段", "合同挂在标段上；没有可不填", (code(), _NAME, to("project", "项目编码"), _ACCEPTED)),
    Sheet(
        "buildings",
        "楼栋",
        "楼栋及其单元",
        (
            code(),
            _NAME,
            to("project", "项目编码"),
            to("phase", "标段编码", False),
            Column("entrances", "单元", cells.listed, False, "如 1、2；没有单元的留空", width=12),
            _ACCEPTED,
        ),
    ),
    Sheet(
        "units",
        "房产",
        "每户一行",
        (
            to("building", "楼栋编码"),
            Column("entrance", "单元", cells.plain, False, "楼栋分单元的必填", width=8),
            Column("room", "房号", cells.plain, True, "如 1001", width=10),
            code("房产编码", "不填则为 楼栋编码-单元-房号", False),
            _ACCEPTED,
            Column("handover", "交付日期", cells.day, False, "如 2021-09-30；未交付的留空", width=14),
            one("stage", "业主阶段", STAGES),
            _USED,
            _INSTEAD,
        ),
    ),
    Sheet(
        "areas",
        "公共区域设备",
        "不在户内的位置与设备",
        (
            code(),
            one("kind", "类型", AREA_KINDS, True),
            _NAME,
            to("place", "所在编码", True, "项目、楼栋、单元或公共区域的编码"),
            Column("what", "设备类别", cells.words, False, "如 电梯、水泵", width=14),
            _USED,
            _INSTEAD,
        ),
    ),
    Sheet(
        "residents",
        "业主住户",
        "表中出现的房产，以本表所列的人为准：未列出的旧住户即迁出",
        (
            to("unit", "房产编码"),
            one("role", "身份", ROLES, True),
            Column("name", "姓名", lambda raw: cells.words(raw, 60), True, width=14),
            _PHONE,
            _MAIL,
            Column("signs", "可验收签字", cells.yes_no, False, "是、否；不填则业主为是，其他为否", YES_NO, 10),
            Column("active", "在册", cells.yes_no, False, "否为迁出；不填为是", YES_NO, 8),
        ),
    ),
    Sheet(
        "departments",
        "部门",
        "投诉可转办的部门，按项目；每个部门至少一名在册员工，员工表的班组填部门名称",
        (
            to("project", "项目编码"),
            code("部门编码", "字母、数字、- . _，项目内唯一，定下后不要改"),
            Column("name", "部门名称", lambda raw: cells.words(raw, 30), True, "如 工程部、保修办", width=18),
        ),
    ),
    Sheet(
        "staff",
        "员工",
        "客服与维修人员；不再列出的人不变，停用须填 在册=否",
        (
            code("工号"),
            Column("name", "姓名", lambda raw: cells.words(raw, 60), True, width=14),
            Column("place", "所属编码", cells.scope, True, "项目或下属公司的编码，或 集团", width=12),
            Column(
                "team",
                "班组",
                cells.plain,
                True,
                "前三种与部门属项目，地产客服与保修办属下属公司，集团400属集团",
                TEAMS,
                12,
                True,
            ),
            Column("skills", "技能", cells.choices(SKILLS), False, "、".join(SKILLS.values()), width=22),
            _PHONE,
            _MAIL,
            Column("duty", "值班", cells.duty, False, "如 每天 07:00-15:00；周一至周五 09:00-18:00；24小时", width=34),
            one("lang", "语言", LANGUAGES),
            _ACTIVE,
        ),
    ),
    Sheet(
        "contacts",
        "受理电话",
        "三级受理电话，印在报事单上；每个项目三级都要有",
        (
            Column("place", "所属编码", cells.scope, True, "项目或下属公司的编码，或 集团", width=12),
            one("level", "层级", LEVELS, True),
            Column("name", "名称", lambda raw: cells.words(raw, 60), True, width=24),
            Column("phone", "电话", cells.printed_phone, True, "按印出的样子填", width=16),
        ),
    ),
    Sheet(
        "holidays",
        "节假日",
        "国务院每年公布的放假与调休；表中出现的年份以本表为准",
        (
            Column("date", "日期", cells.day, True, width=14),
            one("day", "休或班", HOLIDAYS, True, "休：放假；班：调休上班"),
            Column("name", "节日", cells.words, False),
        ),
    ),
    Sheet(
        "overrides",
        "时限调整",
        "个别项目与集团标准不同的时限；表中出现的项目以本表为准",
        (
            to("project", "项目编码"),
            one("clock", "时限", CLOCKS, True),
            one("priority", "优先级", PRIORITIES, True),
            Column("target", "时长", cells.duration, True, "如 30分钟、4小时、7天", width=10),
            one("counts", "计时", COUNTS, False, "全天、服务时间、工作时间；不填则照旧"),
        ),
    ),
    Sheet(
        "baselines",
        "上线前指标",
        "项目上线之前各月的实际，或 行业 的参照值；培训考核每月都填，当月定稿前有效；表中出现的项目以本表为准",
        (
            Column("project", "项目编码", _of_whom, True, "项目的编码，或 行业", width=16),
            Column("month", "月份", cells.month, True, "如 2024-12", width=10),
            one("measure", "指标", MEASURED, True),
            Column(
                "n",
                "分子",
                cells.count,
                True,
                "处理时长：合计分钟；满意：满意的户数；投诉：投诉件数；每单费用：付给第三方和业主的元数；培训考核：合格人次",
                width=12,
            ),
            Column(
                "d",
                "分母",
                cells.count,
                True,
                "处理时长：维修单数；满意：受访户数；投诉：总户数；每单费用：办结单数；培训考核：参加人次",
                width=12,
            ),
        ),
    ),
    *contracts.SHEETS,
)


def sheet_called(name: str) -> Sheet | None:
    """The sheet of a name, Chinese or English."""
    wanted = sought(name)
    return next((s for s in SHEETS if wanted in (s.zh, s.name)), None)
