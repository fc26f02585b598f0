"""Each form of the product filled in wrongly."""

# By the route of the page: fields and what is typed into them. Nothing of it may be accepted.
# In brackets: the first field whose name ends so, of the first line that has it.
REFUSED = {
    "/account": {"name": ""},
    "/clients/new": {"name": "", "siren": "123456789", "vat_number": "FR00", "email": "nobody"},
    "/clients/:id/edit": {"name": "", "email": "nobody"},
    "/clients/:id/contacts/new": {"name": "", "email": "nobody"},
    "/clients/:id/contacts/:contact": {"name": ""},
    "/clients/:id/addresses/new": {"label": "", "street": ""},
    "/clients/:id/consents": {"decided_on": "2999-01-01"},
    "/settings/privacy": {"months_prospects": "many"},
    "/items/new": {"label": "", "unit_price": "dear"},
    "/items/:id/edit": {"label": "", "unit_price": "-"},
    "/quotes/new": {"subject": ""},
    "/quotes/:id/edit": {"[quantity]": "many", "[unit_price]": "dear"},
    "/quotes/:id/extend": {"valid_until": "2001-01-01"},
    "/quotes/:id/send": {"recipient": "nobody"},
    "/orders/new": {"subject": ""},
    "/orders/:id/edit": {"[quantity]": "many"},
    "/orders/:id/deposit-requests/new": {"percent": "many", "amount": "much"},
    "/orders/:id/progress-invoices/new": {"percent": "many"},
    "/deposit-requests/:id/send": {"recipient": "nobody"},
    "/recurring-invoices/new": {"subject": ""},
    "/recurring-invoices/:id/edit": {"[unit_price]": "dear"},
    "/invoices/new": {"subject": ""},
    "/invoices/:id/edit": {"[unit_price]": "dear"},
    "/invoices/:id/issue": {"day": "2001-01-01"},
    "/invoices/:id/send": {"recipient": "nobody"},
    "/invoices/:id/credit-notes/new": {"day": "2001-01-01"},
    "/payments/:id/undo": {"reason": ""},
    "/payments/:id/refund": {"amount": "much"},
    "/receivables/opening": {"number": "", "amount": "much"},
    "/imports/new": {},
    "/settings/company": {"name": "", "siren": "123456789"},
    "/settings/invoicing": {"iban": "FR00", "payment_days": "many"},
    "/settings/mail": {"smtp_port": "many", "mail_from": "nobody"},
    "/settings/colleagues/new": {"name": "", "email": "nobody"},
    "/settings/roles/new": {"name": ""},
    "/clients/:id/access": {"name": "", "email": "nobody"},
    "/settings/company-sign-in": {"issuer": "nobody", "client_id": ""},
    "/account/second-factor": {"current_password": "wrong"},
}

SEND = """
(field) => {
  const form = field.form
  form.noValidate = true
  const buttons = [...form.querySelectorAll("button:not([type=button])")]
  form.requestSubmit(buttons.find((b) => b.matches(".btn.p")) ?? buttons.at(-1))
}
"""


def refuse(page, address, fields):
    """Sends the form of a page with these fields. Says what is wrong when it is not refused with
    what was typed still there."""
    def field(name):
        equals = "$=" if name.startswith("[") else "="
        return page.locator(f'main [name{equals}"{name}"]').first

    page.goto(address)
    for name, value in fields.items():
        # Also what a phone keeps folded away.
        field(name).evaluate("(field, value) => { field.value = value }", value)
    with page.expect_navigation() as answer:
        sent = field(next(iter(fields))) if fields else page.locator("main form [name]").first
        sent.evaluate(SEND)
    found = []
    if answer.value.status != 422:
        found.append(f"{address}: {fields} was answered {answer.value.status}")
    elif not page.locator("main [role=alert]").count():
        found.append(f"{address}: {fields} was refused without a word")
    for name, value in fields.items():
        if not found and "password" not in name and field(name).input_value() != value:
            found.append(f"{address}: what was typed in {name} is lost")
    return found
