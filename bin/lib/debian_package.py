"""Packs the release program into a Debian package; see bin/package."""

import argparse
import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import manual_page

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "Packaging"
BINARY = Path(os.environ.get("COMPTOIR", ROOT / ".build" / "release" / "comptoir"))
LIBRARY, SHARE, DOC = "usr/lib/comptoir", "usr/share/comptoir", "usr/share/doc/comptoir"
# What the program opens or starts by itself, where dpkg-shlibdeps sees nothing.
CALLED = ["adduser", "ca-certificates", "fonts-lato", "fonts-liberation2", "icc-profiles-free",
          "postgresql-15", "tzdata", "xz-utils"]
DESCRIPTION = """\
quotes, orders, invoices and payments of a small company
 Comptoir keeps the commercial life of a small service company, from the first
 client to the paid invoice: French by default, English by choice, in any
 browser, on a machine of one's own. Issued documents are Factur-X invoices;
 books, VAT and a journal come with it.
 .
 The service makes a private PostgreSQL cluster in /var/lib/comptoir, reached by
 no network, and listens on 127.0.0.1 port 8420 until /etc/comptoir/environment
 says otherwise.
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--version")
    parser.add_argument("--out", type=Path, default=ROOT / ".build" / "package")
    options = parser.parse_args()
    if not BINARY.exists():
        sys.exit(f"{BINARY} is missing: run bin/package without --no-build.")
    version = options.version or version_of_commit()
    # Every date in the package, those of its files included.
    os.environ["SOURCE_DATE_EPOCH"] = epoch = git("log", "-1", "--format=%ct")
    with tempfile.TemporaryDirectory(prefix="comptoir-package-") as folder:
        stage = Path(folder) / "stage"
        put_program(stage)
        put_files(stage)
        put_documentation(stage, version)
        put_control(stage, version)
        settle(stage, int(epoch))
        architecture = run("dpkg", "--print-architecture")
        options.out.mkdir(parents=True, exist_ok=True)
        package = options.out / f"comptoir_{version}_{architecture}.deb"
        # One thread, since the number of threads shows in the compressed bytes.
        run("dpkg-deb", "--root-owner-group", "--threads-max=1", "--build", stage, package)
    print(package)


def version_of_commit():
    source = (ROOT / "Sources/Core/Installation/Version.swift").read_text()
    version = re.search(r'version = "([0-9.]+)"', source)[1]
    if f"v{version}" in git("tag", "--points-at", "HEAD").split():
        return version
    time = git("log", "-1", "--format=%cd", "--date=format-local:%Y%m%d%H%M%S")
    return f"{version}+git{time}.{git('rev-parse', '--short=8', 'HEAD')}"


def put_program(stage):
    """The program and the run-time libraries of Swift beside it, where it looks for them."""
    folder = stage / LIBRARY
    folder.mkdir(parents=True)
    files = [BINARY, *swift_libraries()]
    for file in files:
        target = folder / file.name
        shutil.copyfile(file, target)
        target.chmod(0o755 if file == BINARY else 0o644)
        if "RUNPATH" in run("readelf", "--dynamic", target):
            run("chrpath", "--replace", "$ORIGIN", target)
        run("strip", "--strip-unneeded", "--remove-section=.comment", target)
    (stage / "usr/bin").mkdir(parents=True)
    (stage / "usr/bin/comptoir").symlink_to("../lib/comptoir/comptoir")


def swift_libraries():
    """Those that no Debian package has, of all that the program is linked with."""
    found = re.findall(r"=> (\S+) \(", run("ldd", BINARY))
    return sorted(Path(path) for path in found if "/swift/linux/" in path)


def put_files(stage):
    """Migrations, assets and mappings. The program finds them beside itself."""
    share = stage / SHARE
    share.mkdir(parents=True)
    shutil.copytree(ROOT / "Migrations", share / "migrations")
    shutil.copytree(ROOT / "Resources" / "mappings", share / "resources" / "mappings")
    shutil.copytree(ROOT / ".assets", share / "assets",
                    ignore=shutil.ignore_patterns("fingerprint"))
    for name, place in {"Migrations": "migrations", "Resources": "resources",
                        ".assets": "assets"}.items():
        (stage / LIBRARY / name).symlink_to(f"../../share/comptoir/{place}")
    copy(PACKAGING / "comptoir.service", stage / "lib/systemd/system/comptoir.service")
    copy(PACKAGING / "debian" / "environment", stage / "etc/comptoir/environment")


def put_documentation(stage, version):
    for name in ("README.md", "CHANGELOG.md"):
        compress(ROOT / name, stage / DOC / f"{name}.gz")
    for name in ("deploy.md", "security.md", "books.md", "import.md", "nginx.conf"):
        copy(ROOT / "docs" / name, stage / DOC / name)
    licence = "".join(f" {line}\n" if line.strip() else " .\n"
                      for line in (ROOT / "LICENSE").read_text().splitlines())
    (stage / DOC / "copyright").write_text(
        (PACKAGING / "debian" / "copyright").read_text() + licence)
    date = git("log", "-1", "--format=%cD")
    write_compressed(stage / DOC / "changelog.gz", (
        f"comptoir ({version}) stable; urgency=medium\n\n"
        "  * What changed stands in CHANGELOG.md.gz beside this.\n\n"
        f" -- {maintainer()}  {date}\n").encode())
    page = manual_page.text(BINARY, version, git("log", "-1", "--format=%cs"))
    write_compressed(stage / "usr/share/man/man1/comptoir.1.gz", page.encode())


def put_control(stage, version):
    control = stage / "DEBIAN"
    control.mkdir()
    for name in ("postinst", "prerm", "postrm"):
        copy(PACKAGING / "debian" / name, control / name, 0o755)
    (control / "conffiles").write_text("/etc/comptoir/environment\n")
    size = sum(file.lstat().st_size for file in stage.rglob("*") if file.is_file())
    fields = {
        "Package": "comptoir", "Version": version, "Section": "misc", "Priority": "optional",
        "Architecture": run("dpkg", "--print-architecture"), "Maintainer": maintainer(),
        "Installed-Size": str(size // 1024), "Depends": ", ".join(depends(stage)),
        "Recommends": "nginx-light | nginx", "Description": DESCRIPTION,
    }
    (control / "control").write_text(
        "".join(f"{name}: {value.rstrip()}\n" for name, value in fields.items()))
    sums = [f"{run('md5sum', file).split()[0]}  {file.relative_to(stage)}\n"
            for file in sorted(stage.rglob("*"))
            if file.is_file() and not file.is_symlink() and control not in file.parents]
    (control / "md5sums").write_text("".join(sums))


def depends(stage):
    """What the linked libraries belong to, and what the program calls."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "debian").mkdir()
        (Path(folder) / "debian" / "control").write_text(
            "Source: comptoir\n\nPackage: comptoir\nArchitecture: any\n")
        private = stage / LIBRARY
        output = run("dpkg-shlibdeps", "-O", f"-l{private}", f"-S{stage}",
                     *sorted(p for p in private.iterdir() if p.is_file() and not p.is_symlink()),
                     folder=folder)
    linked = re.search(r"shlibs:Depends=(.*)", output)[1].split(", ")
    return sorted({*linked, *CALLED})


def maintainer():
    name = os.environ.get("DEBFULLNAME") or git("log", "-1", "--format=%an")
    return f"{name} <{os.environ.get('DEBEMAIL') or git('log', '-1', '--format=%ae')}>"


def settle(stage, epoch):
    """Modes and dates that depend on nothing but what is packed."""
    for path in sorted(stage.rglob("*"), reverse=True):
        if path.is_dir():
            path.chmod(0o755)
        elif not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)
    # It may hold the password of a database: the service manager alone reads it.
    (stage / "etc/comptoir/environment").chmod(0o600)
    os.utime(stage, (epoch, epoch))


def copy(source, target, mode=0o644):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(mode)


def compress(source, target):
    write_compressed(target, source.read_bytes())


def write_compressed(target, content):
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, 9, mtime=0))


def git(*arguments):
    return run("git", "-C", ROOT, *arguments)


def run(*command, folder=None):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}:\n{done.stderr}")
    return done.stdout.strip()


if __name__ == "__main__":
    main()
