"""A day without network on a phone: everything is kept, shown, and arrives once when the network is back."""

import re

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from rehab.models import Account, CheckIn, ExerciseSession, Patient, Screening
from tests.browser import helpers
from tests.browser.conftest import Site


def _ready_for_no_network(page: Page) -> None:
    """Wait until the worker holds the shells, as on a phone that has opened the app once."""
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.wait_for_function("() => caches.match('/session', {cacheName: 'shells'}).then((kept) => kept !== undefined)")


def _patient(site: Site, email: str) -> Patient:
    with site.app.extensions["rehab_sessions"]() as db:
        found = db.scalar(sa.select(Patient).join(Account, Account.id == Patient.account_id).where(Account.email == email))
        assert found is not None
        return found


def _count(site: Site, model: type, patient: Patient) -> int:
    with site.app.extensions["rehab_sessions"]() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(model).where(model.patient_id == patient.id)) or 0


def _guided_session(page: Page, *, before: int, worst: int, after: int) -> None:
    page.goto("/session")
    page.get_by_role("button", name="None of these").click()
    page.locator(f"#pain_before-{before}").check(force=True)
    page.get_by_role("button", name="Next").click()
    where = page.get_by_text("Exercise 1 of")
    expect(where).to_be_visible()
    helpers.check_accessibility(page)
    many = int((where.text_content() or "").rsplit(" ", 1)[1])
    for number in range(1, many + 1):
        expect(page.get_by_text(f"Exercise {number} of {many}")).to_be_visible()
        page.get_by_role("button", name="Done", exact=True).click()
    page.locator(f"#pain_worst-{worst}").check(force=True)
    page.locator(f"#pain_after-{after}").check(force=True)
    helpers.check_accessibility(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Saved")


def test_a_day_without_network_arrives_once_when_the_network_is_back(phone: Page, site: Site) -> None:
    helpers.enter(phone, "Patient · Ines")
    patient = _patient(site, "ines@demo.invalid")
    expect(phone.get_by_role("heading", name=re.compile("session|rest day|Done"))).to_be_visible()
    helpers.check_accessibility(phone)
    helpers.check_no_sideways_scroll(phone)
    _ready_for_no_network(phone)
    sessions, check_ins = _count(site, ExerciseSession, patient), _count(site, CheckIn, patient)

    phone.context.set_offline(True)
    _guided_session(phone, before=3, worst=4, after=2)
    helpers.check_accessibility(phone)
    phone.get_by_role("link", name="Back to today").click()
    expect(phone.get_by_text("Saved on this phone: 1 waiting")).to_be_visible()
    phone.get_by_role("link", name="Check in").click()
    phone.locator("#usual-4").check(force=True)
    helpers.check_accessibility(phone)
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("Saved: 4 of 10")).to_be_visible()
    phone.goto("/today")  # a fresh start without network
    expect(phone.get_by_text("Saved on this phone: 2 waiting")).to_be_visible()
    expect(phone.get_by_text("Usual pain today: 4 of 10")).to_be_visible()
    phone.goto("/progress", wait_until="commit")
    expect(phone.get_by_role("heading", name="No network")).to_be_visible()
    phone.goto("/act-now")
    expect(phone.get_by_text("Call 999").first).to_be_visible()
    assert (_count(site, ExerciseSession, patient), _count(site, CheckIn, patient)) == (sessions, check_ins)

    phone.goto("/today")
    phone.context.set_offline(False)
    expect(phone.get_by_text("All sent")).to_be_visible(timeout=15_000)
    assert (_count(site, ExerciseSession, patient), _count(site, CheckIn, patient)) == (sessions + 1, check_ins + 1)
    phone.goto("/progress")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Progress")
    helpers.check_accessibility(phone)


def test_done_as_planned_takes_three_taps_and_a_correction_replaces_it(phone: Page, site: Site) -> None:
    helpers.enter(phone, "Patient · Walter")
    patient = _patient(site, "walter@demo.invalid")
    before = _count(site, ExerciseSession, patient)

    phone.get_by_role("link", name="Done as planned").click()
    helpers.check_accessibility(phone)
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("Tap a number.")).to_be_visible()
    phone.locator("#pain_worst-6").check(force=True)
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("That was too much")).to_be_visible()
    phone.get_by_role("link", name="Back to today").click()
    expect(phone.get_by_text("Worst pain: 6 of 10")).to_be_visible()

    phone.get_by_role("link", name="Change it").first.click()
    phone.get_by_label("Part of it").check(force=True)
    phone.locator("#pain_worst-3").check(force=True)
    phone.locator("#exercises input").first.check(force=True)
    helpers.check_accessibility(phone)
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("That is acceptable")).to_be_visible()
    phone.get_by_role("link", name="Back to today").click()
    expect(phone.get_by_text("All sent")).to_be_visible(timeout=15_000)
    with site.app.extensions["rehab_sessions"]() as db:
        kept = db.scalars(sa.select(ExerciseSession).where(ExerciseSession.patient_id == patient.id, ExerciseSession.superseded.is_(False))
                          .order_by(ExerciseSession.performed_at.desc())).first()  # fmt: skip
        assert kept is not None and (kept.status, kept.pain_nprs_worst) == ("partly", 3)
    assert _count(site, ExerciseSession, patient) == before + 2


def test_a_bladder_change_before_a_session_blocks_it_without_network_and_reaches_the_therapist(phone: Page, desk: Page, site: Site) -> None:
    helpers.enter(phone, "Patient · Sana")
    patient = _patient(site, "sana@demo.invalid")
    _ready_for_no_network(phone)
    phone.context.set_offline(True)

    phone.goto("/session")
    phone.get_by_label("Bladder, bowel").check(force=True)
    phone.get_by_role("button", name="Next").click()
    helpers.check_accessibility(phone)
    phone.get_by_role("button", name="Next").click()
    expect(phone.get_by_text("Please answer this one.")).to_be_visible()
    for index, value in enumerate(("yes", "no", "no")):
        phone.locator(f'fieldset >> nth={index} >> input[value="{value}"]').check(force=True)
    phone.get_by_role("button", name="Next").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("emergency care now")
    expect(phone.get_by_role("link", name="Call 999")).to_be_visible()
    helpers.check_accessibility(phone)
    phone.goto("/session")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("emergency care now")
    phone.goto("/today")
    expect(phone.get_by_text("emergency care now")).to_be_visible()
    expect(phone.get_by_role("link", name="Start session")).to_have_count(0)

    phone.context.set_offline(False)
    expect(phone.get_by_text("All sent")).to_be_visible(timeout=15_000)
    assert _count(site, Screening, patient) >= 1
    helpers.enter(desk, "Therapist · Tomás")
    expect(desk.get_by_text("Sana").first).to_be_visible()
    expect(desk.get_by_text(re.compile("bladder", re.IGNORECASE)).first).to_be_visible()
    helpers.check_accessibility(desk)
