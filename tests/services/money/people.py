"""Who works in finance, for the tests."""

from __future__ import annotations

from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role

SEALER, OTHER = Actor("f1", Role.FINANCE), Actor("f2", Role.FINANCE)
