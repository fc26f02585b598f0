"""More than sixty invoices and credit notes, as different as the law allows, made by the API."""

import random
from datetime import timedelta

FRENCH_COMPANY = {
    "name": "Menuiserie Aubrac & Fils", "kind": "company", "siren": "552100554",
    "siret": "55210055400013", "vat_number": "FR96552100554", "email": "compta@aubrac.example",
    "address": {"street": "14 rue des Artisans", "street_more": "Bâtiment « C »",
                "postal_code": "69100", "city": "Villeurbanne", "country": "FR"},
}
PERSON = {
    "name": "Jeanne Vial", "kind": "person", "email": "jeanne.vial@poste.example",
    "address": {"street": "3 place du Marché", "postal_code": "71000", "city": "Mâcon",
                "country": "FR"},
}
BELGIAN_COMPANY = {
    "name": "Bouwbedrijf Delta", "kind": "company", "vat_number": "BE0403170701",
    "email": "facturen@delta.example", "language": "en",
    "address": {"street": "Kaai 4", "postal_code": "2000", "city": "Antwerpen",
                "country": "BE"},
}
AMERICAN_COMPANY = {
    "name": "Harbour Films <Inc>", "kind": "company", "email": "accounts@harbour.example",
    "language": "en",
    "address": {"street": "1 Pier Road", "postal_code": "02110", "city": "Boston",
                "country": "US"},
}
CLIENTS = {"french": FRENCH_COMPANY, "person": PERSON, "belgian": BELGIAN_COMPANY,
           "american": AMERICAN_COMPANY}
RATES = ("S2000", "S1000", "S550", "S210")
UNITS = ("unit", "hour", "day", "flat_rate", "month", "kilometre", "metre", "square_metre",
         "kilogram", "litre", "lot")


def line(label="Prise de vue aérienne", quantity="1", price="100", vat="S2000", **more):
    return {"label": label, "quantity": quantity, "unit": "unit", "unit_price": price, "vat": vat,
            **more}


def allowance(label="Remise commerciale", **more):
    return {"kind": "allowance", "label": label, "vat": "spread", "unit": "95", **more}


def charge(label="Frais de port", **more):
    return {"kind": "charge", "label": label, "vat": "spread", "unit": "FC", **more}


def gross_cases(dice):
    """Prices that include VAT: one gross in six at 20 % has no exact net."""
    yield "with VAT, exact", "person", [line(price="120")]
    yield "with VAT, a cent of rounding", "person", [line(price="0.03")]
    yield "with VAT, every rate", "person", [line(price="9.99", vat=rate) for rate in RATES]
    yield "with VAT, discounts", "person", [
        line(price="19.90", quantity="3", discount_percent="15"),
        line(price="7.50", vat="S550", discount_amount=99)]
    yield "with VAT, very many", "person", [line(price="0.37", quantity="123456.7")]
    yield "with VAT, allowance and carriage", "person", [
        line(price="49.90"), line(price="3.30", vat="S550"),
        allowance(discount_percent="5"), charge(discount_amount=590)]
    for number in range(1, 7):
        yield f"with VAT by chance {number}", "person", [
            line(price=f"{dice.randint(1, 9999) / 100:.2f}", vat=dice.choice(RATES),
                 quantity=str(dice.randint(1, 7))) for _ in range(dice.randint(1, 8))]


def cases(dice):
    """Name, client and body of each invoice of an organisation that charges VAT."""
    yield "one line", "french", [line()]
    yield "every rate", "french", [line(f"À {rate}", vat=rate) for rate in RATES]
    yield "every unit", "french", [
        line(f"En {unit}", quantity="1.5", unit=unit) for unit in UNITS]
    yield "percent off", "french", [line(price="450", quantity="2", discount_percent="10")]
    yield "amount off", "french", [line(price="450", discount_amount=3333)]
    yield "all off one line", "french", [
        line(), line("Offert", discount_percent="100"), line("Gratuit", price="0")]
    yield "odd percent off", "french", [line(price="99.99", discount_percent="33.33")]
    yield "six decimals", "french", [line(price="0.123456", quantity="1000.1234")]
    yield "a tenth of a cent", "french", [line(price="0.005", quantity="1")]
    yield "halves of cents", "french", [
        line(f"Demi {n}", price="0.125", quantity=str(n), vat="S550") for n in range(1, 12, 2)]
    yield "one cent", "french", [line(price="0.01")]
    yield "a thousandth of VAT", "french", [line(price="0.02", vat="S210"), line(price="0.03")]
    yield "millions", "french", [line(price="9876543.21", quantity="9.9999")]
    yield "sections and texts", "french", [
        {"kind": "section", "label": "Tournage"}, line("Vol", description="Deux drones\nUn pilote"),
        {"kind": "text", "label": "Par beau temps, sinon reporté"},
        {"kind": "section", "label": "Montage"}, line("Montage", price="50")]
    yield "hostile words", "french", [
        line("<script>&\"'>", description="]]> --> \u200b ﷽ é 🚁 Ω"), line("Æther  ")]
    yield "long words", "french", [line("M" * 490, description="n" * 1900)]
    yield "a private client", "person", [line(), line("Tirage", vat="S550")]
    yield "a private client, discount", "person", [line(discount_amount=500)]
    yield "reverse charge", "belgian", [line(vat="AE0"), line("Montage", vat="AE0")]
    yield "reverse charge, domestic", "french", [line(vat="AE0"), line(vat="S2000")]
    yield "intra-Community", "belgian", [line("Drone", vat="K0")]
    yield "intra-Community and VAT", "belgian", [line("Drone", vat="K0"), line("Formation")]
    yield "export", "american", [line("Drone", vat="G0", discount_percent="5")]
    yield "outside VAT", "american", [line(vat="O0"), line("Montage", vat="O0")]
    yield "exempt", "french", [line("Formation", vat="E0")]
    yield "exempt and VAT", "french", [line("Formation", vat="E0"), line(), line(vat="S1000")]
    yield "English, VAT", "american", [line("Aerial survey", quantity="2", price="450")]
    yield "a percentage of the document", "french", [
        line(), allowance(discount_percent="5", vat="S2000")]
    yield "a percentage over every rate", "french", [
        *(line(price="33.33", vat=rate) for rate in RATES), allowance(discount_percent="7.77")]
    yield "carriage over two rates", "french", [
        line(), line(vat="S550", price="17.01"), charge(discount_amount=1200)]
    yield "carriage at a rate of its own", "french", [
        line(vat="S550"), charge(discount_amount=1200, vat="S2000")]
    yield "allowances and charges", "french", [
        line(discount_percent="10"), line(vat="S1000", price="7.77"),
        allowance(discount_percent="3.33"), allowance("Fidélité", discount_amount=111, unit="100"),
        charge(discount_percent="1.5", unit="PC"), charge("Dossier", discount_amount=1, unit="ABK")]
    yield "reverse charge, allowance", "belgian", [
        line(vat="AE0"), allowance(discount_percent="5", vat="AE0")]
    yield "export, carriage", "american", [line(vat="G0"), charge(discount_amount=4500)]
    yield "outside VAT, allowance", "american", [line(vat="O0"), allowance(discount_amount=500)]
    yield "intra-Community, carriage", "belgian", [line(vat="K0"), charge(discount_amount=500)]
    yield "exempt, carriage", "french", [line(vat="E0"), charge(discount_percent="2")]
    for count in (2, 3, 5, 8, 13, 21, 34, 47, 55, 60):
        yield f"{count} lines", "french", [random_line(dice) for _ in range(count)]
    for number in range(1, 13):
        client = dice.choice(("french", "person"))
        yield f"by chance {number}", client, [
            line(price="7.77"), *(random_line(dice) for _ in range(dice.randint(1, 9)))]


def random_line(dice):
    made = line(
        dice.choice(("Vol", "Montage", "Location", "Étalonnage")),
        quantity=f"{dice.randint(1, 99999) / 10 ** dice.randint(1, 4):.4f}",
        price=f"{dice.randint(1, 999999) / 10 ** dice.randint(2, 6):.6f}",
        vat=dice.choice(RATES), unit=dice.choice(UNITS))
    kind = dice.randint(0, 3)
    if kind == 1:
        made["discount_percent"] = f"{dice.randint(1, 9999) / 100:.2f}"
    elif kind == 2:
        made |= {"quantity": "3", "unit_price": "12.345678", "discount_amount": 1}
    return made


class Books:
    """Makes clients and documents through the API, and remembers each by what it shows."""

    def __init__(self, api, today):
        self.api, self.today = api, today
        self.clients = {}
        self.made = []
        # What could not be made at all.
        self.refused = []

    def client(self, name):
        if name not in self.clients:
            body = {**CLIENTS[name], "confirmed": True}
            self.clients[name] = self.api.made("/clients", body)["id"]
        return self.clients[name]

    def invoice(self, name, client, lines, **head):
        return self.issue(name, self.api.made("/invoices", {
            "client_id": self.client(client), "subject": name, "lines": lines, **head}))

    def issue(self, name, draft):
        """Issues what is still a draft, and remembers it."""
        if draft["status"] == "draft":
            draft = self.api.made(
                f"/invoices/{draft['id']}/issue", {"issued_on": self.today.isoformat()})
        self.made.append((name, draft))
        return draft

    def attempt(self, name, client, lines, **head):
        try:
            self.invoice(name, client, lines, **head)
        except AssertionError as refusal:
            self.refused.append(f"{name}: {refusal}")

    def credit(self, name, invoice, quantities=None):
        wanted = quantities or {
            line["id"]: line["quantity"] for line in invoice["lines"] if line["kind"] == "item"}
        body = {
            "issued_on": self.today.isoformat(), "reason": "Erreur de quantité",
            "lines": [{"line_id": id, "quantity": quantity} for id, quantity in wanted.items()]}
        note = self.api.made(f"/invoices/{invoice['id']}/credit-notes", body)
        self.made.append((name, note))
        return note


def make_all(books, dice):
    for name, client, lines in cases(dice):
        head = {}
        if dice.random() < 0.4:
            head["service_on"] = (books.today - timedelta(days=dice.randint(0, 40))).isoformat()
        if dice.random() < 0.4:
            head["reference"] = f"BC-{dice.randint(1, 999)} / été"
        if dice.random() < 0.4:
            head |= {"payment_days": dice.choice((0, 15, 45, 60)), "payment_end_of_month": True}
        if dice.random() < 0.3:
            head["message"] = "Merci de votre confiance.\nÀ bientôt !"
        books.attempt(name, client, lines, **head)
    for name, client, lines in gross_cases(dice):
        books.attempt(name, client, lines, prices="gross")
    credit_notes(books)
    corrective(books)
    deposits(books)


def credit_notes(books):
    def invoice(client, *lines):
        return books.invoice("to be credited", client, list(lines))

    books.credit("credited whole", invoice("french", line(), line(vat="S550", price="0.13")))
    books.credit("credited to a person", invoice("person", line(discount_percent="12.5")))
    books.credit("credited reverse charge", invoice("belgian", line(vat="AE0")))
    books.credit("credited export", invoice("american", line(vat="G0")))
    books.credit("credited outside VAT", invoice("american", line(vat="O0")))
    books.credit("credited intra-Community", invoice("belgian", line("Drone", vat="K0")))
    books.credit("credited allowance", invoice(
        "french", line(), line(vat="S550"), allowance(discount_percent="5"),
        charge(discount_amount=777)))
    books.credit("credited with VAT", books.invoice(
        "to be credited", "person", [line(price="0.03")], prices="gross"))
    parts = invoice("french", line(price="0.13", quantity="3"))
    item = parts["lines"][0]["id"]
    for number in range(1, 4):
        books.credit(f"a third, {number}", parts, {item: "1"})


def corrective(books):
    """Type 384: each replaces an invoice of its kind."""
    for name, client, lines, head in (
            ("corrective", "french", [line(), line(vat="S550", price="0.13")], {}),
            ("corrective to a person", "person", [line(price="0.03")], {"prices": "gross"}),
            ("corrective reverse charge", "belgian", [line(vat="AE0")], {}),
            ("corrective with allowance", "french", [line(), allowance(discount_percent="5")], {})):
        original = books.invoice("to be replaced", client, lines, **head)
        draft = books.api.made(f"/invoices/{original['id']}/replacement", {})
        assert books.issue(name, draft)["replaced_invoice_id"] == original["id"]


def deposits(books):
    """A deposit that was received, one that is still to be paid, and the invoice that takes both
    off, rate by rate."""
    api, today = books.api, books.today.isoformat()
    order = api.made("/orders", {
        "client_id": books.client("french"), "ordered_on": today,
        "lines": [line("Film", price="2000"), line("Tirage", price="333.33", vat="S550")]})["id"]
    api.made(f"/orders/{order}/status", {"status": "confirmed"})
    request = api.made(f"/orders/{order}/deposit-requests", {"percent": "30", "due_on": today})
    payment = api.made(f"/deposit-requests/{request['id']}/receive", {
        "amount": 50001, "paid_on": today, "method": "transfer"})
    received = api.get(f"/invoices/{payment['allocations'][0]['invoice_id']}").json
    books.made.append(("a deposit received", received))
    books.issue("a deposit to be paid", api.made(
        f"/orders/{order}/deposit-invoices", {"amount": 12003}))
    books.issue("deposits taken off", api.made(f"/orders/{order}/invoice"))


def franchise_cases():
    """Of an organisation that charges no VAT."""
    yield "293 B, company", "french", [line(vat="E0"), line("Montage", vat="E0", price="12.34")]
    yield "293 B, person", "person", [line(vat="E0", discount_percent="5")]
    yield "293 B, abroad", "belgian", [line(vat="E0")]


def look_cases():
    """Of each look: one page and three."""
    yield [line(), line("Tirage encadré", quantity="3", price="12.5", vat="S1000")]
    yield [line(f"Prise de vue {n}", description="Avec retouche et livraison.", price=str(n))
           for n in range(1, 61)]
