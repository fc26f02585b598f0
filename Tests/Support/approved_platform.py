"""A simulated approved platform (« plateforme agréée ») on a free port of 127.0.0.1: the Flow
Service of AFNOR XP Z12-013, annex A 1.1.0, with tokens by OAuth 2 client credentials.

It prints its port and ends when its standard input does. Like a real one it takes nothing that the
standard does not allow: a wrong token, name, syntax, digest or media type is refused with the error
body of the standard. Flows stay pending until they are asked for; then they are taken, or refused
when an invoice of that number was taken before.

Beside the standard it can be told what to do, as JSON posted to /simulate:

    {"refuse": {"code": "InvalidSchema", "message": "…"}}   what comes next is refused
    {"status": 503, "times": 2}                             the next answers have this status
    {"poison": "FA-1"}                                      a file of that name is always a 500
    {"accept_then_die": true}                               takes the next flow, never answers
    {"deliver": "base64", "type": "SupplierInvoice", "syntax": "CII"}
                                                            something came for the company
    {"say": {"number": "FA-1", "status": "210", "reason_code": "DOUBLON", "reason": "…"}}
                                                            the client says something of an invoice
                                                            ("type": of the flow)
    {"list": true}                                          every flow that it holds
"""

import base64
import datetime
import email.parser
import email.policy
import hashlib
import http.server
import json
import re
import threading
import urllib.parse
import uuid

from serving import serve

CLIENT_ID, CLIENT_SECRET = "comptoir-test", "s3cret & more"
RULES = {"B2B", "B2BInt", "B2C", "OutOfScope", "ArchiveOnly", "NotApplicable"}
SYNTAXES = {"CII", "UBL", "Factur-X", "CDAR", "FRR"}
FILTERS = {"updatedAfter", "updatedBefore", "processingRule", "flowType", "flowDirection",
           "trackingId", "ackStatus"}
lock = threading.Lock()
flows: list = []
tokens: set = set()
orders: dict = {"answers": []}
clock = {"last": datetime.datetime.now(datetime.timezone.utc)}


class Refusal(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def moment():
    """Never the same twice, so that changes have an order."""
    now = datetime.datetime.now(datetime.timezone.utc)
    clock["last"] = max(now, clock["last"] + datetime.timedelta(microseconds=1))
    return clock["last"].isoformat().replace("+00:00", "Z")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.guarded(lambda: self.post(body))

    def do_GET(self):
        self.guarded(self.get)

    def guarded(self, work):
        try:
            with lock:
                work()
        except Refusal as refusal:
            self.answer(
                {"errorCode": refusal.code, "errorMessage": refusal.message}, refusal.status)

    def post(self, body):
        path = self.path.split("?")[0]
        if path == "/simulate":
            return self.answer(simulate(json.loads(body)))
        if orders["answers"]:
            raise Refusal(orders["answers"].pop(0), "RESOURCE_ERROR", "simulated")
        if path == "/token":
            return self.answer(token(body, self.headers.get("Content-Type", "")))
        self.authorize()
        if path == "/flow-service/v1/flows":
            return self.create(body)
        if path == "/flow-service/v1/flows/search":
            return self.answer(search(json.loads(body)))
        raise Refusal(404, "MISSING_RESOURCE", path)

    def get(self):
        if orders["answers"]:
            raise Refusal(orders["answers"].pop(0), "RESOURCE_ERROR", "simulated")
        self.authorize()
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/flow-service/v1/healthcheck":
            return self.answer({})
        found = re.fullmatch(r"/flow-service/v1/flows/([\w-]{1,36})", url.path)
        flow = found and next((f for f in flows if f["flowId"] == found[1]), None)
        if not flow:
            raise Refusal(404, "MISSING_RESOURCE", "Requested resource is Not Found")
        kind = urllib.parse.parse_qs(url.query).get("docType", ["Metadata"])[0]
        if kind == "Metadata":
            return self.answer(public(flow))
        if kind != "Original":
            raise Refusal(404, "MISSING_RESOURCE", "no such document")
        self.answer(flow["content"], type="application/octet-stream")

    def authorize(self):
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in tokens:
            raise Refusal(401, "MISSING_TOKEN", None)

    def create(self, body):
        info, name, type, content = parts(self.headers["Content-Type"], body)
        if orders.get("poison") and orders["poison"] in name:
            raise Refusal(500, "INTERNAL_ERROR", None)
        flow = accepted(info, name, type, content)
        flows.append(flow)
        if orders.pop("accept_then_die", False):
            self.close_connection = True
            return self.connection.close()
        self.answer({key: flow[key] for key in (
            "flowId", "submittedAt", "trackingId", "name", "processingRule", "flowSyntax",
            "sha256")}, 202)

    def answer(self, body, status=200, type="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            pass

    def log_message(self, *arguments):
        pass


def token(body, type):
    fields = dict(urllib.parse.parse_qsl(body.decode(), strict_parsing=True))
    if type != "application/x-www-form-urlencoded" or fields != {
            "grant_type": "client_credentials", "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET}:
        raise Refusal(401, "invalid_client", "unknown client")
    tokens.add(secret := uuid.uuid4().hex)
    return {"access_token": secret, "token_type": "Bearer", "expires_in": 3600}


def parts(type, body):
    if not type.startswith("multipart/form-data; boundary="):
        raise Refusal(400, "INVALID_BODY", "multipart/form-data expected")
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(
        b"Content-Type: " + type.encode() + b"\r\n\r\n" + body)
    found = {part.get_param("name", header="content-disposition"): part
             for part in message.iter_parts()}
    if set(found) != {"flowInfo", "file"}:
        raise Refusal(400, "MISSING_REQUIRED_FIELD", "flowInfo and file expected")
    if found["flowInfo"].get_content_type() != "application/json":
        raise Refusal(400, "INVALID_BODY", "flowInfo is application/json")
    info = json.loads(found["flowInfo"].get_payload(decode=True))
    file = found["file"]
    return info, file.get_filename(), file.get_content_type(), file.get_payload(decode=True)


def accepted(info, name, type, content):
    def need(holds, message, status=422):
        if not holds:
            raise Refusal(status, "UNPROCESSABLE_ENTITY", message)

    need(set(info) <= {"trackingId", "name", "processingRule", "flowSyntax", "flowProfile",
                       "sha256"}, f"unknown member in {sorted(info)}", 400)
    need(info.get("flowSyntax") in SYNTAXES, "flowSyntax", 400)
    need(info.get("processingRule") in RULES, "processingRule", 400)
    need(0 < len(info.get("trackingId", "")) <= 36, "trackingId", 400)
    need(len(info.get("name", "")) <= 255 and name, "name", 400)
    need(re.fullmatch("[a-f0-9]{64}", info.get("sha256", "")), "sha256", 400)
    need(type in ("application/pdf", "application/xml"), f"media type {type}")
    need(hashlib.sha256(content).hexdigest() == info["sha256"], "ChecksumMismatch")
    need(all(f["trackingId"] != info["trackingId"] for f in flows), "AlreadyExistingFlow")
    need(content.startswith(b"%PDF" if info["flowSyntax"] == "Factur-X" else b"<?xml"),
         "InvalidSchema")
    now = moment()
    kind = "CustomerInvoice" if info["flowSyntax"] != "CDAR" else (
        "CustomerInvoiceLC" if b"<ram:RoleCode>SE" in content.split(b"Recipient")[0]
        else "SupplierInvoiceLC")
    return {**info, "flowId": str(uuid.uuid4()), "submittedAt": now, "updatedAt": now,
            "flowDirection": "Out", "flowType": kind, "content": content,
            "acknowledgement": {"status": "Pending"}, "refusal": orders.pop("refuse", None)}


def settle():
    """What waits is looked at now."""
    for flow in flows:
        if flow["acknowledgement"]["status"] != "Pending":
            continue
        refusal = flow["refusal"]
        if not refusal and flow["flowSyntax"] == "Factur-X" and any(
                f is not flow and f.get("name") == flow["name"] and f["flowDirection"] == "Out"
                and f["acknowledgement"]["status"] == "Ok" for f in flows):
            refusal = {"code": "AlreadyExistingFlow", "message": "The invoice is known"}
        flow["acknowledgement"] = {"status": "Ok"} if not refusal else {
            "status": "Error", "details": [{
                "level": "Error", "item": flow["name"], "reasonCode": refusal["code"],
                "reasonMessage": refusal["message"]}]}
        flow["updatedAt"] = moment()


def search(question):
    filters = question.get("where")
    if not filters or not set(filters) <= FILTERS or not set(question) <= {"limit", "where"}:
        raise Refusal(400, "MISSING_REQUIRED_FIELD", "where, with known criteria")
    limit = question.get("limit", 25)
    if not 0 < limit <= 100:
        raise Refusal(400, "INVALID_LIMIT", "limit")
    settle()
    after = filters.get("updatedAfter", "")
    found = [f for f in flows if at(f["updatedAt"]) > at(after)] if after else list(flows)
    if "trackingId" in filters:
        found = [f for f in found if f["trackingId"] == filters["trackingId"]]
    found.sort(key=lambda f: at(f["updatedAt"]))
    return {"limit": limit, "filters": filters, "results": [public(f) for f in found[:limit]]}


def at(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def public(flow):
    return {key: flow[key] for key in (
        "flowId", "submittedAt", "updatedAt", "trackingId", "flowType", "processingRule",
        "flowDirection", "flowSyntax", "acknowledgement") if flow.get(key) is not None}


def simulate(order):
    if "refuse" in order:
        orders["refuse"] = order["refuse"]
    if "status" in order:
        orders["answers"] += [order["status"]] * order.get("times", 1)
    if "poison" in order:
        orders["poison"] = order["poison"]
    if order.get("accept_then_die"):
        orders["accept_then_die"] = True
    if "deliver" in order:
        incoming(base64.b64decode(order["deliver"]), order["type"], order["syntax"])
    if "say" in order:
        type = order["say"].pop("type", "CustomerInvoiceLC")
        incoming(statement(**order["say"]), type, "CDAR")
    return [{**public(f), "name": f.get("name"), "content": base64.b64encode(
        f["content"]).decode()} for f in flows] if order.get("list") else {}


def incoming(content, type, syntax):
    now = moment()
    flows.append({
        "flowId": str(uuid.uuid4()), "submittedAt": now, "updatedAt": now, "trackingId": None,
        "flowDirection": "In", "flowType": type, "flowSyntax": syntax,
        "processingRule": "B2B", "content": content, "acknowledgement": {"status": "Ok"}})


def statement(number, status, reason_code="", reason=""):
    """A client's word on an invoice, as its platform hands it on."""
    cdar = "urn:un:unece:uncefact:data:standard:"
    why = "" if not reason_code else (
        f"<ram:SpecifiedDocumentStatus><ram:ReasonCode>{reason_code}</ram:ReasonCode>"
        f"<ram:Reason>{reason}</ram:Reason></ram:SpecifiedDocumentStatus>")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossDomainAcknowledgementAndResponse
    xmlns:rsm="{cdar}CrossDomainAcknowledgementAndResponse:100"
    xmlns:ram="{cdar}ReusableAggregateBusinessInformationEntity:100"
    xmlns:udt="{cdar}UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>{uuid.uuid4()}</ram:ID>
<ram:IssuerTradeParty><ram:Name>Client d’essai</ram:Name></ram:IssuerTradeParty>
</rsm:ExchangedDocument>
<rsm:AcknowledgementDocument><ram:ReferenceReferencedDocument>
<ram:IssuerAssignedID>{number}</ram:IssuerAssignedID>
<ram:ProcessConditionCode>{status}</ram:ProcessConditionCode>{why}
</ram:ReferenceReferencedDocument></rsm:AcknowledgementDocument>
</rsm:CrossDomainAcknowledgementAndResponse>""".encode()


serve(Handler)
