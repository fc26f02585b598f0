"""What Linux says of a process."""

import os
import re
from pathlib import Path


def memory_bytes(process):
    """The memory that is in use."""
    return int(field(process, "VmRSS")) * 1024


def thread_count(process):
    return int(field(process, "Threads"))


def open_files(process):
    """What its descriptors lead to."""
    targets = []
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        try:
            targets.append(os.readlink(descriptor))
        except OSError:
            pass
    return targets


def field(process, name):
    return re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{process}/status").read_text(), re.M)[1]
