"""32 clients send one request under one Idempotency-Key, again and again until it is answered,
while the program is killed and started: each key makes one invoice, which all clients read."""

import threading
import time

from caller import Caller, NoAnswer
from records import LINE

CLIENTS = 32
GIVE_UP_SECONDS = 120


def answers_under_one_key(program, token, client, key):
    """What each of the clients was told in the end: the ids of invoices, or what went wrong."""
    told, gate = [], threading.Barrier(CLIENTS)

    def insist():
        caller = Caller(program.port, token)
        gate.wait()
        told.append(until_answered(program, caller, client, key))
        caller.close()

    threads = [threading.Thread(target=insist, daemon=True) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    return threads, told


def until_answered(program, caller, client, key):
    body = {"client_id": client, "subject": key, "lines": [LINE]}
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < deadline:
        try:
            answer = caller.post("/invoices", body, **{"Idempotency-Key": key})
        except NoAnswer:
            program.is_up.wait(GIVE_UP_SECONDS)
            continue
        if answer.status == 201:
            return answer.json["id"]
        # 409: another client's request is under way; 503: the database is not back yet.
        if answer.status not in (409, 503):
            return f"{answer.status} {answer.body[:200]!r}"
        time.sleep(0.01)
    return "no answer"


def makes_one_invoice(program, token, client, kills, dice):
    """Answers what is wrong, a line each."""
    faults = []
    keys = [f"storm-{number}" for number in range(kills * 2)]
    for number, key in enumerate(keys):
        threads, told = answers_under_one_key(program, token, client, key)
        if number % 2 == 0:
            time.sleep(dice.uniform(0, 0.06))
            program.kill()
            program.start()
        for thread in threads:
            thread.join()
        if len(set(told)) != 1 or len(told) != CLIENTS or " " in told[0]:
            faults.append(f"{key}: {len(told)} answers, {sorted(set(told))[:3]}")
    made = count(Caller(program.port, token), "storm-")
    if made != {key: 1 for key in keys}:
        faults.append(f"invoices by key: {made}")
    return faults


def count(caller, prefix):
    made, after = {}, ""
    while after is not None:
        page = caller.get("/invoices?view=drafts" + after).json
        for invoice in page["data"]:
            if invoice["subject"].startswith(prefix):
                made[invoice["subject"]] = made.get(invoice["subject"], 0) + 1
        after = page["next_cursor"] and f"&after={page['next_cursor']}"
    return made
