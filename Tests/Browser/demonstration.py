"""What the browser tests know of the demonstration data."""

import os

OWNER = os.environ.get("COMPTOIR_DEMO_OWNER", "claire@altavista.example")
PASSWORD = os.environ.get("COMPTOIR_DEMO_PASSWORD", "demonstration")


def sign_in(page, email=OWNER, password=PASSWORD):
    """Signs in unless this session already is."""
    if any("session" in cookie["name"] for cookie in page.context.cookies()):
        return
    page.goto("/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
