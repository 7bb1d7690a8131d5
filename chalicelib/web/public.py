"""The hosted form: what anybody may open without a link."""

from __future__ import annotations

from chalice import Blueprint

bp = Blueprint(__name__)
