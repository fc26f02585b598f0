"""The service speaks TLS by itself, as docs/deploy.md says: port 443, the one right that it takes,
a certificate that is exchanged."""

import re
import socket
import ssl
import subprocess
import time

from program import ROOT

SETTINGS = "etc/comptoir/environment"
RELOAD_SECONDS = 20


def prove(machine, service, check):
    text = (ROOT / "docs" / "deploy.md").read_text()
    settings = re.search(r"COMPTOIR_ADDRESS=0.0.0.0\n.*?(?=```)", text, re.S)[0]
    unit = re.search(r"\[Service\]\nPrivateUsers=no\n.*?(?=```)", text, re.S)[0]
    with (machine.root / SETTINGS).open("a") as file:
        file.write(settings)
    override = machine.root / "etc/systemd/system/comptoir.service.d/override.conf"
    override.parent.mkdir(parents=True)
    override.write_text(unit)
    put_certificate(machine, 1)
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "restart", "comptoir")
    check("machine: it speaks TLS on port 443 by itself", shown(machine) == 1,
          service.log()[-800:])
    status = machine.run("cat", f"/proc/{service.state('MainPID')}/status").stdout
    check("machine: with the right to that port and no other",
          re.search(r"CapEff:\s*0{13}400\b", status)
          and not re.search(r"Uid:\s*0\b", status), status)
    put_certificate(machine, 2)
    machine.run("systemctl", "reload", "comptoir")
    deadline = time.monotonic() + RELOAD_SECONDS
    while shown(machine) != 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    check("machine: a new certificate counts after a reload", shown(machine) == 2)
    rating = machine.run("systemd-analyze", "security", "--threshold=20", "comptoir.service")
    check("machine: its exposure is 2.0 or below even so", rating.returncode == 0,
          rating.stdout.strip().splitlines()[-1:])


def put_certificate(machine, serial):
    folder = machine.root / "etc/comptoir/tls"
    folder.mkdir(exist_ok=True)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-set_serial", str(serial),
         "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"],
        check=True, stderr=subprocess.DEVNULL)
    machine.run("sh", "-c", "cd /etc/comptoir/tls && chgrp comptoir *.pem && chmod 640 *.pem")


def shown(machine):
    """The serial number of the certificate that is shown, whose signature is proved; 0 for none."""
    context = ssl.create_default_context(cafile=machine.root / "etc/comptoir/tls/certificate.pem")
    try:
        with socket.create_connection(("127.0.0.1", 443), timeout=10) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as secure:
                return int(secure.getpeercert()["serialNumber"], 16)
    except OSError:
        return 0
