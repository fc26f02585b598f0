"""How people come in: a link, a password of their own, and a code from a telephone."""

import base64
import hmac
import struct
import time
from contextlib import contextmanager

from browser import visit
from demonstration import PASSWORD, sign_in
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


@contextmanager
def device(page):
    """What a telephone or a laptop has: it keeps passkeys, and knows whose finger it is."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    name = tools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True}})["authenticatorId"]
    yield lambda knows: tools.send(
        "WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": knows})


def test_a_passkey_is_added_and_opens_the_account_without_a_password(browser, program):
    # Passkeys are for names: an address in numbers has none.
    with visit(browser, program.address.replace("127.0.0.1", "localhost")) as page, \
            device(page) as knows_its_person:
        sign_in(page)
        page.goto("/account/passkeys")
        found = all_faults(page)
        page.locator("[name=name]").fill("Portable de Claire")
        page.locator("[name=current_password]").fill("wrong")
        page.locator("[name=current_password]").press("Enter")
        page.locator("[data-passkey-said]:has-text('mot de passe actuel')").wait_for()
        found += all_faults(page)
        page.locator("[name=current_password]").fill(PASSWORD)
        page.locator("[name=current_password]").press("Enter")
        page.locator(".rows:has-text('Portable de Claire')").wait_for()
        found += all_faults(page)
        page.locator("[name=current_password]").fill(PASSWORD)
        page.locator("[name=current_password]").press("Enter")
        page.locator("[data-passkey-said]:has-text('a déjà une clé')").wait_for()
        page.goto("/account")
        found += all_faults(page)
        page.locator(".me summary").click()
        page.locator("button:has-text('Se déconnecter')").click()
        page.wait_for_url("**/sign-in")
        found += all_faults(page)

        knows_its_person(False)
        page.locator("[data-passkey-offer]").click()
        page.locator("[data-passkey-said]:has-text('Rien n’a été signé')").wait_for()
        found += all_faults(page)
        knows_its_person(True)
        page.locator("[data-passkey-offer]").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        page.goto("/account/passkeys")
        page.locator(".rows:has-text('utilisée aujourd’hui')").wait_for()
        page.locator(".rows a:has-text('Portable de Claire')").click()
        found += all_faults(page)
        page.locator("[name=current_password]").fill(PASSWORD)
        page.locator("[name=current_password]").press("Enter")
        page.locator(".flash:has-text('retirée')").wait_for()
        assert found == [], report(found)


def test_without_a_script_a_passkey_is_not_offered_and_the_password_works(browser, program):
    with visit(browser, program.address.replace("127.0.0.1", "localhost"), script=False) as page:
        page.goto("/sign-in")
        assert not page.locator("[data-passkey-offer]").is_visible()
        sign_in(page)
        page.goto("/account/passkeys")
        page.locator("[data-passkey-absent]").wait_for()
        assert not page.locator("[name=current_password]").is_visible()
