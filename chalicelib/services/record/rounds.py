"""A round over many records: what it counts, and that one broken record keeps none of the others waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chalicelib.adapters.log import logger
from chalicelib.adapters.metrics import ring
from chalicelib.services.record.record import Busy, NotFound
from chalicelib.store.records import StaleRecord


@dataclass(slots=True)
class Round:
    """`seen` of all, `repaired`: timers armed anew, `failed`; `more`: time ran out, the next round goes on."""

    seen: int = 0
    repaired: int = 0
    failed: int = 0
    more: bool = False

    @contextmanager
    def spared(self, reference: str, doing: str) -> Iterator[None]:
        """What goes wrong with one record is counted; it rings unless somebody was merely faster."""
        self.seen += 1
        try:
            yield
        except (Busy, StaleRecord, NotFound):
            self.failed += 1
        except Exception:
            logger.exception(f"{doing} failed", extra={"record": reference})
            ring("SweepFailed")
            self.failed += 1
