"""The description against the program: valid as OpenAPI, and true of thousands of requests."""

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = Path(sys.executable).parent


def is_valid_description(program):
    file = program.folder / "openapi.json"
    file.write_bytes(document(program))
    done = subprocess.run([TOOLS / "openapi-spec-validator", "--schema", "3.1", file])
    return done.returncode == 0


def document(program):
    import urllib.request

    address = f"http://127.0.0.1:{program.port}/api/openapi.json"
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read()


def holds(program, token, ids, seed, seconds, more=()):
    """Whether every check of schemathesis holds for whatever it makes up within that time."""
    address = f"http://127.0.0.1:{program.port}"
    command = [
        TOOLS / "st", "--config-file", HERE / "schemathesis.toml", "run",
        f"{address}/api/openapi.json", "--url", f"{address}/api/v1",
        "--checks", "all",
        "--continue-on-failure", "--seed", str(seed), "--max-time", str(seconds),
        "--generation-database", "none", "--no-color", *more]
    environment = dict(
        os.environ, COMPTOIR_TOKEN=token, COMPTOIR_IDS=json.dumps(ids), SCHEMATHESIS_HOOKS="hooks",
        PYTHONPATH=str(HERE))
    return subprocess.run(command, env=environment, cwd=program.folder).returncode == 0
