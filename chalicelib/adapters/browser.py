"""A browser of this machine that makes a PDF of a page: whoever prints has one, and no writer of PDF ships."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome", "msedge")
BESIDE_THE_PATH = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
WAITS_SECONDS = 300


class NotPrinted(Exception):
    """The browser made no PDF; its last words."""


def browser() -> str:
    """Where a browser is; "" where none was found."""
    found = next((path for name in NAMES if (path := shutil.which(name))), "")
    return found or next((path for path in BESIDE_THE_PATH if Path(path).exists()), "")


def to_pdf(page: Path, pdf: Path) -> None:
    """Print a page to a PDF. May run again: the file is made anew. Raises NotPrinted."""
    alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [browser(), "--headless", "--disable-gpu", "--disable-dev-shm-usage", *alone, "--no-pdf-header-footer"]
    pdf.unlink(missing_ok=True)
    try:
        done = subprocess.run(
            [*command, f"--print-to-pdf={pdf.resolve()}", page.resolve().as_uri()],
            capture_output=True,
            text=True,
            timeout=WAITS_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise NotPrinted(str(fault)) from fault
    if not pdf.exists():
        raise NotPrinted(next(iter(reversed(done.stderr.strip().splitlines())), f"exit {done.returncode}"))
