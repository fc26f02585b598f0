"""20 files of 30 MB at once. The program keeps them on the disk while they come, and says that a
logo must not be so large."""

import http.client
import threading
import time

from organisation import sign_in
from status import memory_bytes, open_files
from visitor import Visitor

OPTIONS = ()
UPLOADS, FILE_BYTES = 20, 30_000_000
PIECE = b"x" * 1_000_000
MOST_MEMORY_GROWTH = 12_000_000
PATIENCE_SECONDS = 10
ROUTE = "/settings/logo"


def prove(program, _, check):
    cookies = sign_in(program)
    visitor = Visitor(program.port, cookies)
    token = visitor.get(ROUTE).form(ROUTE)["_token"]
    # The first fills what every other uses again.
    upload(program, visitor, token)
    before, peak, answers = memory_bytes(program.process.pid), [], []
    threads = [
        threading.Thread(target=lambda: answers.append(upload(program, visitor, token)))
        for _ in range(UPLOADS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        peak.append(memory_bytes(program.process.pid))
        threads[0].join(0.02)
        next((t for t in threads if t.is_alive()), threads[0]).join(0.02)
    grown = max(peak) - before
    print(f"  memory: {before / 1e6:.1f} MB before, {max(peak) / 1e6:.1f} MB at most while "
          f"{UPLOADS} uploads of {FILE_BYTES / 1e6:.0f} MB came")
    check("uploads: each is read whole and answered in words",
          len(answers) == UPLOADS and all(answers), f"{sum(map(bool, answers))} of {UPLOADS}")
    check("uploads: they take no memory", grown < MOST_MEMORY_GROWTH, f"{grown / 1e6:.1f} MB")
    check("uploads: more than the route takes is refused before it comes",
          early_refusal(program, visitor) == 413)
    leave(program, visitor)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := kept(program)) and time.monotonic() < deadline:
        pass
    check("uploads: nothing is left behind, neither by name nor without one", not left, left)
    visitor.close()


def upload(program, visitor, token):
    """Whether the program has seen all of it and says what is wrong."""
    status, text = answer_to(program, visitor, multipart(token, FILE_BYTES))
    return status == 413 and "1 Mo" in text


def multipart(token, size):
    """The pieces of the form, and their length."""
    head = (f'--XX\r\nContent-Disposition: form-data; name="_token"\r\n\r\n{token}\r\n--XX\r\n'
            'Content-Disposition: form-data; name="logo"; filename="photo.png"\r\n'
            "Content-Type: image/png\r\n\r\n").encode()
    pieces = [head, *[PIECE] * (size // len(PIECE)), b"\r\n--XX--\r\n"]
    return pieces, sum(map(len, pieces))


def answer_to(program, visitor, body):
    pieces, length = body
    connection = begin(program, visitor, length)
    for piece in pieces:
        connection.send(piece)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def begin(program, visitor, length):
    connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=60)
    connection.putrequest("POST", ROUTE)
    connection.putheader("Cookie", visitor.cookie_header())
    connection.putheader("Content-Type", "multipart/form-data; boundary=XX")
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    return connection


def kept(program):
    """Uploads that are on the disk, under a name or held by the program without one."""
    names = [file.name for file in program.data.iterdir() if file.name.startswith("upload-")]
    return names + [target for target in open_files(program.process.pid) if "/upload-" in target]


def early_refusal(program, visitor):
    connection = begin(program, visitor, 40_000_000)
    status = connection.getresponse().status
    connection.close()
    return status


def leave(program, visitor):
    """In the middle."""
    connection = begin(program, visitor, FILE_BYTES)
    for _ in range(10):
        connection.send(PIECE)
    connection.close()
