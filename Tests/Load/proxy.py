"""The program behind nginx as docs/nginx.conf sets it up: started with a certificate of its own, as
a user without rights, on free ports of this machine only."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import records
from caller import Caller
from events import send_quote
from organisation import EMAIL, PASSWORD
from program import ROOT, free_port
from uploads import ROUTE, multipart
from visitor import FormReader

OPTIONS = ("--trusted-proxy", "127.0.0.1")
NGINX, UNPRIVILEGED = "/usr/sbin/nginx", "www-data"
START_SECONDS = 10
UPLOAD_BYTES = 20_000_000

# What Debian's nginx.conf says around a site.
AROUND = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types; default_type application/octet-stream;
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def prove(program, client, check):
    with Proxy(program) as proxy:
        answer = proxy.curl("/sign-in")
        check("proxy: HTTP/2 is spoken", answer.version == "2", answer.version)
        plain = proxy.curl("/sign-in", scheme="http")
        check("proxy: without TLS one is led to it",
              plain.status == 301 and plain.headers["location"].startswith("https://"))
        signs_in(proxy, check)
        serves_files(program, proxy, check)
        page = proxy.curl("/", "--compressed")
        check("proxy: pages come compressed by the program",
              page.headers.get("content-encoding") == "gzip" and "Accueil" in page.text)
        check("proxy: browsers are told to keep to TLS",
              "strict-transport-security" in page.headers)
        believes_nobody(program, proxy, check)
        passes_events(program, proxy, client, check)
        uploads(proxy, check)
        check("proxy: nginx has nothing to complain about", not proxy.complaints(),
              proxy.complaints()[:3])


def signs_in(proxy, check):
    form = proxy.curl("/sign-in").form("/sign-in")
    fields = {**form, "email": EMAIL, "password": PASSWORD}
    answer = proxy.curl("/sign-in", *(
        part for name, value in fields.items()
        for part in ("--data-urlencode", f"{name}={value}")))
    cookie = answer.headers.get("set-cookie", "")
    check("proxy: one signs in, and the cookie travels by TLS only",
          answer.status == 303 and "; Secure" in cookie and "; HttpOnly" in cookie)


def serves_files(program, proxy, check):
    path = re.search(r'href="(/assets/app[^"]+\.css)"', proxy.curl("/").text)[1]
    answer = proxy.curl(path, "--compressed")
    check("proxy: files come from nginx, compressed beforehand, to be kept for a year",
          answer.status == 200 and answer.headers["server"].startswith("nginx")
          and answer.headers.get("content-encoding") == "gzip"
          and "immutable" in answer.headers["cache-control"]
          and answer.headers["content-type"].startswith("text/css"))
    check("proxy: and the program is not asked for them",
          f'"path":"{path}"' not in program.log.read_text())


def believes_nobody(program, proxy, check):
    proxy.curl("/health", "-H", "X-Forwarded-For: 203.0.113.9", "-H", "Forwarded: for=203.0.113.9")
    log = program.log.read_text()
    check("proxy: what a client says of its address is not believed",
          '"path":"/health"' in log and "203.0.113.9" not in log)


def passes_events(program, proxy, client, check):
    api = Caller(program.port, records.token(program))
    listening = subprocess.Popen(
        proxy.command("/events", "--no-buffer", "--max-time", "20"), stdout=subprocess.PIPE)
    heard, begun = b"", time.monotonic()
    while b'"mails":{"text":"0"' not in heard:
        heard += listening.stdout.readline()
        if listening.poll() is not None:
            break
    asked = time.monotonic()
    send_quote(api, client)
    while b'"mails":{"text":"1"' not in heard and time.monotonic() - begun < 20:
        heard += listening.stdout.readline()
    check("proxy: an event passes at once", b'"mails":{"text":"1"' in heard
          and time.monotonic() - asked < 5, f"{time.monotonic() - asked:.2f} s")
    listening.terminate()
    listening.wait()


def uploads(proxy, check):
    token = proxy.curl(ROUTE).form(ROUTE)["_token"]
    body = proxy.folder / "upload"
    body.write_bytes(b"".join(multipart(token, UPLOAD_BYTES)[0]))
    answer = proxy.curl(
        ROUTE, "--data-binary", f"@{body}", "-H", "Expect:",
        "-H", "Content-Type: multipart/form-data; boundary=XX")
    check("proxy: 20 MB reach the program, which answers in words",
          answer.status == 413 and "1 Mo" in answer.text, answer.status)


class Proxy:
    def __init__(self, program):
        self.folder = Path(tempfile.mkdtemp(prefix="comptoir-nginx-"))
        self.folder.chmod(0o755)
        self.port, self.plain_port = free_port(), free_port()
        self.write_certificate()
        (self.folder / "nginx.conf").write_text(AROUND.format(folder=self.folder))
        (self.folder / "site.conf").write_text(self.site(program))
        if os.geteuid() == 0:
            shutil.copytree(ROOT / ".assets" / "static", self.folder / "static")
            shutil.chown(self.folder, UNPRIVILEGED)
            shutil.chown(self.folder / "key.pem", UNPRIVILEGED)

    def write_certificate(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
             self.folder / "key.pem", "-out", self.folder / "certificate.pem"],
            check=True, stderr=subprocess.DEVNULL)

    def site(self, program):
        """The file of the documentation with the places of this test: each must be in it."""
        text = (ROOT / "docs" / "nginx.conf").read_text()
        # Another user may not be able to enter the folder of the program.
        assets = self.folder / "static" if os.geteuid() == 0 else ROOT / ".assets" / "static"
        places = {
            "server 127.0.0.1:8420;": f"server 127.0.0.1:{program.port};",
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen [::]:80;": "",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "listen [::]:443 ssl http2;": "",
            "server_name comptoir.example;": "server_name localhost;",
            "/etc/letsencrypt/live/comptoir.example/fullchain.pem":
                f"{self.folder}/certificate.pem",
            "/etc/letsencrypt/live/comptoir.example/privkey.pem": f"{self.folder}/key.pem",
            "/opt/comptoir/.assets/static/": f"{assets}/",
        }
        for before, after in places.items():
            if before not in text:
                raise AssertionError(f"docs/nginx.conf no longer says {before}")
            text = text.replace(before, after)
        return text

    def __enter__(self):
        command = [NGINX, "-p", self.folder, "-c", self.folder / "nginx.conf",
                   "-e", self.folder / "error.log"]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid", UNPRIVILEGED, "--regid", UNPRIVILEGED,
                       "--clear-groups", *command]
        self.process = subprocess.Popen(command)
        deadline = time.monotonic() + START_SECONDS
        while self.curl("/sign-in").status is None:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("nginx did not start:\n" + self.log())
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, path, *options, scheme="https"):
        port = self.port if scheme == "https" else self.plain_port
        jar = self.folder / "cookies"
        return ["curl", "--silent", "--http2", "--cacert", self.folder / "certificate.pem",
                "--cookie", jar, "--cookie-jar", jar, *options,
                f"{scheme}://localhost:{port}{path}"]

    def curl(self, path, *options, scheme="https"):
        head = self.folder / "head"
        head.unlink(missing_ok=True)
        run = subprocess.run(
            self.command(path, "--dump-header", head, "--ipv4", *options, scheme=scheme),
            stdout=subprocess.PIPE)
        return CurlAnswer(head.read_text() if head.exists() else "", run.stdout)

    def log(self):
        file = self.folder / "error.log"
        return file.read_text() if file.exists() else ""

    def complaints(self):
        return [line for line in self.log().splitlines()
                if re.search(r"\[(error|crit|alert|emerg)\]", line)]


class CurlAnswer:
    def __init__(self, head, body):
        lines = head.strip().splitlines()
        first = re.match(r"HTTP/(\S+) (\d+)", lines[0]) if lines else None
        self.version, self.status = (first[1], int(first[2])) if first else (None, None)
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()
        self.text = body.decode(errors="replace")

    def form(self, action):
        reader = FormReader(action)
        reader.feed(self.text)
        return reader.fields
