"""The middle of the story: client, item, quote, order, and invoices until nothing is left to."""

import subprocess

from person import euros, with_check_digit
from playwright.sync_api import expect

CLIENT, RECIPIENT = "Gîtes des Aulnes", "accueil@aulnes.example"
ITEM = "Film de présentation"
# Two films at 450 € less 10 %, and one day of travel at 120 €; 20 % VAT on each invoice.
FILM_NET, TRAVEL_NET = 450_00 * 9 // 10, 120_00
FIRST_TOTAL = (FILM_NET + TRAVEL_NET) * 12 // 10
SECOND_TOTAL = FILM_NET * 12 // 10
QUOTE_TOTAL = FIRST_TOTAL + SECOND_TOTAL


def adds_a_client(person):
    person.go("/clients")
    person.sees("Votre premier client")
    person.press("Nouveau client")
    person.fill(name=CLIENT, email=RECIPIENT, siren="123456789", city="Annecy", kind="company")
    person.press("Enregistrer")
    person.sees("1 champ à corriger")
    person.sees_at("siren", "SIREN")
    for name, value in {"name": CLIENT, "email": RECIPIENT, "city": "Annecy"}.items():
        expect(person.field(name)).to_have_value(value)
    person.fill(siren=with_check_digit("00034567"), street="8 rue du Lac", postal_code="74000")
    person.press("Enregistrer")
    person.sees(CLIENT, "Annecy", RECIPIENT)


def adds_an_item(person):
    person.go("/items/new")
    person.fill(label=ITEM, unit_price="450")
    person.press("Enregistrer")
    person.sees(ITEM, "450,00 €")


def writes_a_quote(person):
    """With the script the item is offered while typing and Enter adds a line; without it the
    buttons of the page do the same."""
    person.go("/quotes/new")
    person.fill(client_words="aulnes")
    if person.script:
        offered = person.page.get_by_role("option", name=CLIENT)
        expect(offered).to_be_visible()
        offered.click()
        expect(person.main.locator(".party .nm")).to_have_text(CLIENT)
    else:
        person.press("Chercher")
        if person.main.get_by_role("radio").count():
            person.main.get_by_role("radio").first.check()
            person.press("Choisir")
    person.sees(CLIENT)
    (adds_lines_by_keys if person.script else adds_lines_by_buttons)(person)
    person.fill(**{
        "subject": "Film du gîte", "lines[0][quantity]": "2", "lines[0][discount]": "10",
        "lines[1][unit_price]": "120"})
    if person.script:
        person.sees(euros(QUOTE_TOTAL))
    person.press("Enregistrer")
    person.sees("Brouillon", CLIENT, ITEM, "Déplacement", euros(QUOTE_TOTAL))


def adds_lines_by_keys(person):
    person.main.locator("#new").press_sequentially("film")
    expect(person.page.get_by_role("option", name=ITEM)).to_be_visible()
    person.page.keyboard.press("ArrowDown")
    person.page.keyboard.press("Enter")
    expect(person.field("lines[0][label]")).to_have_value(ITEM)
    expect(person.field("lines[0][unit_price]")).to_have_value("450,00")
    person.field("lines[0][quantity]").press("Enter")
    expect(person.field("lines[1][label]")).to_be_focused()
    person.page.keyboard.type("Déplacement")


def adds_lines_by_buttons(person):
    person.main.locator("#new").fill(ITEM)
    person.press("Ajouter")
    expect(person.field("lines[0][unit_price]")).to_have_value("450,00")
    person.main.locator("#new").fill("Déplacement")
    person.press("Ajouter")
    expect(person.field("lines[1][label]")).to_have_value("Déplacement")


def sends_the_quote_before_mail_is_set_up(person):
    person.press("Envoyer")
    expect(person.field("recipient")).to_have_value(RECIPIENT)
    person.press("Mettre en attente")
    person.sees("Envoyé")
    person.go("/mails")
    person.sees("1 courriel attend", RECIPIENT)


def sets_up_mail(person, port):
    person.press("Régler l’envoi")
    person.fill(
        smtp_host="127.0.0.1", smtp_security="none", smtp_port=str(port),
        mail_from="bonjour@horizon.example")
    person.press("Enregistrer")
    person.sees("1 courriel attend", "Envoyer maintenant")
    person.press("Envoyer maintenant")


def accepts_the_quote_and_does_the_work(person):
    person.go("/quotes")
    person.press("DEV-" + person.main.locator(".tbl a.id").first.inner_text()[4:])
    person.press("Accepté par le client")
    person.sees("Commande", "Confirmée", euros(QUOTE_TOTAL))
    person.press("Démarrer")
    person.sees("En cours")
    person.press("Terminer")
    person.sees("Terminée", "Facturer")
    return person.page.url


def invoices(person, order, number, total, first_quantity=None):
    """Invoices what is left of the order, or less of its first line; reads the PDF."""
    person.go(order)
    person.press("Facturer")
    if first_quantity:
        person.press("Modifier")
        person.fill(**{"lines[0][quantity]": first_quantity})
        person.press("Enregistrer")
    person.sees("Brouillon", euros(total))
    person.press("Émettre…")
    person.sees("C’est définitif", number)
    person.press("Émettre définitivement")
    person.sees(number, euros(total), CLIENT)
    text = pdf_text(person)
    assert number in text and euros(total) in text, text
    return person.page.url


def pdf_text(person):
    """What a reader of the downloaded PDF reads, with plain spaces."""
    with person.page.expect_download() as download:
        person.control("Télécharger le PDF").click()
    made = subprocess.run(
        ["pdftotext", "-layout", download.value.path(), "-"], capture_output=True, check=True)
    return " ".join(made.stdout.decode().split())


def sends_the_invoice(person, invoice):
    person.go(invoice)
    person.press("Envoyer")
    person.press("Envoyer")
    person.sees("a demandé l’envoi")
