"""The whole story of a small company, from the empty folder to the refund, by somebody with a
script in the browser and by somebody without."""

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import story_money as money
import story_sales as sales
import story_setup as beginning
from browser import REPOSITORY, Program, visit
from person import Person
from test_pages import all_faults, report


SECRET = "stands-in-no-log-4711-4711-4711"
UNKNOWN = "01980000-0000-7000-8000-000000000000"


def test_a_company_is_set_up_sells_and_is_paid_with_a_script(browser):
    tell(browser, script=True)


def test_a_company_is_set_up_sells_and_is_paid_without_a_script(browser):
    tell(browser, script=False)


def tell(browser, script):
    with Program() as program, visit(browser, program.address, script=script) as page:
        person, found = Person(page, script), []

        def look():
            # Without a script axe cannot run; the pages are the same.
            if script:
                found.extend(all_faults(page))

        beginning.makes_the_first_account(person, program)
        beginning.is_guided_through_the_set_up(person, look)
        sees_what_is_empty(person, look)
        sales.adds_a_client(person)
        sales.adds_an_item(person)
        sales.writes_a_quote(person)
        sales.sends_the_quote_before_mail_is_set_up(person)
        with mailbox(program.folder / "received.jsonl") as (port, messages):
            sales.sets_up_mail(person, port)
            assert sales.RECIPIENT in messages(1)[0]["recipients"]
            order = sales.accepts_the_quote_and_does_the_work(person)
            first = sales.invoices(person, order, "-042", sales.FIRST_TOTAL, first_quantity="1")
            second = sales.invoices(person, order, "-043", sales.SECOND_TOTAL)
            person.go(order)
            person.sees_no("Facturer")
            sales.sends_the_invoice(person, first)
            files = [part.get("filename", "") for part in messages(2)[1]["parsed"]["parts"]]
            assert any("042" in name and name.endswith(".pdf") for name in files), files
        money.receives_a_part_and_then_the_rest(person, first, second)
        money.credits_a_part(person, first, look)
        money.reads_english_from_now_on(person)
        asks_and_errs_with_secrets(program)
        assert found == [], report(found)
        assert logged_secrets(program, page) == []


def asks_and_errs_with_secrets(program):
    """What belongs into no log, in every place where a request can have it."""
    for request in [
            urllib.request.Request(f"{program.address}/password-reset/new?token={SECRET}"),
            urllib.request.Request(
                f"{program.address}/invitation?organisation={UNKNOWN}&token={SECRET}"),
            urllib.request.Request(
                f"{program.address}/sign-in/company/callback?code={SECRET}&state={SECRET}"),
            # As long as a link that was shared: shorter parts of a path are names of pages.
            urllib.request.Request(f"{program.address}/shared/{SECRET}{SECRET}"),
            urllib.request.Request(f"{program.address}/shared/{SECRET}{SECRET}/pdf"),
            urllib.request.Request(
                f"{program.address}/sign-in", data=f"password={SECRET}".encode()),
            urllib.request.Request(f"{program.address}/clients?q={SECRET}",
                                   headers={"Cookie": f"comptoir_session={SECRET}"}),
            urllib.request.Request(f"{program.address}/api/v1/clients",
                                   headers={"Authorization": f"Bearer {SECRET}"})]:
        try:
            urllib.request.urlopen(request, timeout=10).close()
        except urllib.error.HTTPError as error:
            assert error.code < 500, (request.full_url, error.code)


def logged_secrets(program, page):
    """The secrets of this story that stand in the program's log or in PostgreSQL's, by name."""
    links = set()
    for line in (program.folder / "received.jsonl").read_text().splitlines():
        links.update(re.findall(r"[A-Za-z0-9_.-]{40,}", json.dumps(json.loads(line)["parsed"])))
    secrets = {"password": beginning.PASSWORD, "what a stranger sent": SECRET,
               **{f"cookie {each['name']}": each["value"] for each in page.context.cookies()
                  if len(each["value"]) > 15},
               **{f"link {each[:12]}": each for each in links}}
    logs = [*program.folder.rglob("*.log")]
    assert len(logs) >= 2, logs
    text = "".join(log.read_text(errors="replace") for log in logs)
    assert '"path":"/sign-in"' in text
    return [name for name, secret in secrets.items() if secret in text]


def sees_what_is_empty(person, look):
    for address in ["", "clients", "quotes", "orders", "invoices", "payments", "receivables",
                    "items", "mails", "jobs", "search", "payments/new"]:
        person.go(f"/{address}")
        look()


@contextmanager
def mailbox(file):
    """A mail server of our own: its port, and a function that waits for so many messages."""
    sink = subprocess.Popen(
        [sys.executable, REPOSITORY / "Tests/Support/smtp_sink.py", "--file", file],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def messages(count, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            lines = file.read_text().splitlines() if file.exists() else []
            if len(lines) >= count:
                return [json.loads(line) for line in lines]
            time.sleep(0.1)
        raise AssertionError(f"{len(lines)} of {count} messages came")

    try:
        yield int(sink.stdout.readline()), messages
    finally:
        sink.stdin.close()
        sink.wait()
        sink.stdout.close()
