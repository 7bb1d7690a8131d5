"""What was read a short while ago: not for too long, not too much, and forgotten on request."""

from __future__ import annotations

import pytest

from chalicelib.services import recent
from chalicelib.services.recent import Recent


class Source:
    def __init__(self) -> None:
        self.reads = 0

    def __call__(self) -> int:
        self.reads += 1
        return self.reads


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(recent.time, "monotonic", lambda: now[0])
    return now


def test_it_is_read_again_when_it_is_too_old(clock: list[float]) -> None:
    values, read = Recent[int](seconds=60, most=9), Source()
    assert [values.get("a", read), values.get("a", read)] == [1, 1]
    clock[0] += 59
    assert values.get("a", read) == values.peek("a") == 1
    clock[0] += 1
    assert values.peek("a") is None
    assert values.get("a", read) == 2


def test_it_never_holds_more_than_its_bound_and_the_first_read_goes_first(clock: list[float]) -> None:
    values = Recent[int](seconds=60, most=3)
    for n in range(1000):
        values.get(str(n), lambda n=n: n)
        assert len(values._values) <= 3
    assert [values.peek(str(n)) for n in (996, 997, 998, 999)] == [None, 997, 998, 999]


def test_what_fails_to_be_read_is_not_kept(clock: list[float]) -> None:
    values = Recent[int](seconds=60, most=3)
    with pytest.raises(ZeroDivisionError):
        values.get("a", lambda: 1 // 0)
    assert values.get("a", lambda: 7) == 7


def test_forgetting_reads_anew(clock: list[float]) -> None:
    values, read = Recent[int](seconds=60, most=3), Source()
    values.get("a", read)
    values.forget()
    assert values.get("a", read) == 2


def test_a_changed_value_is_as_old_as_the_one_before(clock: list[float]) -> None:
    values, read = Recent[int](seconds=60, most=3), Source()
    values.get("a", read, at=0.0)
    values.change("a", lambda held: held + 10)
    values.change("never read", lambda held: held + 10)
    assert values.get("a", read, at=59.0) == 11
    assert values.get("a", read, at=60.0) == 2
    assert values.peek("never read") is None
