"""What follows a letter's PDF: sealed by a service where there is one, mailed to the agreed address, once."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters import seal, settings
from chalicelib.domain.contractor.contract import ContractKind
from chalicelib.domain.contractor.words import Delivery, State
from chalicelib.domain.policy import ladder
from chalicelib.services.contractor import pressing
from chalicelib.store import contracts, letters
from chalicelib.store.table import Put
from tests.model.crashes import CUT, Scissors
from tests.services.contractor import scene
from tests.services.contractor.scene import case_of, do
from tests.services.contractor.test_sealing import number
from tests.services.contractor.test_sealing import seal as scanned
from tests.typeset import use_faces
from tests.world import World

AGREED, GENERAL = "office@example.invalid", "general@example.invalid"
SEALED = b"%PDF-1.7 with an electronic seal\n%%EOF\n"


@pytest.fixture
def here(world: World) -> World:
    use_faces()
    scene.settle(world)
    company = contracts.company(scene.CONTRACTOR)
    assert company is not None
    for row in contracts.put_company(replace(company, email=AGREED)):
        world.table.write(Put(row))
    return world


@pytest.fixture
def case(here: World) -> str:
    """A case whose notice is released; nobody has made it yet."""
    _, reference = scene.opened(here)
    do(here, reference, "release_notice", "o1")
    here.provider.sent.clear()
    return reference


def mails(world: World) -> list[Any]:
    raw = [call["RawMessage"]["Data"] for call in world.provider.sent if "RawMessage" in call]
    return [email.message_from_bytes(one, policy=email.policy.default) for one in raw]


def kinds(case: str) -> list[str]:
    return [event.kind for event in case_of(case).events]


def test_a_notice_goes_to_the_agreed_address_with_its_pdf_and_has_arrived_as_the_provider_takes_it(
    here: World, case: str
) -> None:
    here.advance(minutes=3)
    pressing.make(number(case), here.at)
    [mail] = mails(here)
    assert (mail["To"], mail["Cc"], mail["Subject"]) == (AGREED, None, f"维修通知单（编号 {number(case)}）")
    assert f"/l/{number(case)}" in mail.get_body().get_content()
    [file] = list(mail.iter_attachments())
    kept = letters.get(number(case))
    assert kept is not None
    assert kept.pdf is not None
    assert file.get_content() == here.pictures.stored[kept.pdf.key]
    letter = case_of(case).letters[-1]
    assert (letter.how, letter.delivered_at) == (Delivery.EMAIL, here.at)
    assert kinds(case).count("letter_sent") == 1
    assert case_of(case).state is State.NOTICED, "it has arrived; nobody has taken it on"


def test_a_mail_that_went_within_a_second_has_arrived_at_that_second(here: World, case: str) -> None:
    at = here.at + timedelta(minutes=3, microseconds=413_000)
    pressing.make(number(case), at)
    assert case_of(case).letters[-1].delivered_at == at.replace(microsecond=0)


def test_the_general_contractor_gets_a_copy(here: World) -> None:
    contract, general = contracts.contract(scene.CONTRACT), contracts.company(scene.CONTRACTOR)
    assert contract is not None
    assert general is not None
    above = replace(contract, id="H0", number="HT-2020-001", company="G1", kind=ContractKind.GENERAL, clauses=())
    rows = [
        *contracts.put_company(replace(general, id="G1", name="第九建设集团", email=GENERAL, contacts=())),
        *contracts.put_contract(above),
        *contracts.put_contract(replace(contract, signed_with="H0")),
    ]
    for row in rows:
        here.table.write(Put(row))
    _, reference = scene.opened(here)
    do(here, reference, "release_notice", "o1")
    pressing.make(number(reference), here.at)
    [mail] = mails(here)
    assert (mail["To"], mail["Cc"]) == (AGREED, GENERAL)


def test_without_the_policys_word_a_mail_is_sent_and_has_not_arrived(
    here: World, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = ladder.ladder_of
    monkeypatch.setattr(
        "chalicelib.services.contractor.forwarding.ladder_of",
        lambda policy: replace(read(policy), email_delivers=False),
    )
    pressing.make(number(case), here.at)
    assert len(mails(here)) == 1
    assert "letter_sent" in kinds(case)
    assert case_of(case).letters[-1].delivered_at is None


def test_what_arrived_by_the_button_is_not_mailed_too(here: World, case: str) -> None:
    do(here, case, "confirm", "C1.k1")
    pressing.make(number(case), here.at)
    assert mails(here) == []


def test_where_no_address_is_agreed_nothing_is_mailed(here: World, case: str) -> None:
    company = contracts.company(scene.CONTRACTOR)
    assert company is not None
    for row in contracts.put_company(replace(company, email="")):
        here.table.write(Put(row))
    pressing.make(number(case), here.at)
    assert mails(here) == []
    assert letters.get(number(case)).due == ""  # type: ignore[union-attr]


def test_a_reminder_is_mailed_once_it_is_sealed(here: World, case: str) -> None:
    pressing.make(number(case), here.at)
    here.provider.sent.clear()
    here.advance(days=12)
    assert case_of(case).cause is not None
    do(here, case, "release_reminder", "o1")
    here.provider.sent.clear()
    pressing.make(number(case), here.at)
    assert mails(here) == []
    scanned(here, case)
    here.at += timedelta(minutes=5)
    here.sweep()
    assert here.queue.pressed[-1] == number(case), "what was sealed is sent on by the sweep at the latest"
    pressing.make(number(case), here.at)
    [mail] = mails(here)
    [file] = list(mail.iter_attachments())
    assert b"scanned with its seal" in file.get_content()
    pressing.make(number(case), here.at)
    assert len(mails(here)) == 1


def test_a_provider_that_is_down_holds_the_letter_and_loses_nothing(
    here: World, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:

        def refuse(**_: Any) -> None:
            raise ClientError({"Error": {"Code": "Throttling"}}, "SendRawEmail")

        down.setattr(here.provider, "send_raw_email", refuse)
        with pytest.raises(Exception, match="ses Throttling"):
            pressing.make(number(case), here.at)
    assert letters.get(number(case)).due  # type: ignore[union-attr]
    here.at += timedelta(minutes=5)
    here.sweep()
    assert here.queue.pressed[-1] == number(case)
    pressing.make(number(case), here.at)
    assert len(mails(here)) == 1
    assert letters.get(number(case)).due == ""  # type: ignore[union-attr]


def test_an_address_that_no_provider_takes_is_on_the_case_and_rings_once(
    here: World, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "MessageRejected"}}, "SendRawEmail")

    monkeypatch.setattr(here.provider, "send_raw_email", refuse)
    pressing.make(number(case), here.at)
    pressing.make(number(case), here.at)
    assert kinds(case).count("message_failed") == 1
    assert here.rings["MessagesFailed"] == 1
    assert case_of(case).letters[-1].delivered_at is None


@pytest.mark.parametrize("point", range(14))
def test_wherever_it_is_cut_off_it_is_sent_on_and_at_most_once_more(here: World, case: str, point: int) -> None:
    scissors = Scissors(here, lambda _: None)
    made = here.provider.send_raw_email
    here.provider.send_raw_email = scissors._watched("provider.send_raw_email", made)  # type: ignore[method-assign]
    with scissors.cutting((point, CUT)):
        pressing.make(number(case), here.at)
    between = bool(mails(here)) and "letter_sent" not in kinds(case)
    here.at += timedelta(minutes=30)
    here.sweep()
    for _ in here.queue.pressed:
        pressing.make(number(case), here.at)
    assert kinds(case).count("letter_made") == kinds(case).count("letter_sent") == 1
    assert kinds(case).count("letter_delivered") == 1
    assert len(mails(here)) == (2 if between else 1), scissors.cut_at
    assert letters.get(number(case)).due == ""  # type: ignore[union-attr]


# the CA's service


@pytest.fixture
def service(here: World, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """A service that seals; what it was asked for."""
    asked: list[tuple[str, str]] = []

    def sealed(pdf: bytes, number: str, entity: str) -> bytes:
        asked.append((number, entity))
        return SEALED

    monkeypatch.setenv("SEAL", "http")
    settings.settings.cache_clear()
    monkeypatch.setattr(seal, "seal", sealed)
    return asked


@pytest.fixture(autouse=True)
def _settings_as_they_were() -> Any:
    yield
    settings.settings.cache_clear()


def test_a_services_seal_is_on_the_case_and_the_sealed_file_is_what_is_mailed(
    here: World, case: str, service: list[tuple[str, str]]
) -> None:
    pressing.make(number(case), here.at)
    pressing.make(number(case), here.at)
    assert service == [(number(case), scene.ENTITY)]
    kept = letters.get(number(case))
    assert kept is not None
    assert [file.how for file in kept.files] == ["pdf", "e_seal"]
    assert here.pictures.stored[kept.files[1].key] == SEALED
    [mail] = mails(here)
    [file] = list(mail.iter_attachments())
    assert file.get_content() == SEALED


def test_a_service_that_is_down_holds_the_letter_up_and_it_comes_again(
    here: World, case: str, service: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    works = seal.seal

    def down(*_: Any) -> bytes:
        raise seal.NotSealed("seal 503")

    monkeypatch.setattr(seal, "seal", down)
    with pytest.raises(seal.NotSealed):
        pressing.make(number(case), here.at)
    assert mails(here) == []
    assert letters.get(number(case)).due  # type: ignore[union-attr]
    monkeypatch.setattr(seal, "seal", works)
    pressing.make(number(case), here.at)
    assert len(mails(here)) == 1
