"""The package on a machine whose first process is systemd: installed, used, upgraded, its key taken
out of its data, removed, purged."""

import base64
import re
import shutil
import subprocess
import tempfile
from datetime import date
from pathlib import Path

import organisation
import own_tls
import records
from caller import Caller
from machine import Machine
from visitor import Visitor

DATA, ENVIRONMENT = "var/lib/comptoir", "etc/comptoir/environment"
KEY = "etc/credstore/comptoir-secret-key"
# Of /proc/PID/status, for every process of the service.
CONFINED = {"NoNewPrivs": "1", "Seccomp": "2", "CapEff": "0" * 16, "CapBnd": "0" * 16}


class Service:
    """What the helpers of other tests ask of a program."""
    port = 8420

    def __init__(self, machine):
        self.machine = machine

    def page(self, path):
        """As the owner sees it, on a connection of its own: the program may be another by now."""
        visitor = Visitor(self.port, self.cookies)
        try:
            return visitor.get(path)
        finally:
            visitor.close()

    def log(self):
        return self.machine.run("journalctl", "--no-pager", "-o", "cat", "-u", "comptoir").stdout

    def first_start_path(self):
        return re.search(r"http://[^/\s]+(/welcome\S+)", self.log())[1]

    def state(self, name):
        return self.machine.run(
            "systemctl", "show", "comptoir", f"--property={name}", "--value").stdout.strip()

    def processes(self):
        """The status of each, by its name."""
        ids = self.machine.run("pgrep", "-u", "comptoir").stdout
        found = []
        for id in sorted(set(re.findall(r"^\d+$", ids, re.M))):
            text = self.machine.run("cat", f"/proc/{id}/status").stdout
            found.append(dict(re.findall(r"^(\w+):\s*(.*)$", text, re.M)))
        return [status for status in found if "Name" in status]


def prove(package, version, check):
    older = repacked(package, "0.0.1")
    with Machine(dependencies(package)) as machine:
        service = Service(machine)
        done = machine.install(older)
        check("machine: the package installs, and its service says when it is ready",
              done.returncode == 0 and service.state("ActiveState") == "active",
              done.stdout[-500:] + service.log()[-800:])
        is_confined(machine, service, check)
        works(service, check)
        belongs_to_its_user(machine, check)
        upgrades(machine, service, package, version, check)
        takes_its_key_from_the_manager(machine, service, check)
        keeps_its_secrets(machine, service, check)
        own_tls.prove(machine, service, check)
        goes(machine, service, check)
    shutil.rmtree(older.parent)


def is_confined(machine, service, check):
    processes = service.processes()
    names = [status["Name"] for status in processes]
    check("machine: its PostgreSQL runs within its confinement",
          "comptoir" in names and names.count("postgres") > 4, names)
    user = machine.run("id", "-u", "comptoir").stdout.strip()
    wrong = [
        (status["Name"], name, status.get(name)) for status in processes
        for name, value in {**CONFINED, "Uid": user}.items()
        if status.get(name, "").split()[:1] != [value]]
    check("machine: every process of it runs without root, rights and most system calls",
          not wrong, wrong[:4])
    rating = machine.run("systemd-analyze", "security", "--threshold=20", "comptoir.service")
    check("machine: its exposure is 2.0 or below", rating.returncode == 0,
          rating.stdout.strip().splitlines()[-1:])
    verified = machine.run("systemd-analyze", "verify", "--man=no", "comptoir.service")
    check("machine: systemd finds no fault in the unit",
          verified.returncode == 0 and "comptoir" not in verified.stdout, verified.stdout[:300])


def works(service, check):
    client = organisation.set_up(service)
    token = records.token(service)
    api = Caller(service.port, token)
    day = date.today().isoformat()
    invoice = api.made("/invoices", {"client_id": client, "lines": [records.LINE]})
    api.made(f"/invoices/{invoice['id']}/issue", {"issued_on": day})
    service.cookies = organisation.sign_in(service)
    pdf = service.page(f"/invoices/{invoice['id']}/pdf")
    check("machine: an account is made, an invoice issued and drawn",
          pdf.status == 200 and pdf.body.startswith(b"%PDF-"), pdf.status)
    # A helper process reads it, which limits itself within the confinement.
    answer = api.post("/received-invoices", {
        "file_name": "facture.pdf", "content": base64.b64encode(pdf.body).decode()})
    check("machine: a stranger's file is read by a helper", answer.status == 201, answer.body[:300])


def belongs_to_its_user(machine, check):
    added = machine.run(
        "comptoir", "user", "add", "paul@altavista.example", "--name", "Paul Aubin", "--role",
        "accountant", COMPTOIR_PASSWORD=organisation.PASSWORD)
    listed = machine.run("comptoir", "user", "list")
    check("machine: root's commands reach the service's data without being told where",
          added.returncode == 0 and "paul@altavista.example" in listed.stdout, added.stdout)
    copied = machine.run("sh", "-c", "install -d -o comptoir /var/backups/comptoir && "
                         "comptoir backup /var/backups/comptoir/first")
    check("machine: a backup is made while it runs", copied.returncode == 0, copied.stdout)
    strangers = machine.run("find", f"/{DATA}", "!", "-user", "comptoir").stdout.split()
    check("machine: and leave nothing of root's in them", not strangers, strangers[:5])
    mode = machine.run("stat", "-c", "%a", f"/{DATA}", f"/{DATA}/secret.key").stdout.split()
    check("machine: nobody else can look into the data", mode == ["700", "600"], mode)


def upgrades(machine, service, package, version, check):
    with (machine.root / ENVIRONMENT).open("a") as settings:
        settings.write("COMPTOIR_CONNECTIONS=500\n")
    before = service.state("MainPID")
    done = machine.install(package)
    installed = machine.run("dpkg-query", "-W", "-f", "${Version}", "comptoir").stdout
    check("machine: an upgrade asks nothing and starts the new program",
          done.returncode == 0 and installed == version
          and service.state("ActiveState") == "active"
          and service.state("MainPID") not in ("0", before), done.stdout[-500:])
    check("machine: the upgrade keeps the data: sessions and invoices are there",
          service.page("/invoices").text.count("Menuiserie Aubrac") >= 1)
    check("machine: the upgrade keeps what the administrator wrote",
          "COMPTOIR_CONNECTIONS=500" in (machine.root / ENVIRONMENT).read_text())


def takes_its_key_from_the_manager(machine, service, check):
    (machine.root / KEY).parent.mkdir(parents=True, exist_ok=True)
    machine.run("sh", "-c", f"install -m 0600 /{DATA}/secret.key /{KEY} && rm /{DATA}/secret.key")
    machine.run("systemctl", "restart", "comptoir")
    check("machine: with its key in the credential store, the service works as before",
          service.state("ActiveState") == "active"
          and service.page("/invoices").status == 200, service.log()[-500:])
    check("machine: and writes it nowhere else", not (machine.root / DATA / "secret.key").exists())
    alone = machine.run("comptoir", "user", "list")
    check("machine: a command that is not handed the key says so and draws no other",
          alone.returncode == 1 and "secret.key is missing" in alone.stdout
          and not (machine.root / DATA / "secret.key").exists(), alone.stdout)
    handed = machine.run(
        "systemd-run", "--quiet", "--pipe", "--wait", "-p", "LoadCredential=comptoir-secret-key",
        "-p", "User=comptoir", "comptoir", "user", "list")
    check("machine: one that systemd hands it to works",
          handed.returncode == 0 and "paul@altavista.example" in handed.stdout, handed.stdout)


def keeps_its_secrets(machine, service, check):
    key = (machine.root / KEY).read_bytes()
    words = machine.run("sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '").stdout
    log = service.log()
    check("machine: neither arguments nor the log hold a password or the key",
          organisation.PASSWORD not in words + log and key.hex() not in words + log)
    check("machine: the log holds no fault", '"level":"error"' not in log,
          [line for line in log.splitlines() if '"level":"error"' in line][:2])


def goes(machine, service, check):
    done = machine.run("dpkg", "--remove", "comptoir")
    left = machine.run("pgrep", "-u", "comptoir", "-a").stdout
    check("machine: removed, it stops with its PostgreSQL", done.returncode == 0 and not left,
          done.stdout + left)
    log = service.log()
    check("machine: it was not killed, and neither was its PostgreSQL",
          any("PostgreSQL stopped" in line for line in log.splitlines()[-6:]), log[-400:])
    check("machine: data and settings stay", (machine.root / DATA / "postgres/data").exists()
          and (machine.root / ENVIRONMENT).exists())
    done = machine.run("dpkg", "--purge", "comptoir")
    left = [path for path in (DATA, ENVIRONMENT, "usr/lib/comptoir", "usr/share/comptoir",
                              "etc/systemd/system/comptoir.service")
            if (machine.root / path).exists()]
    check("machine: purged, nothing of it is left but its user and the backup",
          done.returncode == 0 and not left
          and (machine.root / "var/backups/comptoir/first").exists(), left or done.stdout)


def dependencies(package):
    text = subprocess.run(["dpkg-deb", "--field", package, "Depends"], check=True,
                          capture_output=True, text=True).stdout
    return [re.split(r"[ (|]", one.strip())[0] for one in text.split(",")]


def repacked(package, version):
    """The same package with an older version, quickly."""
    folder = Path(tempfile.mkdtemp(prefix="comptoir-older-"))
    subprocess.run(["dpkg-deb", "--raw-extract", package, folder / "tree"], check=True)
    control = folder / "tree" / "DEBIAN" / "control"
    control.write_text(re.sub(r"^Version: .*", f"Version: {version}", control.read_text(),
                              flags=re.M))
    older = folder / f"comptoir_{version}.deb"
    subprocess.run(["dpkg-deb", "-Znone", "--build", folder / "tree", older], check=True,
                   stdout=subprocess.DEVNULL)
    return older
