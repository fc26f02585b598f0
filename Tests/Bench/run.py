"""How fast the program is, and what it takes, beside what this machine can do at most.

    run.py [--small | --large] [--seconds 5] [--connections 1,8,32] [--only TEXT] [--json FILE]

10,000 clients and 100,000 invoices; --small a tenth of it, --large ten times as much, reading only.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

import ceilings
from load import measure
from processes import memory, tree_memory
from program import Program
from report import show
from seed import FOLDER, Seed
from tasks import Tasks

INVOICES = 100_000


def main():
    options = arguments()
    seed = Seed(options.invoices)
    seed.make()
    # A seed too large to copy is read only.
    program = Program(seed.data if options.large else seed.copy())
    program.start()
    program.stop()
    result = {"seed": seed.invoices, "start_seconds": round(program.start(), 3),
              "load_before": os.getloadavg()[0], "cores": os.cpu_count(), "rows": []}
    with Running(program):
        result["memory_idle"] = memory_of(program)
        result["ceilings"] = {"nginx": ceilings.nginx(options.seconds),
                              **ceilings.pgbench(program, options.seconds)}
        tasks = Tasks(program, seed)
        for task in tasks_of(tasks, options):
            task = task()
            task.check(program)
            queries = task.queries(program)
            for connections in options.connections:
                row = measure(task, program, connections, options.seconds)
                if row is None:
                    print(f"  {task.name}, {connections}: none left", flush=True)
                    continue
                result["rows"].append({**row, "queries": queries})
                print(f"  {row['task']}, {connections}: {row['per_second']:.0f}/s, "
                      f"{row['cpu_ms']:.2f} ms, {row['errors']} errors", flush=True)
        result["memory_after"] = memory_of(program)
        result["load_after"] = os.getloadavg()[0]
    show(result)
    path = options.json or FOLDER / f"result-{seed.invoices}.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    print(f"\n{path}")
    return 1 if any(row["errors"] for row in result["rows"]) else 0


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", default="1,8,32")
    parser.add_argument("--only", default="", help="tasks whose names contain this")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    options.connections = [int(count) for count in options.connections.split(",")]
    options.invoices = INVOICES // 10 if options.small else INVOICES
    if options.large:
        options.invoices = INVOICES * 10
    return options


def tasks_of(tasks, options):
    """Made one after the other: what one wrote, the next one uses."""
    found = [(task.name, lambda task=task: task) for task in tasks.reading()]
    if not options.large:
        found += [
            ("order by form", tasks.order_form), ("order by API", tasks.order_by_program),
            ("invoice draft by API, issue", tasks.draft_by_program), ("issue", tasks.issue),
            ("payment", tasks.payment)]
    return [make for name, make in found if options.only in name]


class Running:
    """Stops a program that was started already, whatever happens."""

    def __init__(self, program):
        self.program = program

    def __enter__(self):
        return self.program

    def __exit__(self, *_):
        self.program.stop()


def memory_of(program):
    # Threads give back what they no longer need a moment after the last answer.
    time.sleep(1)
    return {"program": memory(program.process.pid), "postgres_pss": tree_memory(program.postgres)}


if __name__ == "__main__":
    sys.exit(main())
