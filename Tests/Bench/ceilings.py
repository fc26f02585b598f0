"""What this machine can do at most in the same minutes: nginx and pgbench, with nothing else."""

import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

from load import LUA, wrk
from processes import tree_cpu_seconds
from program import free_port

PAGE_BYTES = 30_000
DATABASE = "bench_ceiling"

CONFIGURATION = """
daemon off; worker_processes auto; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off; default_type text/html; client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}; keepalive_requests 100000000; }}
}}
"""


def nginx(seconds, connections=8):
    """A static page of 30 kB: requests a second and CPU milliseconds a request."""
    with tempfile.TemporaryDirectory(prefix="comptoir-bench-") as name:
        folder, port = Path(name), free_port()
        os.chmod(folder, 0o755)
        (folder / "page.html").write_bytes(b"x" * PAGE_BYTES)
        (folder / "requests.lua").write_text('return {{method = "GET", path = "/page.html"}}\n')
        (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, port=port))
        server = subprocess.Popen(
            ["/usr/sbin/nginx", "-c", folder / "nginx.conf", "-p", folder],
            stderr=subprocess.DEVNULL)
        try:
            time.sleep(0.5)
            before = tree_cpu_seconds(server.pid)
            result = wrk(port, connections, seconds, [LUA, "--", folder / "requests.lua"])
            spent = tree_cpu_seconds(server.pid) - before
        finally:
            server.terminate()
            server.wait()
    rate = result["requests"] * 1e6 / result["microseconds"]
    return {"per_second": round(rate, 1), "errors": result["refused"] + result["failed"],
            "cpu_ms": round(spent * 1000 / max(1, result["requests"]), 4)}


def pgbench(program, seconds):
    """On the same cluster: one row by its key, and the small transaction of TPC-B. All of these
    change the one row of their branch, as all invoices of a company take its next number."""
    program.sql_alone(f"DROP DATABASE IF EXISTS {DATABASE}")
    program.sql_alone(f"CREATE DATABASE {DATABASE}")
    run(program, ["-i", "-q", "-s", "1"])
    answers = {
        "select": rate(program, seconds, 8, ["-S"]),
        "tpcb_1": rate(program, seconds, 1, ["-N"]),
        "tpcb_8": rate(program, seconds, 8, []),
    }
    program.sql_alone(f"DROP DATABASE {DATABASE}")
    return answers


def rate(program, seconds, clients, options):
    before = tree_cpu_seconds(program.postgres)
    out = run(program, ["-n", "-M", "prepared", "-c", str(clients), "-T", str(seconds), *options])
    spent = tree_cpu_seconds(program.postgres) - before
    per_second = float(re.search(r"tps = ([\d.]+)", out)[1])
    return {"per_second": round(per_second, 1),
            "cpu_ms": round(spent * 1000 / max(1, per_second * seconds), 4)}


def run(program, options):
    return subprocess.run(
        ["pgbench", *options, *program.reach(), DATABASE], text=True, check=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
