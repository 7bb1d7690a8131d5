"""What the demo's contractor C-HD owes of two months: a deduction at every stage, two batches, one settlement.

story      what has become of it on 2026-03-02
part       firm in January, in the first batch; the bank of the bond has paid a part of it
whole      firm by silence, in the first batch, recovered altogether
upheld     disputed, and the contractor was right: reversed
taken      firm in February, in the second batch, which finance has not taken over yet
ready      firm; waits to be exported
ready_too  firm; waits to be exported
disputed   the warranty office has to decide
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters import mappings
from chalicelib.adapters import time as clock
from chalicelib.domain.contractor.letter import LetterKind
from chalicelib.domain.contractor.words import Route
from chalicelib.domain.money.batch import Batch, State
from chalicelib.services.money import periods, sealing, settling
from chalicelib.services.record import record
from infra.seed import contracts
from infra.seed.demo import demo
from infra.seed.stage import OURS, OWNER, SIGNED, PlayFailed, Stage, Story, actor_of, at

ENTITY = "E-LW"
TAX_NUMBER = next(tax for code, _, tax, *_ in contracts.ENTITIES if code == ENTITY)
ENGAGER, APPROVER, JUDGE = "HD-O1", "HD-O2", "HD-O3"
SEALER, BOOKER = f"{ENTITY}-F1", f"{ENTITY}-F2"
CONTACT, THIRD = "C-HD.A1", "T-FS.A1"
PHONES = {str(row["unit"]): str(row["phone"]) for row in demo()["residents"] if row["role"] == "业主"}

JANUARY = at(1, 12, 9, 10)
JANUARY_WORK = at(1, 12, 14, 10)
RULED = at(1, 16, 9, 10)
SILENT = at(1, 20, 9, 10)
JANUARY_END = at(1, 30, 15, 10)
FEBRUARY = at(2, 2, 9, 10)
FEBRUARY_WORK = at(2, 2, 14, 10)


def _story(name: str, told: datetime, place: str, about: str, words: str) -> Story:
    return Story(f"owed/{name}", place, "water_leak", about, words, PHONES[place], told)


PART = _story("part", JANUARY, "LW-A-1101", "bathroom", "主卫墙根发黑，门套泡烂了。")
WHOLE = _story("whole", JANUARY, "LW-A-802", "kitchen", "厨房顶上滴水，楼上说没用水。")
UPHELD = _story("upheld", JANUARY, "LW-A-703", "window", "飘窗下面渗水，窗台板起皮。")
TAKEN = _story("taken", FEBRUARY, "LW-A-504", "bathroom", "次卫地砖缝往外渗水。")
READY = _story("ready", FEBRUARY, "LW-A-402", "balcony", "阳台吊顶有水印，下雨就大一圈。")
READY_TOO = _story("ready_too", FEBRUARY, "LW-A-301", "outer_wall", "儿童房外墙渗水，墙纸脱开。")
DISPUTED = _story("disputed", FEBRUARY, "LW-A-1004", "kitchen", "水槽柜底板潮湿，墙角发霉。")
FIRST, SECOND = (PART, WHOLE, UPHELD), (TAKEN, READY, READY_TOO, DISPUTED)
STORIES = (*FIRST, *SECOND)
CAUSES = {"window": "sealant", "outer_wall": "wall_crack"}
Jobs = Mapping[str, list[object]]
JOBS: Jobs = {  # what the third party does, by its price list
    PART.name: ["FS-01", 9500],
    WHOLE.name: ["FS-02", 3000],
    UPHELD.name: ["FS-02", 1000],
    TAKEN.name: ["FS-01", 5200],
    READY.name: ["FS-01", 7800],
    READY_TOO.name: ["FS-02", 4000],
    DISPUTED.name: ["FS-01", 6000],
}
LIABLE = (["contractor", 100],)
RECOVERED = 100_000  # fen of PART


def january(stage: Stage) -> None:
    """Three leaks that a third party may repair at once, by their clause."""
    engaged(stage, FIRST, JANUARY_WORK)


def january_work(stage: Stage) -> None:
    """Repaired, invoiced, put forward, approved; the contractor agrees to one, objects to one, says nothing of one."""
    _invoiced(stage, FIRST)
    for story in FIRST:
        approved(stage, story)
    stage.post_deduction(WHOLE, APPROVER, "1234567800038")
    agreed(stage, PART)
    words = "飘窗由业主自行打胶改动过，附现场照片。"
    photo = stage.photo(stage.deduction(UPHELD).id, UPHELD, "objection")
    stage.on_deduction(UPHELD, "dispute", CONTACT, words, ground="not_liable", photos=[photo])


def ruled(stage: Stage) -> None:
    """Somebody who approved nothing of it finds that the contractor is right."""
    words = "经复核，渗水点在业主后加的封窗处，不属原施工范围。"
    fen = stage.deduction(UPHELD).disputed_fen
    if fen:
        stage.on_deduction(UPHELD, "decide_dispute", JUDGE, words, upheld_fen=fen)


def silent(stage: Stage) -> None:
    """Nobody objected to one in time: it is set off."""
    stage.wait_deduction(WHOLE, lambda one: one.basis)


def january_end(stage: Stage) -> None:
    """Finance opens January and seals what is firm, and takes the files over."""
    batch = _sealed(stage, "2026-01", (PART, WHOLE))
    if batch.state is State.MADE:
        sealing.acknowledge(ENTITY, batch.number, actor_of(SEALER), clock.now(), key=f"{OURS}{SEALER}/acknowledge")


def february(stage: Stage) -> None:
    """Four more. What January's batch brought comes back from finance's books, by somebody who sealed nothing of it."""
    periods.open_one(ENTITY, "2026-02", actor_of(BOOKER), clock.now())
    _booked(stage)
    engaged(stage, SECOND, FEBRUARY_WORK)


def february_work(stage: Stage) -> None:
    """All four are repaired; the bill of one comes at once, and it is agreed to and sealed."""
    repaired(stage, SECOND)
    billed(stage, (TAKEN,))
    approved(stage, TAKEN)
    agreed(stage, TAKEN)
    _sealed(stage, "2026-02", (TAKEN,))


def bills(stage: Stage) -> None:
    """The bills of the other three have come: they are put forward and approved, their notices go."""
    billed(stage, (READY, READY_TOO, DISPUTED))
    for story in (READY, READY_TOO, DISPUTED):
        approved(stage, story)


def answers(stage: Stage) -> None:
    """Two are agreed to, the third is disputed."""
    agreed(stage, READY)
    agreed(stage, READY_TOO)
    words = "工程量偏大：厨房防水实铺不足六平方米，请复测。"
    stage.on_deduction(DISPUTED, "dispute", CONTACT, words, ground="amount", fen=52_000)


BEFORE = (
    (JANUARY, january),
    (JANUARY_WORK, january_work),
    (RULED, ruled),
    (SILENT, silent),
    (JANUARY_END, january_end),
    (FEBRUARY, february),
    (FEBRUARY_WORK, february_work),
)


def engaged(stage: Stage, stories: Sequence[Story], start: datetime, jobs: Jobs = JOBS) -> None:
    """Reported, inspected, noticed; a third party is engaged and says when it comes."""
    stage.report(*stories)
    for story in stories:
        cause = CAUSES.get(story.component, "waterproof_layer")
        stage.inspect(story, cause, LIABLE, "现场查看，渗漏点与防水做法有关，已拍照。")
        stage.on_case(story, "release_notice", ENGAGER)
    for story in stories:
        stage.wait_case(story, lambda case: case.arrived(LetterKind.NOTICE))
    end = start + timedelta(hours=2)
    for story in stories:
        stage.on_case(story, "pass_gate", ENGAGER, route=Route.DIRECT.value)
        stage.on_case(story, "engage", ENGAGER, company="T-FS", items=[jobs[story.name]])
        stage.on_case(story, "appoint", THIRD, start=start.isoformat(), end=end.isoformat())
        stage.on_case(story, "release_third_party_notice", ENGAGER)


def repaired(stage: Stage, stories: Sequence[Story]) -> None:
    for story in stories:
        stage.repair(story, "拆除后重做防水，闭水试验无渗漏。", team="T-FS/third_party")
        stage.do(story, "sign_off", OWNER, signature=SIGNED)


def _invoiced(stage: Stage, stories: Sequence[Story]) -> None:
    repaired(stage, stories)
    billed(stage, stories)


def billed(stage: Stage, stories: Sequence[Story], jobs: Jobs = JOBS) -> None:
    """The third party's invoices; all that gate B asks for is entered, so that they put themselves forward."""
    for story in stories:
        stage.wait_case(story, lambda case: case.job and case.job.accepted_at)
        stage.on_case(story, "invoice", THIRD, invoice=invoice_of(story))
    for story in stories:
        one = stage.deduction(story)
        price, day = one.price, one.events[0].at.date().isoformat()
        stage.on_deduction(story, "check_scope", APPROVER)
        for person in (ENGAGER, APPROVER):
            stage.on_deduction(story, "measure", person, items=[jobs[story.name]])
        bill: dict[str, Any] = {"number": invoice_of(story), "total": price, "allocated": price}
        bill |= {"buyer_tax": TAX_NUMBER, "type": "special", "upload": stage.paper(story, "invoice")}
        stage.on_deduction(story, "check_invoice", APPROVER, **bill)
        paid: dict[str, Any] = {"fen": price, "on": day, "voucher": f"付-{invoice_of(story)[-4:]}"}
        stage.on_deduction(story, "pay_third", SEALER, upload=stage.paper(story, "payment"), **paid)
    for story in stories:
        stage.wait_deduction(story, lambda one: one.round)


def approved(stage: Stage, story: Story) -> None:
    put = stage.deduction(story).last("proposed")
    stage.on_deduction(story, "approve", APPROVER, of=put.version if put else 0)
    stage.on_deduction(story, "release_deduction_notice", APPROVER)


def agreed(stage: Stage, story: Story) -> None:
    stage.on_deduction(story, "agree", CONTACT, total=stage.deduction(story).total)


def invoice_of(story: Story) -> str:
    """The number of its invoice, 20 digits."""
    return f"2631{int.from_bytes(story.salt[:6]) % 10**16:016d}"


def _sealed(stage: Stage, period: str, stories: Sequence[Story]) -> Batch:
    """The batch of what is firm, with its files. Raises PlayFailed."""
    if mappings.evidence_needed():
        for story in stories:
            stage.wait_deduction(story, lambda one: one.evidence)
    by, key = actor_of(SEALER), f"{OURS}{SEALER}/{period}"
    periods.open_one(ENTITY, period, by, clock.now())
    opened = sealing.seal(ENTITY, by, clock.now(), period=period, key=key)
    made: Batch = stage.until_so(period, lambda: record.load(opened.id, consistent=True), lambda one: one.files)
    if made.count != len(stories):
        raise PlayFailed(f"{made.number} has {made.count} entries")
    return made


def _booked(stage: Stage) -> None:
    """The bond's bank has paid: one altogether, one in part. Raises PlayFailed."""
    rows = [("扣款单号", "凭证号", "记账日期", "会计期间", "付款申请", "来源", "金额")]
    for story, fen in ((PART, RECOVERED), (WHOLE, stage.deduction(WHOLE).total)):
        number = stage.deduction(story).number
        rows.append((number, "记-18", "2026-02-02", "2026-02", "保函〔2026〕01", "保函", f"{fen / 100:.2f}"))
    content = "".join(",".join(row) + "\n" for row in rows).encode()
    done = settling.settle(ENTITY, content, "settlements.csv", actor_of(BOOKER), clock.now())
    if done.faults or done.unread:
        raise PlayFailed(f"settlement: {done.faults or done.unread}")
