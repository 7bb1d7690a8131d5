"""A look at a page: can anybody use it, with a thumb, on the smallest phone, enlarged, in the dark, by screen reader?

Each kind of page is looked at once: its address without what it opens, and what stands on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import BrowserContext, Page, ViewportSize

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
PHONE_WIDTH, DESK_WIDTH = 390, 1280
PHONE: ViewportSize = {"width": PHONE_WIDTH, "height": 664}

# Everything visible that a thumb has to hit, and is lower than a thumb is wide.
SMALL = """() => [...document.querySelectorAll(
  '.actions .btn, .btn.main, .btn.block, main summary, .choice label > span, main select, main textarea, main input')]
  .filter(e => e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}) && !e.closest('.sr, .stars')
    && !['hidden', 'radio', 'checkbox', 'file'].includes(e.type) && !e.readOnly && e.tabIndex !== -2)
  .filter(e => { const r = e.getBoundingClientRect(); return r.width > 2 && r.height < 43.5 })
  .map(e => e.outerHTML.slice(0, 120) + ' ' + e.getBoundingClientRect().height)"""
AUDIT = """async () => { const r = await axe.run(document, {resultTypes: ['violations']});
  return r.violations.map(v => v.id + ': ' +
    v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | ')) }"""
CONTRAST = AUDIT.replace("{resultTypes", "{runOnly: ['color-contrast'], resultTypes")
NARROW = {320: "on the smallest phone", DESK_WIDTH // 2: "at 200 %"}
# What reaches over the edge: an element, or the words in one that is narrower than they are.
TOO_WIDE = """() => { const d = document.documentElement; if (d.scrollWidth <= d.clientWidth) return '';
  const right = e => { const r = document.createRange(); r.selectNodeContents(e);
    return Math.max(e.getBoundingClientRect().right, r.getBoundingClientRect().right) };
  const over = [...document.querySelectorAll('body *')].filter(e => e.checkVisibility()
    && right(e) > d.clientWidth + 1 && ![...e.children].some(c => right(c) > d.clientWidth + 1));
  return over.map(e => e.outerHTML.slice(0, 120)).slice(-3).join(' | ') || 'by ' + (d.scrollWidth - d.clientWidth) }"""
KIND = """() => [...document.querySelectorAll('h1, form[action], .notice, .state')]
  .map(e => e.tagName === 'FORM' ? e.getAttribute('action').split('/').pop() : e.className || e.tagName).join()"""
# What only a programmer reads.
LEAKED = re.compile(r"<built-in|<function|object at 0x|%\(\w+\)s|\{[{%]")
SCRIPTS = re.compile(r"<script\b.*?</script>|</?noscript>", re.S)


def pattern(url: str) -> str:
    """An address without what it opens: /t/…, /d/…/…/late."""
    parts = urlsplit(url)
    path = re.sub(r"/[\w-]{22}(?=/|$)", "/…", parts.path)
    path = re.sub(r"/[0-9A-Z]{26}(?=/|$)", "/…", path)
    asked = sorted(re.findall(r"(?:^|&)(\w+)=", parts.query))
    return path + ("?" + "&".join(asked) if asked else "")


@dataclass
class Looks:
    """What was found on pages."""

    seen: set[tuple[object, ...]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def at(self, page: Page, *, scripts: bool = True) -> None:
        """By light as a phone has it and in the dark as wide as a desk; the smallest phone, 200 %; thumb-sized."""
        where = pattern(page.url) + ("" if scripts else " without scripts")
        if self._is_known(page, where):
            return
        size = page.viewport_size or PHONE
        if leaked := LEAKED.search(page.inner_text("body")):
            self.faults.append(f"{where} says {leaked[0]}")
        page.evaluate(AXE)
        for width, scheme in ((DESK_WIDTH, "dark"), (PHONE_WIDTH, "light")):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": size["height"]})
            self.faults += [f"{where} at {width}, {scheme}: {fault}" for fault in page.evaluate(AUDIT)]
        page.emulate_media(color_scheme="no-preference")
        self.faults += [f"{where}: lower than 44 px: {e}" for e in page.evaluate(SMALL)]
        self._narrow(page, where, (PHONE_WIDTH, DESK_WIDTH, *NARROW))
        page.set_viewport_size(size)

    def at_copy(self, page: Page, context: Callable[[], BrowserContext]) -> None:
        """At a page whose scripts don't run: axe is one, so it looks at what the page without them shows."""
        if self._is_known(page, pattern(page.url) + " without scripts", remember=False):
            return
        copy = context().new_page()
        shown = SCRIPTS.sub("", page.content())
        copy.route(
            lambda url: url == page.url,
            lambda route: route.fulfill(body=shown, content_type="text/html; charset=utf-8"),
        )
        copy.goto(page.url)
        self.at(copy, scripts=False)
        copy.close()

    def unfolded(self, page: Page) -> None:
        """Open all that folds away: nothing in it is wider than the smallest phone either."""
        size = page.viewport_size or PHONE
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true })")
        self._narrow(page, pattern(page.url), NARROW)
        page.set_viewport_size(size)

    def _is_known(self, page: Page, where: str, *, remember: bool = True) -> bool:
        key = (where, page.evaluate(KIND), page.evaluate("() => document.documentElement.lang"))
        known = key in self.seen
        if remember:
            self.seen.add(key)
        return known

    def _narrow(self, page: Page, where: str, widths: Iterable[int]) -> None:
        height = (page.viewport_size or PHONE)["height"]
        for width in widths:
            page.set_viewport_size({"width": width, "height": height})
            if over := page.evaluate(TOO_WIDE):
                self.faults.append(f"{where} {NARROW.get(width, f'at {width}')}: too wide: {over}")
