"""What Linux says of a process."""

import re
from pathlib import Path


def memory_bytes(process):
    """The memory that is in use."""
    return int(field(process, "VmRSS")) * 1024


def thread_count(process):
    return int(field(process, "Threads"))


def open_files(process):
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def field(process, name):
    return re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{process}/status").read_text(), re.M)[1]
