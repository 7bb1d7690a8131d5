"""The reporter's page behind the private link."""

from __future__ import annotations

from chalice import Blueprint

bp = Blueprint(__name__)
