"""The workbook's sheets about who is liable: entities, companies and their people, contracts, clauses, the matrix."""

from __future__ import annotations

from chalicelib.domain.contractor.contract import ContractKind, Duty, Starts
from chalicelib.domain.register import amounts, cells
from chalicelib.domain.register.cells import YES_NO
from chalicelib.domain.register.column import Column, Sheet, code, one, to
from chalicelib.domain.register.labels import LANGUAGES, PRIORITIES, SKILLS, STAGES

DUTIES = {Duty.AUTHORISED.value: "授权联系人", Duty.CONTACT.value: "联系人", Duty.WORKER.value: "施工人员"}
KINDS = {
    ContractKind.GENERAL.value: "总包",
    ContractKind.SUB.value: "分包",
    ContractKind.NAMED_SUB.value: "甲指分包",
    ContractKind.SUPPLIED.value: "甲供",
}
STARTS = {Starts.ACCEPTANCE.value: "竣工验收", Starts.HANDOVER.value: "交付"}
_TERM = "如 5年、24个月、2个采暖期、2个供冷期"
_STARTS = "竣工验收、交付或日期；不填为竣工验收"
_RESPONSE = "如 24小时；或 紧急 30分钟、较急 4小时、一般 24小时"
_CURE = "如 15天；或 紧急 1天、一般 15天"
_ANY_COMPANY = "责任单位或第三方维修单位的编码"

_COMPONENTS_NOTE = "如 渗漏水/卫生间、电气；只填类别即其全部部位"
_NAME = Column("name", "名称", cells.words, True, "按营业执照", width=28)
_TAX = Column("tax_number", "税号", amounts.tax_number, True, "18 位统一社会信用代码", width=22)
_TAX_IF_ANY = Column("tax_number", "税号", amounts.tax_number, False, "18 位统一社会信用代码", width=22)
_SUPPLIER = Column("supplier_code", "供应商编码", cells.words, False, "财务系统中的编码", width=14)
_SMALL = Column("small", "中小企业", cells.yes_no, False, "是、否；不填为否", YES_NO, 10)
_EMAIL = Column("email", "约定邮箱", cells.email, False, "合同约定的送达邮箱", width=28)
_POST = Column("post", "约定地址", cells.words, False, "合同约定的送达地址与收件人", width=36)
_BANK = Column("bank", "开户银行", cells.words, False, width=22)
_ACCOUNT = Column("account", "银行账号", amounts.account, False, width=24)
_COMPONENTS = Column("components", "部位", cells.listed, False, _COMPONENTS_NOTE, width=30)
_SUBJECT = Column("subject", "部位或工种", cells.words, False, "如 渗漏水/卫生间、渗漏水、防水；不填为全部", width=18)


def _yes(name: str, zh: str, note: str) -> Column:
    return Column(name, zh, cells.yes_no, False, f"{note}；不填为否", YES_NO, 10)


def _many(name: str, zh: str, note: str, need: bool = False) -> Column:
    return Column(name, zh, cells.codes, need, note, width=20)


def _money(name: str, zh: str, note: str = "元，如 12,500.00；也可写 1.25万元", need: bool = False) -> Column:
    return Column(name, zh, amounts.money, need, note, width=16)


SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "entities",
        "签约主体",
        "签订施工合同的法人，函件以其名义发出",
        (
            code(),
            _NAME,
            _TAX,
            Column("account_set", "账套", cells.words, False, "财务系统中的账套", width=12),
            _many("projects", "项目编码", "可多个，如 YS、FL", True),
        ),
    ),
    Sheet(
        "contractors",
        "责任单位",
        "总包、分包、供应商；授权联系人等另填“单位人员”",
        (code(), _NAME, _TAX_IF_ANY, _SUPPLIER, _SMALL, _EMAIL, _POST, _BANK, _ACCOUNT),
    ),
    Sheet(
        "third_parties",
        "第三方维修单位",
        "责任单位不修时代为维修的单位",
        (
            *(code(), _NAME, _TAX_IF_ANY, _SUPPLIER, _SMALL, _EMAIL, _POST, _BANK, _ACCOUNT),
            Column("trades", "工种", cells.choices(SKILLS), True, "、".join(SKILLS.values()), width=22),
            _many("projects", "项目编码", "承接的项目；不填为全部"),
        ),
    ),
    Sheet(
        "company_people",
        "单位人员",
        "责任单位与第三方维修单位的人员；不再列出的人不变，停用须填 在册=否",
        (
            to("company", "单位编码", True, _ANY_COMPANY),
            code("人员编码", "字母、数字、- . _，单位内唯一，定下后不要改"),
            Column("name", "姓名", lambda raw: cells.words(raw, 60), True, width=14),
            one("duty", "身份", DUTIES, True, "只有授权联系人可签收函件"),
            Column("level", "顺位", cells.rank, False, "1 先收到，无回应时上报 2、3；不填为 1", width=8),
            Column("phone", "电话", cells.phone, True, "手机或座机", width=16),
            Column("email", "邮箱", cells.email, False, width=28),
            one("lang", "语言", LANGUAGES),
            Column("active", "在册", cells.yes_no, False, "是、否；不填为是", YES_NO, 8),
        ),
    ),
    Sheet(
        "prices",
        "第三方价目",
        "框架价；表中出现的单位以本表为准",
        (
            to("company", "单位编码", True, "第三方维修单位的编码"),
            code("项目编号", "如 FS-01，单位内唯一"),
            Column("name", "项目名称", cells.words, True, width=24),
            Column("unit", "计量单位", lambda raw: cells.words(raw, 12), True, "如 平方米、处", width=10),
            _money("price", "单价", "元，含税", True),
        ),
    ),
    Sheet(
        "contracts",
        "施工合同",
        "每份合同一行；合同挂在标段上",
        (
            code("合同编码", "不填则为合同编号；合同编号含汉字等的必填", False),
            Column("number", "合同编号", cells.words, True, "按合同原文，函件照此印出", width=26),
            to("entity", "签约主体编码"),
            to("company", "责任单位编码"),
            one("kind", "类型", KINDS, True),
            to("signed_with", "总包合同编码", False, "分包隶属的总包合同；没有的不填"),
            _many("lots", "标段编码", "可多个；项目不分标段的填项目编码", True),
            Column("signed", "签订日期", cells.day, True, width=14),
            _money("amount", "合同金额", "元，含税；如 12,500.00，也可写 1.25万元", True),
            Column(
                "tax_rate", "税率", amounts.rate, False, "增值税，如 9%（一般计税）、3%（简易计税）；不填为 9%", width=8
            ),
            Column("retention_rate", "质保金比例", amounts.rate, False, "如 3%", width=12),
            _money("retention", "质保金金额", "元；不填则按比例计算"),
            _money("bond", "履约保函金额"),
            _yes("quality_insurance", "质量保险", "是否投保工程质量保险"),
            _yes("bought_out", "保修买断", "保修义务已一次性买断，不再向责任单位追责"),
            Column("defect_liability", "缺陷责任期", amounts.months, False, "如 24个月、2年", width=12),
        ),
    ),
    Sheet(
        "clauses",
        "保修条款",
        "表中出现的合同以本表为准。写明部位的条款优先于写工种的，再优先于都不写的",
        (
            to("contract", "合同编码"),
            code("条款号", "如 15.3，合同内唯一"),
            _many("lots", "标段编码", "不填为合同全部标段"),
            _many("places", "楼栋编码", "只限这些楼栋、公共区域或设备时填写"),
            _COMPONENTS,
            Column("trades", "工种", cells.choices(SKILLS), False, "、".join(SKILLS.values()), width=18),
            Column("text", "条款原文", lambda raw: cells.words(raw, 1000), True, "函件照此引用", width=48),
            Column(
                "starts",
                "起算",
                amounts.starts(STARTS),
                False,
                "竣工验收、交付或日期；不填为竣工验收",
                STARTS,
                12,
                True,
            ),
            Column("term", "保修期", amounts.term, True, _TERM, width=12),
            Column(
                "response",
                "响应时限",
                amounts.by_priority(PRIORITIES, cells.duration),
                False,
                _RESPONSE,
                width=26,
            ),
            Column(
                "cure",
                "修复时限",
                amounts.by_priority(PRIORITIES, amounts.days),
                False,
                _CURE,
                width=22,
            ),
            _yes("business_days", "按工作日", "修复时限是否按工作日计"),
            Column("fee_rate", "代修管理费率", amounts.rate, False, "占维修费用，如 10%", width=12),
            _money("fee_cap", "管理费上限"),
            _money("penalty", "违约金", "元/次"),
            Column("penalty_rate", "违约金比例", amounts.rate, False, "占维修费用，如 20%", width=12),
            _money("cap", "扣款上限"),
            _yes("direct_engagement", "可直接委托", "无需催告即可委托第三方"),
            _yes("silence_is_consent", "逾期视为同意", "对扣款逾期未提异议是否视为同意"),
            _yes("returned_counts", "退件视为送达", "邮件被退回是否视为送达"),
        ),
    ),
    Sheet(
        "certificates",
        "质量保证书",
        "向业主承诺的保修期，自交付起算；表中出现的项目以本表为准",
        (
            to("lot", "标段编码", True, "标段；项目不分标段的填项目编码"),
            Column("subject", "部位或工种", cells.words, True, "如 渗漏水/卫生间、渗漏水、防水", width=18),
            Column("term", "保修期", amounts.term, True, _TERM, width=12),
        ),
    ),
    Sheet(
        "matrix",
        "责任矩阵",
        "自某日起，某部位在某阶段归哪个部门；表中出现的项目以本表为准",
        (
            to("project", "项目编码"),
            _SUBJECT,
            one("stage", "业主阶段", STAGES, False, "不填为全部阶段"),
            Column("department", "部门", cells.plain, True, "部门编码或名称", width=16),
            to("person", "负责人工号", False, "不填为该部门"),
            Column("since", "起始日期", cells.day, True, width=14),
        ),
    ),
    Sheet(
        "seasons",
        "采暖制冷季",
        "所在城市的起止日；没有的按通用日期",
        (
            Column("city", "城市", lambda raw: cells.words(raw, 30), True, width=12),
            _many("projects", "项目编码", "所在的项目", True),
            Column("heating_begins", "采暖开始", amounts.month_day, False, "如 11-15", width=12),
            Column("heating_ends", "采暖结束", amounts.month_day, False, "如 03-15", width=12),
            Column("cooling_begins", "制冷开始", amounts.month_day, False, "如 06-01", width=12),
            Column("cooling_ends", "制冷结束", amounts.month_day, False, "如 09-30", width=12),
        ),
    ),
)
