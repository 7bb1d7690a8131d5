"""The photo function: from the inbox to the clean bucket, once, or nowhere."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any
from urllib.parse import quote_plus

import botocore.session
import pytest
from moto import mock_aws

from chalicelib.adapters import aws, metrics, objects, originals
from chalicelib.adapters.ids import ulid
from chalicelib.adapters.log import logger
from chalicelib.adapters.settings import settings
from chalicelib.domain.pictures import clean
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.domain.ticket.ticket import Event, Original, Role, Ticket
from chalicelib.functions import photo as function
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record.record import NotFound
from chalicelib.services.ticket import photos
from chalicelib.store import records, table
from chalicelib.store.memory import MemoryTable
from chalicelib.store.originals import become
from chalicelib.store.table import Put
from tests.domain import samples
from tests.world import MONDAY

UPLOAD = ulid(MONDAY, b"0123456789")
TICKET = ulid(MONDAY, b"9876543210")
OTHER = ulid(MONDAY, b"otherone10")
KEY = f"{TICKET}/{UPLOAD}"
HERE, PHOTO = Ticket(TICKET), f"/{UPLOAD}"


@pytest.fixture(scope="module")
def account() -> Iterator[Any]:
    """An account with both buckets."""
    kept = (settings, aws.client, objects.signer)
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name, value in {
            "INBOX_BUCKET": "the-inbox",
            "CLEAN_BUCKET": "the-clean",
            "ORIGINALS_BUCKET": "the-originals",
            "AWS_REGION": "us-east-1",
        }.items():
            patch.setenv(name, value)
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for cached in kept:
            cached.cache_clear()
        client = botocore.session.get_session().create_client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="the-inbox")
        client.create_bucket(Bucket="the-clean")
        client.create_bucket(Bucket="the-originals", ObjectLockEnabledForBucket=True)
        rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Years": 8}}
        client.put_object_lock_configuration(
            Bucket="the-originals", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
        )
        yield client
    for cached in kept:
        cached.cache_clear()


@pytest.fixture
def s3(account: Any) -> Iterator[Any]:
    """The account with empty buckets and an empty table."""
    table.use(MemoryTable())
    photos._is_clean.cache_clear()
    yield account
    table.use(None)
    for bucket in ("the-inbox", "the-clean"):
        for key in keys(account, bucket):
            account.delete_object(Bucket=bucket, Key=key)
    originals.forget(TICKET)
    originals.forget(OTHER)


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    rung: list[str] = []
    monkeypatch.setattr(metrics, "ring", rung.append)
    monkeypatch.setattr(function, "ring", rung.append)
    return rung


def sent(s3: Any, content: bytes, key: str = f"inbox/{KEY}") -> dict[str, Any]:
    """An upload, and the event that S3 makes of it."""
    s3.put_object(Bucket="the-inbox", Key=key, Body=content, ContentType="image/jpeg")
    return {"Records": [{"eventName": "ObjectCreated:Post", "s3": {"object": {"key": quote_plus(key)}}}]}


def keys(s3: Any, bucket: str) -> list[str]:
    return [found["Key"] for found in s3.list_objects_v2(Bucket=bucket).get("Contents", ())]


@pytest.mark.parametrize(
    ("content", "kind"), [(samples.jpeg(), "jpeg"), (samples.png(), "png"), (samples.webp(), "webp")]
)
def test_a_photo_is_shown_without_its_position_once_it_is_clean(s3: Any, content: bytes, kind: str) -> None:
    event = sent(s3, content)
    assert photos.show(HERE, PHOTO) is None
    function.photo(event, None)
    found = s3.get_object(Bucket="the-clean", Key=f"photos/{KEY}")
    body = found["Body"].read()
    assert found["ContentType"] == f"image/{kind}"
    assert samples.WHERE not in body
    assert b"Exif" not in body
    assert keys(s3, "the-inbox") == []
    assert f"photos/{KEY}" in (photos.show(HERE, PHOTO) or "")


def test_an_event_that_comes_twice_changes_nothing_more(s3: Any, rings: list[str]) -> None:
    event = sent(s3, samples.jpeg())
    function.photo(event, None)
    first = s3.get_object(Bucket="the-clean", Key=f"photos/{KEY}")["Body"].read()
    function.photo(event, None)
    assert s3.get_object(Bucket="the-clean", Key=f"photos/{KEY}")["Body"].read() == first
    assert rings == []


def test_a_run_that_was_cut_before_the_upload_was_taken_away_is_made_good(
    s3: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = sent(s3, samples.jpeg())
    with monkeypatch.context() as cut:
        cut.setattr(objects, "delete_inbox", lambda key: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            function.photo(event, None)
    function.photo(event, None)
    assert keys(s3, "the-inbox") == []
    assert keys(s3, "the-clean") == [f"photos/{KEY}", f"sent/{KEY}"]


@pytest.mark.parametrize("content", [b"<svg/>", b"MZ" + bytes(400), b"\xff\xd8\xff" + bytes(30), bytes(6 * 2**20)])
def test_what_is_no_picture_goes_and_rings(s3: Any, rings: list[str], content: bytes) -> None:
    function.photo(sent(s3, content), None)
    assert (keys(s3, "the-inbox"), keys(s3, "the-clean")) == ([], [])
    assert rings == ["PhotosRefused"]


@pytest.mark.parametrize("key", ["inbox/../photos/x", "inbox/a b+c", "inbox/王小明.jpg", "else"])
def test_a_key_that_is_no_upload_goes_and_is_not_logged(s3: Any, rings: list[str], key: str) -> None:
    text = StringIO()
    listening = logging.StreamHandler(text)
    logger.addHandler(listening)
    function.photo(sent(s3, samples.jpeg(), key), None)
    logger.removeHandler(listening)
    assert (keys(s3, "the-inbox"), keys(s3, "the-clean")) == ([], [])
    assert key.removeprefix("inbox/") not in text.getvalue()


def test_uploads_from_one_address_are_slowed_and_others_go_on(s3: Any) -> None:
    for _ in range(photos.UPLOADS):
        photos.ask_upload("203.0.113.1", MONDAY, TICKET)
    with pytest.raises(Refused, match="slowed"):
        photos.ask_upload("203.0.113.1", MONDAY, TICKET)
    assert photos.ask_upload("203.0.113.2", MONDAY, TICKET, "image/webp")["fields"]["Content-Type"] == "image/webp"


def test_a_type_that_is_no_photo_is_refused_before_it_is_sent(s3: Any) -> None:
    with pytest.raises(Invalid):
        photos.ask_upload("203.0.113.1", MONDAY, TICKET, "image/svg+xml")


@pytest.mark.parametrize("photo", ["", "/", "../x", "/../x", "x" * 26, UPLOAD, f"/{UPLOAD}", f"//{UPLOAD}"])
def test_a_photo_that_is_not_there_is_not_shown(s3: Any, photo: str) -> None:
    assert photos.show(HERE, photo) is None


def test_a_photo_of_one_ticket_shows_nothing_in_another(s3: Any) -> None:
    function.photo(sent(s3, samples.jpeg()), None)
    assert photos.show(HERE, PHOTO)
    assert photos.show(Ticket(ulid(MONDAY, b"other-one!")), PHOTO) is None


def test_a_photo_of_the_time_before_is_shown_as_it_was(s3: Any) -> None:
    s3.put_object(Bucket="the-clean", Key=f"photos/{UPLOAD}", Body=b"picture")
    assert photos.show(HERE, UPLOAD)


def test_the_same_form_sent_again_swaps_nothing(s3: Any, rings: list[str]) -> None:
    function.photo(sent(s3, samples.jpeg()), None)
    first = s3.get_object(Bucket="the-clean", Key=f"photos/{KEY}")["Body"].read()
    function.photo(sent(s3, samples.png()), None)
    function.photo(sent(s3, b"<svg/>"), None)
    again = s3.get_object(Bucket="the-clean", Key=f"photos/{KEY}")
    assert (again["Body"].read(), again["ContentType"]) == (first, "image/jpeg")
    assert table.table().get(f"TICKET#{TICKET}", f"PHOTO#{UPLOAD}") is None
    assert keys(s3, "the-inbox") == []


def test_an_upload_belongs_to_the_ticket_that_it_was_asked_for(s3: Any) -> None:
    asked = photos.ask_upload("203.0.113.1", MONDAY, TICKET)
    assert asked["fields"]["key"] == f"inbox/{TICKET}/{asked['id']}"
    for nobody in ("", "../x", "x" * 26):
        with pytest.raises(Invalid):
            photos.ask_upload("203.0.113.1", MONDAY, nobody)


def tags(s3: Any) -> list[dict[str, str]]:
    found: list[dict[str, str]] = s3.get_object_tagging(Bucket="the-clean", Key=f"photos/{KEY}")["TagSet"]
    return found


def there_is_a_ticket(ticket: str = TICKET, number: str = "1") -> None:
    table.table().write(Put({"pk": f"TICKET#{ticket}", "sk": "HEAD", "id": ticket, "line": f'{{"n":"{number}"}}'}))


def original(s3: Any, ticket: str = TICKET) -> Any:
    return s3.get_object(Bucket="the-originals", Key=f"originals/{ticket}/{UPLOAD}")


def noted(ticket: str = TICKET) -> Original:
    """What is known of the photo's original, read as the ticket's events are."""
    rows = table.table().query(f"TICKET#{ticket}", "PHOTO#", "PHOTO~").rows
    found: Original = become(rows)["originals"][PHOTO]
    return found


def test_a_photo_without_a_ticket_is_loose_until_the_ticket_keeps_it(s3: Any) -> None:
    function.photo(sent(s3, samples.jpeg()), None)
    assert tags(s3) == [{"Key": "loose", "Value": "1"}]
    reported = Event("reported", MONDAY, "reporter", Role.OWNER, {}, {"photos": [PHOTO, "/not-one"]})
    for _ in range(2):
        photos.keep(Ticket(TICKET, events=(reported,)), MONDAY)
    assert tags(s3) == []


def test_a_photo_of_a_ticket_is_kept_from_the_start(s3: Any) -> None:
    there_is_a_ticket()
    function.photo(sent(s3, samples.jpeg()), None)
    assert tags(s3) == []


def test_what_proves_something_in_a_case_is_kept_from_the_start_and_as_it_was_sent(s3: Any) -> None:
    table.table().write(Put({"pk": f"CASE#{TICKET}", "sk": "HEAD", "id": f"CASE#{TICKET}", "v": 1, "line": "{}"}))
    event = sent(s3, first := samples.jpeg())
    function.photo(event, None)
    assert tags(s3) == []
    assert original(s3)["Body"].read() == first
    sent(s3, samples.png())
    function.photo(event, None)
    assert original(s3)["Body"].read() == first


def test_a_report_that_comes_while_its_photo_is_cleaned_keeps_it(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put = objects.put_once

    def meanwhile(*args: Any, **more: Any) -> bool:
        there_is_a_ticket()
        return put(*args, **more)

    monkeypatch.setattr(objects, "put_once", meanwhile)
    function.photo(sent(s3, samples.jpeg()), None)
    assert tags(s3) == []


def test_what_is_no_picture_is_noted_beside_the_ticket(s3: Any, rings: list[str]) -> None:
    function.photo(sent(s3, b"<svg/>"), None)
    assert table.table().get(f"TICKET#{TICKET}", f"PHOTO#{UPLOAD}")
    assert records.load(TICKET) is None


def test_a_photo_of_a_ticket_is_kept_as_it_was_taken_with_its_hash(s3: Any) -> None:
    there_is_a_ticket()
    sent_as = samples.jpeg()
    function.photo(sent(s3, sent_as), None)
    kept = original(s3)
    assert (kept["Body"].read(), kept["ObjectLockMode"]) == (sent_as, "GOVERNANCE")
    assert noted().hash == hashlib.sha256(sent_as).hexdigest()
    assert samples.WHERE not in s3.get_object(Bucket="the-clean", Key=f"photos/{KEY}")["Body"].read()


def test_a_photo_that_no_ticket_has_yet_leaves_no_original(s3: Any) -> None:
    event = sent(s3, samples.jpeg())
    function.photo(event, None)
    there_is_a_ticket()
    sent(s3, samples.png())
    function.photo(event, None)
    assert keys(s3, "the-originals") == []


def reported() -> Ticket:
    return Ticket(
        TICKET, number="1", events=(Event("reported", MONDAY, "reporter", Role.OWNER, {}, {"photos": [PHOTO]}),)
    )


def test_a_photo_that_came_before_its_report_is_kept_as_it_was_sent_once_the_ticket_is_there(s3: Any) -> None:
    sent_as = samples.jpeg()
    function.photo(sent(s3, sent_as), None)
    assert keys(s3, "the-originals") == []  # a report that is never sent leaves nothing behind
    taken = s3.get_object_tagging(Bucket="the-clean", Key=f"sent/{KEY}")["TagSet"]
    assert taken == [{"Key": "loose", "Value": "1"}]
    there_is_a_ticket()
    for _ in range(2):
        photos.keep(reported(), MONDAY)
    kept = original(s3)
    assert (kept["Body"].read(), kept["ObjectLockMode"]) == (sent_as, "GOVERNANCE")
    assert noted().hash == hashlib.sha256(sent_as).hexdigest()
    assert len(s3.list_object_versions(Bucket="the-originals")["Versions"]) == 1


def test_what_was_sent_first_is_the_original_whatever_comes_under_its_name_before_the_report(s3: Any) -> None:
    first = samples.jpeg()
    function.photo(sent(s3, first), None)
    function.photo(sent(s3, samples.png()), None)
    there_is_a_ticket()
    photos.keep(reported(), MONDAY)
    assert original(s3)["Body"].read() == first
    assert s3.get_object(Bucket="the-clean", Key=f"photos/{KEY}")["Body"].read() == clean(first).content


def test_a_report_that_comes_while_its_photo_is_cleaned_has_the_original_too(
    s3: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = objects.put_once

    def meanwhile(key: str, *args: Any, **more: Any) -> bool:
        done = whole(key, *args, **more)
        if key.startswith("photos/"):
            there_is_a_ticket()
        return done

    monkeypatch.setattr(objects, "put_once", meanwhile)
    function.photo(sent(s3, samples.jpeg()), None)
    assert noted().hash == hashlib.sha256(samples.jpeg()).hexdigest()
    assert tags(s3) == []


def test_a_photo_of_a_report_that_is_on_another_ticket_already_is_flagged(s3: Any) -> None:
    there_is_a_ticket(OTHER, "2")
    function.photo(sent(s3, samples.jpeg(), f"inbox/{OTHER}/{UPLOAD}"), None)
    function.photo(sent(s3, samples.jpeg()), None)
    there_is_a_ticket()
    photos.keep(reported(), MONDAY)
    assert noted().also == ((OTHER, "2"),)


@pytest.mark.parametrize("step", ["keep", "note", "put_once", "delete_inbox"])
@pytest.mark.parametrize("after", [False, True])
def test_a_run_that_is_cut_anywhere_and_repeated_with_another_picture_keeps_one_pair(
    s3: Any, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    there_is_a_ticket()
    there_is_a_ticket(OTHER, "2")
    room = {"keep": originals, "note": function.originals}.get(step, objects)
    with monkeypatch.context() as cut:
        whole = getattr(room, step)

        def cuts(*args: Any, **more: Any) -> None:
            if after:
                whole(*args, **more)
            raise ZeroDivisionError

        cut.setattr(room, step, cuts)
        with pytest.raises(ZeroDivisionError):
            function.photo(sent(s3, samples.jpeg()), None)
    function.photo(sent(s3, samples.png()), None)
    kept = original(s3)["Body"].read()
    assert s3.get_object(Bucket="the-clean", Key=f"photos/{KEY}")["Body"].read() == clean(kept).content
    assert noted().hash == hashlib.sha256(kept).hexdigest()
    assert len(s3.list_object_versions(Bucket="the-originals")["Versions"]) == 1


def test_the_same_picture_on_another_ticket_is_flagged_whatever_is_written_into_the_file(s3: Any) -> None:
    there_is_a_ticket()
    there_is_a_ticket(OTHER, "2")
    function.photo(sent(s3, samples.jpeg()), None)
    again = sent(s3, samples.jpeg() + b"taken on another day", f"inbox/{OTHER}/{UPLOAD}")
    function.photo(again, None)
    assert noted().also == ()
    assert noted(OTHER).also == ((TICKET, "1"),)
    assert noted(OTHER).hash != noted().hash


def test_the_same_picture_twice_on_one_ticket_is_no_flag(s3: Any) -> None:
    there_is_a_ticket()
    function.photo(sent(s3, samples.jpeg(), f"inbox/{TICKET}/{ulid(MONDAY, b'onceagain0')}"), None)
    function.photo(sent(s3, samples.jpeg()), None)
    assert noted().also == ()


def test_erasing_takes_the_originals_of_a_ticket_and_no_others(s3: Any) -> None:
    there_is_a_ticket()
    there_is_a_ticket(OTHER, "2")
    function.photo(sent(s3, samples.jpeg()), None)
    function.photo(sent(s3, samples.jpeg(), f"inbox/{OTHER}/{UPLOAD}"), None)
    assert originals.forget(TICKET) == 1
    assert keys(s3, "the-originals") == [f"originals/{OTHER}/{UPLOAD}"]


def test_the_office_alone_fetches_an_original(s3: Any) -> None:
    there_is_a_ticket()
    function.photo(sent(s3, samples.jpeg()), None)
    ticket = Ticket(TICKET, originals={PHOTO: noted()})
    assert f"originals/{KEY}" in photos.show_original(ticket, PHOTO, Role.OFFICE)
    for role in set(Role) - {Role.OFFICE}:
        with pytest.raises(NoAccess):
            photos.show_original(ticket, PHOTO, role)
    with pytest.raises(NotFound):
        photos.show_original(HERE, PHOTO, Role.OFFICE)
