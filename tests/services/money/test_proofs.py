"""Files of a deduction: kept under their own hash, in the forms of invoices; and its notice, sealed and mailed."""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import zipfile
from dataclasses import replace

import pytest

from chalicelib.adapters import ids
from chalicelib.domain.money.deduction import Deduction, State
from chalicelib.domain.record.errors import Invalid
from chalicelib.services.contractor import office, pressing
from chalicelib.services.money import proofs
from chalicelib.services.proofs import MOST_BYTES
from chalicelib.services.record.record import NotFound
from chalicelib.store import contracts, letters
from chalicelib.store.table import Put
from tests.services.money import owed
from tests.services.money.owed import act, gathered, invoiced, of_case, uploaded
from tests.typeset import use_faces
from tests.world import World

ABOUT = {"number": owed.INVOICE, "total": 54_000, "allocated": 54_000, "buyer_tax": "91310000MA1FL0XX0A"}
XML = b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?><EInvoice/>"
SCAN = b"%PDF-1.7 printed, sealed by hand, scanned\n%%EOF\n"
AGREED = "office@example.invalid"


def archived(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return made.getvalue()


OFD = archived("OFD.xml", "Doc_0/Document.xml")


@pytest.fixture
def here(world: World) -> World:
    office.forget()
    return owed.settle(world)


@pytest.fixture
def case(here: World) -> str:
    return invoiced(here)


def checked(world: World, case: str, content: bytes, **more: object) -> Deduction:
    return act(
        world, case, "check_invoice", "o2", type="special", upload=uploaded(world, case, content), **ABOUT, **more
    )


@pytest.mark.parametrize(("content", "ending"), [(owed.ORIGINAL, "pdf"), (OFD, "ofd"), (XML, "xml")])
def test_an_invoices_original_is_kept_as_it_came_under_its_own_hash(
    here: World, case: str, content: bytes, ending: str
) -> None:
    one = checked(here, case, content)
    digest = hashlib.sha256(content).hexdigest()
    assert one.invoice is not None
    assert one.invoice.original == digest
    [(kept, key)] = proofs.files(one)
    assert (kept, key.rpartition(".")[2]) == (digest, ending)
    assert here.pictures.stored[key] == content


def test_a_page_s_own_word_for_a_hash_or_a_key_is_never_taken(here: World, case: str) -> None:
    forged = {
        "original": "f" * 64,
        "file": "proofs/E2/other/ffff.pdf",
        "proof": "f" * 64,
        "used": -(10**9),
        "buyer": "x",
    }
    one = checked(here, case, XML, **forged)
    digest = hashlib.sha256(XML).hexdigest()
    assert one.invoice is not None
    assert one.invoice.original == digest
    [(_, key)] = proofs.files(one)
    assert digest in key
    assert "E2" not in key
    for wrong in ("f" * 64, digest[:12], "../" + digest, ""):
        with pytest.raises(NotFound):
            proofs.address(one, wrong)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7 cut off",
        b"MZ\x90\x00 a program",
        archived("word/document.xml"),
        b"<html><script>alert(1)</script></html>",
        b"GIF89a",
        b"\xff\xd8\xff" + b"0" * MOST_BYTES,
    ],
    ids=["empty", "cut off", "program", "another zip", "html", "gif", "too much"],
)
def test_what_is_no_invoice_is_refused_and_nothing_of_it_is_kept(here: World, case: str, content: bytes) -> None:
    before = dict(here.pictures.stored)
    with pytest.raises(Invalid) as refused:
        checked(here, case, content)
    assert refused.value.field == "original"
    assert {key for key in here.pictures.stored if key.startswith("proofs/")} == {
        key for key in before if key.startswith("proofs/")
    }


def test_an_upload_of_another_deduction_or_of_nobody_is_none(here: World, case: str) -> None:
    other = invoiced(here)
    stranger = uploaded(here, other)
    for upload in (stranger, ids.ulid(here.at), "../x", ""):
        with pytest.raises(Invalid):
            act(here, case, "check_invoice", "o2", type="special", upload=upload, **ABOUT)
    assert of_case(case).invoice is None


def released(world: World, case: str) -> str:
    """The number of its notice, which went out a moment ago."""
    gathered(world, case)
    act(world, case, "approve", "o2")
    act(world, case, "release_deduction_notice", "o2")
    one = of_case(case)
    assert one.letter is not None
    return one.letter.number


def test_the_notice_is_set_sealed_by_hand_and_scanned_back_and_mailed_once_as_sealed(here: World, case: str) -> None:
    use_faces()
    company = contracts.company("C1")
    assert company is not None
    for row in contracts.put_company(replace(company, email=AGREED)):
        here.table.write(Put(row))
    number = released(here, case)
    here.provider.sent.clear()
    assert pressing.make(number, here.at) == pressing.MADE
    assert mails(here) == [], "only a repair notice goes unsealed"
    upload = ids.ulid(here.at)
    here.pictures.stored[f"scans/{number}/{upload}"] = SCAN
    one = act(here, case, "seal", "o2", {}, letter=number, upload=upload)
    assert one.letter is not None
    assert one.letter.sealed == hashlib.sha256(SCAN).hexdigest()
    public = letters.get(number)
    assert public is not None
    assert [file.hash for file in public.files if file.how == "scan"] == [one.letter.sealed]
    for _ in range(2):
        pressing.make(number, here.at)
    [mail] = mails(here)
    assert mail["To"] == AGREED
    assert number in mail["Subject"]
    [file] = list(mail.iter_attachments())
    assert file.get_content() == SCAN
    assert [event.kind for event in of_case(case).events].count("letter_sent") == 1
    assert of_case(case).state is State.DELIVERED


def mails(world: World) -> list[email.message.EmailMessage]:
    raw = [call["RawMessage"]["Data"] for call in world.provider.sent if "RawMessage" in call]
    return [email.message_from_bytes(one, policy=email.policy.default) for one in raw]  # type: ignore[misc]
