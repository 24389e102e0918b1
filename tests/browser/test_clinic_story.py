"""The therapist's morning and the lead's month: flags, an invitation, a changed dose that reaches the phone, numbers, a letter."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from rehab import clock
from rehab.jobs import runner
from tests.browser import helpers
from tests.browser.conftest import Site, watched

SCREENS = {
    "Patient · Ines": ["/today", "/plan", "/progress", "/learn", "/me", "/session", "/check-in", "/issues", "/act-now"],
    "Clinic lead · Lena": ["/therapist/inbox", "/therapist/patients", "/therapist/invitations", "/therapist/catalogue", "/clinic/dashboard"],
}


def _check(page: Page) -> None:
    helpers.check_accessibility(page)
    helpers.check_no_sideways_scroll(page)


def test_a_flag_is_read_acknowledged_closed_and_opened_again(desk: Page) -> None:
    helpers.enter(desk, "Therapist · Thea")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Inbox: 1 open")
    expect(desk.get_by_text("against a usual")).to_be_visible()
    expect(desk.locator(".chart__point--high").first).to_be_visible()
    _check(desk)

    desk.get_by_role("button", name="Acknowledge").click()
    expect(desk.get_by_text("seen by Thea")).to_be_visible()
    desk.get_by_text("Close with outcome").click()
    desk.get_by_role("button", name="Close the flag").click()
    expect(desk.get_by_role("alert").first).to_be_visible()
    desk.get_by_label("contacted", exact=False).first.check(force=True)
    desk.get_by_role("button", name="Close the flag").click()
    expect(desk.get_by_text("Nothing needs a look")).to_be_visible()
    _check(desk)
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Inbox: 1 open")


def test_a_changed_dose_reaches_the_phone_at_its_next_start(desk: Page, phone: Page) -> None:
    helpers.enter(phone, "Patient · Walter")
    phone.goto("/plan")
    expect(phone.get_by_text("Version", exact=False)).to_have_count(0)
    helpers.enter(desk, "Therapist · Thea")
    desk.get_by_role("link", name="Walter").first.click()
    _check(desk)
    desk.get_by_role("link", name="Change plan").click()
    _check(desk)
    first = desk.locator('input[name^="repetitions-"]').first
    first.fill("900")
    desk.get_by_label(re.compile("^Why, in words")).first.fill("Calmer for a week, then we build up again.")
    desk.get_by_role("button", name="Save and tell").click()
    expect(desk.get_by_role("alert").first).to_be_visible()
    expect(desk.locator('input[name^="repetitions-"]').first).to_have_value("900")
    desk.locator('input[name^="repetitions-"]').first.fill("7")
    desk.get_by_role("button", name="Save and tell").click()
    expect(desk.get_by_text("7 times").first).to_be_visible()

    phone.goto("/today")
    expect(phone.get_by_text("Calmer for a week")).to_be_visible()
    phone.goto("/plan")
    expect(phone.get_by_text("7 times").first).to_be_visible()
    _check(phone)


def test_an_invitation_opened_on_a_phone_joins_the_clinic(desk: Page, phone: Page) -> None:
    helpers.enter(desk, "Therapist · Thea")
    desk.get_by_role("link", name="Invite", exact=True).click()
    _check(desk)
    desk.get_by_label("Patient's name").fill("Wilhelmina Oyelaran-Montgomery")
    desk.get_by_role("button", name="Make the link").click()
    expect(desk.locator(".qr svg")).to_be_visible()
    _check(desk)
    link = desk.locator(".qr__link a").get_attribute("href") or ""
    path = "/account/invitation/" + link.rsplit("/", 1)[1]

    phone.goto(path)
    _check(phone)
    expect(phone.get_by_label("Your name")).to_have_value("Wilhelmina Oyelaran-Montgomery")
    phone.get_by_label("E-mail").fill("wilhelmina@example.invalid")
    phone.get_by_label("Password").fill("three small words")
    phone.get_by_label("I am 18 or over").check(force=True)
    phone.get_by_label("I agree that Stride keeps").check(force=True)
    phone.get_by_role("button", name="Continue").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("safe to exercise")
    desk.goto("/therapist/patients")
    expect(desk.get_by_role("link", name="Wilhelmina Oyelaran-Montgomery")).to_be_visible()
    _check(desk)
    phone.context.clear_cookies()
    phone.goto(path)
    expect(phone.get_by_role("heading", level=1)).not_to_contain_text("Join")


def test_the_letter_is_one_page_and_the_numbers_have_their_denominators(desk: Page) -> None:
    helpers.enter(desk, "Clinic lead · Lena")
    desk.goto("/therapist/patients")
    desk.get_by_role("link", name="Walter").first.click()
    desk.get_by_role("link", name="Letter").first.click()
    _check(desk)
    pages = desk.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pages)) == 1

    desk.goto("/clinic/dashboard")
    expect(desk.get_by_text(re.compile(r"\d+ due, \d+ pe")).first).to_be_visible()
    _check(desk)
    with desk.expect_download() as waiting:
        desk.get_by_role("link", name="Download CSV").click()
    assert waiting.value.suggested_filename.endswith(".csv")


def test_the_outsider_sees_none_of_it(desk: Page) -> None:
    helpers.enter(desk, "Therapist · Otto")
    expect(desk.get_by_text("Nothing needs a look")).to_be_visible()
    desk.goto("/therapist/patients")
    expect(desk.get_by_text("Walter")).to_have_count(0)
    _check(desk)


def test_the_worker_writes_mails_that_the_demo_lists(desk: Page, site: Site) -> None:
    runner.run_once(site.app.config["REHAB"], clock.now())
    desk.goto("/account/mailbox")
    expect(desk.get_by_role("link").filter(has_text=re.compile("look", re.IGNORECASE)).first).to_be_visible()
    _check(desk)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_screen_holds_at_each_size_and_in_each_light(open_context: Callable[..., BrowserContext], scheme: str, width: int) -> None:
    for who, paths in SCREENS.items():
        page = watched(open_context(viewport={"width": width, "height": 844}, color_scheme=scheme).new_page())
        helpers.enter(page, who)
        for path in paths:
            page.goto(path)
            page.wait_for_load_state("networkidle")
            _check(page)
