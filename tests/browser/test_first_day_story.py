"""A newcomer on a phone: sign-up, safety, questions with the body picture, result, plan, today."""

import re

from playwright.sync_api import Page, expect

from tests.browser import helpers


def _sign_up(page: Page, email: str) -> None:
    page.goto("/")
    page.get_by_role("link", name="Start").click()
    page.get_by_label("Your name").fill("Maximiliane Konstantinopolsky-Featherstonehaugh")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill("three small words")
    page.get_by_label("I am 18 or over").check(force=True)
    page.get_by_label("I agree that Stride keeps").check(force=True)
    helpers.check_accessibility(page)
    page.get_by_role("button", name="Continue").click()


def _answer_no_to_all(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("safe to exercise")
    words = page.get_by_text("Part 1 of")
    expect(words).to_be_visible()
    helpers.check_accessibility(page)
    parts = int((words.text_content() or "").rsplit(" ", 1)[1])
    for part in range(1, parts + 1):
        expect(page.get_by_text(f"Part {part} of {parts}")).to_be_visible()
        page.get_by_role("button", name="No to").click()


def test_from_sign_up_to_today_by_the_questions(phone: Page) -> None:
    _sign_up(phone, "newcomer@example.invalid")
    _answer_no_to_all(phone)

    phone.get_by_role("link", name="Start the questions").click()
    for step in range(1, 60):
        if "/results" in phone.url:
            break
        if step == 1:
            phone.get_by_label("60-69").check(force=True)
        if phone.locator('input[name="q_loc"]').count():
            helpers.check_accessibility(phone)
            for place in ("loc_groin", "loc_inner_thigh"):
                phone.locator(f'input[name="q_loc"][value="{place}"]').first.check(force=True)
        for value in ("worst_groin", "walk_startup", "socks_hard", "stairs_worse", "stiff_lt30", "hx_family_oa"):
            box = phone.locator(f'input[value="{value}"]')
            if box.count():
                box.first.check(force=True)
        helpers.check_no_sideways_scroll(phone)
        phone.get_by_role("button", name=re.compile("Next|See what")).click()

    expect(phone.get_by_role("heading", level=1)).to_contain_text("What your answers look like")
    expect(phone.get_by_text("Looks most like")).to_be_visible()
    expect(phone.get_by_text("%")).to_have_count(0)
    helpers.check_accessibility(phone)
    phone.get_by_role("link", name="See the plan").first.click()

    expect(phone.get_by_role("heading", level=1)).to_contain_text("Your plan")
    helpers.check_accessibility(phone)
    helpers.check_no_sideways_scroll(phone)
    phone.get_by_label("Remind me at").fill("07:45")
    phone.get_by_role("button", name="Start this plan").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Five signs")
    phone.get_by_role("link", name="Understood, go to today").click()

    phone.wait_for_url("**/today")
    for name in ("Plan", "Progress", "Learn", "Me"):
        phone.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
        expect(phone.get_by_role("heading", level=1)).to_be_visible()
        helpers.check_accessibility(phone)
        helpers.check_no_sideways_scroll(phone)


def test_a_bladder_change_stops_exercise_and_shows_the_emergency_page(phone: Page) -> None:
    _sign_up(phone, "stopped@example.invalid")
    phone.locator('input[name="rf_cauda_bladder"][value="yes"]').check(force=True)
    _answer_no_to_all(phone)

    expect(phone.get_by_role("heading", level=1)).to_contain_text("emergency care now")
    expect(phone.get_by_text("999").first).to_be_visible()
    helpers.check_accessibility(phone)
    phone.get_by_role("button", name="I have read this").click()
    expect(phone).to_have_url(re.compile("/stopped$"))
    helpers.check_accessibility(phone)

    phone.goto("/start/plan/hip-osteoarthritis")
    expect(phone.get_by_text("Exercise waits")).to_be_visible()


def test_an_issue_can_be_picked_from_the_full_list(phone: Page) -> None:
    _sign_up(phone, "picker@example.invalid")
    _answer_no_to_all(phone)
    phone.get_by_role("link", name="Pick from the list").click()
    helpers.check_accessibility(phone)
    assert phone.locator("a.row-link").count() >= 23
    phone.locator('a[href="/issues/outer-hip-pain"]').click()
    helpers.check_accessibility(phone)
    phone.get_by_role("link", name="See the plan").click()
    phone.get_by_role("button", name="Start this plan").click()

    expect(phone.get_by_role("heading", level=1)).to_contain_text("Five signs")


def test_missing_safety_answers_are_named_and_the_given_ones_stay(phone: Page) -> None:
    _sign_up(phone, "forgetful@example.invalid")
    phone.locator('input[name="rf_cauda_bowel"][value="no"]').check(force=True)
    phone.get_by_role("button", name="Next").click()

    expect(phone.get_by_text("Please answer this one").first).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("Part 1 of")).to_be_visible()
    expect(phone.locator('input[name="rf_cauda_bowel"][value="no"]')).to_be_checked()
    helpers.check_accessibility(phone)
