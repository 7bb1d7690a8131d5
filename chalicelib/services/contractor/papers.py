"""The letters of a case or a deduction as its pages show them, with their files; no call but the one that opens a file.

A file is shown by whoever opened the case: an address that S3 honours for ten minutes, made when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from chalicelib.adapters import archive
from chalicelib.domain.contractor.words import Sent
from chalicelib.domain.record.event import Event
from chalicelib.services.record.record import NotFound


class Sending(Protocol):
    """Any record that sends letters: a case, a deduction."""

    @property
    def letters(self) -> tuple[Sent, ...]: ...
    @property
    def events(self) -> tuple[Event, ...]: ...


WAYBILL = "waybill"
# event → how the file came; "": it says so itself
FILES = {"letter_made": "pdf", "letter_sealed": "", "letter_delivered": WAYBILL}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of a letter. `how`: pdf, scan, e_seal, waybill (`language.letters.file_word`)."""

    how: str
    hash: str
    key: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter and its files, the PDF first; none while it is being made. `page`: where anybody can check it."""

    letter: Sent
    sheets: tuple[Sheet, ...]
    page: str
    rare: tuple[str, ...] = ()  # characters that were printed by their number
    unshown: tuple[int, ...] = ()  # photos, from 1, that could not be shown

    @property
    def best(self) -> Sheet | None:
        """What to read: the last sealed file, else the PDF."""
        return next((sheet for sheet in reversed(self.sheets) if sheet.how != WAYBILL), None)


def papers(case: Sending) -> list[Paper]:
    """The letters of a record, the newest first."""
    return [_paper(case, letter) for letter in reversed(case.letters)]


def address(case: Sending, number: str, digest: str = "") -> str:
    """Where a file of the case's letter can be read for ten minutes; the best one unless its hash is named.

    Raises NotFound for a letter or file that is not the case's, or not made yet.
    """
    letter = next((one for one in case.letters if one.number == number), None)
    if letter is None:
        raise NotFound
    paper = _paper(case, letter)
    found = next((sheet for sheet in paper.sheets if sheet.hash == digest), None) if digest else paper.best
    if found is None:
        raise NotFound
    return archive.presigned_get(found.key, f"{number}.{found.key.rpartition('.')[2]}")


def _paper(case: Sending, letter: Sent) -> Paper:
    own = [event for event in case.events if event.data.get("letter") == letter.number]
    sheets = [
        Sheet(FILES[event.kind] or str(event.data["how"]), str(event.data["sha256"]), str(event.data["key"]))
        for event in own
        if event.kind in FILES and event.data.get("key")
    ]
    said = {key: tuple(value) for event in own for key, value in event.data.items() if key in ("rare", "unshown")}
    return Paper(letter, tuple(sheets), f"/l/{letter.number}", said.get("rare", ()), said.get("unshown", ()))
