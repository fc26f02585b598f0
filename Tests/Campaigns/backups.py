"""A backup is damaged in every way that disks and hands know; none of them is restored, each is
said in words, and what was there stays as it was. The undamaged one comes back whole."""

import io
import json
import os
import random
import shutil
import subprocess
import tarfile
from collections import Counter

import records
from caller import Caller
from datetime import date
from organisation import set_up
from program import BINARY, ROOT, Program

# Places in a file where a byte is turned over, as parts of its length; first and last byte too.
PLACES = {False: 24, True: 4}
MOST_WORDS = 600


def prove(check, small):
    with Program() as program:
        set_up(program)
        records.fill(Caller(program.port, records.token(program)), date.today())
        before = fingerprint(program)
        folder, packed = program.folder / "backup", program.folder / "backup.tar"
        sealed, key = program.folder / "sealed.backup", program.folder / "key.pem"
        made = [program.run("backup", str(target)).returncode for target in (folder, packed)]
        made += [program.run("key", "recipient", "--create", str(key)).returncode,
                 program.run("backup", str(sealed)).returncode]
        check("backups: all kinds are made while the program serves", not any(made), made)
        program.stop()
        tried, restored, silent = Counter(), [], []
        for name, source in damaged(program, folder, packed, sealed, PLACES[small]):
            tried["encrypted" if name.startswith("sealed") else "plain"] += 1
            code, words = restore(program, source, "--replace", "--key", key)
            if code == 0:
                restored.append(name)
            elif not 0 < len(words) < MOST_WORDS or "Fatal error" in words or code < 0:
                silent.append(f"{name}: {code} {words[:200]!r}")
            remove(source)
        print(f"  {tried['plain']} damaged backups and {tried['encrypted']} encrypted ones, "
              f"{tried.total() - len(restored)} refused, {len(restored)} restored")
        for line in restored[:5] + silent[:5]:
            print("  " + line)
        check("backups: no damaged one is restored", tried["encrypted"] and not restored,
              restored[:5])
        check("backups: each refusal says why, in a few words", not silent, silent[:2])
        program.start()
        program.wait_until_healthy()
        check("backups: what was there is there still", fingerprint(program) == before,
              difference(before, fingerprint(program)))
        left = [path.name for path in program.data.iterdir()
                if path.name.startswith(("restore-", "replaced-"))]
        check("backups: nothing is left behind", not left, left)
        program.stop()
        for source in (folder, packed, sealed):
            code, words = restore(program, source, "--replace", "--key", key)
            check(f"backups: the undamaged {source.name} is restored", code == 0, words[-200:])
        program.start()
        program.wait_until_healthy()
        check("backups: rows lost: 0", fingerprint(program) == before,
              difference(before, fingerprint(program)))
        doctor = json.loads(program.run("doctor", "--json").stdout.splitlines()[-1])
        check("backups: the doctor has no complaint", doctor["healthy"])
        check("backups: documents, payments and journal verify",
              program.run("verify", "--json").returncode == 0)


def restore(program, source, *options):
    """The exit code, and what was said."""
    done = subprocess.run(
        [BINARY, "restore", source, "--data", program.data, *options], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.strip()


def fingerprint(program):
    """Every row of what people made, by table: how many, and a sum of their hashes. The numbers of
    transactions are those of the cluster; how often the API was asked is noted a while later."""
    tables = program.sql(
        "SELECT relname FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace AND relname NOT IN "
        "('jobs', 'journal_followers', 'sessions', 'live_counters', 'retention_looks', "
        "'api_usage', 'access_token_uses', 'idempotency_keys') ORDER BY relname").split()
    found = Counter()
    for table in tables:
        row = "to_jsonb(t) - 'transaction_id'"
        found[table] = program.sql(
            f"SELECT count(*) || ' ' || coalesce(sum(hashtextextended(({row})::text, 0)), 0) "
            f"FROM \"{table}\" t")
    return found


def difference(before, after):
    return [f"{name}: {before[name]} / {after[name]}" for name in sorted({*before, *after})
            if before[name] != after[name]][:4]


def damaged(program, folder, packed, sealed, places):
    """Backups, one by one, each with one fault; the next is made when the one before was tried."""
    copy, archive = program.folder / "damaged", program.folder / "damaged.tar"
    files = sorted(path.name for path in folder.iterdir())
    for name in files:
        for kind, change in damages((folder / name).stat().st_size, places):
            shutil.copytree(folder, copy)
            change(copy / name)
            yield f"{name}: {kind}", copy
    for first, second in zip(files, files[1:]):
        shutil.copytree(folder, copy)
        os.rename(copy / first, copy / "between")
        os.rename(copy / second, copy / first)
        os.rename(copy / "between", copy / second)
        yield f"{first} and {second} exchanged", copy
    for kind, change in damages(packed.stat().st_size, places):
        shutil.copy(packed, archive)
        change(archive)
        if same_contents(archive, packed):
            # The byte stood where tar fills up: nothing of the backup is damaged.
            remove(archive)
            continue
        yield f"tar: {kind}", archive
    yield from repacked(folder, archive)
    yield from damaged_sealed(program, sealed, places)


def damaged_sealed(program, sealed, places):
    """What is encrypted vouches for each of its bytes, so that not one may pass."""
    copy, size = program.folder / "damaged.backup", sealed.stat().st_size
    # The header is a few hundred bytes, which chance would hardly meet.
    headed = [(f"byte {spot} turned over", lambda path, spot=spot: turn_over(path, spot))
              for spot in random.sample(range(1, 600), places)]
    for kind, change in [*damages(size, places), *headed, *exchanges(size, places)]:
        shutil.copy(sealed, copy)
        change(copy)
        yield f"sealed: {kind}", copy
    content = sealed.read_bytes()
    copy.write_bytes(content + content)
    yield "sealed: twice", copy
    copy.write_bytes(content[:size // 2] + os.urandom(size - size // 2))
    yield "sealed: noise from the middle on", copy


def exchanges(size, places):
    """Two pieces of a file change places: short ones, and halves."""
    for length in [16] * places + [4096] * places + [size // 2]:
        first = random.randrange(max(1, size - 2 * length))
        second = random.randrange(first + length, size - length + 1)
        yield (f"{length} bytes at {first} and at {second} exchanged",
               lambda path, place=(first, second, length): exchange(path, *place))


def exchange(path, first, second, length):
    content = bytearray(path.read_bytes())
    one, other = content[first:first + length], content[second:second + length]
    content[first:first + length], content[second:second + length] = other, one
    path.write_bytes(content)


def damages(size, places):
    """Each a name, and what it does to a file."""
    spots = {0, size - 1, *(random.randrange(size) for _ in range(places))}
    for spot in sorted(spots):
        yield f"byte {spot} turned over", lambda path, spot=spot: turn_over(path, spot)
    for kept in sorted({0, 1, size // 2, size - 1}):
        yield f"cut at {kept}", lambda path, kept=kept: os.truncate(path, kept)
    yield "a block of zeros", lambda path: overwrite(path, size // 3, bytes(min(4096, size // 2)))
    yield "a byte more", lambda path: append(path, b"\0")
    yield "absent", lambda path: path.unlink()
    yield "a link", link
    yield "a folder", as_folder


def turn_over(path, spot):
    with path.open("r+b") as file:
        file.seek(spot)
        byte = file.read(1)[0]
        file.seek(spot)
        file.write(bytes([byte ^ (1 << random.randrange(8))]))


def overwrite(path, spot, content):
    with path.open("r+b") as file:
        file.seek(spot)
        file.write(content)


def append(path, content):
    with path.open("ab") as file:
        file.write(content)


def link(path):
    path.unlink()
    path.symlink_to("/etc/passwd")


def as_folder(path):
    path.unlink()
    path.mkdir()


def same_contents(one, other):
    try:
        return contents(one) == contents(other)
    except (tarfile.TarError, EOFError, OSError, KeyError, UnicodeDecodeError, ValueError):
        return False


def contents(path):
    with tarfile.open(path) as archive:
        return {m.name.removeprefix("./"): archive.extractfile(m).read()
                for m in archive.getmembers() if m.isfile()}


def repacked(folder, archive):
    """Archives that somebody made by hand: files that lead elsewhere, links, and no backup at
    all."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for kind, name in (("leads up", "../../intruder.json"), ("leads to the root",
                                                           "/tmp/intruder.json")):
        with tarfile.open(archive, "w") as made:
            entry = tarfile.TarInfo(name)
            entry.size = 2
            made.addfile(entry, io.BytesIO(b"{}"))
        yield f"tar that {kind}", archive
    with tarfile.open(archive, "w") as made:
        entry = tarfile.TarInfo("manifest.json")
        entry.type, entry.linkname = tarfile.SYMTYPE, str(folder / "manifest.json")
        made.addfile(entry)
    yield "tar of a link", archive
    archive.write_bytes(os.urandom(100_000))
    yield "noise", archive
    copy = archive.with_suffix("")
    shutil.copytree(folder, copy)
    manifest["migrations"] += 1000
    (copy / "manifest.json").write_text(json.dumps(manifest))
    yield "of a later version", copy


def remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
