"""Requests that two programs read differently, at the real program: each is refused, and what
stands behind it is not heard. `SmugglingTests` says why, one by one."""

import re
import socket

from program import Program

REFUSED = (400, 413, 501)
PATIENCE_SECONDS = 10
LENGTHS = ["3\r\nContent-Length: 3", "3\r\nContent-Length: 5", "3, 3", "+3", "-3", "3 ,", "0x3",
           "3_0", "3\x00", "3;a", "18446744073709551619", "", " ", "3\x0b", "٣"]
CODINGS = ["gzip, chunked", "chunked, identity", "xchunked", "chunkedx", '"chunked"', "chunked;q=1",
           "chunked,", "\x0bchunked", "chunked\x00", "chunked\r\nTransfer-Encoding: identity",
           "identity", "cHuNkEd, chunked", "chunked\r\nContent-Length: 4", "gzip"]
CHUNKS = ["+3", "-3", "0x3", " 3", "3 ", "3_0", "", "3;a=b", "3;\n", "10000000000000003",
          "ffffffffffff", "3\n"]
HEADERS = ["Content-Length : 3", "Transfer-Encoding : chunked", "Transfer-Encoding:\tchunked",
           " Content-Length: 3", "X: a\r\n Content-Length: 3", "X: a\nContent-Length: 3",
           "X: a\rContent-Length: 3", "X: a\x00b", "Host: y", "Content-Length", ": 3",
           "Transfer_Encoding\x00: chunked"]
LINES = ["GET / HTTP/1.1\nHost: x\n\n", "GET / HTTP/1.1\rHost: x\r\n\r\n",
         "GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", "GET http://other/ HTTP/1.1\r\nHost: x\r\n\r\n",
         "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
         "GET / HTTP/1.1\r\nHost: x, y\r\n\r\n", "GET / HTTP/1.1\r\nHost: x@y\r\n\r\n",
         "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
         "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/1.1 \r\nHost: x\r\n\r\n",
         "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"]
ENDINGS = ["3\r\nabcd\r\n0\r\n\r\n", "3\r\nabc\n0\r\n\r\n", "0\r\nContent-Length: 5\r\n\r\n"]


def attacks():
    def post(headers, body):
        return f"POST /sign-in HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n{body}"

    yield from (post(f"Content-Length: {length}", "abc") for length in LENGTHS)
    yield from (post(f"Transfer-Encoding: {coding}", "0\r\n\r\n") for coding in CODINGS)
    yield from (post("Transfer-Encoding: chunked", f"{size}\r\nabc\r\n0\r\n\r\n")
                for size in CHUNKS)
    yield from (post("Transfer-Encoding: chunked", ending) for ending in ENDINGS)
    yield from (post(header, "abc") for header in HEADERS)
    yield from LINES


def prove(check, small):
    with Program() as program:
        tried, wrong = 0, []
        for attack in attacks():
            tried += 1
            fault = fault_of(program, attack.encode("utf-8"), f"/smuggled-{tried}")
            if fault:
                wrong.append(f"{attack!r}: {fault}")
        for line in wrong[:10]:
            print("  " + line[:300])
        heard = [line for line in program.log.read_text().splitlines() if "/smuggled" in line]
        check("smuggling: each is refused and ends the connection", not wrong,
              f"{tried} tried, {len(wrong)} wrong")
        check("smuggling: nothing that stood behind one was heard", not heard, heard[:2])
        check("smuggling: the program answers as before", program.is_healthy())


def fault_of(program, attack, behind):
    """None when the program refused it, and said nothing more."""
    with socket.create_connection(("127.0.0.1", program.port), PATIENCE_SECONDS) as connection:
        try:
            connection.sendall(attack + f"GET {behind} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        said = b""
        try:
            while more := connection.recv(65_536):
                said += more
        except TimeoutError:
            return "the connection stays open"
        except OSError:
            pass
    if not said:
        # Closed without a word: nothing was heard either.
        return None
    status = int(said.split()[1])
    if status not in REFUSED + (505,):
        return f"answered {status}"
    return "answered twice" if len(re.findall(rb"HTTP/1\.1 \d{3} ", said)) > 1 else None
