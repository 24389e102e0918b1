"""Small steps that the stories share."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_axe = Axe()


def enter(page: Page, label: str) -> None:
    """Sign in by the demo button whose words start with ``label``."""
    page.goto("/account/sign-in")
    page.get_by_role("button", name=label).click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def check_accessibility(page: Page) -> None:
    """Fail with the rules that axe says the page breaks (WCAG 2.2 AA)."""
    found = _axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    broken = [
        f"{rule['id']}: {rule['help']} — {rule['nodes'][0]['html'][:160]}" for rule in found.response["violations"]
    ]
    assert not broken, f"{page.url}\n" + "\n".join(broken)


def check_no_sideways_scroll(page: Page) -> None:
    """Fail when the page is wider than its screen."""
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
