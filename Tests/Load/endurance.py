"""2,000 connections that say nothing and 200 that say a byte at a time, while people work."""

import resource
import selectors
import socket
import statistics
import threading
import time

from organisation import sign_in
from status import connections_from, memory_bytes
from visitor import Visitor

OPTIONS = ()
IDLE, DRIPPING, USERS = 2_000, 200, 8
# The program lets one address have 128 connections.
PER_ADDRESS = 100
# Of the program, from a request's first byte to its last, and what we grant it beyond.
DEADLINE_SECONDS, GRACE_SECONDS = 30, 4
DRIP_SECONDS = 0.5
PAGES = ["/", "/clients", "/invoices", "/quotes", "/health"]
MOST_MEMORY_GROWTH = 64_000_000


def prove(program, _, check):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8_192), hard))
    process = program.process.pid
    sessions = [sign_in(program) for _ in range(USERS)]
    calm = Users(program, sessions)
    calm.work(lambda: calm.seconds > 3)
    before = memory_bytes(process)
    crowd = Crowd(program.port)
    held = crowd.taken(lambda: connections_from(crowd.addresses, process, program.port))
    busy = Users(program, sessions)
    busy.work(lambda: busy.seconds > DEADLINE_SECONDS + GRACE_SECONDS, crowd.drip)
    after = memory_bytes(process)
    for name, users in (("alone", calm), ("in the crowd", busy)):
        print(f"  users {name}: {len(users.times)} pages, p50 {users.quantile(50):.1f} ms, "
              f"p99 {users.quantile(99):.1f} ms, {len(users.failures)} failed")
    print(f"  memory: {before / 1e6:.1f} MB before, {after / 1e6:.1f} MB with the crowd")
    check("endurance: every connection of the crowd was taken", held >= IDLE + DRIPPING, held)
    check("endurance: every user got every page", busy.times and not busy.failures,
          busy.failures[:3] or len(busy.times))
    check("endurance: 99 of 100 pages came within a second", busy.quantile(99) < 1_000,
          f"p99 {busy.quantile(99):.0f} ms")
    check("endurance: who drips is cut off at the deadline, and not before",
          len(crowd.ended) == DRIPPING and min(crowd.ended) > DEADLINE_SECONDS - 2,
          f"{len(crowd.ended)} of {DRIPPING} after {min(crowd.ended, default=0):.1f} to "
          f"{max(crowd.ended, default=0):.1f} s")
    check("endurance: who drips hears why", crowd.answers == {b"HTTP/1.1 408"}, crowd.answers)
    check("endurance: who says nothing is left in peace for a minute", crowd.idle_are_open())
    check("endurance: the crowd takes little memory", after - before < MOST_MEMORY_GROWTH,
          f"{(after - before) / 1e6:.1f} MB")
    crowd.close()


class Crowd:
    def __init__(self, port):
        self.started = time.monotonic()
        self.ended, self.answers, self.number = [], set(), 0
        self.addresses = set()
        self.idle = [self.connect(port) for _ in range(IDLE)]
        self.dripping = selectors.DefaultSelector()
        for number in range(DRIPPING):
            connection = self.connect(port)
            head = b"GET / HTTP/1.1\r\nHost: x\r\nX: "
            if number % 2:
                head = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
            connection.sendall(head)
            self.dripping.register(connection, selectors.EVENT_READ, time.monotonic())
        self.next_drip = time.monotonic()

    def connect(self, port):
        """From one of many addresses of this machine."""
        self.number += 1
        address = f"127.0.0.{2 + self.number // PER_ADDRESS}"
        self.addresses.add(address)
        return socket.create_connection(("127.0.0.1", port), 10, (address, 0))

    def taken(self, count):
        """How many connections the program holds: it takes them a moment after they are made."""
        deadline = time.monotonic() + GRACE_SECONDS
        while (held := count()) < IDLE + DRIPPING and time.monotonic() < deadline:
            self.drip()
        return held

    def drip(self):
        """A byte from each, now and then; takes note of those that the program has answered."""
        if time.monotonic() < self.next_drip:
            return
        self.next_drip = time.monotonic() + DRIP_SECONDS
        for key, _ in self.dripping.select(0):
            self.answers.add(key.fileobj.recv(4_096)[:12])
            self.ended.append(time.monotonic() - key.data)
            self.dripping.unregister(key.fileobj)
            key.fileobj.close()
        for key in list(self.dripping.get_map().values()):
            try:
                key.fileobj.send(b"a")
            except OSError:
                pass

    def idle_are_open(self):
        for connection in self.idle:
            connection.setblocking(False)
            try:
                if connection.recv(1) == b"" and time.monotonic() - self.started < 60:
                    return False
            except BlockingIOError:
                pass
        return True

    def close(self):
        for connection in self.idle:
            connection.close()
        self.dripping.close()


class Users:
    """People who open one page after the other."""

    def __init__(self, program, sessions):
        self.program, self.sessions = program, sessions
        self.times, self.failures = [], []
        self.started = time.monotonic()
        self.are_done = threading.Event()

    @property
    def seconds(self):
        return time.monotonic() - self.started

    def work(self, is_over, meanwhile=lambda: None):
        self.started = time.monotonic()
        threads = [
            threading.Thread(target=self.browse, args=(n, cookies))
            for n, cookies in enumerate(self.sessions)]
        for thread in threads:
            thread.start()
        while not is_over():
            meanwhile()
            self.are_done.wait(0.05)
        self.are_done.set()
        for thread in threads:
            thread.join()

    def browse(self, number, cookies):
        visitor, turn = Visitor(self.program.port, cookies), number
        while not self.are_done.wait(0.05):
            page = PAGES[turn % len(PAGES)]
            turn += 1
            began = time.monotonic()
            try:
                status = visitor.get(page).status
            except Exception as error:
                status = repr(error)
            self.times.append((time.monotonic() - began) * 1_000)
            if status != 200:
                self.failures.append((page, status))
        visitor.close()

    def quantile(self, percent):
        return statistics.quantiles(self.times, n=100)[percent - 1]
