"""Visits every page of the demonstration in four variants and keeps pictures; see bin/screens."""

import sys
import time

from browser import REPOSITORY, VARIANTS, Program, chromium, faults, screenshot, visit
from demonstration import sign_in

OUT = REPOSITORY / "screens"
DATA = REPOSITORY / ".comptoir" / "screens"

# The name of the picture, the address, and the link to follow from there, if any.
FIRST_ROW = ".tbl tbody a"
PAGES = [
    ("sign-in", "/sign-in", None),
    ("home", "/", None),
    ("clients", "/clients", None),
    ("clients-none", "/clients?q=zzzz", None),
    ("client", "/clients", FIRST_ROW),
    ("client-new", "/clients/new", None),
    ("quotes", "/quotes", None),
    ("quote", "/quotes", FIRST_ROW),
    ("quote-new", "/quotes/new", None),
    ("orders", "/orders", None),
    ("order", "/orders", FIRST_ROW),
    ("order-new", "/orders/new", None),
    ("invoices", "/invoices", None),
    ("invoice", "/invoices", FIRST_ROW),
    ("invoice-new", "/invoices/new", None),
    ("payments", "/payments", None),
    ("payment", "/payments", FIRST_ROW),
    ("payment-new", "/payments/new", None),
    ("receivables", "/receivables", None),
    ("items", "/items", None),
    ("item", "/items", FIRST_ROW),
    ("item-new", "/items/new", None),
    ("mails", "/mails", None),
    ("journal", "/journal", None),
    ("search", "/search?q=a", None),
    ("settings-company", "/settings/company", None),
    ("account", "/account", None),
    ("not-found", "/nothing-here", None),
]
BEFORE_SIGN_IN = {"sign-in"}


def main(arguments):
    with_axe = "--axe" in arguments
    wanted = [argument for argument in arguments if not argument.startswith("--")]
    pages = [page for page in PAGES if not wanted or any(part in page[0] for part in wanted)]
    found = []
    with Program(DATA, demonstration=True) as program, chromium() as browser:
        for variant in VARIANTS:
            with visit(browser, program.address, variant) as page:
                for name, address, link in pages:
                    if name not in BEFORE_SIGN_IN:
                        sign_in(page)
                    found += show(page, name, address, link, variant, with_axe)
    print(*found, sep="\n")
    print(f"{len(pages) * len(VARIANTS)} pictures in {OUT}, {len(found)} faults")
    return 1 if found else 0


def show(page, name, address, link, variant, with_axe):
    started = time.monotonic()
    page.complaints.clear()
    response = page.goto(address)
    found = []
    if response.status >= 400 and name != "not-found":
        found.append(f"{address}: answered {response.status}")
    elif link and page.locator(link).count():
        page.locator(link).first.click()
        page.wait_for_load_state()
    elif link:
        found.append(f"{address}: nothing to open by {link}")
    if name != "not-found":
        found += faults(page, with_axe)
    screenshot(page, OUT / f"{name}-{variant.name}.png")
    print(f"{name} {variant.name} ({time.monotonic() - started:.1f} s)", flush=True)
    return found


sys.exit(main(sys.argv[1:]))
