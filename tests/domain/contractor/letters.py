"""Letters to try things with: one complete letter of each kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.contractor.letter import (
    Cause,
    Earlier,
    Letter,
    LetterKind,
    Matter,
    Party,
    Picture,
    Terms,
    Work,
)

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
ZONE = "Asia/Shanghai"
ENTITY = Party("HY", "云栖置业有限公司", "91330100MA2H0000X1")
BUILDER = Party("C1", "安居防水工程有限公司", post="杭州市西湖区古墩路 1 号", email="office@example.invalid")
GENERAL = Party("G1", "第九建设集团有限公司")
TERMS = Terms(
    "HT-2020-017", date(2020, 5, 20), "12.3", "屋面及有防水要求的房间防渗漏，保修五年，自竣工验收合格之日起算。"
)
LEAK = Matter("4839-2175-6", "云栖苑 3栋 2单元 1201", "渗漏水 · 卫生间防水", AT, "卫生间顶部渗水，面积约两平方米")

NOTICE = Letter(
    LetterKind.NOTICE,
    ENTITY,
    BUILDER,
    TERMS,
    (LEAK,),
    ZONE,
    AT,
    number="HY-2026-0001",
    photos=(Picture("photos/x/1", "渗水部位"),),
    deadline=datetime(2026, 3, 17, 16, 0, tzinfo=UTC),  # midnight of the 18th in Shanghai
    respond_by=AT + timedelta(hours=24),
    inspect_by=AT + timedelta(hours=48),
)
SENT = Earlier(NOTICE.number, LetterKind.NOTICE, AT, AT + timedelta(hours=1), "button", NOTICE.deadline)
REMINDER = replace(
    NOTICE,
    kind=LetterKind.REMINDER,
    number="HY-2026-0002",
    at=AT + timedelta(days=17),
    deadline=AT + timedelta(days=24),
    respond_by=None,
    inspect_by=None,
    earlier=(SENT,),
    cause=Cause.MISSED,
    called=AT + timedelta(days=16),
)
REMINDED = Earlier(
    REMINDER.number, LetterKind.REMINDER, REMINDER.at, REMINDER.at + timedelta(hours=3), "ems_signed", REMINDER.deadline
)
THIRD = replace(
    REMINDER,
    kind=LetterKind.THIRD_PARTY_NOTICE,
    number="HY-2026-0003",
    at=AT + timedelta(days=25),
    deadline=None,
    earlier=(SENT, REMINDED),
    work=Work(
        "速修建筑服务有限公司",
        "拆除吊顶，重做防水层并做 48 小时闭水试验",
        "云栖苑 3栋 2单元 1201 卫生间",
        AT + timedelta(days=28),
        AT + timedelta(days=30),
    ),
)
LETTERS = (NOTICE, REMINDER, THIRD)
