"""What stands around every page: help for the keyboard, the source, a word when nobody answers."""

import gzip

from browser import visit
from demonstration import sign_in
from playwright.sync_api import expect


def test_a_question_mark_explains_the_keys(browser, program):
    with visit(browser, program.address) as page:
        sign_in(page)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Raccourcis clavier")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_everyone_can_have_the_source_of_the_program_that_runs(browser, program):
    with visit(browser, program.address) as page:
        page.goto("/sign-in")
        link = page.get_by_role("link", name="Code source").get_attribute("href")
        content = gzip.decompress(page.request.get(link).body())
        assert b"comptoir/Package.swift" in content and b"comptoir/LICENSE" in content


def test_lines_added_while_nobody_answers_are_not_lost(browser, program):
    with visit(browser, program.address) as page:
        sign_in(page)
        page.goto("/quotes/new")
        page.context.set_offline(True)
        page.locator("#new").fill("Essai")
        page.locator("#add").click()
        expect(page.locator("#offline")).to_be_visible()
        expect(page.locator("#new")).to_have_value("Essai")
        page.context.set_offline(False)
        page.locator("#add").click()
        expect(page.locator("#offline")).to_be_hidden()
        expect(page.locator("[name='lines[0][label]']")).to_have_value("Essai")


def test_numbers_follow_what_happens_while_a_page_is_open(browser, program):
    with visit(browser, program.address) as page, visit(browser, program.address) as other:
        sign_in(page)
        page.goto("/clients")
        badge = page.locator(".side [data-counter=mails]")
        before = int(badge.text_content())
        sign_in(other)
        other.goto("/quotes")
        quote = other.locator("tbody a[href^='/quotes/0']").first.get_attribute("href")
        other.goto(f"{quote}/send")
        other.locator("[name=recipient]").fill("compta@aubrac.example")
        other.locator("form[action$='/send'] button.p").click()
        expect(badge).to_have_text(str(before + 1), timeout=20_000)
        expect(badge).to_be_visible()
        assert not page.complaints
