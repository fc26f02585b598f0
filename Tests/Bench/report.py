"""The figures as a table, each beside the ceiling that bounds it and the target it must meet."""

# CPU milliseconds a request, program and PostgreSQL together.
MOST_CPU_MS = {
    "home": 4, "client list": 1, "client, 10 invoices": 1, "client, 1,000 invoices": 1,
    "search": 1, "invoice PDF": 18,
}
# Requests a second, at the number of connections that gives most.
LEAST_PER_SECOND = {
    "order by form": 1000, "order by API": 1000, "invoice draft by API": 1000, "issue": 800,
    "payment": 1000,
}
MOST_MEMORY = 60
MOST_START_SECONDS = 0.5


def show(result):
    bounds = result["ceilings"]
    print(f"\n{result['seed']:,} invoices; {result['cores']} cores; "
          f"load {result['load_before']:.1f} before, {result['load_after']:.1f} after")
    print("ceilings: " + "; ".join(
        f"{name} {one['per_second']:,.0f}/s, {one['cpu_ms']:.3f} ms CPU"
        for name, one in bounds.items()))
    header = ("task", "conn.", "req/s", "errors", "CPU ms", "program", "PostgreSQL", "queries",
              "p50 ms", "p95 ms", "p99 ms", "of ceiling")
    lines = [header]
    for row in result["rows"]:
        ceiling = bounds["tpcb_8" if row["task"] in LEAST_PER_SECOND else "nginx"]
        lines.append((
            row["task"], row["connections"], f"{row['per_second']:,.0f}", row["errors"],
            f"{row['cpu_ms']:.2f}", f"{row['cpu_program_ms']:.2f}",
            f"{row['cpu_postgres_ms']:.2f}", row["queries"], f"{row['p50']:.1f}",
            f"{row['p95']:.1f}", f"{row['p99']:.1f}",
            f"{row['per_second'] / ceiling['per_second']:.1%}"))
    widths = [max(len(str(line[n])) for line in lines) for n in range(len(header))]
    for line in lines:
        cells = [str(cell).rjust(width) for cell, width in zip(line, widths)]
        print(str(line[0]).ljust(widths[0]), *cells[1:], sep="  ")
    idle, after = result["memory_idle"], result["memory_after"]
    print(f"memory: {idle['program']['rss']:.0f} MB idle, {after['program']['rss']:.0f} MB after "
          f"(own share {after['program']['pss']:.0f}); PostgreSQL {after['postgres_pss']:.0f} MB")
    print(f"start: {result['start_seconds']:.2f} s")
    for line in targets(result):
        print(line)


def targets(result):
    """One line for each target, with what was measured."""
    for task, most in MOST_CPU_MS.items():
        spent = [row["cpu_ms"] for row in result["rows"] if row["task"] == task]
        if spent:
            yield line(min(spent) <= most, f"{task}: {min(spent):.2f} CPU ms", f"at most {most}")
    for task, least in LEAST_PER_SECOND.items():
        rates = [row["per_second"] for row in result["rows"] if row["task"] == task]
        if rates:
            yield line(max(rates) >= least, f"{task}: {max(rates):,.0f}/s", f"at least {least}")
    after, start = result["memory_after"]["program"]["rss"], result["start_seconds"]
    yield line(after < MOST_MEMORY, f"memory: {after:.0f} MB", f"less than {MOST_MEMORY}")
    yield line(start < MOST_START_SECONDS, f"start: {start:.2f} s", f"less than "
               f"{MOST_START_SECONDS}")


def line(holds, found, wanted):
    return f"{'met   ' if holds else 'MISSED'}  {found} ({wanted})"
