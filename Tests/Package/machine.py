"""A small Debian of its own, with systemd as its first process and no network but itself: made once
with mmdebstrap and kept in .build, booted with systemd-nspawn on a layer that is thrown away."""

import ctypes
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from program import ROOT

CACHE = ROOT / ".build"
BOOT_SECONDS = 60
ALWAYS = ["systemd", "systemd-sysv", "dbus", "procps"]
NETWORK_NAMESPACE = 0x40000000


class NoSystem(Exception):
    """The mirror gave none."""


def reason_for_none():
    """Why no machine can be booted here; nothing where one can."""
    if os.geteuid() != 0:
        return "only root can boot one"
    for program in ("mmdebstrap", "systemd-nspawn"):
        if shutil.which(program) is None:
            return f"{program} is missing"
    return ""


def debian(folder, packages):
    """Whether a Debian with these packages could be made there."""
    shutil.rmtree(folder, ignore_errors=True)
    return subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={packages}", "bookworm",
         folder], check=False).returncode == 0


def system_with(packages):
    """The folder of a Debian that has these packages and all that they need."""
    wanted = ",".join(sorted({*ALWAYS, *packages}))
    folder = CACHE / f"package-root-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    if folder.exists():
        return folder
    for old in CACHE.glob("package-root-*"):
        shutil.rmtree(old)
    draft = CACHE / "package-root-draft"
    print(f"Making a Debian with {len(wanted.split(','))} packages, once", flush=True)
    made = debian(draft, wanted)
    if not made and not debian(draft, ",".join(sorted(ALWAYS))):
        raise NoSystem
    if not made:
        raise RuntimeError(f"a Debian can be made, but not one with {wanted}")
    draft.rename(folder)
    return folder


class Machine:
    def __init__(self, packages):
        self.system = system_with(packages)
        self.folder = Path(tempfile.mkdtemp(prefix="comptoir-machine-"))
        self.root = self.folder / "root"

    def __enter__(self):
        for name in ("root", "upper", "work"):
            (self.folder / name).mkdir()
        layers = f"lowerdir={self.system},upperdir={self.folder}/upper,workdir={self.folder}/work"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, self.root], check=True)
        self.console = (self.folder / "console").open("wb")
        self.process = subprocess.Popen(
            ["systemd-nspawn", "--quiet", f"--directory={self.root}", "--boot", "--register=no",
             "--keep-unit", "--private-network", "--console=pipe", "--resolv-conf=off",
             "--timezone=off", "--link-journal=no"],
            stdin=subprocess.DEVNULL, stdout=self.console, stderr=self.console)
        deadline = time.monotonic() + BOOT_SECONDS
        while not self.is_up():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError("the machine does not boot")
            time.sleep(0.1)
        self.enter_network()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            # Its first process takes this for an order to halt.
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.console.close()
        subprocess.run(["umount", self.root], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_up(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        try:
            self.first = int(children.read_text().split()[0])
        except (OSError, IndexError):
            return False
        return self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded")

    def run(self, *command, **variables):
        """A command as root of the machine, with nobody to ask."""
        words = [f"{name}={value}" for name, value in variables.items()]
        return subprocess.run(
            ["nsenter", f"--target={self.first}", "--mount", "--uts", "--ipc", "--net", "--pid",
             "--root", "--wd", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
             "DEBIAN_FRONTEND=noninteractive", *words, *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False)

    def install(self, package):
        shutil.copyfile(package, self.root / "root" / "comptoir.deb")
        return self.run("dpkg", "--install", "/root/comptoir.deb")

    def enter_network(self):
        """From here on, 127.0.0.1 of this process is the machine's."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open(f"/proc/{self.first}/ns/net", "rb") as namespace:
            if libc.setns(namespace.fileno(), NETWORK_NAMESPACE) != 0:
                raise OSError(ctypes.get_errno(), "setns")
