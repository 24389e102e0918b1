"""A real server on loopback, a real browser at phone size, and axe in every story."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from rehab import clock, config, create_app, db, demo, schema_version

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]  # fmt: skip
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 860}


@dataclass
class Site:
    """The running product with the demo clinic."""

    url: str
    app: Flask
    folder: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product on a free loopback port, filled with the demo clinic."""
    folder = tmp_path_factory.mktemp("site")
    settings = config.Config(data_folder=folder, demo=True, rate_limits=False)
    engine = db.make_engine(settings.url)
    schema_version.upgrade(engine)
    with db.make_session_factory(engine)() as session:
        demo.fill(session, now=clock.now())
        session.commit()
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", app, folder)
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()
    engine.dispose()
    app.extensions["rehab_engine"].dispose()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One headless Chromium for all stories."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_context(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """Make a fresh browser profile: ``open_context(viewport=DESK, color_scheme="dark")``."""
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> BrowserContext:
        options.setdefault("viewport", PHONE)
        context = browser.new_context(base_url=site.url, has_touch=True, timezone_id="Europe/London", **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext]) -> Page:
    """A page on a phone, not signed in. A script error fails the story."""
    return watched(open_context().new_page())


@pytest.fixture
def desk(open_context: Callable[..., BrowserContext]) -> Page:
    """A page on a therapist's screen, not signed in."""
    return watched(open_context(viewport=DESK).new_page())


def watched(page: Page) -> Page:
    """The page, with its script errors raised."""

    def fail(error: object) -> None:
        raise AssertionError(f"a script failed: {error}")

    page.on("pageerror", fail)
    page.on("console", lambda message: fail(message.text) if message.type == "error" and "attribute" in message.text else None)
    return page
