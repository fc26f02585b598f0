"""What processes take: seconds of CPU and memory, read from /proc."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(process):
    """Of one process and of its children that have ended."""
    fields = stat(process)
    return sum(int(field) for field in fields[11:15]) / TICKS if fields else 0.0


def tree_cpu_seconds(process):
    """With the children that run; what one did before it ended is counted by its parent."""
    return cpu_seconds(process) + sum(cpu_seconds(child) for child in children(process))


def children(process):
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            fields = stat(folder.name)
            if fields and int(fields[1]) == process:
                found.append(int(folder.name))
    return found


def memory(process):
    """Megabytes: resident, and the part of it that is the process's own share."""
    sizes = {"Rss": 0, "Pss": 0}
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        name, _, rest = line.partition(":")
        if name in sizes:
            sizes[name] = int(rest.split()[0]) / 1024
    return {"rss": round(sizes["Rss"], 1), "pss": round(sizes["Pss"], 1)}


def tree_memory(process):
    """Megabytes that a process and its children hold together."""
    return round(sum(memory(one)["pss"] for one in [process, *children(process)]), 1)


def stat(process):
    """The fields behind the name, of which the first is the state; nothing once it has ended."""
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()
