"""The front desk's pages, by the desk's own link."""

from __future__ import annotations

from chalice import Blueprint

bp = Blueprint(__name__)
