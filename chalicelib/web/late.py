"""Why is it late? One page for staff and one in plain words for the owner."""

from __future__ import annotations

from chalice import Blueprint

bp = Blueprint(__name__)
