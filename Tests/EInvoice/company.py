"""What the company's settings say beyond the first start: bank, form, whether it charges VAT."""

from organisation import expect, sign_in
from visitor import Visitor

NAME, IBAN, BIC = "Alta Vista Drones", "FR7630006000011234567890189", "AGRIFRPP"
IDENTITY = {
    "legal_form": "SAS", "share_capital": "10000", "trade_register": "RCS Lyon",
    "siret": "73282932000074", "email": "contact@altavista.example", "phone": "01 99 00 12 34",
}


def complete(program):
    save(program, "/settings/company", IDENTITY)
    save(program, "/settings/invoicing", {"iban": IBAN, "bic": BIC})


def stop_charging_vat(program):
    save(program, "/settings/invoicing", {"vat_regime": "franchise"})


def charge_vat(program):
    save(program, "/settings/invoicing", {"vat_regime": "normal"})


# Looks that documents may have, beside the one that they come with.
LOOKS = {
    "modern and bilingual": {
        "typeface": "modern", "accent": "side", "table": "filled", "wording": "bilingual",
        "numbers_lines": "on", "opening_fr": "Bonjour,", "closing_en": "Thank you.",
        "blocks": "closing,mentions,payment,acceptance"},
    "serif on letter": {
        "typeface": "serif", "accent": "none", "density": "compact", "paper": "letter",
        "logo_side": "right", "separates_units": "on", "footer_fr": "Garantie dix ans",
        "word_net_fr": "Montant"},
}
USUAL_LOOK = {
    "typeface": "sans", "accent": "band", "table": "ruled", "wording": "client", "paper": "a4",
    "density": "comfortable", "logo_side": "left"}


def look(program, fields):
    save(program, "/settings/layout", fields)


def save(program, path, fields):
    owner = Visitor(program.port, sign_in(program))
    form = owner.get(path).form(path)
    expect(owner.post(path, {**form, **fields}), 303)
    owner.close()
