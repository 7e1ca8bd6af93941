#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-format and clang-tidy over the project's own sources, in parallel.

A file that passed is not read again until its text, a header of ours that it includes, its compile command or the
configuration of the tools changes: what passed is remembered by content in BUILD/lint.
"""

import argparse
import concurrent.futures
import hashlib
import json
import pathlib
import shlex
import subprocess
import sys

from sources import ROOT, own_headers_of, own_sources

FORMAT = "clang-format-16"
TIDY = "clang-tidy-16"


def digest(*parts):
    state = hashlib.sha256()
    for part in parts:
        state.update(len(part).to_bytes(8, "little"))
        state.update(part)
    return state.hexdigest()


def tidy_configurations(path):
    """Every .clang-tidy that holds for a file, from its folder up to the root."""
    return [folder / ".clang-tidy" for folder in path.parents if folder >= ROOT and (folder / ".clang-tidy").is_file()]


class Check:
    """One run of one tool on one file."""

    def __init__(self, path, command, depends_on):
        self.path = path
        self.command = command
        self.key = digest(shlex.join(command).encode(), *(file.read_bytes() for file in sorted(depends_on)))

    def run(self):
        done = subprocess.run(self.command, cwd=ROOT, capture_output=True, text=True)
        return done.returncode, done.stdout + (done.stderr if done.returncode else "")


def format_checks(files):
    for path in files:
        yield Check(path, [FORMAT, "--dry-run", "-Werror", str(path)], [path, ROOT / ".clang-format"])


def tidy_checks(build, files):
    own = set(files)
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if path in own:
            depends_on = {path, *own_headers_of(path), *tidy_configurations(path)}
            check = Check(path, [TIDY, "--quiet", "-p", str(build), str(path)], depends_on)
            check.key = digest(check.key.encode(), entry["command"].encode())
            yield check


def shortened(output, lines=60):
    """A file that was never formatted objects on every line; the first ones are enough to see it."""
    kept = output.splitlines()
    return "\n".join([*kept[:lines], f"... and {len(kept) - lines} lines more"] if len(kept) > lines else kept)


def run_all(checks, passed, jobs):
    """Runs what is not remembered in the folder `passed`; returns how many ran and how many failed."""
    passed.mkdir(parents=True, exist_ok=True)
    due = {check.key: check for check in checks if not (passed / check.key).exists()}
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as executor:
        running = {executor.submit(check.run): check for check in due.values()}
        for future in concurrent.futures.as_completed(running):
            check, (status, output) = running[future], future.result()
            if status == 0:
                (passed / check.key).touch()
            else:
                failed += 1
                print(f"{check.path.relative_to(ROOT)}: {check.command[0]} objects\n{shortened(output)}", flush=True)
    return len(due), failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, help="a configured build folder, for its compile commands")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--list-sources", action="store_true", help="print the project's own sources and stop")
    arguments = parser.parse_args()
    files = own_sources()
    if arguments.list_sources:
        print("\n".join(map(str, files)))
        return 0
    build = arguments.build.resolve()
    checks = [*format_checks(files), *tidy_checks(build, files)]
    ran, failed = run_all(checks, build / "lint", arguments.jobs)
    print(f"lint: {len(checks)} checks of {len(files)} files, {len(checks) - ran} unchanged since they passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
