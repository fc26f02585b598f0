"""Runs a tool of Debian that attacks."""

import subprocess


def run(command, folder, log, seconds):
    """With a home of its own, what it says in `log`; answers its exit code, or in words that it
    did not come to its end."""
    with log.open("wb") as out:
        try:
            return subprocess.run(
                [str(part) for part in command], cwd=folder, timeout=seconds, stdout=out,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            ).returncode
        except subprocess.TimeoutExpired:
            return f"not within {seconds} s"
