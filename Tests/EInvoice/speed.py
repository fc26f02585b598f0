"""How many five-line invoices, PDF/A-3 with XML, the program makes in a second of computing."""

import os
import subprocess
import time

from invoices import Books, line

INVOICES = 100
TARGET = 40
ROUNDS = 3
# Makes jobs wait, so that the documents are made while they are asked for and counted.
LATER = """
CREATE FUNCTION wait_for_measuring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.run_at := NEW.run_at + interval '1 year';
    RETURN NEW;
END $$;
CREATE TRIGGER jobs_wait BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION wait_for_measuring();
"""


def measure(tally, program, api, today):
    lines = [line("Prise de vue aérienne", "2.5", "450", discount_percent="10"),
             line("Montage", "3", "380"), line("Tirage", "12", "8.5", vat="S550"),
             line("Licence", "1", "120", vat="S1000"), line("Déplacement", "84", "0.65")]
    sql(program, LATER)
    books = Books(api, today)
    best = 0
    # What else runs on the machine only makes a second of computing shorter: the best round counts.
    for _ in range(ROUNDS):
        best = max(best, rate_of(tally, program, api, books, lines))
        if best >= TARGET:
            break
    tally.check(f"at least {TARGET} invoices per CPU-second",
                [] if best >= TARGET else [f"only {best:.1f}"])


def rate_of(tally, program, api, books, lines):
    made = [books.invoice(f"speed {number}", "french", lines) for number in range(INVOICES)]
    before, started = cpu_seconds(program), time.monotonic()
    answers = [api.get(f"/invoices/{invoice['id']}/pdf") for invoice in made]
    spent, passed = cpu_seconds(program) - before, time.monotonic() - started
    rate = INVOICES / spent
    print(f"{rate:.1f} invoices per CPU-second ({spent / INVOICES * 1000:.1f} ms each, requests "
          f"and queries included), {INVOICES / passed:.1f} per second of waiting; "
          f"{len(answers[0].body) / 1000:.0f} kB each", flush=True)
    tally.check("all of them came", [a.status for a in answers if a.status != 200])
    return rate


def cpu_seconds(program):
    """Of the program itself, user and system."""
    with open(f"/proc/{program.process.pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sql(program, text):
    """As the superuser of the private cluster, by its socket."""
    folder = program.postgres_file.read_text().splitlines()[4]
    subprocess.run(
        ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", folder, "-p", "5432", "-U",
         "comptoir_superuser", "-f", "-", "comptoir"], input=text, text=True, check=True)
