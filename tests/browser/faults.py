"""What axe and a ruler find wrong with a page as it stands: on a wide screen, a narrow one, and at a zoom of 400 %."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],  # what passes is not described, which halves the time
}
SIZES = {"1280 px": (1280, 900, 1), "320 px": (320, 900, 1), "400 %": (320, 256, 4)}
"""Width and height in CSS pixels, and device pixels to one: 400 % is a screen of 1280 by 1024 zoomed to a quarter."""
RUN = "options => axe.run(options).then(({violations}) => violations.map(one => [one.id, one.nodes[0].html]))"
WIDER = """() => [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1
  && !one.closest('.app-table, pre, .govuk-visually-hidden, .govuk-skip-link')).map(one => one.outerHTML.slice(0, 120))"""
"""What stands out of the page to the right, tables of data aside: WCAG lets those scroll by themselves."""


def check(page: Page, name: str) -> None:
    """No fault of WCAG 2.2 A or AA at any size, and nothing but tables to scroll sideways."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    before = page.viewport_size
    devtools = page.context.new_cdp_session(page)
    for size, (width, height, scale) in SIZES.items():
        wanted: dict[str, Any] = {
            "width": width,
            "height": height,
            "deviceScaleFactor": scale,
            "mobile": False,
        }
        devtools.send("Emulation.setDeviceMetricsOverride", wanted)
        assert page.evaluate("[innerWidth, innerHeight, devicePixelRatio]") == [width, height, scale]
        assert page.evaluate(RUN, WCAG) == [], (name, size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, size)
        assert page.evaluate(WIDER) == [], (name, size)
    devtools.detach()
    assert before is not None
    page.set_viewport_size(before)
