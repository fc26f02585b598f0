"""The source of the program as it stands here, changed or not, for whoever uses it over the
network."""

import gzip
import io
import subprocess
import tarfile
from pathlib import Path

# Without git: what building and running leave behind.
NOT_SOURCE = {".git", ".build", ".assets", ".venv", ".comptoir", "screens", "__pycache__"}


def source_archive(folder="comptoir"):
    """A compressed tar file; the same source makes the same bytes."""
    content = io.BytesIO()
    with gzip.GzipFile(fileobj=content, mode="wb", mtime=0) as compressed:
        with tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for file in source_files():
                entry = tarfile.TarInfo(f"{folder}/{file}")
                entry.size = file.stat().st_size
                entry.mode = file.stat().st_mode & 0o755
                with file.open("rb") as opened:
                    archive.addfile(entry, opened)
    return content.getvalue()


def source_files():
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        files = [Path(name) for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        files = [file for file in Path().rglob("*") if not NOT_SOURCE & set(file.parts)]
    return sorted(file for file in files if file.is_file() and not file.is_symlink())
