"""What people and programs ask most, each as the requests that are sent for it."""

import json
import re
import urllib.parse

from load import Request, Task
from seed import CLIENT, INVOICE, ORGANISATION, record_id

LINES = [
    {"label": f"Prestation {n}", "quantity": str(n), "unit_price": "120.50", "vat": "S2000"}
    for n in range(1, 6)]
SEARCHES = ["aubrac", "menuiserie du", "fact", "vigno", "jura 7", "atelier for"]


class Tasks:
    def __init__(self, program, seed):
        self.program = program
        self.seed = seed
        self.cookie = {"Cookie": f"comptoir_session={seed.session}"}
        self.bearer = {"Authorization": f"Bearer {seed.token}", "Content-Type": "application/json"}

    def reading(self):
        """Pages; the words of the searches do not grow with the seed."""
        step = self.seed.invoices // 1000
        return [
            Task("sign-in page", [Request("/sign-in")]),
            self.page("home", "/"),
            self.page("client list", "/clients"),
            self.page("client, 10 invoices", f"/clients/{record_id(CLIENT, 2)}"),
            self.page("client, 1,000 invoices", f"/clients/{record_id(CLIENT, 1)}"),
            self.page("search", *(f"/search?q={urllib.parse.quote(words)}" for words in SEARCHES)),
            self.page("invoice", *(
                f"/invoices/{record_id(INVOICE, n * step)}" for n in range(1, 1001))),
            self.page("invoice PDF", *(
                f"/invoices/{record_id(INVOICE, n * step)}/pdf" for n in range(1, 1001))),
        ]

    def page(self, name, *paths):
        return Task(name, [Request(path, headers=self.cookie) for path in paths])

    def order_form(self):
        """As a browser sends the editor's form: the session's token, a mark for each sending."""
        page = self.program.ask("GET", "/orders/new", headers=self.cookie)[2].decode()
        token = re.search(r'name="_token" value="([^"]+)"', page)[1]
        fields = {"_token": token, "op": "save", "ordered_on": self.today()}
        for place, line in enumerate(LINES):
            for name, value in {"kind": "item", "position": place + 1, **line}.items():
                fields[f"lines[{place}][{name}]"] = value
        headers = {**self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        return Task("order by form", [
            Request("/orders", "POST", "_submission={unique}&" + urllib.parse.urlencode(
                {**fields, "client": record_id(CLIENT, client)}), headers, unique=True)
            for client in self.clients()], status=303)

    def order_by_program(self):
        return self.creation("order by API", "/api/v1/orders", {"ordered_on": self.today()})

    def draft_by_program(self):
        return self.creation("invoice draft by API", "/api/v1/invoices", {})

    def creation(self, name, path, fields):
        return Task(name, [
            self.post(path, {**fields, "client_id": record_id(CLIENT, client), "lines": LINES})
            for client in self.clients()], status=201)

    def issue(self):
        """Of the drafts that the task before made."""
        drafts = self.program.sql(
            "SELECT id FROM invoices WHERE organisation_id = :'organisation' AND status = 'draft' "
            "ORDER BY id", organisation=ORGANISATION).split()
        return Task("issue", [
            self.post(f"/api/v1/invoices/{draft}/issue", {"issued_on": self.today()})
            for draft in drafts], once=True)

    def payment(self):
        """A part of what an invoice is open for, so that there is enough for all."""
        found = self.program.sql(
            "SELECT id, client_id FROM invoices WHERE organisation_id = :'organisation' "
            "AND status = 'issued' AND open_amount > 100000 ORDER BY id DESC LIMIT 5000",
            organisation=ORGANISATION)
        return Task("payment", [
            self.post("/api/v1/payments", {
                "client_id": client, "method": "transfer", "paid_on": self.today(), "amount": 100,
                "settlements": [{"invoice_id": invoice, "amount": 100}]})
            for invoice, client in (line.split("|") for line in found.split())], status=201)

    def post(self, path, body):
        return Request(path, "POST", json.dumps(body), self.bearer)

    def clients(self):
        return range(3, min(self.seed.clients, 2003))

    def today(self):
        """As the organisation has it, whatever the clock of the machine is set to."""
        return self.program.sql("SELECT (now() AT TIME ZONE 'Europe/Paris')::date")
