"""Everything is found from the keyboard: Ctrl-K, some words, Enter."""

from browser import visit
from demonstration import sign_in
from playwright.sync_api import expect


def first(page, address, selector):
    """The text of the first such cell of a list."""
    page.goto(address)
    return page.locator(f".tbl tbody tr {selector}").first.inner_text().strip()


def ask(page, words):
    """Opens the palette and waits for what it finds."""
    page.goto("/")
    page.keyboard.press("Control+k")
    expect(page.locator("dialog#palette")).to_be_visible()
    page.keyboard.type(words)
    options = page.locator("#palette-list [role=option]")
    expect(options.first).to_be_visible()
    return options


def test_control_k_opens_clients_and_documents_by_name_and_number(browser, program):
    with visit(browser, program.address) as page:
        sign_in(page)
        for address, kind in [("/clients", "clients"), ("/quotes", "quotes"),
                              ("/orders", "orders"), ("/invoices?view=paid", "invoices")]:
            words = first(page, address, f"a[href*='/{kind}/']")
            options = ask(page, words)
            expect(options.filter(has_text=words).first).to_be_visible()
            for _ in range(options.count()):
                if words in page.locator("#palette-list [aria-selected=true]").inner_text():
                    break
                page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/{kind}/**")
            expect(page.get_by_text(words).first).to_be_visible()


def test_an_amount_leads_to_its_invoice(browser, program):
    with visit(browser, program.address) as page:
        sign_in(page)
        # The highest number: others of the same amount stand behind it.
        page.goto("/invoices")
        latest = page.locator(".tbl tbody a[href*='/invoices/']", has_text="FACT-").first
        number = latest.inner_text().strip()
        latest.click()
        total = page.locator(".paper .big dd").last.inner_text()
        amount = total.replace("€", "").strip()
        options = ask(page, amount)
        expect(options.filter(has_text=number).first).to_be_visible()


def test_actions_are_reached_by_their_words_and_escape_goes_back(browser, program):
    with visit(browser, program.address) as page:
        sign_in(page)
        ask(page, "nouveau client")
        page.keyboard.press("Enter")
        page.wait_for_url("**/clients/new")
        ask(page, "journal")
        page.keyboard.press("Escape")
        expect(page.locator("dialog#palette")).to_be_hidden()


def test_without_a_script_search_is_a_page(browser, program):
    with visit(browser, program.address) as page:
        sign_in(page)
        name = first(page, "/clients", "a[href*='/clients/']")
        cookies = page.context.cookies()
    context = browser.new_context(base_url=program.address, java_script_enabled=False)
    try:
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto("/")
        page.get_by_role("link", name="Rechercher").first.click()
        page.get_by_role("searchbox").first.fill(name)
        page.get_by_role("button", name="Rechercher").first.click()
        page.locator("main").get_by_role("link", name=name).first.click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    finally:
        context.close()
