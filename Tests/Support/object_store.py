"""A real object store on a free port of 127.0.0.1, for tests of backups to S3.

It keeps buckets in memory, pages listings by two, and believes no request whose AWS Signature
Version 4 (computed here from what arrived) or content hash is another. It prints its port, and ends
when its standard input does.
"""

import argparse
import hashlib
import hmac
import http.server
import re
import urllib.parse
from xml.sax.saxutils import escape

from serving import serve

ID, SECRET, REGION, BUCKET = "test-id", "test-secret", "fr-par", "sauvegardes"
MOST_KEYS = 2
# Far less than a real one takes in one request.
MOST_BYTES = 8 * 1_048_576
objects: dict[str, bytes] = {}
# Begun and not joined: by name, the pieces by their number.
uploads: dict[str, dict[int, bytes]] = {}


def keyed(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def fault(request, body: bytes) -> str | None:
    """The word of S3 for what is wrong with a request's signature; None when nothing is."""
    header = request.headers.get("Authorization", "")
    if not header.startswith("AWS4-HMAC-SHA256 "):
        return "AccessDenied"
    parts = dict(part.strip().split("=", 1) for part in header[17:].split(","))
    identity, day, region, service, end = parts["Credential"].split("/")
    if identity != ID:
        return "InvalidAccessKeyId"
    if (region, service, end) != (REGION, "s3", "aws4_request"):
        return "AuthorizationHeaderMalformed"
    stated = request.headers.get("x-amz-content-sha256", "")
    if stated != "UNSIGNED-PAYLOAD" and stated != hashlib.sha256(body).hexdigest():
        return "XAmzContentSHA256Mismatch"
    names = parts["SignedHeaders"].split(";")
    if not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names):
        return "AccessDenied"
    address = urllib.parse.urlsplit(request.path)
    pairs = sorted(urllib.parse.parse_qsl(address.query, keep_blank_values=True))
    quote = lambda text: urllib.parse.quote(text, safe="-_.~")
    canonical = "\n".join([
        request.command,
        urllib.parse.quote(urllib.parse.unquote(address.path), safe="/-_.~"),
        "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs),
        *(f"{name}:{' '.join(request.headers[name].split())}" for name in names),
        "",
        ";".join(names),
        stated,
    ])
    moment = request.headers["x-amz-date"]
    scope = f"{day}/{region}/{service}/{end}"
    text = "\n".join(
        ["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + SECRET).encode()
    for part in (day, region, service, end):
        key = keyed(key, part)
    if not hmac.compare_digest(keyed(key, text).hex(), parts["Signature"]):
        return "SignatureDoesNotMatch"
    return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status: int, body: bytes = b"", headers: dict | None = None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, status: int, code: str):
        self.answer(status, f"<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>".encode())

    def handle_request(self):
        body = b""
        if "Content-Length" in self.headers:
            if self.headers.get("Expect", "").lower() == "100-continue":
                pass  # http.server has said it already
            body = self.rfile.read(int(self.headers["Content-Length"]))
        wrong = fault(self, body)
        if wrong:
            return self.refuse(403, wrong)
        address = urllib.parse.urlsplit(self.path)
        parts = urllib.parse.unquote(address.path).split("/", 2)
        if parts[1] != BUCKET:
            return self.refuse(404, "NoSuchBucket")
        key = parts[2] if len(parts) == 3 else ""
        query = dict(urllib.parse.parse_qsl(address.query, keep_blank_values=True))
        if self.command == "GET" and not key:
            return self.answer(200, listing(query))
        if "uploads" in query or "uploadId" in query:
            return self.handle_pieces(key, query, body)
        if self.command == "PUT":
            if len(body) > MOST_BYTES:
                return self.refuse(400, "EntityTooLarge")
            objects[key] = body
            return self.answer(200)
        if self.command == "DELETE":
            objects.pop(key, None)
            return self.answer(204)
        if key not in objects:
            return self.refuse(404, "NoSuchKey")
        return self.answer(200, objects[key])

    def handle_pieces(self, key, query, body):
        if self.command == "POST" and "uploads" in query:
            name = f"2~{key}+/={len(uploads)}"
            uploads[name] = {}
            return self.answer(200, f"<R><UploadId>{escape(name)}</UploadId></R>".encode())
        pieces = uploads.get(query["uploadId"])
        if pieces is None:
            return self.refuse(404, "NoSuchUpload")
        if self.command == "PUT":
            number = int(query["partNumber"])
            if len(body) > MOST_BYTES:
                return self.refuse(400, "EntityTooLarge")
            # Once in a while a store is busy; whoever asks again is served.
            if number == 2 and number not in pieces:
                pieces[number] = b""
                return self.refuse(503, "SlowDown")
            pieces[number] = body
            return self.answer(200, headers={"ETag": f'"{hashlib.md5(body).hexdigest()}"'})
        if self.command == "DELETE":
            del uploads[query["uploadId"]]
            return self.answer(204)
        wanted = re.findall(
            r"<Part><PartNumber>(\d+)</PartNumber><ETag>\"(\w+)\"</ETag></Part>", body.decode())
        tags = [(str(n), hashlib.md5(pieces[n]).hexdigest()) for n in sorted(pieces)]
        if wanted != tags or key.endswith("refuse-to-join"):
            # As S3 does: the status is said before it begins to join.
            return self.answer(200, b"<Error><Code>InvalidPart</Code></Error>")
        objects[key] = b"".join(pieces[n] for n in sorted(pieces))
        del uploads[query["uploadId"]]
        return self.answer(200, b"<CompleteMultipartUploadResult/>")

    do_GET = do_PUT = do_DELETE = do_POST = handle_request

    def log_message(self, *arguments):
        pass


def listing(query: dict) -> bytes:
    keys = sorted(key for key in objects if key.startswith(query.get("prefix", "")))
    # A token that must be encoded to be signed alike.
    after = query.get("continuation-token", "").removeprefix("+/=")
    keys = [key for key in keys if key > after]
    page, rest = keys[:MOST_KEYS], keys[MOST_KEYS:]
    text = "".join(
        f"<Contents><Key>{escape(key)}</Key><Size>{len(objects[key])}</Size></Contents>"
        for key in page)
    token = f"<NextContinuationToken>+/={escape(page[-1])}</NextContinuationToken>" if rest else ""
    cut = "true" if rest else "false"
    return (
        f"<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>{cut}</IsTruncated>"
        f"{token}{text}</ListBucketResult>").encode()


argparse.ArgumentParser().parse_args()
serve(Handler)
