"""Visits every page of the product in four variants and keeps pictures; see bin/screens."""

import sys
import time

import story_setup

from browser import REPOSITORY, VARIANTS, Program, chromium, faults, screenshot, visit
from demonstration import sign_in
from pages import crawl, records_in_every_state
from person import Person
from refused import REFUSED, refuse

OUT = REPOSITORY / "screens"
DATA = REPOSITORY / ".comptoir" / "screens"

# Beside one page of each route: what is empty, found, wrong.
MORE = {
    "sign-in": "/sign-in", "clients-none": "/clients?q=zzzz", "search-found": "/search?q=a",
    "search-none": "/search?q=zzzz", "not-found": "/nothing-here",
}


def main(arguments):
    with_axe = "--axe" in arguments
    wanted = [argument for argument in arguments if not argument.startswith("--")]
    found, count = [], 0
    with Program(DATA, demonstration=True) as program, chromium() as browser:
        with visit(browser, program.address) as page:
            pages = all_pages(page)
        for variant in VARIANTS:
            with visit(browser, program.address, variant) as page:
                for name, address in pages.items():
                    if not wanted or any(part in name for part in wanted):
                        if name != "sign-in":
                            sign_in(page)
                        found += show(page, name, address, variant, with_axe)
                        count += 1
        if not wanted or "setup" in wanted:
            count += set_up(browser)
    print(*found, sep="\n")
    print(f"{count} pictures in {OUT}, {len(found)} faults")
    return 1 if found else 0


def set_up(browser):
    """The steps of a first start, and the home of a company that has nothing yet."""
    pages = ["company", "vat", "bank", "look", "numbering"]
    with Program() as program, visit(browser, program.address) as page:
        def look(name=None):
            name = name or "setup-" + pages.pop(0)
            for variant in VARIANTS:
                page.set_viewport_size({"width": variant.width, "height": variant.height})
                page.emulate_media(color_scheme=variant.theme)
                screenshot(page, OUT / f"{name}-{variant.name}.png")

        person = Person(page, script=True)
        page.goto(story_setup.welcome(program))
        look("welcome")
        story_setup.makes_the_first_account(person, program)
        story_setup.is_guided_through_the_set_up(person, look)
        look("home-empty")
    return 7 * len(VARIANTS)


def all_pages(page):
    """The name of each picture, and its address; a form to be refused is its route."""
    pages = {"sign-in": MORE["sign-in"]}
    sign_in(page)
    found = crawl(page)[0]
    pages |= {name_of(route): address for route, address in found.items()} | MORE
    pages |= records_in_every_state(page, [
        "quotes", "orders", "invoices", "deposit-requests", "recurring-invoices", "payments",
        "clients"])
    pages |= {f"{name_of(route)}-refused": (found[route], fields)
              for route, fields in REFUSED.items()}
    pages["invoice-printed"] = pages["invoices-paid"]
    return pages


def name_of(route):
    return route.strip("/").replace("/:id", "-one").replace("/", "-").replace(":", "") or "home"


def show(page, name, address, variant, with_axe):
    started = time.monotonic()
    page.complaints.clear()
    found = []
    if isinstance(address, tuple):
        found += refuse(page, *address)
    elif page.goto(address).status >= 400 and name != "not-found":
        found.append(f"{address}: was not shown")
    page.emulate_media(media="print" if name.endswith("-printed") else "screen")
    if name != "not-found" and not isinstance(address, tuple):
        found += faults(page, with_axe)
    screenshot(page, OUT / f"{name}-{variant.name}.png")
    print(f"{name} {variant.name} ({time.monotonic() - started:.1f} s)", flush=True)
    return found


sys.exit(main(sys.argv[1:]))
