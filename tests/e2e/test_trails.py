"""Whatever the journeys before left in logs names nobody and opens nothing."""

from __future__ import annotations

import re

from tests.e2e.play import OWNERS, STAFF, Play, plain


def logged(play: Play) -> str:
    """Everything that was logged: the functions' output, and what lies in CloudWatch Logs.

    Without the lines in which the emulator, as carrier, notes what it delivered.
    """
    logs = play.stack.client("logs")
    lines = play.stack.emulator.log.read_text(errors="replace").splitlines()
    found = [line for line in lines if not any(note in line for note in ("[sns] SNS SMS to ", "[ses] SES SendEmail: "))]
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
                found += [event["message"] for event in events["events"]]
    return "\n".join(found)


def test_no_log_line_holds_a_phone_a_name_words_or_a_token(play: Play) -> None:
    words = "门禁卡刷不开偶尔失灵"
    phone = play.phone()
    ticket = play.report(phone, "LW-A-801", words, name="演示访客庚", email="geng@zhuhu.example")
    link, _ = play.work_link(ticket)
    page = play.open(play.phone(), link)
    play.do(page, "contact")
    play.do(page, "acknowledge")
    play.do(page, "note", words="读卡器线头松脱,已记录")
    play.do(phone, "note", words="晚上七点后在家里等")
    assert play.post("/c", phone=ticket.phone, code="123456")[0] == 400

    text = logged(play)
    assert '"service": "baoxiu"' in text, "the functions did log"
    secrets = {words, "演示访客庚", "geng@zhuhu.example", "读卡器线头松脱", "晚上七点后在家里等"}
    secrets |= {plain(row["phone"]) for row in (*OWNERS.values(), *STAFF.values())}
    secrets |= {str(row["name"]) for row in (*OWNERS.values(), *STAFF.values())}
    secrets |= {str(row["phone"]) for row in (*OWNERS.values(), *STAFF.values())}
    for message in play.stack.mailbox():
        secrets |= {found for address in message.links for found in re.findall(r"/[otwdkb]/([\w-]{22})", address)}
        secrets |= set(re.findall(r"验证码(\d{8})", message.text))
    assert [s for s in secrets if s in text] == []
    assert not re.search(r"/[otwdkb]/[\w-]{22}", text), "no address of a private page"
    assert not re.search(r"[\u4e00-\u9fff]{4,}", text), "no words at all"
