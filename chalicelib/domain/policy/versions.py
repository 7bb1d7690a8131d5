"""What numbers are called: so that whatever closed under them can be explained by them later.

    2026-03-01.1a2b3c4d               the files that ship, holiday schedules included
    2026-03-01.1a2b3c4d~5e6f7a8b      with the years that were loaded
    2026-03-01.1a2b3c4d+9c0d1e2f      with a project's overrides; both: ~ before +

Each part names its content, which is kept under that name for good, so a name never means something else.
"""

from __future__ import annotations

import hashlib
import re

PART = re.compile(r"[~+]?[^~+]+")


def mark(content: str) -> str:
    """Eight letters for a content."""
    return hashlib.sha256(content.encode()).hexdigest()[:8]


def parts(version: str) -> list[str]:
    """The names of what a version is made of, the files first; empty for what is no version."""
    return PART.findall(version) if version and version[0] not in "~+" else []
