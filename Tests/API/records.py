"""A token made on its page, and one record of each kind and state, made through the API itself."""

import base64
import html
import re
from datetime import timedelta

from organisation import sign_in
from visitor import Visitor

LINE = {
    "label": "Prise de vue aérienne", "quantity": "2.5", "unit": "day", "unit_price": "450",
    "discount_percent": "10", "vat": "S2000",
}

# It breaks nearly every rule, and is received all the same: what it says is kept as it is.
EMPTY_INVOICE = (
    '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:'
    'CrossIndustryInvoice:100"/>')


def token(program, name="Boutique", cookies=None):
    """With every scope, as the owner makes it at /account/tokens; `cookies` are the owner's."""
    owner = Visitor(program.port, cookies or sign_in(program))
    page = owner.get("/account/tokens")
    scopes = re.findall(r'name="scope" value="([^"]+)"', page.text)
    form = {**page.form("/account/tokens"), "name": name}
    made = owner.post("/account/tokens", [*form.items(), *(("scope", s) for s in scopes)])
    owner.close()
    return html.unescape(re.search(r'id="secret"[^>]* value="([^"]+)"', made.text)[1])


def fill(api, today):
    """Answers the ids of what was made, by kind."""
    day, later = today.isoformat(), (today + timedelta(days=30)).isoformat()
    ids = {}

    def make(kind, path, body=None):
        record = api.made(path, body)
        ids.setdefault(kind, []).append(record["id"])
        return record["id"]

    for n, label in enumerate(("Prise de vue", "Montage", "Location")):
        make("items", "/items", {"label": label, "reference": f"PV-{n}", "unit_price": "450"})
    clients = [
        make("clients", "/clients", {
            "name": name, "kind": "company", "email": f"compta{n}@aubrac.example",
            "address": {"street": "14 rue des Artisans", "postal_code": "69100", "city": "Lyon"},
            "confirmed": True})
        for n, name in enumerate(("Menuiserie Aubrac", "Toitures Delmas", "Verger du Pilat"))]
    client = clients[0]
    for n in range(2):
        record = api.made(f"/clients/{client}/contacts", {
            "name": f"Camille Roche {n}", "email": f"camille{n}@aubrac.example"})
        ids.setdefault("contacts", []).append(record["id"])
        record = api.made(f"/clients/{client}/addresses", {
            "label": f"Atelier {n}", "address": {"street": "2 rue Basse", "city": "Lyon"}})
        ids.setdefault("addresses", []).append(record["id"])
    quote = {
        "client_id": client, "quoted_on": day, "valid_until": later, "lines": [LINE]}
    for _ in range(4):
        make("quotes", "/quotes", quote)
    sent, accepted, refused = ids["quotes"][1:]
    api.made(f"/quotes/{sent}/sent")
    api.made(f"/quotes/{refused}/sent")
    make("orders", f"/quotes/{accepted}/accept")
    api.made(f"/quotes/{refused}/refuse", {"note": "Trop cher"})
    for _ in range(2):
        make("orders", "/orders", {"client_id": client, "ordered_on": day, "lines": [LINE]})
    make("invoices", f"/orders/{ids['orders'][0]}/invoice")
    for _ in range(4):
        make("invoices", "/invoices", {"client_id": client, "lines": [LINE]})
    issued, paid, credited = ids["invoices"][1:4]
    for invoice in (issued, paid, credited):
        api.made(f"/invoices/{invoice}/issue", {"issued_on": day})
    make("payments", "/payments", {
        "client_id": client, "paid_on": day, "amount": 1000,
        "settlements": [{"invoice_id": paid, "amount": 1000}]})
    make("payments", "/payments", {"client_id": client, "paid_on": day, "amount": 2000})
    api.made(f"/orders/{ids['orders'][1]}/status", {"status": "confirmed"})
    for percent in ("30", "20"):
        make("deposit-requests", f"/orders/{ids['orders'][1]}/deposit-requests", {
            "percent": percent, "due_on": later})
    api.made(f"/deposit-requests/{ids['deposit-requests'][0]}/receive", {
        "amount": 1000, "paid_on": day})
    for _ in range(2):
        make("recurring-invoices", "/recurring-invoices", {
            "client_id": client, "starts_on": later, "lines": [LINE]})
    make("suppliers", "/suppliers", {"name": "Optique Valmont", "siren": "552100554"})
    for n in range(3):
        make("received-invoices", "/received-invoices", {
            "file_name": f"facture-{n}.xml",
            "content": base64.b64encode(f"{EMPTY_INVOICE}<!-- {n} -->".encode()).decode()})
    line = api.get(f"/invoices/{credited}").json["lines"][0]["id"]
    ids["lines"] = [line]
    make("invoices", f"/invoices/{credited}/credit-notes", {
        "issued_on": day, "reason": "Geste", "lines": [{"line_id": line, "quantity": "1"}]})
    return ids
