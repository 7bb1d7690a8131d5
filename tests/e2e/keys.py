"""A page used by its keys alone: tab to what is wanted, and see it there before it is pressed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import ElementHandle, Locator, Page

from tests.e2e.play import Play

FURTHEST = 150  # tabs
FOCUSED = "e => e === document.activeElement"
# What has the focus, or the label that is drawn for it, is in sight and nothing lies over its middle.
SEEN = """e => { const seen = one => { const r = one.getBoundingClientRect();
    const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
    return !!top && (one.contains(top) || top.contains(one)); };
  return seen(e) || [...(e.labels || [])].some(seen) }"""


@dataclass
class Keys:
    """Whoever uses a page without a mouse, with or without its scripts."""

    play: Play
    page: Page

    @classmethod
    def phone(cls, play: Play, address: str, *, scripts: bool = True) -> Keys:
        return cls(play, play.open(play.phone(java_script_enabled=scripts), address))

    @classmethod
    def desk(cls, play: Play, address: str, *, scripts: bool = True) -> Keys:
        return cls(play, play.open(play.desktop(java_script_enabled=scripts), address))

    def to(self, wanted: Locator) -> Locator:
        """Tab until it has the focus."""
        one = wanted.first
        if wanted.count():
            self._tab_to(FOCUSED, one.element_handle())
        assert wanted.count(), f"{wanted}: nowhere"
        assert one.evaluate(FOCUSED), f"{wanted}: out of the keys' reach"
        assert one.evaluate(SEEN), f"{wanted}: has the focus, and something lies over it"
        return one

    def _tab_to(self, found: str, what: ElementHandle | str) -> None:
        for _ in range(FURTHEST):
            if self.page.evaluate(found, what):
                return
            self.page.keyboard.press("Tab")

    def write(self, name: str, text: str, move: str = "") -> None:
        of = f"form[action$='/{move}'] " if move else ""
        self.to(self.page.locator(f"{of}[name='{name}']:not([type=hidden])"))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def day(self, name: str, iso: str) -> None:
        """A day, typed as this browser asks for it: month, day, year."""
        field = self.to(self.page.locator(f"[name='{name}']"))
        year, month, day = iso.split("-")
        self.page.keyboard.type(month + day + year)
        assert field.input_value() == iso, field.input_value()

    def choose(self, name: str, value: str) -> None:
        """One of several: tab to the group, then along."""
        every = self.page.locator(f"[name='{name}']:not([type=hidden])")
        wanted = self.page.locator(f"[name='{name}'][value='{value}']")
        self._tab_to("name => document.activeElement.name === name", name)
        for _ in range(every.count()):
            if wanted.evaluate(FOCUSED):
                break
            self.page.keyboard.press("ArrowDown")
        if not wanted.is_checked():
            self.page.keyboard.press("Space")
        assert wanted.is_checked(), f"{name}: {value} can't be chosen by keys"

    def tick(self, box: Locator) -> None:
        self.to(box)
        self.page.keyboard.press("Space")

    def unfold(self, move: str) -> None:
        """Open what the form of a move is folded into, if it is."""
        fold = self.page.locator(f"details:not([open]):has(form[action$='/{move}']) > summary")
        if fold.count():
            self.to(fold)
            self.page.keyboard.press("Enter")

    def press(self, wanted: Locator, leads: str = "") -> None:
        """Press a link or a button that leads to an address."""
        self.to(wanted)
        with self.page.expect_navigation(url=re.compile(leads)):
            self.page.keyboard.press("Enter")
        self.play.look(self.page)

    def send(self, move: str) -> None:
        """Press what makes a move, in its form or in the bar."""
        button = self.page.locator(
            f"form[action$='/{move}'] button:not([type=button]):not([formaction]), [formaction$='/{move}'],"
            f" button[form='m-{move}']"
        )
        self.press(button, "done=")
