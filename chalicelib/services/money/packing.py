"""The evidence pack of a deduction: made once when it is firm, kept write-once, its hash noted on the deduction.

made      it is there now
known     it was made before, or there is none to be made

Cut off anywhere it is made again, with the same bytes under the same key; what was noted first is the deduction's for
good. Whatever is firm and has none is asked for again by the sweep, until the queue has tried it for the last time:
then its page says so, where the office has it made again, and it is tried once a night. Nobody seals a deduction
without one.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.adapters import archive, binding, objects, originals, press
from chalicelib.adapters.log import logger
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.clocks import promises
from chalicelib.domain.money.changes import fold
from chalicelib.domain.money.deduction import Deduction
from chalicelib.domain.money.kind import runs
from chalicelib.domain.money.pack import MOST_BYTES, File, Shot, pack_of
from chalicelib.domain.pictures import MOST_BYTES as MOST_OF_PHOTO
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.record.event import SYSTEM
from chalicelib.domain.record.reference import parts
from chalicelib.language import pack_files, packs
from chalicelib.language.pack_files import Bound
from chalicelib.language.packs import Named
from chalicelib.services.contractor.writing import LANG
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_of
from chalicelib.services.ticket.photos import key_of
from chalicelib.store import contracts

MADE, KNOWN = "made", "known"
KEY = "evidence"
MOST_READ = 9_000_000  # bytes of a file that a pack can have room for
MOST_PHOTOS = 40


def ask(name: str) -> None:
    """Have a pack made. May be asked again; a queue that does not answer is left to the sweep."""
    try:
        press.ask({"pack": name})
    except press.NotQueued as fault:
        logger.warning("pack not queued", extra={"record": name, "fault": str(fault)})


def make(name: str, at: datetime) -> str:
    """Make the pack of a deduction; which of the outcomes above. May run twice, and beside itself.

    Raises NotFound, Untypeset, and what the record's move raises.
    """
    one: Deduction = record.load(name, consistent=True)
    if not one.unproved:
        return KNOWN
    pdf = bound(one)
    digest = hashlib.sha256(pdf).hexdigest()
    key = archive.key_beside(archive.EVIDENCE, one.entity, parts(one.id)[1], digest, "pdf")
    archive.keep(key, pdf)
    record.perform(
        Command("note_evidence", SYSTEM, {"hash": digest, "key": key, "size": len(pdf)}, key=KEY), one.id, at
    )
    return MADE


def give_up(name: str, at: datetime) -> None:
    """Note that a pack could not be made, however often it was tried, unless it is there by now. May run again."""
    one: Deduction = record.load(name, consistent=True)
    if one.unproved and not one.unpacked:
        with contextlib.suppress(IllegalMove):  # somebody beside it has made it, or given it up
            record.perform(Command("note_unpacked", SYSTEM, key=f"unpacked/{one.version}"), one.id, at)


def bound(one: Deduction) -> bytes:
    """The PDF of the pack, from what is stored: some calls, and one for each file and photo. Raises Untypeset."""
    case: Case = record.load(one.case)
    pack = pack_of(one, case, [record.load(ticket) for ticket in case.tickets])
    numbers = policy_of(pack.one)
    tz = numbers.zone
    clocks = [run for run in promises(pack.case, policy_of(pack.case)) if run.clock.started_at <= pack.at]
    said = packs.said(pack, _named(pack.one), clocks, _objection(pack.one, numbers), LANG, tz)
    papers = [_paper(file) for file in pack.files]
    captions = packs.captions(pack, LANG, tz)
    shots = list(zip(pack.shots, captions, strict=True))
    left = [(caption, _sum(shot)) for shot, caption in shots[MOST_PHOTOS:]]

    def listing(pages: Sequence[int]) -> dict[str, Any]:
        sizes = [len(paper.content) if paper.content else 0 for paper in papers]
        found = [Bound(f, size, n) for f, size, n in zip(pack.files, sizes, pages, strict=True)]
        return pack_files.listed(found, left, LANG, tz, MOST_PHOTOS)

    photos = [binding.Photo(caption, _photo(shot)) for shot, caption in shots[:MOST_PHOTOS]]
    return binding.bind(said, pack.at, tz, MOST_BYTES, photos, papers, listing).pdf


def _named(one: Deduction) -> Named:
    entity, contract = contracts.entity(one.entity), contracts.contract(one.contract)
    companies = contracts.companies([one.company, one.third_party])
    clause = next((its for its in contract.clauses if its.id == one.clause), None) if contract else None

    def called(company: str) -> str:
        return companies[company].name if company in companies else company

    return Named(
        entity.name if entity else one.entity,
        called(one.company),
        called(one.third_party),
        contract.number if contract else one.contract,
        f"{clause.id} {clause.text}".strip() if clause else one.clause,
        {item: price.name for item, price in companies[one.third_party].prices.items()}
        if one.third_party in companies
        else {},
    )


def _objection(one: Deduction, numbers: Policy) -> datetime | None:
    """Until when the contractor could object, by the arrival of the notice."""
    letter = one.letter
    if letter is None or not letter.delivery:
        return None
    arrived = fold(one.id, one.events[: letter.delivery])
    return next((run.clock.due_at for run in runs(arrived, numbers) if run.name == "objection"), None)


def _paper(file: File) -> binding.Paper:
    """A file as it was kept; without its content where it is gone, or larger than a pack can be."""
    try:
        store = originals if file.key.startswith(originals.ROOM) else archive
        content = store.read(file.key, MOST_READ)
    except objects.Absent:
        content = b""
    fits = 0 < len(content) <= MOST_READ
    return binding.Paper(pack_files.title(file, LANG), file.key.rpartition(".")[2], content if fits else None)


def _sum(shot: Shot) -> str:
    """What a photo is known by that the pack has no room for; "" where there is none any more."""
    content = _photo(shot)
    return hashlib.sha256(content).hexdigest() if content else ""


def _photo(shot: Shot) -> bytes | None:
    """A photo's clean picture; None where there is none, or none any more."""
    for below in shot.records:
        try:
            if key := key_of(below, shot.upload):
                return objects.read_clean(key, MOST_OF_PHOTO)
        except objects.Absent:
            continue
    return None
