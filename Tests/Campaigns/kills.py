"""The program, its PostgreSQL, or both are killed (SIGKILL) while people and programs sell, are
paid, send mails, hand over files and bring clients in. What anybody was told must be there,
once."""

import json
import random
import time
from collections import Counter

import records
from mail_sink import MailSink
from organisation import set_up, sign_in
from program import Program
from visitor import Visitor
from work import Crew, found, settle

KILLS = {False: 30, True: 6}
VICTIMS = ["program", "PostgreSQL", "both"]
# So many answers must have come between two kills, so that there is something to lose.
BETWEEN = 25
LIMITS = ("--api-requests-per-minute", "1000000", "--visitor-requests-per-minute", "1000000")


def prove(check, small):
    with Program(*LIMITS) as program:
        client = set_up(program)
        sink = MailSink(program)
        set_mail_up(program, sink)
        crew = Crew(program, records.token(program), client)
        away = []
        with crew:
            for number in range(KILLS[small]):
                wait_for_work(crew)
                away.append(kill(program, VICTIMS[number % len(VICTIMS)]))
            wait_for_work(crew)
        settled = settle(program, small)
        report(check, program, crew.ledger, away, KILLS[small])
        prove_mails(check, crew.ledger, sink, settled)
        prove_whole(check, program)
        sink.close()


def set_mail_up(program, sink):
    owner = Visitor(program.port, sign_in(program))
    form = owner.get("/settings/mail").form("/settings/mail")
    answer = owner.post("/settings/mail", {
        **form, "smtp_host": "127.0.0.1", "smtp_port": str(sink.port), "smtp_security": "none",
        "mail_from": "factures@altavista.example"})
    if answer.status != 303:
        raise AssertionError(f"no mail server: {answer.status} {answer.complaint()}")
    owner.close()


def wait_for_work(crew):
    until = crew.ledger.count + BETWEEN
    while crew.ledger.count < until and not crew.ledger.faults:
        time.sleep(0.02)
    time.sleep(random.uniform(0, 0.2))


def kill(program, victim):
    """Answers the victim and for how many seconds the program was away."""
    began = time.monotonic()
    if victim != "PostgreSQL":
        program.kill()
    if victim != "program":
        program.kill_postgres()
    if victim != "PostgreSQL":
        program.start()
    program.wait_until_healthy()
    return victim, time.monotonic() - began


def report(check, program, ledger, away, kills):
    lost, doubled = found(program, ledger)
    by_victim = Counter(victim for victim, _ in away)
    print(f"  {len(away)} kills ({dict(by_victim)}), away {max(s for _, s in away):.1f} s at most")
    print("  told: " + ", ".join(f"{len(told)} {kind}" for kind, told in ledger.told.items())
          + f"; {sum(ledger.answers.values())} answers, {ledger.retries} tried again")
    for line in [*ledger.faults, *lost, *doubled][:10]:
        print("  " + line[:300])
    check("kills: all of them were survived", len(away) == kills, f"{len(away)} of {kills}")
    check("kills: everybody could go on", not ledger.faults and all(ledger.told.values()))
    check("kills: rows lost: 0", not lost, len(lost))
    check("kills: nothing is there twice", not doubled, len(doubled))


def prove_mails(check, ledger, sink, settled, name="kills"):
    came = sink.ids()
    # Others tell of sign-ins.
    subjects = Counter(subject for subject, _ in came if subject in ledger.told["mails"])
    missing = [name for name in ledger.told["mails"] if not subjects[name]]
    print(f"  {sum(came.values())} mails came, {sum(n > 1 for n in came.values())} of them again "
          "under the same Message-ID")
    check(f"{name}: every job comes to its end", settled)
    check(f"{name}: every mail came, under one Message-ID",
          not missing and all(n == 1 for name, n in subjects.items()), missing[:3])


def prove_whole(check, program, name="kills"):
    """What the program itself can prove of its records."""
    verified = program.run("verify", "--json")
    doctor = json.loads(program.run("doctor", "--json").stdout.splitlines()[-1])
    findings = [finding for one in doctor["checks"] for finding in one["findings"]]
    for finding in findings[:5]:
        print("  " + finding[:300])
    check(f"{name}: documents, payments and journal verify", verified.returncode == 0,
          verified.stdout[-300:] if verified.returncode else "")
    check(f"{name}: the doctor has no complaint", doctor["healthy"])
