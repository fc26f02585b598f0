"""Every page of the product over the demonstration data: nothing to complain of for axe, the
console, a keyboard, a phone or the dark."""

from browser import VARIANTS, axe_faults, faults, visit
from demonstration import sign_in
from keyboard import keyboard_faults
from pages import BEFORE, PARTS, crawl, records_in_every_state, routes
from refused import REFUSED, refuse

# Reached only from records that the demonstration does not hold, or by a picture's address: the
# story of a company (test_story.py) goes there, and test_imports.py to imports.
ELSEWHERE = {
    "/credit-notes/:id/allocate", "/credit-notes/:id/refund", "/invoices/:id/logo", "/logo",
    "/settings/colleagues/invitations/:id", "/settings/roles/:id", "/my-day", "/my-documents",
    "/imports/:id", "/imports/:id/mapping", "/imports/:id/refusals", "/imports/:id/undo",
    "/deposit-requests/:id/logo", "/books/archives/:id/file", "/books/closings/:id",
    "/received-invoices/:id", "/received-invoices/:id/file", "/received-invoices/:id/status",
    "/received-invoices/:id/xml", "/suppliers/:id", "/suppliers/:id/edit",
    "/shared/:shared/logo", "/settings/webhooks/:id", "/settings/webhooks/:id/deliveries",
    "/settings/webhooks/:id/deliveries/:delivery", "/account/passkeys/:id", "/clients/:id/erase"}


def test_every_page_is_linked_and_no_link_is_dead(browser, program):
    with visit(browser, program.address) as page:
        sign_in(page)
        found, files, broken = crawl(page)
        assert broken == [], "\n".join(broken)
        unlinked = set(routes()) - set(found) - set(files) - BEFORE - PARTS - ELSEWHERE
        assert unlinked == set(), f"no link leads to {sorted(unlinked)}"


def test_every_page_is_sound_at_both_widths_and_in_both_themes(browser, program):
    with visit(browser, program.address) as page:
        page.goto("/sign-in")
        found = all_faults(page)
        sign_in(page)
        pages = [*crawl(page)[0].values(), "/clients?q=zzzz", "/search?q=a",
                 *records_in_every_state(page, [
                     "quotes", "orders", "invoices", "deposit-requests", "recurring-invoices",
                 ]).values()]
        for address in pages:
            page.goto(address)
            found += all_faults(page)
        assert found == [], report(found)


def test_every_refused_form_is_sound(browser, program):
    with visit(browser, program.address) as page:
        sign_in(page)
        found, pages = [], crawl(page)[0]
        for route, fields in REFUSED.items():
            found += refuse(page, pages[route], fields) or all_faults(page)
        assert found == [], report(found)


def report(found):
    return f"{len(found)} faults:\n" + "\n".join(sorted(set(found)))


def all_faults(page):
    """As it stands, at each width and in each theme. In the dark only colours can differ."""
    # What the form complained of in the answer's status is no fault of the page.
    page.complaints[:] = [text for text in page.complaints if "422" not in text]
    found = []
    for variant in VARIANTS:
        look_as(page, variant)
        if variant.theme == "light":
            found += faults(page) + keyboard_faults(page)
        else:
            found += axe_faults(page, ["color-contrast"])
    look_as(page, VARIANTS[0])
    page.complaints.clear()
    return found


def look_as(page, variant):
    page.set_viewport_size({"width": variant.width, "height": variant.height})
    page.emulate_media(color_scheme=variant.theme, reduced_motion="reduce")
