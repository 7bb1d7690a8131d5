"""The staff pages: one ticket behind its link, and my work."""

from __future__ import annotations

from chalice import Blueprint

bp = Blueprint(__name__)
