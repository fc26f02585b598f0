"""Every page of the product, found as people find them: by following the links from home."""

import html
import re
from urllib.parse import urlsplit

from browser import REPOSITORY

# Of one route so many pages are read for links: some pages are linked from few records only.
MOST_OF_A_ROUTE = 40
# What only somebody without an account or without a company sees.
BEFORE = {
    "/welcome", "/sign-in", "/sign-in/code", "/sign-in/company", "/sign-in/company/callback",
    "/password-reset", "/password-reset/new", "/invitation", "/health", "/healthz", "/readyz",
    "/metrics"} | {
    f"/setup{step}" for step in ("", "/company", "/vat", "/bank", "/look", "/numbering")}
# What a list answers while somebody types in a field.
# And what pages listen to, or programs read.
PARTS = {"/clients/suggest", "/items/suggest", "/search/suggest", "/events", "/oauth/jwks.json",
         "/.well-known/oauth-authorization-server"}


def routes():
    """The addresses of all pages as the program declares them, `:id` for what changes."""
    text = (REPOSITORY / "Tests/Snapshots/roles-and-routes.txt").read_text()
    return [line.split()[1].removesuffix(":") for line in text.splitlines()
            if line.startswith("GET ")]


def route_of(address, known):
    """The route that answers an address: the one with the fewest changing parts."""
    path = urlsplit(address).path
    fitting = [route for route in known
               if re.fullmatch(re.sub(r":\w+", "[^/]+", route), path)]
    return min(fitting, key=lambda route: route.count(":"), default=None)


def crawl(page, start="/"):
    """One page of each route that links lead to, as route: address; files, as route: address; and
    links that lead nowhere, as sentences. `page` is signed in."""
    known, found, files, broken = routes(), {}, {}, []
    read, seen, queues = {}, {start}, ([start], [], [])
    while any(queues):
        address = next(queue for queue in queues if queue).pop(0)
        route = route_of(address, known)
        if route is None:
            broken.append(f"{address} is linked and has no route")
            continue
        if route in files or read.get(route, 0) >= MOST_OF_A_ROUTE:
            continue
        read[route] = read.get(route, 0) + 1
        answer = page.request.get(address, max_redirects=0)
        if answer.status != 200:
            broken.append(f"{address} is linked and answers {answer.status}")
        elif not answer.headers.get("content-type", "").startswith("text/html"):
            files[route] = address
        else:
            found.setdefault(route, address if ":" in route else route)
            for link in links(answer.text()):
                if link not in seen:
                    seen.add(link)
                    # New kinds of pages first, then the views of lists, then more records.
                    kind = route_of(link, known)
                    queues[0 if kind not in found else 2 if ":" in kind else 1].append(link)
    return found, files, broken


def records_in_every_state(page, lists):
    """The first record of each saved view of these lists: drafts, late ones, paid ones. By name,
    such as `invoices-paid`, its address."""
    found = {}
    for records in lists:
        page.goto("/" + records)
        for view in page.locator(".views a").evaluate_all("all => all.map(a => a.href)")[1:]:
            page.goto(view)
            row = page.locator(".tbl tbody a").first
            if row.count():
                found[f"{records}-{view.split('=')[-1]}"] = row.get_attribute("href")
    return found


def links(text):
    """The addresses of this program that a page links to; fragments and assets are left out."""
    for link in re.findall(r'<a\b[^>]*\shref="([^"#]+)', text):
        link = html.unescape(link)
        if link.startswith("/") and not link.startswith("/assets/"):
            yield link
