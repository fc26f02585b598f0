"""Runs every function named test_… of the files test_*.py beside this one: bin/test calls it.

A test is a sentence in its name and says by its parameters what it needs: `browser` (Chromium),
`program` (comptoir with the demonstration data), `fresh` (comptoir with nothing). Each is started
once, when first asked for. Arguments choose tests by a part of their names."""

import contextlib
import importlib
import inspect
import sys
import time
import traceback
from pathlib import Path

import browser as parts

MAKERS = {
    "browser": parts.chromium,
    "program": lambda: parts.Program(demonstration=True),
    "fresh": parts.Program,
}


def main(wanted):
    passed = failed = 0
    with contextlib.ExitStack() as stack:
        ready = {}
        for test in tests(wanted):
            started = time.monotonic()
            try:
                for name in inspect.signature(test).parameters:
                    if name not in ready:
                        ready[name] = stack.enter_context(MAKERS[name]())
                test(**{name: ready[name] for name in inspect.signature(test).parameters})
                passed += 1
                outcome = "ok    "
            except Exception:
                failed += 1
                outcome = "FAILED"
                traceback.print_exc()
            name = test.__name__.removeprefix("test_").replace("_", " ")
            print(f"{outcome} {name} ({time.monotonic() - started:.1f} s)", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def tests(wanted):
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        module = importlib.import_module(file.stem)
        for name, value in list(vars(module).items()):
            if name.startswith("test_") and inspect.isfunction(value):
                if not wanted or any(part in name for part in wanted):
                    yield value


sys.exit(main(sys.argv[1:]))
