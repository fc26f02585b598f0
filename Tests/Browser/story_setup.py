"""The beginning of the story: from an empty folder to a company that can invoice."""

import re

from person import picture, with_check_digit

SIREN = with_check_digit("00012034")
EMAIL, PASSWORD = "lea@horizon.example", "un mot de passe assez long"
# The example of the French banks' own documentation.
IBAN = "FR1420041010050500013M02606"


def welcome(program):
    """The address that `comptoir serve` printed for the person who started it."""
    return re.search(r"/welcome\?code=\S+", program.last_words())[0]


def makes_the_first_account(person, program):
    person.go(welcome(program))
    person.sees("Bienvenue")
    person.fill(organisation="Atelier Horizon", name="Léa Fournier", email=EMAIL, password="court")
    person.press("Commencer")
    person.sees_at("password", "12 caractères")
    person.fill(password=PASSWORD)
    person.press("Commencer")
    person.sees("Préparons votre Comptoir", "1. Votre entreprise")


def is_guided_through_the_set_up(person, look=lambda: None):
    """`look` is called at each step."""
    look()
    person.fill(
        legal_form="SARL", share_capital="8 000 €", siren=SIREN, street="3 rue des Carriers",
        postal_code="69002", city="Lyon", email="bonjour@horizon.example")
    person.press("Enregistrer et continuer")
    person.sees("2. TVA et devise", "Calculé depuis votre SIREN")
    look()
    person.press("Enregistrer et continuer")
    person.sees("3. Banque et délais")
    look()
    person.fill(iban=IBAN[:-1] + "7")
    person.press("Enregistrer et continuer")
    person.sees_at("iban", "IBAN")
    person.fill(iban=IBAN)
    person.press("Enregistrer et continuer")
    person.sees("4. Logo et couleur")
    look()
    person.field("logo").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": picture(320, 120)})
    person.press("Enregistrer et continuer")
    person.sees("5. Numérotation")
    look()
    person.fill(next_invoice="42")
    if person.script:
        person.sees("FACT-2026-042")
    person.press("Ouvrir Comptoir")
    person.sees("Tout est prêt")
