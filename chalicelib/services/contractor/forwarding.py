"""What follows a letter's PDF: the electronic seal where there is a service for it, and the agreed e-mail.

e-seal    SEAL=http: the CA's service seals it, the sealed file is kept and noted
e-mail    to the address that the contract names, the general contractor in copy: a notice at once, any other letter
          once it is sealed; not when it has arrived already. As the provider takes it, it has arrived, if the policy
          says so

Each is done once, by what its record says of it; cut off between sending and noting, one more may go out. What a
provider will never take is noted on the record, and rings; whatever else fails comes again with the letter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from chalicelib.adapters import archive, mail, seal
from chalicelib.adapters.delivery import NotDelivered
from chalicelib.adapters.metrics import ring
from chalicelib.adapters.settings import settings
from chalicelib.domain.contractor.letter import LetterKind
from chalicelib.domain.contractor.making import Lettered
from chalicelib.domain.contractor.words import Sent
from chalicelib.domain.policy.ladder import ladder_of
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM, Event
from chalicelib.domain.record.reference import parts
from chalicelib.language.letters import mail_of
from chalicelib.services.contractor.papers import Paper, papers
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import contracts
from chalicelib.store.letters import Kept

SENDS = frozenset({"CASE", "DEDUCTION"})


class Sending(Lettered, Protocol):
    """What is asked of a record whose letters are sent on: a case, a deduction."""

    @property
    def id(self) -> str: ...
    @property
    def entity(self) -> str: ...
    @property
    def company(self) -> str: ...
    @property
    def place(self) -> Mapping[str, str]: ...
    @property
    def events(self) -> tuple[Event, ...]: ...
    def last(self, *kinds: str, **facts: Any) -> Event | None: ...


def forward(letter: Kept, page: str, at: datetime) -> None:
    """Do what the letter is owed, once its PDF is there. `page`: its public address. May run again.

    Raises NotSealed, NotDelivered while another try may help.
    """
    if parts(letter.record)[0] not in SENDS:
        return
    one = record.load(letter.record, consistent=True)
    if settings().seal == "http":
        one = _sealed(one, letter.number, at)
    paper = next(its for its in papers(one) if its.letter.number == letter.number)
    if _mails(one, paper):
        _mail(one, paper, page, at)


def _sealed(one: Sending, number: str, at: datetime) -> Sending:
    """The record with the electronic seal of the letter on it. Raises NotSealed."""
    paper = next(its for its in papers(one) if its.letter.number == number)
    if any(sheet.how == "e_seal" for sheet in paper.sheets) or not paper.sheets:
        return one
    content = seal.seal(archive.read(paper.sheets[0].key), number, one.entity)
    digest = hashlib.sha256(content).hexdigest()
    key = archive.key_of(archive.SEALED, number, digest, "pdf")
    archive.keep(key, content)
    facts = {"letter": number, "how": "e_seal", "sha256": digest, "key": key}
    sealed: Sending = record.perform(Command("seal", SYSTEM, facts, key=f"e-seal/{number}"), one.id, at)
    return sealed


def _mails(one: Sending, paper: Paper) -> bool:
    """Whether the letter is to go by e-mail now, as far as its record knows."""
    letter: Sent = paper.letter
    sent = one.last("letter_sent", letter=letter.number, how="email")
    failed = one.last("message_failed", message=_mark(letter.number))
    ready = letter.kind is LetterKind.NOTICE or bool(letter.sealed)
    return ready and not sent and not failed and letter.delivered_at is None and paper.best is not None


def _mail(one: Sending, paper: Paper, page: str, at: datetime) -> None:
    """Raises NotDelivered."""
    number, best = paper.letter.number, paper.best
    assert best is not None
    released = one.last("letter_released", letter=number)
    copied = [str(to) for to in (released.data.get("copies", ()) if released else ())]
    found = contracts.companies([one.company, *copied])
    to = found[one.company].email if one.company in found else ""
    if not to:
        return
    copies = [found[its].email for its in copied if its in found and found[its].email]
    subject, text = mail_of(paper.letter.kind.value, number, page)
    ending = best.key.rpartition(".")[2]
    file = mail.Attached(f"{number}.{ending}", archive.TYPES[ending], archive.read(best.key))
    try:
        mail.send_with(to, copies, subject, text, file)
    except NotDelivered as fault:
        if not fault.final:
            raise
        facts = {"message": _mark(number), "template": "letter", "to": one.company}
        record.perform(Command("note_failed_message", SYSTEM, facts, key=f"unmailed/{number}"), one.id, at)
        ring("MessagesFailed")
        return
    record.change(one.id, lambda now: _arrived(now, number, at), at)


def _arrived(one: Sending, number: str, at: datetime) -> Sequence[Command]:
    """It was sent; and it has arrived, where the policy takes the provider's word for it."""
    facts = {"letter": number, "how": "email"}
    commands = [Command("note_sent", SYSTEM, facts, key=f"mailed/{number}")]
    if ladder_of(policy_for(one.place)).email_delivers:
        proof = {**facts, "at": at.replace(microsecond=0).isoformat()}  # events keep seconds: no later than they
        commands.append(Command("prove_delivery", SYSTEM, proof, key=f"mailed/{number}/arrived"))
    return commands


def _mark(number: str) -> str:
    return f"letter/{number}"
