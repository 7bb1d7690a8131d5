"""Escalation beside a peer: django-helpdesk's `escalate_tickets` on SQLite, and our sweep.

100 tickets due of 1,000 and of 10,000 open; ms per due ticket, and how it grows. The peer is installed from PyPI into
`.local/peer`; it saves a row and renders a mail that goes nowhere, its database in its own process. Ours writes events
and head, names who is told and takes a breached ticket away from its holder; its table is in memory too, and a line of
its own adds what its calls take on AWS. (Not on the emulator: that reads an index through and grows with it.)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.clock import escalation
from tests.bench.cloud import ENVIRONMENT
from tests.bench.figures import LOCAL, figure

PINS = ("django==5.2.19", "django-helpdesk==2.6.1")
SIZES = (1_000, 10_000)
DUE = 100
CALL_MS = 6  # what a call to DynamoDB takes from Lambda
SETTINGS = """
SECRET_KEY = "x" * 50
ROOT_URLCONF = "urls"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    *("django.contrib." + a for a in ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "sites")),
    "django.contrib.humanize", "rest_framework", "helpdesk",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
    "context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]}}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3", "OPTIONS": {
    "timeout": 30, "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"}}}
SITE_ID, USE_TZ, TIME_ZONE = 1, True, "UTC"
STATIC_URL, STATIC_ROOT, MEDIA_URL, MEDIA_ROOT = "/static/", "static", "/media/", "media"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = "desk@example.invalid"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
HELPDESK_TEAMS_MODE_ENABLED = False
"""
URLS = """
from django.contrib import admin
from django.urls import include, path
urlpatterns = [path("admin/", admin.site.urls), path("", include("helpdesk.urls", namespace="helpdesk"))]
"""
QUEUE = """
from helpdesk.models import Queue
Queue.objects.create(title="Repairs", slug="repairs", escalate_days=1, email_address="repairs@example.invalid")
"""
SEED = """
from datetime import timedelta
from django.utils import timezone
from helpdesk.models import Queue, Ticket
queue, now, have = Queue.objects.get(slug="repairs"), timezone.now(), Ticket.objects.count()
Ticket.objects.bulk_create([
    Ticket(title=f"leak {{i}}", queue=queue, submitter_email=f"r{{i % 500}}@example.invalid", status=1, priority=3,
           description="kitchen sink leaks " * 8, created=now - timedelta(days=3), last_escalation=now,
           secret_key=f"k{{i}}")
    for i in range(have, {open})], batch_size=2000)
Ticket.objects.update(last_escalation=now, priority=3, status=1)
late = list(Ticket.objects.order_by("id").values_list("id", flat=True)[:{due}])
Ticket.objects.filter(id__in=late).update(last_escalation=now - timedelta(days=9))
"""
COUNT = "from helpdesk.models import Ticket; print(Ticket.objects.filter(priority=2).count())"


class Peer:
    """A project with the peer in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "venv" / "bin" / "python"
        if not self.python.exists():
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
            subprocess.run([str(self.python), "-m", "pip", "install", "-q", *PINS], check=True)
        self.project = folder / "project"
        shutil.rmtree(self.project, ignore_errors=True)
        self.project.mkdir()
        (self.project / "settings.py").write_text(SETTINGS)
        (self.project / "urls.py").write_text(URLS)
        self.django("migrate", "-v0")
        self.django("loaddata", "emailtemplate")
        self.shell(QUEUE)

    def django(self, *words: str) -> str:
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(self.project)}
        command = [str(self.python), "-m", "django", *words]
        done = subprocess.run(command, cwd=self.project, env=env, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        return done.stdout.strip()

    def shell(self, code: str) -> str:
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(self.project)}
        command = [str(self.python), "-c", "import django; django.setup()\n" + code]
        done = subprocess.run(command, cwd=self.project, env=env, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        return done.stdout.strip()

    def escalation(self, open_tickets: int) -> float:
        """Wall-clock ms per due ticket, the command's own start left out."""
        start = time.perf_counter()
        self.shell("import helpdesk.models")
        idle = time.perf_counter() - start
        self.shell(SEED.format(open=open_tickets, due=DUE))
        start = time.perf_counter()
        self.django("escalate_tickets")
        spent = time.perf_counter() - start
        escalated = int(self.shell(COUNT))
        assert escalated == DUE, escalated
        return (spent - min(idle, spent)) * 1000 / DUE


def run() -> None:
    os.environ.update(ENVIRONMENT)
    mine, theirs = {}, {}
    peer = Peer(LOCAL / "peer")
    for size in SIZES:
        theirs[size] = peer.escalation(size)
        mine[size] = escalation(size, DUE)
    for size, (ms, calls) in mine.items():
        name = f"escalation per due ticket, {DUE} due of {size} open"
        figure(f"{name}: ours in memory", ms, "ms", peer_ms=round(theirs[size], 2))
        figure(f"{name}: ours with calls of {CALL_MS} ms", ms + calls * CALL_MS, "ms", calls=round(calls, 2))
    small, large = SIZES
    grown = round(theirs[large] / theirs[small], 3)
    figure("escalation: growth from 1,000 to 10,000 open, beside the peer", mine[large][0] / mine[small][0], "ratio",
           peer=grown)  # fmt: skip
