"""What was read a short while ago and need not be read again: so old at most, and so much at most."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Values by key, at most `seconds` old and at most `most` of them: what was read first goes first.

    Each process has its own. Whoever writes what is kept here calls `forget`; others see it when it is too old.
    `at`, in seconds, is for what ages by the system's time instead of the machine's.
    """

    def __init__(self, seconds: float, most: int) -> None:
        self.seconds, self.most = seconds, most
        self._values: dict[Hashable, tuple[float, T]] = {}

    def get(self, key: Hashable, read: Callable[[], T], at: float | None = None) -> T:
        """What is kept under a key, read when it is not or is too old. What `read` raises is not kept."""
        now = time.monotonic() if at is None else at
        if (kept := self._values.get(key)) and abs(now - kept[0]) < self.seconds:
            return kept[1]
        return self.put(key, read(), now)

    def peek(self, key: Hashable) -> T | None:
        """What is kept and not too old, else None."""
        kept = self._values.get(key)
        return kept[1] if kept and time.monotonic() - kept[0] < self.seconds else None

    def put(self, key: Hashable, value: T, at: float | None = None) -> T:
        self._values.pop(key, None)
        while len(self._values) >= self.most:
            del self._values[next(iter(self._values))]
        self._values[key] = (time.monotonic() if at is None else at, value)
        return value

    def change(self, key: Hashable, how: Callable[[T], T]) -> None:
        """Another value, as old as the one it follows; nothing where none is kept."""
        if kept := self._values.get(key):
            self._values[key] = (kept[0], how(kept[1]))

    def drop(self, key: Hashable) -> None:
        """Read this one anew."""
        self._values.pop(key, None)

    def __iter__(self) -> Iterator[T]:
        return (value for _, value in self._values.values())

    def forget(self) -> None:
        self._values.clear()
