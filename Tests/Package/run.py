"""Builds the Debian package of the release program, looks into it, and runs what it installs: as an
ordinary user, and as a service on a machine of its own.

    run.py [--only package|user|machine]
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[1:1] = [str(TESTS / "Races"), str(TESTS / "API")]

import machine
import program
import service
from program import ROOT, Program
from visitor import Visitor

UNIT = ROOT / "Packaging" / "comptoir.service"
UNPRIVILEGED = "www-data"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=("package", "user", "machine"))
    wanted = parser.parse_args().only
    checks = []

    def check(name, holds, note=""):
        print(("passed: " if holds else "FAILED: ") + name
              + (f" ({note})" if note and not holds else ""), flush=True)
        checks.append(bool(holds))

    with tempfile.TemporaryDirectory(prefix="comptoir-package-test-") as folder:
        folder = Path(folder)
        folder.chmod(0o755)
        package = build(folder / "first")
        version = package.name.split("_")[1]
        if wanted in (None, "package"):
            is_sound(package, folder, check)
        if wanted in (None, "user"):
            runs_for_a_user(package, folder, check)
        reason = machine.reason_for_none()
        if wanted in (None, "machine"):
            if reason:
                print(f"skipped: the service on a machine of its own: {reason}.")
            else:
                try:
                    service.prove(package, version, check)
                except machine.NoSystem:
                    print("skipped: the service on a machine of its own: no Debian mirror.")
    print(f"{checks.count(True)} passed, {checks.count(False)} failed")
    return 0 if all(checks) else 1


def build(folder):
    done = subprocess.run([ROOT / "bin" / "package", "--no-build", "--out", folder], check=True,
                          stdout=subprocess.PIPE, text=True)
    return Path(done.stdout.strip())


def is_sound(package, folder, check):
    again = build(folder / "second")
    sums = [hashlib.sha256(file.read_bytes()).hexdigest() for file in (package, again)]
    check("package: the same commit and program make the same bytes", len(set(sums)) == 1, sums)
    lintian = subprocess.run(
        ["lintian", "--fail-on=error", "--allow-root", package], capture_output=True, text=True)
    check("package: lintian finds no error", lintian.returncode == 0, lintian.stdout[:1000])
    listed = subprocess.run(["dpkg-deb", "--contents", package], check=True, capture_output=True,
                            text=True).stdout.splitlines()
    wrong = [line for line in listed
             if line.split()[1] != "root/root" or line[0] == "-" and line[3] == "s"
             or line[0] != "l" and "w" in line[5] + line[8]]
    check("package: all of it is root's, nobody else writes, nothing runs as another", not wrong,
          wrong[:3])
    rating = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", UNIT],
        capture_output=True, text=True)
    check("unit: its exposure is 2.0 or below", rating.returncode == 0,
          rating.stdout.strip().splitlines()[-1:])


def runs_for_a_user(package, folder, check):
    """Unpacked somewhere, by somebody with no rights, on a machine without Swift."""
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "--extract", package, tree], check=True)
    binary = tree / "usr/bin/comptoir"
    linked = subprocess.run(
        ["ldd", binary.resolve()], capture_output=True, text=True, env={}).stdout
    foreign = [line.strip() for line in linked.splitlines()
               if "not found" in line or "=> /" in line
               and not any(place in line for place in ("=> /lib", "=> /usr/lib", str(tree)))]
    check("user: it finds Swift's libraries beside itself and all others in Debian", not foreign,
          foreign[:3])
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, env={})
    check("user: it says its version", said.stdout.startswith("comptoir "), said.stderr)
    manual = subprocess.run(
        ["man", "--warnings", "-l", tree / "usr/share/man/man1/comptoir.1.gz"],
        capture_output=True, text=True) if shutil.which("man") else None
    if manual:
        check("user: the manual page names the commands",
              "comptoir serve" in manual.stdout and not manual.stderr, manual.stderr[:300])
    program.BINARY = binary
    unpacked = Program()
    if os.geteuid() == 0:
        # Root's command becomes the owner of the data.
        unpacked.data.mkdir()
        shutil.chown(unpacked.data, UNPRIVILEGED, UNPRIVILEGED)
    with unpacked:
        check("user: the page of the first start answers, with its style sheet",
              unpacked_page(unpacked))
        owners = {os.stat(place).st_uid for place in (
            f"/proc/{unpacked.process.pid}", f"/proc/{unpacked.postgres_id()}",
            unpacked.data / "secret.key")}
        check("user: neither it nor its PostgreSQL runs as root", len(owners) == 1
              and 0 not in owners, owners)


def unpacked_page(unpacked):
    visitor = Visitor(unpacked.port)
    page = visitor.get(unpacked.first_start_path())
    style = re.search(r'href="(/assets/app[^"]+\.css)"', page.text)
    return page.status == 200 and style and visitor.get(style[1]).status == 200


if __name__ == "__main__":
    sys.exit(main())
