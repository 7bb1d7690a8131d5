"""Structured logs: one line per outcome, with ids. Never a name, phone, address, word or token."""

from __future__ import annotations

import os

from aws_lambda_powertools import Logger

logger = Logger(service="baoxiu", level=os.environ.get("LOG_LEVEL", "INFO"), use_rfc3339=True)
