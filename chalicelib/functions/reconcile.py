"""Nightly: every open ticket once, in bounded slices."""

from __future__ import annotations

from typing import Any


def reconcile(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Placeholder until the nightly job is written."""
    return {}
