"""How each server of this folder lives: on a free port of 127.0.0.1, which it prints, until its
standard input ends."""

import http.server
import os
import sys
import threading


def serve(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    os._exit(0)
