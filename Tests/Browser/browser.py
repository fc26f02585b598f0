"""Chromium, the program under test, and axe, for the browser tests and bin/screens."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
STEP_TIMEOUT_MILLISECONDS = 10_000
START_TIMEOUT_SECONDS = 120
STOP_TIMEOUT_SECONDS = 30
REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Variant:
    """How a page is looked at."""

    name: str
    width: int
    theme: str
    height: int = 900


VARIANTS = [
    Variant("1440-light", 1440, "light"), Variant("1440-dark", 1440, "dark"),
    Variant("390-light", 390, "light"), Variant("390-dark", 390, "dark"),
]


@contextmanager
def chromium():
    """Debian's Chromium, driven by Playwright."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser, base, variant=VARIANTS[0], script=True):
    """A page of its own session; `base` is put before the addresses it goes to. What the browser's
    console complains about is collected in `page.complaints`."""
    context = browser.new_context(
        base_url=base, java_script_enabled=script, color_scheme=variant.theme, locale="fr-FR",
        viewport={"width": variant.width, "height": variant.height})
    context.set_default_timeout(STEP_TIMEOUT_MILLISECONDS)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: m.type == "error" and page.complaints.append(m.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    try:
        yield page
    finally:
        context.close()


def faults(page, with_axe=True):
    """What is wrong with the page as it stands: sentences, none when all is well."""
    found = [f"{page.url}: console: {text}" for text in page.complaints]
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wider > 0:
        found.append(f"{page.url}: {wider} px wider than the window")
    return found + (axe_faults(page) if with_axe else [])


# Drawn by Swagger UI, whose markup is not ours to mend.
NOT_OURS = {"exclude": [[".swagger-ui"]]}


def axe_faults(page, rules=None):
    """What axe finds, by all its rules or by some."""
    options = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = []
    for violation in Axe().run(page, NOT_OURS, options).response["violations"]:
        places = [" ".join(map(str, node["target"])) for node in violation["nodes"][:3]]
        found.append(f"{page.url}: {violation['id']}: {violation['help']} at {places}")
    return found


def screenshot(page, file):
    """The whole page, with what sticks to the window's edges at the page's edges."""
    size = page.viewport_size
    page.evaluate("document.fonts.ready")
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file)
    page.set_viewport_size(size)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Program:
    """`comptoir serve` on a free port of 127.0.0.1 with a data folder of its own."""

    def __init__(self, folder=None, demonstration=False, options=()):
        self.binary = Path(os.environ.get("COMPTOIR", REPOSITORY / ".build/debug/comptoir"))
        self.is_temporary = folder is None
        # Short, because a socket's path ends at 107 bytes; open to all, because the cluster in it
        # runs as another user when we are root.
        self.folder = Path(folder or tempfile.mkdtemp(prefix="comptoir-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        self.demonstration = demonstration
        self.options = list(options)
        self.process = None

    def __enter__(self):
        data = ["--data", str(self.folder)]
        if self.demonstration:
            subprocess.run([self.binary, "demo", *data], check=True, cwd=REPOSITORY)
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.log = open(self.folder / "serve.log", "wb")
        self.process = subprocess.Popen(
            [self.binary, "serve", *data, "--port", str(port), *self.options],
            cwd=REPOSITORY, stdout=self.log, stderr=subprocess.STDOUT)
        self.wait_until_it_answers()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        if self.is_temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def wait_until_it_answers(self):
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                urllib.request.urlopen(self.address + "/", timeout=5).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError("comptoir serve did not start:\n" + self.last_words())

    def last_words(self):
        file = self.folder / "serve.log"
        return file.read_text(errors="replace")[-2000:] if file.exists() else ""
