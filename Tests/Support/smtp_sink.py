"""A real SMTP server (aiosmtpd) on a free port of 127.0.0.1, for tests.

It prints its port, then appends each message it takes to a file, as one line of JSON, with its
envelope, its bytes in base64 and what Python's email parser reads in it. A recipient whose name
begins with "temporary" is refused with 451, with "greylisted" likewise but the first time only,
with "permanent" with 550; with "betraying", a client that logged in is refused with its login
quoted back. It ends when its standard input does.
"""

import argparse
import asyncio
import base64
import email
import email.policy
import json
import ssl
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult


def parsed(content: bytes) -> dict:
    message = email.message_from_bytes(content, policy=email.policy.default)

    def addresses(name: str) -> list:
        header = message[name]
        return [] if header is None else [[a.display_name, a.addr_spec] for a in header.addresses]

    parts = []
    for part in message.walk():
        if part.is_multipart():
            parts.append({"type": part.get_content_type()})
            continue
        parts.append({
            "type": part.get_content_type(),
            "disposition": part.get_content_disposition() or "",
            "filename": part.get_filename() or "",
            # On its way every line of a text ends with CR LF; Python leaves it so.
            "text": part.get_content().replace("\r\n", "\n")
            if part.get_content_maintype() == "text" else "",
            "base64": base64.b64encode(part.get_payload(decode=True)).decode(),
        })
    return {
        "headers": [[name, str(value)] for name, value in message.items()],
        "from": addresses("From"),
        "to": addresses("To"),
        "cc": addresses("Cc"),
        "replyTo": addresses("Reply-To"),
        "subject": str(message["Subject"]),
        "parts": parts,
        "defects": [str(d) for part in message.walk() for d in part.defects],
    }


class Sink:
    def __init__(self, path: str):
        self.path = path
        self.login = None
        self.greylisted = set()

    def write(self, record: dict) -> None:
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("temporary"):
            return "451 4.7.1 come back later"
        if address.startswith("greylisted") and address not in self.greylisted:
            self.greylisted.add(address)
            return "451 4.7.1 greylisted, come back later"
        if address.startswith("permanent"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("betraying"):
            login = self.login
            return "550 5.1.1 you said " + base64.b64encode(
                b"\0" + login.login + b"\0" + login.password).decode()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.write({
            "mailFrom": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "encrypted": session.ssl is not None
            or server.transport.get_extra_info("ssl_object") is not None,
            "user": session.auth_data.decode() if session.authenticated else "",
            "content": base64.b64encode(envelope.original_content).decode(),
            "parsed": parsed(envelope.original_content),
        })
        return "250 OK"


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", required=True)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--implicit", action="store_true", help="TLS from the first byte")
    parser.add_argument("--login", help="user:password, then demanded")
    options = parser.parse_args()
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
    sink = Sink(options.file)

    def authenticate(server, session, envelope, mechanism, data):
        given = data.login.decode() + ":" + data.password.decode()
        sink.login = data
        if given == options.login:
            return AuthResult(success=True, auth_data=data.login)
        return AuthResult(success=False, handled=False)

    def session() -> SMTP:
        starttls = context if context and not options.implicit else None
        return SMTP(
            sink, hostname="sink.example", tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=authenticate if options.login else None,
            auth_required=bool(options.login),
            auth_require_tls=starttls is not None)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        session, "127.0.0.1", 0, ssl=context if options.implicit else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    closed = asyncio.Event()

    def wait_for_end() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(closed.set)

    threading.Thread(target=wait_for_end, daemon=True).start()
    await closed.wait()


asyncio.run(main())
