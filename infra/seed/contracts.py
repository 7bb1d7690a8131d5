"""Who is liable in the demo group: 3 entities, 6 contractors, 2 third parties, 7 contracts. All of it is invented.

project    what shows there, on 2026-03-02
云杉苑      一期 is out of every term (expired); 二期's waterproofing is a subcontractor's who never answers (C-MO);
           YS-2-1-1002 was handed over late: the owner's term outlasts the contractor's (gap)
枫林里      two contracts promise the waterproofing of bathrooms and kitchens (overlap)
澜湾花园    waterproofing may be given to a third party without a reminder (direct engagement)

Tax numbers begin with 0000, which no register gives out; their last sign is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

Row = dict[str, object]
ENTITIES = (
    ("E-YS", "演示云杉置业有限公司", "000000000000000013", "101", "YS"),
    ("E-FL", "演示枫林置业有限公司", "000000000000000026", "102", "FL"),
    ("E-LW", "演示澜湾置业有限公司", "000000000000000039", "201", "LW"),
)
CONTRACTORS = (
    ("C-ZJ", "演示滨江建设有限公司", "00000000000000004C", "G1001", "否"),
    ("C-FS", "演示长河防水工程有限公司", "00000000000000005F", "G1002", "是"),
    ("C-MO", "演示无应答防水工程有限公司", "00000000000000006J", "G1003", "是"),
    ("C-NT", "演示暖阳机电安装有限公司", "00000000000000007M", "G1004", "是"),
    ("C-HD", "演示河东建设有限公司", "00000000000000008Q", "G1005", "否"),
    ("C-MC", "演示明窗门窗制造有限公司", "00000000000000009U", "G1006", "是"),
)
THIRD_PARTIES = (
    ("T-FS", "演示快修防水服务部", "000000000000000101", "G2001", "防水、泥瓦、木作门窗", ""),
    ("T-JD", "演示安居机电维修有限公司", "000000000000000114", "G2002", "给排水、电气、暖通、电梯", "YS、FL"),
)
PRICES = (
    ("T-FS", "FS-01", "卫生间防水重做", "平方米", "260"),
    ("T-FS", "FS-02", "渗漏点注浆", "处", "480"),
    ("T-FS", "FS-03", "闭水试验", "次", "150"),
    ("T-JD", "JD-01", "给水管更换", "米", "85"),
    ("T-JD", "JD-02", "插座、开关更换", "个", "35"),
    ("T-JD", "JD-03", "地暖回路检修", "路", "320"),
)
WET, WARM, COLD = "渗漏水", "采暖制冷/地暖、采暖制冷/暖气片、水管爆裂/暖气管", "采暖制冷/空调、采暖制冷/新风系统"
NOTICE = "紧急 2小时、较急 8小时、一般 24小时"
YS_LOTS, LW_LOTS = "YS-P1、YS-P2", "LW-P1、LW-P2"
# contract, number, entity, company, kind, under, lots, signed, amount, retention
CONTRACTS = (
    (
        "YS-ZB",
        "云杉〔2016〕总字第1号",
        "E-YS",
        "C-ZJ",
        "总包",
        "",
        "YS-P1、YS-P2",
        date(2016, 9, 12),
        "18600万元",
        "3%",
    ),
    ("YS-FS", "云杉〔2020〕分字第4号", "E-YS", "C-MO", "分包", "YS-ZB", "YS-P2", date(2020, 6, 1), "420万元", "3%"),
    ("FL-ZB", "枫林〔2022〕总字第1号", "E-FL", "C-ZJ", "总包", "", "FL-P1", date(2022, 4, 20), "9800万元", "3%"),
    ("FL-FS", "枫林〔2023〕甲指字第2号", "E-FL", "C-FS", "甲指分包", "", "FL-P1", date(2023, 8, 8), "260万元", "3%"),
    ("FL-NT", "枫林〔2023〕分字第3号", "E-FL", "C-NT", "分包", "FL-ZB", "FL-P1", date(2023, 9, 1), "510万元", "3%"),
    ("LW-ZB", "澜湾〔2021〕总字第1号", "E-LW", "C-HD", "总包", "", LW_LOTS, date(2021, 3, 18), "14200万元", ""),
    (
        "LW-MC",
        "澜湾〔2022〕甲供字第5号",
        "E-LW",
        "C-MC",
        "甲供",
        "",
        "LW-P1、LW-P2",
        date(2022, 5, 30),
        "760万元",
        "3%",
    ),
)
BOND = {"LW-ZB": "1420万元"}
# contract, clause, components, trades, term, text, what else
CLAUSES: tuple[tuple[str, str, str, str, str, str, Mapping[str, str]], ...] = (
    ("YS-ZB", "15.1", WET, "", "5年", "防水工程保修期五年，自竣工验收合格之日起计算。", {"fee_rate": "10%"}),
    ("YS-ZB", "15.2", WARM, "", "2个采暖期", "供热系统保修期为二个采暖期。", {}),
    ("YS-ZB", "15.3", COLD, "", "2个供冷期", "供冷系统保修期为二个供冷期。", {}),
    ("YS-ZB", "15.4", "", "", "2年", "电气管线、给排水管道、设备安装和装修工程保修期二年。", {"fee_rate": "10%"}),
    (
        *("YS-FS", "9.1", WET, "", "5年"),
        "防水工程保修期五年；接到维修通知后未按期修复的，甲方可委托他人维修，费用由乙方承担，另付百分之十管理费。",
        {"fee_rate": "10%", "cap": "21万元", "silence_is_consent": "是", "returned_counts": "是"},
    ),
    ("FL-ZB", "16.1", WET, "", "5年", "防水工程保修期五年，自竣工验收合格之日起计算。", {"fee_rate": "10%"}),
    ("FL-ZB", "16.2", WARM, "", "2个采暖期", "供热系统保修期为二个采暖期。", {}),
    ("FL-ZB", "16.3", COLD, "", "2个供冷期", "供冷系统保修期为二个供冷期。", {}),
    ("FL-ZB", "16.4", "", "", "2年", "其他安装和装修工程保修期二年。", {}),
    ("FL-FS", "8.2", "渗漏水/卫生间、渗漏水/厨房", "", "8年", "卫生间、厨房防水保修期八年。", {"fee_rate": "8%"}),
    ("FL-NT", "7.1", WARM, "", "2个采暖期", "地暖与暖气保修期为二个采暖期。", {"cure": "紧急 1天、一般 7天"}),
    (
        *("LW-ZB", "20.1", WET, "", "5年"),
        "防水工程保修期五年；渗漏影响业主居住的，甲方可直接委托第三方维修，费用由乙方承担。",
        {"direct_engagement": "是", "fee_rate": "12%", "penalty": "2000", "business_days": "是"},
    ),
    ("LW-ZB", "20.2", WARM, "", "3个采暖期", "供热系统保修期为三个采暖期。", {}),
    ("LW-ZB", "20.3", COLD, "", "2个供冷期", "供冷系统保修期为二个供冷期。", {}),
    (
        *("LW-ZB", "20.4", "门窗/入户门、门窗/室内门、门窗/门锁", "给排水、电气、泥瓦", "2年"),
        "电气、给排水、装修及入户门、室内门保修期二年。",
        {},
    ),
    ("LW-MC", "6", "门窗/窗、门窗/玻璃", "", "3年", "外窗及玻璃保修期三年。", {"cure": "15天"}),
)


def sheets() -> dict[str, list[Row]]:
    """The rows of the sheets about contracts."""
    return {
        "entities": [
            {"code": c, "name": n, "tax_number": tax, "account_set": a, "projects": p} for c, n, tax, a, p in ENTITIES
        ],
        "contractors": [_company(n, *row) for n, row in enumerate(CONTRACTORS, 1)],
        "third_parties": [
            _company(20 + n, code, name, tax, supplier, "是") | {"trades": trades, "projects": projects}
            for n, (code, name, tax, supplier, trades, projects) in enumerate(THIRD_PARTIES, 1)
        ],
        "company_people": list(_people()),
        "prices": [{"company": t, "code": c, "name": n, "unit": u, "price": p} for t, c, n, u, p in PRICES],
        "contracts": [_contract(*row) for row in CONTRACTS],
        "clauses": [_clause(*row) for row in CLAUSES],
        "certificates": [{"lot": "LW-P1", "subject": WET, "term": "8年"}],
        "matrix": list(_matrix()),
        "seasons": [
            {"city": "演示滨江市", "projects": "YS、FL", "heating_begins": "11-15", "heating_ends": "03-15"},
            {"city": "演示河东市", "projects": "LW", "heating_begins": "11-01", "heating_ends": "03-31"},
        ],
    }


def _clause(
    contract: str, code: str, components: str, trades: str, term: str, text: str, more: Mapping[str, str]
) -> Row:
    row: Row = {"contract": contract, "code": code, "components": components, "trades": trades, "term": term}
    return {**row, "text": text, "response": NOTICE, **more}


def _company(n: int, code: str, name: str, tax: str, supplier: str, small: str) -> Row:
    return {
        "code": code,
        "name": name,
        "tax_number": tax,
        "supplier_code": supplier,
        "small": small,
        "email": f"hanjian@{code}.example".lower(),
        "post": f"演示市演示路{n}号 工程部收",
        "bank": "演示银行演示支行",
        "account": f"0000000000{n:06d}",
    }


PEOPLE = (
    ("A1", "联系人", "授权联系人", "1"),
    ("A2", "负责人", "授权联系人", "2"),
    ("W1", "工人", "施工人员", ""),
)


def _people() -> Iterator[Row]:
    """Of each company two who receive letters, one above the other, and somebody who works."""
    companies = [*(row[0] for row in CONTRACTORS), *(row[0] for row in THIRD_PARTIES)]
    for c, company in enumerate(companies):
        for n, (code, title, duty, level) in enumerate(
            (("A1", "联系人", "授权联系人", "1"), ("A2", "负责人", "授权联系人", "2"), ("W1", "工人", "施工人员", "")),
            1,
        ):
            yield {
                "company": company,
                "code": code,
                "name": f"测试{title}{c + 1:02d}",
                "duty": duty,
                "level": level,
                "phone": f"100-0040-{c * 10 + n:04d}",
                "email": f"{code}@{company}.example".lower(),
            }


def _contract(*row: object) -> Row:
    named = ("code", "number", "entity", "company", "kind", "signed_with", "lots", "signed", "amount", "retention_rate")
    made: Row = dict(zip(named, row, strict=True))
    return made | {"bond": BOND.get(str(made["code"]), ""), "defect_liability": "24个月"}


def _matrix() -> Iterator[Row]:
    for project in ("YS", "FL", "LW"):
        yield {"project": project, "department": "PM", "since": date(2019, 1, 1)}
        yield {"project": project, "stage": "准业主", "department": "GC", "since": date(2019, 1, 1)}
        yield {
            "project": project,
            "subject": "防水",
            "department": "BX",
            "person": f"{project}-BX1",
            "since": date(2024, 1, 1),
        }
