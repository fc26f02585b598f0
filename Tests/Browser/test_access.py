"""How people come in: a link, a password of their own, and a code from a telephone."""

import base64
import hmac
import struct
import time

from browser import visit
from demonstration import sign_in
from test_pages import all_faults, report

NORA = "nora@altavista.example"
SENTENCE = "une longue phrase à elle"


def one_time_password(key, step=0):
    """RFC 6238, as a telephone computes it."""
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(secret, counter, "sha1").digest()
    number = struct.unpack(">I", digest[digest[19] & 15:][:4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def test_somebody_invited_comes_in_sets_up_two_steps_and_signs_in_with_them(browser, program):
    found = []
    with visit(browser, program.address) as owner:
        sign_in(owner)
        owner.goto("/settings/colleagues/new")
        owner.locator("[name=name]").fill("Nora Diallo")
        owner.locator("[name=email]").fill(NORA)
        owner.locator("button:has-text('Inviter')").click()
        found += all_faults(owner)
        owner.locator("button:has-text('Afficher un lien')").click()
        found += all_faults(owner)
        link = owner.locator("code.key").inner_text()
    with visit(browser, program.address) as nora:
        nora.goto(link)
        found += all_faults(nora)
        nora.locator("[name=password]").fill(SENTENCE)
        nora.locator("[name=password]").press("Enter")
        nora.wait_for_url(lambda url: "/invitation" not in url)
        nora.goto("/account/second-factor")
        nora.locator("[name=current_password]").fill(SENTENCE)
        nora.locator("[name=current_password]").press("Enter")
        key = nora.locator("code.key").inner_text().replace(" ", "")
        found += all_faults(nora)
        nora.locator("[name=code]").fill(one_time_password(key))
        nora.locator("[name=code]").press("Enter")
        assert nora.locator(".codes li").count() == 10
        found += all_faults(nora)
        nora.goto("/account/second-factor")
        found += all_faults(nora)
    with visit(browser, program.address) as again:
        again.goto("/sign-in")
        again.locator("[name=email]").fill(NORA)
        again.locator("[name=password]").fill(SENTENCE)
        again.locator("[name=password]").press("Enter")
        again.wait_for_url("**/sign-in/code")
        found += all_faults(again)
        # The code of this half minute has served.
        again.locator("[name=code]").fill(one_time_password(key, step=1))
        again.locator("[name=code]").press("Enter")
        again.wait_for_url(lambda url: "/sign-in" not in url)
    assert found == [], report(found)


def test_pages_before_an_account_is_there_are_sound(browser, program):
    with visit(browser, program.address) as page:
        found = []
        for address in ("/password-reset", "/password-reset/new?token=x", "/sign-in/company",
                        "/invitation?token=x"):
            page.goto(address)
            # A link that is over answers so.
            page.complaints[:] = [text for text in page.complaints if "410" not in text]
            found += all_faults(page)
        page.goto("/password-reset")
        page.locator("[name=email]").fill("nobody@altavista.example")
        page.locator("[name=email]").press("Enter")
        page.locator("h1:has-text('Regardez vos courriels')").wait_for()
        found += all_faults(page)
        assert found == [], report(found)
