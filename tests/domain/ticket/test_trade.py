"""What an event carries, as values: read as it was written, and as older events have it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ticket.trade import Data, Window, stored, time_of

MOMENTS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
WINDOWS = st.builds(lambda start, hours: Window(start, start + timedelta(hours=hours)), MOMENTS, st.integers(1, 12))


@given(st.none() | WINDOWS, st.lists(WINDOWS, max_size=5), st.none() | MOMENTS)
def test_what_is_stored_is_read_again(window: Window | None, windows: list[Window], until: datetime | None) -> None:
    read = Data(json.loads(json.dumps(stored(window=window, windows=windows, until=until))))
    assert (read.window, list(read.windows), read.until) == (window, windows, until)


def test_events_that_are_stored_already_read_the_same() -> None:
    start, end = "2026-03-02T14:00:00+08:00", "2026-03-02T16:00:00+08:00"
    window = Window(time_of(start), time_of(end))
    assert Data({"start": start, "end": end}).window == window
    assert Data({"windows": [[start, end]]}).windows == (window,)
    assert stored(window=window, windows=[window]) == {"start": start, "end": end, "windows": [[start, end]]}
    assert Data({"deadline": end, "clock": "arrive"}).deadline == time_of(end)
    assert Data({"scores": {"overall": 4}}).scores == {"overall": 4}


def test_what_is_not_there_is_nothing() -> None:
    read = Data({})
    assert (read.window, read.windows, read.until, read.deadline, read.scores) == (None, (), None, None, {})
