"""The end of the story: money comes in, in parts; some of it is given back."""

from person import euros
from story_sales import CLIENT, FILM_NET, FIRST_TOTAL, SECOND_TOTAL

PART = 200_00
CREDIT = FILM_NET * 12 // 10


def receives_a_part_and_then_the_rest(person, first, second):
    owes(person, FIRST_TOTAL + SECOND_TOTAL)
    pays(person, first, PART)
    person.sees("Partiellement payée", euros(FIRST_TOTAL - PART))
    owes(person, FIRST_TOTAL + SECOND_TOTAL - PART)
    pays(person, first, FIRST_TOTAL - PART)
    person.sees("Payée")
    pays(person, second, SECOND_TOTAL)
    person.go("/receivables")
    person.sees("Personne ne vous doit rien")


def owes(person, total):
    person.go("/receivables")
    person.sees(CLIENT, euros(total).removesuffix(" €"))


def pays(person, invoice, amount):
    person.go(invoice)
    person.press("Enregistrer un paiement")
    person.fill(amount=euros(amount).removesuffix(" €"), method="transfer")
    if person.script:
        person.sees("Factures réglées" + euros(amount))
    person.press("Enregistrer")
    person.sees("Paiement PAI-", euros(amount))
    person.go(invoice)


def credits_a_part(person, invoice, look=lambda: None):
    """A credit note on a paid invoice leaves money that is the client's; it is given back."""
    person.go(invoice)
    person.press("Créer un avoir")
    person.sees("Quantités à créditer", "Déplacement")
    travel = person.main.get_by_label("Quantité à créditer : Déplacement")
    travel.fill("0")
    person.fill(reason="Film refait autrement")
    person.press("Émettre l’avoir")
    person.sees("Avoir", euros(CREDIT), "Film refait autrement")
    note = person.page.url
    person.go(note.replace("/invoices/", "/credit-notes/") + "/allocate")
    person.sees("Régler des factures", euros(CREDIT))
    look()
    person.go(note)
    person.press("Rembourser")
    person.sees("Argent rendu", euros(CREDIT))
    look()
    person.press("Enregistrer le remboursement")
    person.sees(euros(CREDIT))


def reads_english_from_now_on(person):
    person.go("/account")
    person.fill(language="en")
    person.press("Enregistrer")
    person.sees("My account")
    person.go("/invoices")
    person.sees("Invoices", "Paid")
