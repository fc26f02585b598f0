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


def save(program, path, fields):
    owner = Visitor(program.port, sign_in(program))
    form = owner.get(path).form(path)
    expect(owner.post(path, {**form, **fields}), 303)
    owner.close()
