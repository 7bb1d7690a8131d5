"""The photo function: from the inbox to the clean bucket, once, or nowhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any
from urllib.parse import quote_plus

import botocore.session
import pytest
from moto import mock_aws

from chalicelib.adapters import aws, metrics, objects
from chalicelib.adapters.ids import ulid
from chalicelib.adapters.log import logger
from chalicelib.adapters.settings import settings
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.functions import photo as function
from chalicelib.services.ticket import photos
from chalicelib.store import table
from chalicelib.store.memory import MemoryTable
from tests.domain import samples
from tests.world import MONDAY

UPLOAD = ulid(MONDAY, b"0123456789")


@pytest.fixture(scope="module")
def account() -> Iterator[Any]:
    """An account with both buckets."""
    kept = (settings, aws.client, objects._signer)
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name, value in {
            "INBOX_BUCKET": "the-inbox",
            "CLEAN_BUCKET": "the-clean",
            "AWS_REGION": "us-east-1",
        }.items():
            patch.setenv(name, value)
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for cached in kept:
            cached.cache_clear()
        client = botocore.session.get_session().create_client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="the-inbox")
        client.create_bucket(Bucket="the-clean")
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


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    rung: list[str] = []
    monkeypatch.setattr(metrics, "ring", rung.append)
    monkeypatch.setattr(function, "ring", rung.append)
    return rung


def sent(s3: Any, content: bytes, key: str = f"inbox/{UPLOAD}") -> dict[str, Any]:
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
    assert photos.show(UPLOAD) is None
    function.photo(event, None)
    found = s3.get_object(Bucket="the-clean", Key=f"photos/{UPLOAD}")
    body = found["Body"].read()
    assert found["ContentType"] == f"image/{kind}"
    assert samples.WHERE not in body
    assert b"Exif" not in body
    assert keys(s3, "the-inbox") == []
    assert f"photos/{UPLOAD}" in (photos.show(UPLOAD) or "")


def test_an_event_that_comes_twice_changes_nothing_more(s3: Any, rings: list[str]) -> None:
    event = sent(s3, samples.jpeg())
    function.photo(event, None)
    first = s3.get_object(Bucket="the-clean", Key=f"photos/{UPLOAD}")["Body"].read()
    function.photo(event, None)
    assert s3.get_object(Bucket="the-clean", Key=f"photos/{UPLOAD}")["Body"].read() == first
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
    assert keys(s3, "the-clean") == [f"photos/{UPLOAD}"]


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
        photos.ask_upload("203.0.113.1", MONDAY)
    with pytest.raises(Refused, match="slowed"):
        photos.ask_upload("203.0.113.1", MONDAY)
    assert photos.ask_upload("203.0.113.2", MONDAY, "image/webp")["fields"]["Content-Type"] == "image/webp"


def test_a_type_that_is_no_photo_is_refused_before_it_is_sent(s3: Any) -> None:
    with pytest.raises(Invalid):
        photos.ask_upload("203.0.113.1", MONDAY, "image/svg+xml")


@pytest.mark.parametrize("upload_id", ["", "../x", "x" * 26, UPLOAD])
def test_a_photo_that_is_not_there_is_not_shown(s3: Any, upload_id: str) -> None:
    assert photos.show(upload_id) is None
