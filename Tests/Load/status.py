"""What Linux says of a process."""

import os
import re
import socket
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


def connections_from(addresses, process, port):
    """How many connections to a port of this machine the process has taken from these addresses."""
    held = set(open_files(process))
    wanted = {socket.inet_aton(address)[::-1].hex().upper() for address in addresses}
    count = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        cells = line.split()
        (_, local_port), (remote, _) = cells[1].split(":"), cells[2].split(":")
        if int(local_port, 16) == port and remote in wanted:
            count += f"socket:[{cells[9]}]" in held
    return count


def field(process, name):
    return re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{process}/status").read_text(), re.M)[1]
