"""A file comes in and is taken back again, with and without a script; its pages are sound on the
way."""

import os

from browser import visit
from demonstration import sign_in
from playwright.sync_api import expect
from test_pages import all_faults, report

WAIT_MILLISECONDS = 20_000


def clients(name):
    return ("Code client;Nom;E-mail;Téléphone;Ville\n"
            f"{name}-1;Reprise {name} un;;01 99 00 12 34;Lyon\n"
            f"{name}-2;Reprise {name} deux;;;Lille\n{name}-3;Reprise {name} trois;faux;;Nice\n")


def send(page, name):
    page.goto("/imports/new")
    page.locator("[name=file]").set_input_files(
        {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": clients(name).encode()})
    page.locator("main .btn.p").click()
    page.wait_for_url("**/mapping")


def until(page, words):
    """The page asks again by itself; without a script too."""
    expect(page.locator(".head .pill")).to_contain_text(words, timeout=WAIT_MILLISECONDS)


def bring(page, name, look):
    send(page, name)
    look()
    page.locator("main .btn.p").click()
    until(page, "À confirmer")
    look()
    page.get_by_role("button", name="Importer", exact=True).click()
    until(page, "Importé")
    look()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert "faux" in download.value.path().read_text()
    page.get_by_role("link", name="Annuler cet import").click()
    look()
    page.get_by_role("button", name="Annuler l’import").click()
    until(page, "Annulé")
    look()


def test_a_file_comes_in_and_is_taken_back(browser, program):
    found = []
    with visit(browser, program.address) as page:
        sign_in(page)
        page.goto("/imports")
        bring(page, f"A{os.getpid()}", lambda: found.extend(all_faults(page)))
        page.goto("/imports")
        found += all_faults(page)
    assert found == [], report(found)


def test_a_file_comes_in_without_a_script(browser, program):
    with visit(browser, program.address, script=False) as page:
        sign_in(page)
        bring(page, f"B{os.getpid()}", lambda: None)
