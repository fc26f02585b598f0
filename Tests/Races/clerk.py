"""Drafts and issues invoices one after the other; tries again as people do when a page fails."""

import re
import threading
import time

from visitor import NoAnswer, Visitor

# How long a person waits before pressing again, at most, when nothing answers.
PATIENCE_SECONDS = 0.2
# After so long without a single answer something is wrong for good.
GIVE_UP_SECONDS = 120
# Of so many invoices one is issued by a double click, and one once more afterwards.
HASTE = 20


class Tally:
    """What all clerks saw, and when enough is done."""

    def __init__(self, target):
        self.target = target
        self.lock = threading.Lock()
        self.changed = threading.Condition(self.lock)
        self.begun = 0
        self.numbers = {}
        self.faults = []
        self.counts = {"retried": 0, "looked up": 0, "pressed twice": 0}

    def may_begin(self):
        with self.lock:
            self.begun += 1
            return self.begun <= self.target and not self.faults

    def acknowledge(self, invoice, number):
        with self.lock:
            if self.numbers.setdefault(invoice, number) != number:
                self.faults.append(f"{invoice} was {self.numbers[invoice]}, now {number}")
            self.changed.notify_all()

    def count(self, name):
        with self.lock:
            self.counts[name] += 1

    def fault(self, text):
        with self.lock:
            self.faults.append(text)
            self.changed.notify_all()

    def wait_for(self, count):
        """Until so many are acknowledged; answers whether all is well so far."""
        with self.lock:
            self.changed.wait_for(lambda: len(self.numbers) >= count or self.faults)
            return not self.faults


class Clerk(threading.Thread):
    def __init__(self, program, tally, client, cookies, dice):
        super().__init__(daemon=True)
        self.program, self.tally, self.client, self.dice = program, tally, client, dice
        self.visitor = Visitor(program.port, cookies)
        self.second = Visitor(program.port, cookies)
        self.answered = time.monotonic()

    def run(self):
        try:
            while self.tally.may_begin():
                self.issue(self.draft())
        except Exception as error:
            self.tally.fault(f"{type(error).__name__}: {error}")
        finally:
            self.visitor.close()
            self.second.close()

    def draft(self):
        """Answers the path of a new draft. Sent again, the same form must lead to the same."""
        editor = f"/invoices/new?client={self.client}"
        form = self.sure(lambda: self.visitor.get(editor), 200).form("/invoices")
        cents = self.dice.randrange(1, 1_000_000)
        form.update({
            "op": "issue", "client": self.client, "lines[0][kind]": "item",
            "lines[0][label]": f"Prise de vue {self.dice.randrange(1000)}",
            "lines[0][quantity]": "2", "lines[0][unit]": "day", "lines[0][vat]": "S2000",
            "lines[0][unit_price]": f"{cents // 100},{cents % 100:02}",
        })
        answer = self.sure(lambda: self.visitor.post("/invoices", form), 303)
        return answer.location.removesuffix("/issue")

    def issue(self, path):
        while True:
            try:
                page = self.visitor.get(path + "/issue")
                if page.status == 409:
                    # It was issued although the answer was lost.
                    return self.look_up(path)
                self.check(page, 200)
                return self.press(path, page.form(path + "/issue"))
            except NoAnswer:
                self.wait()

    def press(self, path, form):
        answers = self.click(path + "/issue", form)
        confirmed = [self.is_confirmed(path, answer) for answer in answers]
        if confirmed.count(True) > 1:
            raise AssertionError(f"{path} was issued twice")
        if True not in confirmed:
            # An earlier click was the first to arrive, and its answer was lost.
            return self.look_up(path)
        if self.dice.randrange(HASTE) == 0:
            self.tally.count("pressed twice")
            self.sure(lambda: self.visitor.post(path + "/issue", form), 409)
            self.look_up(path)

    def click(self, path, form):
        if self.dice.randrange(HASTE) != 0:
            return [self.visitor.post(path, form)]
        self.tally.count("pressed twice")
        try:
            self.second.begin_post(path, form)
            return [self.visitor.post(path, form), self.second.answer()]
        except NoAnswer:
            # Else its answer would be taken for that of the next question.
            self.second.close()
            raise

    def is_confirmed(self, path, answer):
        """Notes the number that the sentence of confirmation names; false when issued before."""
        if answer.status == 409:
            return False
        self.check(answer, 303)
        for cookie in answer.set_cookies:
            found = re.match(r"comptoir_flash=([0-9a-f]+)", cookie)
            if found:
                sentence = bytes.fromhex(found[1]).decode()
                self.tally.acknowledge(path, re.search(r"Facture (\S+)", sentence)[1])
                return True
        raise AssertionError("issued without a word")

    def look_up(self, path):
        self.tally.count("looked up")
        answer = self.sure(lambda: self.visitor.get(path), 200)
        number = re.search(r'<h1>Facture <span class="num">([^<]+)</span>', answer.text)
        if not number:
            raise AssertionError(f"{path} is not issued")
        self.tally.acknowledge(path, number[1])

    def sure(self, ask, status):
        """Asks until the program answers, and answers with that status."""
        while True:
            try:
                answer = ask()
                self.check(answer, status)
                return answer
            except NoAnswer:
                self.wait()

    def wait(self):
        self.tally.count("retried")
        if time.monotonic() - self.answered > GIVE_UP_SECONDS:
            raise AssertionError(f"no answer for {GIVE_UP_SECONDS} seconds")
        # A page that is away because the database is would be asked for in a tight circle.
        threading.Event().wait(self.dice.uniform(0, PATIENCE_SECONDS))
        self.program.is_up.wait(GIVE_UP_SECONDS)

    def check(self, answer, status):
        if answer.status == 503:
            raise NoAnswer()
        self.answered = time.monotonic()
        if answer.status != status:
            raise AssertionError(f"{answer.status} rather than {status}: {answer.complaint()}")
