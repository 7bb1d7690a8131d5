"""What the demo group has gone through when its desk opens: a ticket at every stage of the contractor ladder.

    python -m infra.seed.stories     on the stack of the environment, by its clock; may be cut off and run again

contractor   what it shows
C-MO         never answers: one leak is at the reminder, one at gate A
C-ZJ         does: drafted, noticed, acknowledged (a worker has it), refused, cured, closed; one not its fault, dropped
C-HD         its contract lets a third party come at once: engaged, done, accepted; what it owes of two months: debts.py
none         where two contracts promise the same, the warranty office has to decide
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.domain.contractor.letter import LetterKind
from chalicelib.domain.contractor.words import Route
from infra.seed import debts
from infra.seed.demo import demo
from infra.seed.stage import OWNER, SIGNED, Stage, Story, at

ENGAGER, OTHER_ENGAGER, THIRD = "BJ-O1", "HD-O1", "T-FS.A1"
CONTACT, ABOVE, WORKER = "C-ZJ.A1", "C-ZJ.A2", "C-ZJ.W1"
LEAKED = (["contractor", 100],)


FIRST = at(2, 9, 9, 10)
REMINDED = at(2, 24, 9, 10)  # the first working day after the Spring Festival
GATE = at(2, 28, 9, 10)  # a Saturday that is worked instead
WORK = at(2, 28, 13, 10)
MORNING = at(3, 2, 8, 5)
PROMISED = at(3, 10, 18)  # what owners agreed to while the contractor is pressed

PHONES = {str(row["unit"]): str(row["phone"]) for row in demo()["residents"] if row["role"] == "业主"}


def _story(name: str, told: datetime, place: str, about: str, words: str, *, photo: bool = False) -> Story:
    category, _, component = about.partition("/")
    return Story(name, place, category, component, words, PHONES[place], told, photo)


REMINDER = _story("reminded", FIRST, "YS-3-1-902", "water_leak/outer_wall", "北卧外墙下雨就渗，墙面一大片水印。")
GATED = _story("gated", FIRST, "YS-3-2-801", "water_leak/bathroom", "次卫地面返潮，楼下住户说天花板滴水。", photo=True)
ACCEPTED = _story("accepted", GATE, "LW-A-1203", "water_leak/bathroom", "主卫门口地板泡胀，怀疑防水坏了。")
DONE = _story("done", GATE, "LW-A-602", "water_leak/kitchen", "厨房水槽后面的墙根一直渗水，墙皮起泡。")
ENGAGED = _story("engaged", GATE, "LW-A-904", "water_leak/balcony", "下雨后阳台地漏旁渗水，流到客厅地板。")
CLOSED = _story("closed", GATE, "FL-1-1-302", "doors_windows/inner_door", "次卧房门下沉，关不上。")
NOTICED = _story("noticed", MORNING, "FL-1-2-502", "walls_floors/wall", "客厅电视墙斜着裂了一条缝。")
CURED = _story("cured", MORNING, "FL-3-2-501", "electrical/switch", "玄关开关按下去没反应。")
DROPPED = _story("dropped", MORNING, "FL-4-1-201", "plumbing/floor_drain", "厨房地漏堵了，水下不去。")
TAKEN = _story(
    "acknowledged", MORNING, "FL-2-2-402", "electrical/socket", "餐厅一排插座没电，重新合闸也不行。", photo=True
)
REFUSED = _story(
    "refused", MORNING, "FL-2-1-602", "doors_windows/entrance_door", "入户门变形，要用力撞才能关。", photo=True
)
DRAFTED = _story("drafted", MORNING, "FL-1-2-101", "walls_floors/ceiling", "客厅吊顶开裂，裂缝越来越长。")
RIVALS = _story("undecided", MORNING, "FL-3-1-302", "water_leak/bathroom", "主卫漏水到楼下，物业让报修。")

SILENT = (REMINDER, GATED)
AT_ONCE = (ACCEPTED, DONE, ENGAGED)
STAGES = (*SILENT, *AT_ONCE, CLOSED, NOTICED, CURED, DROPPED, TAKEN, REFUSED, DRAFTED)
CAUSES = {
    REMINDER.name: "wall_crack",
    GATED.name: "waterproof_layer",
    ACCEPTED.name: "waterproof_layer",
    DONE.name: "pipe_sleeve",
    ENGAGED.name: "wrong_fall",
}
PRICED = {ACCEPTED.name: ["FS-01", 6500], DONE.name: ["FS-02", 2000], ENGAGED.name: ["FS-01", 12000]}
FOUND = "现场查看，渗漏点与防水做法有关，已拍照。"


def play(stage: Stage) -> None:
    """All of it, in the order of its days."""
    parts = (
        *debts.BEFORE,
        (FIRST, notices),
        (REMINDED, reminder),
        (REMINDED, debts.bills),
        (GATE, gates),
        (WORK, repairs),
        (WORK, debts.answers),
        (MORNING, morning),
    )
    for day, part in parts:
        stage.until(day)
        part(stage)


def notices(stage: Stage) -> None:
    """Two leaks that the silent contractor is liable for: inspected, and noticed by the agreed e-mail."""
    stage.report(*SILENT)
    for story in SILENT:
        stage.inspect(story, CAUSES[story.name], LEAKED, FOUND, until=PROMISED)
        stage.on_case(story, "release_notice", ENGAGER)
    _arrived(stage, SILENT)


def reminder(stage: Stage) -> None:
    """Nothing came of it: one is reminded by post and called."""
    remind(stage, GATED, "1234567800012")


def gates(stage: Stage) -> None:
    """The last deadline is over: gate A. The other is reminded, too late. Three go to a third party by their clause."""
    stage.wait_case(GATED, lambda case: case.expired)
    stage.on_case(GATED, "pass_gate", ENGAGER)
    remind(stage, REMINDER, "1234567800025")
    stage.report(*AT_ONCE, CLOSED)
    for story in AT_ONCE:
        stage.inspect(story, CAUSES[story.name], LEAKED, FOUND)
        stage.on_case(story, "release_notice", OTHER_ENGAGER)
    stage.on_case(CLOSED, "release_notice", ENGAGER)
    _taken_on(stage, CLOSED)
    stage.repair(CLOSED, "合页重新安装，门扇已校正，请业主验收。")
    stage.do(CLOSED, "sign_off", OWNER, signature=SIGNED)
    _arrived(stage, AT_ONCE)
    for story in AT_ONCE:
        stage.on_case(story, "pass_gate", OTHER_ENGAGER, route=Route.DIRECT.value)
        stage.on_case(story, "engage", OTHER_ENGAGER, company="T-FS", items=[PRICED[story.name]])
        start = at(3, 2, 14) if story is ENGAGED else at(2, 28, 13)
        end = start + timedelta(hours=3)
        stage.on_case(story, "appoint", THIRD, start=start.isoformat(), end=end.isoformat())
        stage.on_case(story, "release_third_party_notice", OTHER_ENGAGER)


def repairs(stage: Stage) -> None:
    """The third party repairs two of them; one owner signs."""
    for story in (ACCEPTED, DONE):
        stage.repair(story, "拆除后重做防水，闭水试验无渗漏。", team="T-FS/third_party")
    stage.do(ACCEPTED, "sign_off", OWNER, signature=SIGNED)


def morning(stage: Stage) -> None:
    """Today's: noticed, taken on by a worker, refused, repaired, nobody's fault; a notice that has not gone; rivals."""
    stage.report(NOTICED, CURED, TAKEN, REFUSED, DROPPED, DRAFTED, RIVALS)
    for story in (NOTICED, CURED, TAKEN, REFUSED):
        stage.on_case(story, "release_notice", ENGAGER)
    stage.on_case(REFUSED, "refuse", ABOVE, "门扇由业主自行更换过，不在我方保修范围。", reason="not_mine")
    for story in (TAKEN, CURED):
        _taken_on(stage, story)
    stage.on_case(TAKEN, "delegate", CONTACT, person=WORKER)
    stage.repair(CURED, "开关已更换，回路已测试，请业主验收。")
    stage.inspect(DROPPED, "blocked_by_use", (["owner", 100],), "地漏内有大量油脂和菜叶，属使用堵塞。")


def _arrived(stage: Stage, stories: Sequence[Story]) -> None:
    for story in stories:
        stage.wait_case(story, lambda case: case.arrived(LetterKind.NOTICE))


def _taken_on(stage: Stage, story: Story) -> None:
    """The contractor acknowledges, and has the ticket."""
    stage.on_case(story, "acknowledge", CONTACT)
    stage.wait_case(story, lambda case: not case.to_entrust)


def remind(stage: Stage, story: Story, waybill: str) -> None:
    """By post, and by a call that nobody answers."""
    stage.on_case(story, "release_reminder", ENGAGER)
    stage.post(story, ENGAGER, waybill)
    words = "拨打授权联系人手机，振铃无人接听。"
    stage.on_case(story, "call", ENGAGER, words, purpose="deadline", result="no_answer")


def main() -> int:
    stage = Stage()
    play(stage)
    for story in STAGES:
        _stands(stage, story)
    return 0


def _stands(stage: Stage, story: Story) -> None:
    stage.wait_case(story, lambda case: case.state.value == story.name)


if __name__ == "__main__":
    sys.exit(main())
