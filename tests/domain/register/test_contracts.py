"""The sheets about contracts: every fault is named where it stands, the law is held against every clause."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.domain.contractor.contract import (
    Company,
    CompanyKind,
    Contact,
    Contract,
    ContractKind,
    Duty,
    Entity,
    MatrixRow,
    OwnerTerm,
    Price,
    Starts,
)
from chalicelib.domain.register.faults import Fault
from chalicelib.domain.register.place import Place
from chalicelib.domain.register.reader import Numbers, Reader
from chalicelib.domain.register.rows import Answering, Certified, Employed, InCity, Record
from chalicelib.domain.warranty.terms import Rule
from chalicelib.language.faults import explain_fault
from tests.domain.register.book import Held, Sheets, Stored
from tests.domain.register.test_reader import sound as places

RULES = (
    Rule("waterproofing", 60, 36, ("water_leak/bathroom", "water_leak/roof")),
    Rule("heating", 2, 1, ("heating_cooling/radiator",), ((11, 15), (3, 15)), "heating"),
    Rule("electrical", 24, 6, ("electrical/socket",)),
)
TRADES = {
    "water_leak/bathroom": "waterproofing",
    "water_leak/roof": "waterproofing",
    "heating_cooling/radiator": "hvac",
    "electrical/socket": "electrical",
    "lift/door": "lift",
}
COMPONENTS = {
    **{name: [name] for name in TRADES},
    "water_leak": ["water_leak/bathroom", "water_leak/roof"],
    "渗漏水": ["water_leak/bathroom", "water_leak/roof"],
    "渗漏水/屋面": ["water_leak/roof"],
    "heating_cooling": ["heating_cooling/radiator"],
    "electrical": ["electrical/socket"],
    "lift": ["lift/door"],
}
HEADINGS = (
    "合同编码、合同编号、签约主体编码、责任单位编码、类型、总包合同编码、标段编码、签订日期、合同金额、质保金比例、质保金金额、履约保函金额、缺陷责任期",
    "合同编码、条款号、标段编码、楼栋编码、部位、工种、条款原文、起算、保修期、响应时限、修复时限、可直接委托、代修管理费率、违约金、违约金比例、扣款上限",
)
UNCODED = ("", "总一", "E", "C", "总包", "", "P-1", "2019-01-01", "1")
ELSEWHERE = Place("Q-1", "building", "1号楼", "Q", "1号楼", {"project": "Q"})
NUMBERS = Numbers(lambda o: "", lambda days: None, rules=RULES, components=COMPONENTS, trades=TRADES)
TAX = ("000000000000000013", "000000000000000026", "000000000000000039", "00000000000000004C")


def sound() -> Sheets:
    """A register with contracts, without a fault or a remark."""
    return places() | {
        "签约主体": [["编码", "名称", "税号", "账套", "项目编码"], ["E", "演示置业", TAX[0], "101", "P"]],
        "责任单位": [
            ["编码", "名称", "税号", "中小企业", "约定邮箱", "银行账号"],
            ["C", "演示建设", TAX[1], "否", "han@c.example", "000000000001"],
            ["S", "演示防水", TAX[2], "是", "", ""],
        ],
        "第三方维修单位": [
            ["编码", "名称", "税号", "工种", "项目编码"],
            ["T", "演示快修", TAX[3], "防水", "P"],
        ],
        "单位人员": [
            ["单位编码", "人员编码", "姓名", "身份", "顺位", "电话"],
            ["C", "A1", "测试联系人甲", "授权联系人", "", "100-0040-0001"],
            ["C", "A2", "测试联系人乙", "授权联系人", "2", "100-0040-0002"],
            ["C", "W1", "测试工人", "施工人员", "", "100-0040-0003"],
            ["S", "A1", "测试联系人丙", "authorised", "", "100-0040-0004"],
            ["T", "A1", "测试联系人丁", "联系人", "", "100-0040-0005"],
        ],
        "第三方价目": [["单位编码", "项目编号", "项目名称", "计量单位", "单价"], ["T", "FS-1", "防水", "平方米", 260]],
        "施工合同": [
            [*HEADINGS[0].split("、")],
            ["G", "滨江〔2017〕1号", "E", "C", "总包", "", "P-1", date(2017, 1, 1), "1000万元", "3%", "", "", "2年"],
            ["", "HT-2", "E", "S", "分包", "G", "P-1", date(2018, 1, 1), "100万元", "", "", "", ""],
        ],
        "保修条款": [
            [*HEADINGS[1].split("、")],
            [
                "G",
                "1",
                "",
                "",
                "渗漏水",
                "",
                "防水五年",
                "",
                "5年",
                "紧急 30分钟、一般 24小时",
                "15天",
                "是",
                "10%",
                "2000",
                "20%",
                "5万元",
            ],
            ["G", "2", "", "", "", "暖通", "供热两季", "竣工验收", "2个采暖期", "", "", "", ""],
            ["G", "3", "", "", "", "", "其他两年", "交付", "2年", "", "", "", ""],
            ["HT-2", "1", "P-1", "P-3", "渗漏水/屋面", "", "屋面八年", "2019-05-20", "8年", "", "", "", ""],
        ],
        "质量保证书": [["标段编码", "部位或工种", "保修期"], ["P-1", "渗漏水", "5年"]],
        "责任矩阵": [
            ["项目编码", "部位或工种", "业主阶段", "部门", "负责人工号", "起始日期"],
            ["P", "", "", "工程部", "", date(2019, 1, 1)],
            ["P", "防水", "稳定期", "BX", "G2", date(2019, 1, 1)],
        ],
        "采暖制冷季": [["城市", "项目编码", "采暖开始", "采暖结束"], ["演示市", "P", "11-01", "03-31"]],
    }


def read(sheets: Sheets, known: Stored | None = None) -> tuple[list[Record], list[Fault], list[Fault]]:
    reader = Reader(Held(sheets), known or Stored({"Q-1": ELSEWHERE}), NUMBERS)
    return list(reader.records()), reader.faults, reader.remarks


def changed(sheet: str, row: int, **cells: object) -> Sheets:
    """The sound register with cells of a row changed."""
    sheets = sound()
    line = [*sheets[sheet][row - 1]]
    for column, value in cells.items():
        line[[str(h) for h in sheets[sheet][0]].index(column)] = value
    sheets[sheet][row - 1] = line
    return sheets


def added(sheet: str, *cells: object) -> Sheets:
    sheets = sound()
    sheets[sheet].append(list(cells))
    return sheets


def named(faults: list[Fault]) -> list[tuple[str, int, str, str]]:
    return [(f.sheet, f.row, f.column, f.reason) for f in faults]


def of(records: list[Record], kind: type) -> list[Record]:
    return [record for record in records if isinstance(record, kind)]


def test_a_sound_register_is_read_as_it_is_meant() -> None:
    records, faults, remarks = read(sound())
    assert [explain_fault(fault, "zh_CN") for fault in (*faults, *remarks)] == []
    assert of(records, Entity) == [Entity("E", "演示置业", TAX[0], "101", ("P",))]
    c, s, t = (record for record in records if isinstance(record, Company))
    assert c.contacts == (Contact("C.A1", "C", Duty.AUTHORISED), Contact("C.A2", "C", Duty.AUTHORISED, 2))
    assert (c.small, s.small, c.email, c.account) == (False, True, "han@c.example", "000000000001")
    assert (t.kind, t.projects) == (CompanyKind.THIRD_PARTY, ("P",))
    assert t.prices == {"FS-1": Price("防水", "平方米", 26_000)}
    teams = {r.person.id: r.person.team for r in records if isinstance(r, Employed) and "." in r.person.id}
    assert teams == {
        "C.A1": "C/contractor",
        "C.A2": "C/contractor",
        "C.W1": "C/workers",
        "S.A1": "S/contractor",
        "T.A1": "T/third_party",
    }
    general, sub = (record for record in records if isinstance(record, Contract))
    assert (general.number, general.lots, general.projects) == ("滨江〔2017〕1号", ("P-1",), ("P",))
    assert (general.amount, general.retention, general.defect_liability_months) == (10**9, 3 * 10**7, 24)
    assert (sub.id, sub.signed_with, sub.kind) == ("HT-2", "G", ContractKind.SUB)
    water, heat, rest = general.clauses
    assert water.scope.components == {"water_leak/bathroom", "water_leak/roof"}
    assert water.response == {"emergency": timedelta(minutes=30), "normal": timedelta(hours=24)}
    assert (water.months, water.cure_days["urgent"], water.direct_engagement, water.fee_rate) == (60, 15, True, 1000)
    assert (water.penalty, water.penalty_rate, water.cap) == (200_000, 2000, 5_000_000)
    assert (heat.seasons, heat.season, heat.scope.trades) == (2, "heating", {"hvac"})
    assert (rest.starts, rest.months) == (Starts.HANDOVER, 24)
    roof = sub.clauses[0]
    assert (roof.starts, roof.starts_on, roof.scope.places) == (Starts.DAY, date(2019, 5, 20), ("P-3",))
    terms = [OwnerTerm("P-1", "P", c, 60) for c in ("water_leak/bathroom", "water_leak/roof")]
    assert of(records, Certified) == [Certified("P", tuple(terms))]
    since = date(2019, 1, 1)
    rows = [MatrixRow("P", "", "", "GC", since), MatrixRow("P", "waterproofing", "settled", "BX", since, "G2")]
    assert of(records, Answering) == [Answering("P", tuple(rows))]
    (city,) = (record for record in records if isinstance(record, InCity))
    assert (city.project, city.seasons.seasons) == ("P", {"heating": ((11, 1), (3, 31))})


@pytest.mark.parametrize(
    ("sheets", "fault"),
    [
        (changed("签约主体", 2, 税号="000000000000000014"), ("entities", 2, "tax_number", "tax_check")),
        (changed("签约主体", 2, 项目编码="Q"), ("entities", 2, "projects", "unknown_place")),
        (added("责任单位", "T2", "演示", "x"), ("contractors", 4, "tax_number", "tax_number")),
        (added("第三方维修单位", "C", "演示", "", "防水"), ("third_parties", 3, "code", "code_twice")),
        (
            added("单位人员", "X", "A1", "测试", "联系人", "", "100-0040-0009"),
            ("company_people", 7, "company", "unknown_company"),
        ),
        (
            added("单位人员", "C", "A1", "测试", "联系人", "", "100-0040-0009"),
            ("company_people", 7, "code", "code_twice"),
        ),
        (added("第三方价目", "C", "1", "防水", "处", "1"), ("prices", 3, "company", "no_third_party")),
        (added("第三方价目", "T", "FS-1", "防水", "处", "1"), ("prices", 3, "code", "twice")),
        (
            added("施工合同", *UNCODED),
            ("contracts", 4, "code", "contract_code_needed"),
        ),
        (changed("施工合同", 3, 签约主体编码="X"), ("contracts", 3, "entity", "unknown_entity")),
        (changed("施工合同", 3, 责任单位编码="X"), ("contracts", 3, "company", "unknown_company")),
        (changed("施工合同", 3, 责任单位编码="T"), ("contracts", 3, "company", "no_contractor")),
        (changed("施工合同", 3, 标段编码="P-3"), ("contracts", 3, "lots", "wrong_kind")),
        (changed("施工合同", 3, 标段编码="P-9"), ("contracts", 3, "lots", "unknown_place")),
        (changed("施工合同", 3, 总包合同编码="X"), ("contracts", 3, "signed_with", "unknown_contract")),
        (changed("施工合同", 3, 总包合同编码="HT-2"), ("contracts", 3, "signed_with", "not_general")),
        (changed("施工合同", 3, 合同金额="很多"), ("contracts", 3, "amount", "money")),
        (changed("保修条款", 5, 合同编码="X"), ("clauses", 5, "contract", "unknown_contract")),
        (changed("保修条款", 3, 条款号="1"), ("clauses", 3, "code", "code_twice")),
        (changed("保修条款", 5, 标段编码="P-2"), ("clauses", 5, "lots", "lot_elsewhere")),
        (changed("保修条款", 5, 楼栋编码="Q-1"), ("clauses", 5, "places", "place_elsewhere")),
        (changed("保修条款", 2, 部位="渗漏水/天花"), ("clauses", 2, "components", "unknown_component")),
        (changed("保修条款", 2, 保修期="4年"), ("clauses", 2, "term", "term_short")),
        (changed("保修条款", 3, 保修期="1个采暖期"), ("clauses", 3, "term", "term_short")),
        (changed("保修条款", 3, 保修期="2年"), ("clauses", 3, "term", "term_counted")),
        (changed("保修条款", 4, 保修期="1年"), ("clauses", 4, "term", "term_short")),
        (changed("保修条款", 5, 起算="2019-05-19"), ("clauses", 5, "starts", "starts_early")),
        (changed("质量保证书", 2, 部位或工种="屋顶"), ("certificates", 2, "subject", "unknown_component")),
        (added("质量保证书", "P-1", "渗漏水/屋面", "5年"), ("certificates", 3, "subject", "twice")),
        (changed("责任矩阵", 2, 部门="法务部"), ("matrix", 2, "department", "unknown_department")),
        (changed("责任矩阵", 3, 负责人工号="X9"), ("matrix", 3, "person", "unknown_person")),
        (changed("采暖制冷季", 2, 采暖结束=""), ("seasons", 2, "heating_ends", "needed")),
        (added("采暖制冷季", "另一市", "P", "11-15", "03-15"), ("seasons", 3, "projects", "two_cities")),
    ],
)
def test_a_fault_is_named_by_sheet_row_and_column(sheets: Sheets, fault: tuple[str, int, str, str]) -> None:
    _, faults, _ = read(sheets)
    assert named(faults) == [fault]
    for lang in ("zh_CN", "en"):
        assert "{" not in explain_fault(faults[0], lang)


def test_what_names_a_component_more_exactly_answers_for_it_to_the_law() -> None:
    """The rest of two years is sound because water has a clause of its own; without it, it is not."""
    sheets = sound()
    del sheets["保修条款"][1]
    _, faults, _ = read(sheets)
    assert named(faults) == [("clauses", 3, "term", "term_short")]
    assert faults[0].details == {"components": ["water_leak"], "term": (60, "")}


def test_an_entity_signs_for_its_own_projects_only() -> None:
    sheets = sound()
    sheets["项目"].append(["Q", "另一苑", "S"])
    sheets["受理电话"].append(["Q", "物业客服", "客服", "000-0000-1002"])
    sheets["员工"].append(["D9", "测试客服", "Q", "物业客服", "", "100-0000-0099", "24小时"])
    sheets["施工合同"][2] = [*sheets["施工合同"][2]]
    sheets["施工合同"][2][6] = "Q"
    sheets["保修条款"].pop()
    assert named(read(sheets)[1]) == [("contracts", 3, "entity", "entity_elsewhere")]


@pytest.mark.parametrize(
    ("sheets", "remark"),
    [
        (changed("单位人员", 2, 电话="100-0000-0003"), ("company_people", 2, "phone", "phone_shared")),
        (changed("单位人员", 6, 电话="100-0040-0001"), ("company_people", 6, "phone", "phone_shared")),
        (changed("第三方维修单位", 2, 税号=TAX[1]), ("third_parties", 2, "tax_number", "number_shared")),
        (changed("责任单位", 3, 银行账号="0000 0000 0001"), ("contractors", 3, "account", "number_shared")),
        (changed("单位人员", 5, 身份="施工人员"), ("contractors", 3, "code", "nobody_receives")),
        (changed("施工合同", 2, 质保金比例="5%"), ("contracts", 2, "retention", "retention_high")),
        (changed("施工合同", 2, 质保金金额="1万元"), ("contracts", 2, "retention", "retention_differs")),
        (changed("施工合同", 2, 履约保函金额="1万元"), ("contracts", 2, "retention", "retention_beside")),
        (changed("施工合同", 2, 缺陷责任期="3年"), ("contracts", 2, "defect_liability", "liability_long")),
        (changed("施工合同", 3, 总包合同编码=""), ("clauses", 5, "components", "overlap")),
        (changed("质量保证书", 2, 保修期="2年"), ("certificates", 2, "term", "owner_term_short")),
    ],
)
def test_what_somebody_should_look_at_is_remarked_and_loaded(sheets: Sheets, remark: tuple[str, int, str, str]) -> None:
    _, faults, remarks = read(sheets)
    assert named(faults) == []
    assert named(remarks) == [remark]
    for lang in ("zh_CN", "en"):
        assert "{" not in explain_fault(remarks[0], lang)


def test_a_lot_names_the_components_that_no_clause_covers() -> None:
    sheets = sound()
    del sheets["保修条款"][3]
    _, faults, remarks = read(sheets)
    assert named(faults) == []
    assert named(remarks) == [("clauses", 0, "", "no_clause_for")]
    assert remarks[0].details == {"code": "P-1", "components": ["electrical"]}


def test_an_overlap_names_both_clauses_and_what_they_promise() -> None:
    _, _, remarks = read(changed("施工合同", 3, 总包合同编码=""))
    assert remarks[0].details == {"clauses": ["G 1", "HT-2 1"], "components": ["water_leak/roof"]}


def test_what_the_file_leaves_out_is_taken_from_what_is_stored() -> None:
    records, _, _ = read(sound())
    known = Stored({"P": next(r for r in records if getattr(r, "kind", "") == "project")})  # type: ignore[misc]
    known.places |= {r.id: r for r in records if getattr(r, "kind", "") in ("phase", "building")}  # type: ignore
    known.entities = {r.id: r for r in records if isinstance(r, Entity)}
    known.companies = {r.id: r for r in records if isinstance(r, Company)}
    known.contracts = {r.id: r for r in records if isinstance(r, Contract)}
    everything = sound()
    alone, faults, _ = read({name: everything[name] for name in ("施工合同",)}, known)
    assert faults == []
    assert {r.id: r for r in alone if isinstance(r, Contract)} == known.contracts
    clauses, faults, _ = read({"保修条款": everything["保修条款"][:3]}, known)
    assert named(faults) == []
    (general,) = (r for r in clauses if isinstance(r, Contract))
    assert [clause.id for clause in general.clauses] == ["1", "2"]
    people = [everything["单位人员"][0], ["C", "A2", "测试联系人乙", "授权联系人", "", "100-0040-0002"]]
    changed_people, faults, _ = read({"单位人员": people}, known)
    assert faults == []
    (company,) = (r for r in changed_people if isinstance(r, Company))
    assert [(c.id, c.level) for c in company.contacts] == [("C.A1", 1), ("C.A2", 1)]
    prices = known.companies["T"].prices
    again, _, _ = read({"第三方维修单位": everything["第三方维修单位"]}, known)
    assert [r.prices for r in again if isinstance(r, Company)] == [prices]


def test_who_left_a_company_receives_nothing_for_it() -> None:
    sheets = sound()
    sheets["单位人员"][0].append("在册")
    sheets["单位人员"][1].append("否")
    records, faults, _ = read(sheets)
    assert faults == []
    company = next(r for r in records if isinstance(r, Company))
    assert [contact.id for contact in company.contacts] == ["C.A2"]
    assert [r.person.active for r in records if isinstance(r, Employed) and r.person.id == "C.A1"] == [False]


def test_a_phone_of_somebody_stored_is_remarked() -> None:
    known = Stored()
    known.phones = {"10000400005": {"C9.A1": "C9/contractor"}, "10000400001": {"C.A1": "C/contractor"}}
    _, _, remarks = read(sound(), known)
    assert [(r.row, r.reason, r.details) for r in remarks] == [(6, "phone_of", {"person": "C9.A1"})]


def test_a_number_of_a_company_that_the_file_leaves_out_is_remarked() -> None:
    known = Stored()
    known.companies = {"X": Company("X", CompanyKind.CONTRACTOR, "演示旧公司", TAX[3], account="000000000001")}
    _, faults, remarks = read(sound(), known)
    assert named(faults) == []
    assert [(r.sheet, r.row, r.column, r.reason, r.details) for r in remarks] == [
        ("contractors", 2, "account", "number_of", {"code": "X"}),
        ("third_parties", 2, "tax_number", "number_of", {"code": "X"}),
    ]


def test_two_companies_of_the_file_that_share_a_number_are_remarked_once_when_loaded_again() -> None:
    sheets = changed("第三方维修单位", 2, 税号=TAX[1])
    known = Stored()
    known.companies = {r.id: r for r in read(sheets)[0] if isinstance(r, Company)}
    assert named(read(sheets, known)[2]) == [("third_parties", 2, "tax_number", "number_shared")]
