"""Who asks: as API Gateway saw it; behind a CDN as the CDN saw it, and on nobody else's word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from chalicelib.adapters.settings import settings
from chalicelib.web.kit import asked
from chalicelib.web.kit.asked import address

CDN, OTHER_CDN, OWNER, LIAR = "198.51.100.7", "2001:db8:ff::9", "203.0.113.5", "192.0.2.66"
Come = Callable[..., str]


@pytest.fixture
def come(monkeypatch: pytest.MonkeyPatch) -> Iterator[Come]:
    """`come("1.2.3.4", "header", trusted="networks")`: where such a request came from."""

    def request(seen: str, forwarded: str = "", trusted: str = "") -> str:
        monkeypatch.setenv("TRUSTED_PROXIES", trusted)
        settings.cache_clear()
        headers = {"x-forwarded-for": forwarded} if forwarded else {}
        made = SimpleNamespace(context={"identity": {"sourceIp": seen}}, headers=headers)
        monkeypatch.setattr(asked, "request", lambda: made)
        return address()

    yield request
    monkeypatch.undo()
    settings.cache_clear()


NETWORKS = "198.51.100.0/24, 2001:db8:ff::/48"


def test_without_a_cdn_the_header_says_nothing(come: Come) -> None:
    assert come(OWNER, f"{LIAR}, {OWNER}") == OWNER
    assert come(OWNER, LIAR, trusted=NETWORKS) == OWNER
    assert come(OWNER) == OWNER


def test_behind_a_cdn_it_is_whom_the_cdn_saw(come: Come) -> None:
    assert come(CDN, f"{OWNER}, {CDN}", trusted=NETWORKS) == OWNER
    assert come(CDN, f"{LIAR}, {OWNER}, {CDN}", trusted=NETWORKS) == OWNER
    assert come(CDN, f"{LIAR}, {OWNER}, {OTHER_CDN}, {CDN}", trusted=NETWORKS) == OWNER


def test_of_ipv6_it_is_the_network(come: Come) -> None:
    assert come(OTHER_CDN, f"2001:db8:1:2:3:4:5:6, {OTHER_CDN}", trusted=NETWORKS) == "2001:db8:1:2::/64"


@pytest.mark.parametrize("forwarded", ["", ",", "nobody", f"nobody, {CDN}", f", {CDN}"])
def test_a_header_that_says_nothing_is_borne(come: Come, forwarded: str) -> None:
    assert come(CDN, forwarded, trusted=NETWORKS) in (CDN, "nobody")


def test_a_cdn_without_the_header_is_itself_the_address(come: Come) -> None:
    assert come(CDN, trusted=NETWORKS) == CDN
