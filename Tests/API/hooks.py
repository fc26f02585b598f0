"""What schemathesis must know of the records that are there: it makes up ids, most of which name
nothing. A well-formed id in a path or body becomes that of a record of its kind; ids that are
malformed on purpose stay, and so does one in eight."""

import itertools
import json
import os
import re
import uuid

import schemathesis

IDS = json.loads(os.environ["COMPTOIR_IDS"])
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VERSION = re.compile(r'\*|"[0-9]{1,9}"')
MOST_POSITION, MOST_KEY = 1000, 255
NUMBERS = itertools.count(1)
KINDS = {
    "client_id": "clients", "invoice_id": "invoices", "item_id": "items", "line_id": "lines",
    "contact": "contacts", "address": "addresses", "contact_id": "contacts", "client": "clients",
    "supplier": "suppliers"}

# Place and words of the refusals that hold for well-formed data.
REASONS = [
    # Another record must be there, or be of the same client.
    "^/(client|contact|item|invoice)_id (Client|Contact|Article|Facture) inconnue?",
    "^/contact_id Ce contact n’est pas de ce client",
    "^/delivery_address_id Cette adresse n’est pas celle de ce client",
    # Check digits, addresses of mail, numbers of telephone and countries.
    "^/(siren|siret|vat_number) ", "^/kind Un particulier n’a ",
    "^/(email|recipient|copy) ", "^/phone ",
    "/country Pays inconnu",
    # Orders that wait for an invoice, events that there are.
    "^/order_ids Choisissez", "^/payment_days ", "^/(events|url) ",
    # Numbers and references that are taken.
    "^/(number|reference) Ce.* est déjà ",
    # Rates that there are; stock, which services have none of; subjects of one line.
    "^/vat ", "^/(keeps_stock|stock_quantity|duration_minutes) ", "^/subject ",
    # What a line takes depends on its kind and its item.
    "^/lines/0/", "^/lines ", "Choisissez au moins une ligne à créditer",
    # What a record lacks for the next step.
    "^(/client_id)? Ce client est archivé", "^ (Complétez l’adresse|Ajoutez au moins une ligne)",
    # Prices end below what their twelve digits could say.
    "^/unit_price Entre 0 et ",
    # Days and amounts that contradict others, or what is open.
    "^/(issued_on|paid_on|due_on|valid_until|service_on) ", "^/settlements/0/amount ",
    "^/amount (Il ne reste que|Les factures réglées dépassent) ", "Indiquez ce qui est à régler",
    # Deposits: a part or an amount, no more than is left; shares of progress; days to come.
    "^/(percent|deposit_percent|amount) ", "^/(starts_on|ends_on|day_of_month) ",
    # Accounts and files that are none; suppliers that there are; statuses with their motives.
    "^/iban Cet IBAN", "^/content ", "^/supplier Fournisseur inconnu", "^/(status|reason_code) ",
    # What a line may bear depends on the day of issue.
    "^ Ligne [0-9]+",
    # A position names a place of the list.
    "^after Position inconnue",
]


def known(value, kind):
    """A record chosen by the made-up id itself, so that the same seed makes the same requests. An
    id that the program gave out stays."""
    ids = IDS.get(kind)
    if not ids or not isinstance(value, str) or not UUID.fullmatch(value):
        return value
    number = int(value[:8], 16) + int(value[-8:], 16)
    is_ours = value[:4] == ids[0][:4]
    return value if is_ours or number % 8 == 7 else ids[number % len(ids)]


def with_known_ids(value, name=None):
    if isinstance(value, dict):
        return {key: with_known_ids(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_known_ids(inner, name) for inner in value]
    return known(value, KINDS.get(name))


@schemathesis.hook
def before_call(context, case, kwargs):
    subject = case.operation.path.split("/")[1]
    kind = "invoices" if subject == "credit-notes" else subject
    for name, value in (case.path_parameters or {}).items():
        case.path_parameters[name] = known(value, kind if name == "id" else KINDS.get(name))
    for name, value in (case.query or {}).items():
        case.query[name] = known(value, KINDS.get(name))
        if name == "after" and isinstance(value, str) and len(value) <= MOST_POSITION:
            case.query[name] = position(value)
    for name, value in (case.headers or {}).items():
        # A key stands for one request, and a version for one moment.
        if name.lower() == "idempotency-key" and 0 < len(value) <= MOST_KEY:
            case.headers[name] = f"{value[:MOST_KEY - 8]}{next(NUMBERS):08}"
        if name.lower() == "if-match" and VERSION.fullmatch(value) and value != '"1"':
            case.headers[name] = "*"
    if isinstance(case.body, (dict, list)):
        case.body = with_known_ids(case.body)


def position(text):
    """Of the form that `next_cursor` has, but mostly of a place that no page ended at."""
    place = "0198" + text.encode("utf-8", "replace").hex()[:100]
    return (str(uuid.UUID(int=len(text))) + place).encode().hex()


@schemathesis.check
def refusals_have_a_reason(context, response, case):
    """Well-formed data is refused only for what a schema cannot say."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if response.status_code != 422:
        return
    problem = response.json()
    for error in problem.get("errors", [{"detail": problem["detail"]}]):
        place = error.get("pointer") or error.get("parameter") or ""
        place = re.sub(r"[0-9]+", "0", place)
        if not any(re.search(reason, f"{place} {error['detail']}") for reason in REASONS):
            raise AssertionError(f"refused without a known reason: {place} {error['detail']}")
