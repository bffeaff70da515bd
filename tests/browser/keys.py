"""Somebody without a mouse: only keys are pressed, and at each stop the focus is seen, unhidden, and further down."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

MOST = 120
"""Stops on the way to something, at most."""
STOP = """([wanted, before]) => {
  const at = document.activeElement, box = (at.getClientRects()[0] || at.getBoundingClientRect());
  const drawn = ['radio', 'checkbox'].includes(at.type) ? getComputedStyle(at.labels[0], '::before') : getComputedStyle(at);
  const outlined = drawn.outlineStyle !== 'none' && parseFloat(drawn.outlineWidth) >= 2;
  const coloured = !/rgba\\(0, 0, 0, 0\\)|transparent/.test(drawn.outlineColor) || drawn.boxShadow !== 'none';
  const top = document.elementFromPoint(box.left + Math.min(box.width / 2, 10), box.top + box.height / 2);
  const last = window.lastStop, place = {top: box.top + scrollY, bottom: box.bottom + scrollY};
  window.lastStop = at === document.body ? undefined : place;
  return {
    there: at === wanted, group: !!wanted && at.type === 'radio' && at.name === wanted.name, nowhere: at === document.body,
    what: at.outerHTML.slice(0, 120), outlined: outlined && coloured, tabindex: at.tabIndex,
    hidden: !(top && (at.contains(top) || [...(at.labels || [])].some(one => one.contains(top)))),
    onwards: !last || (before ? place.top <= last.bottom : place.bottom >= last.top),
    across: box.left >= 0 && box.left < innerWidth,
  };
}"""


class Keys:
    """The keyboard of one page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.stops = 0
        """How many were looked at."""

    def to(self, role: str, name: str, *, within: str = "body", back: bool = False) -> Locator:
        """Go from stop to stop until something has the focus; with ``back``, the other way."""
        wanted = self._page.locator(within).get_by_role(role, name=name).first  # type: ignore[arg-type]
        wanted.wait_for()
        self._page.wait_for_load_state()  # the style sheet draws the focus, and may come after the element
        self._page.evaluate("window.lastStop = undefined")
        handle = wanted.element_handle()
        seen = self._page.evaluate(STOP, [handle, back])
        for _ in range(MOST):
            if seen["there"] or (seen["group"] and role == "radio"):
                return wanted
            self._page.keyboard.press("Shift+Tab" if back else "Tab")
            seen = self._page.evaluate(STOP, [handle, back])
            self._look(seen)
        raise AssertionError(f"the keyboard does not reach {role} {name!r}")

    def press(self, role: str, name: str, **where: Any) -> None:
        """Go to a link or a button, and press Enter."""
        self.to(role, name, **where)
        self._page.keyboard.press("Enter")

    def type(self, name: str, text: str, role: str = "textbox") -> None:
        """Go to a field, and type."""
        self.to(role, name)
        self._page.keyboard.type(text)

    def choose(self, name: str) -> None:
        """Go to a group of radios, and with the arrows to one of them; Space where none was chosen."""
        wanted = self.to("radio", name)
        for _ in range(MOST):
            if wanted.evaluate("one => one === document.activeElement"):
                break
            self._page.keyboard.press("ArrowDown")
            self._look(self._page.evaluate(STOP, [None, False]), order=False)
        if not wanted.is_checked():
            self._page.keyboard.press("Space")
        assert wanted.is_checked(), name

    def tick(self, name: str) -> None:
        """Go to a box, and tick it by Space."""
        wanted = self.to("checkbox", name)
        self._page.keyboard.press("Space")
        assert wanted.is_checked(), name

    def _look(self, seen: dict[str, Any], *, order: bool = True) -> None:
        if seen["nowhere"]:
            return  # past the last stop, and round again
        self.stops += 1
        assert seen["outlined"], f"the focus is not seen: {seen['what']}"
        assert not seen["hidden"] and seen["across"], f"what has the focus is hidden: {seen['what']}"
        assert seen["tabindex"] == 0, seen["what"]
        assert seen["onwards"] or not order, f"the order goes back at {seen['what']}"
