#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""directions.py [ROOT]: fails on an include that goes against the directions of docs/architecture.md.

The table below is that document's; a room may include what it points to, directly or through others.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
from sources import ROOT, included_names, own_sources  # noqa: E402

POINTS_TO = {
    "cli": {"gateway", "client", "capsule"},
    "gateway": {"pool"},
    "pool": {"config", "process", "channel"},
    "config": {"catalog"},
    "catalog": {"base"},
    "process": {"base"},
    "worker": {"channel", "plugin"},
    "plugin": {"sdk"},
    "client": {"wire"},
    "aftermath": {"capsule"},
    "capsule": {"wire"},
    "channel": {"wire"},
    "wire": {"base", "sdk"},
    "base": set(),
    "sdk": set(),
}
PLUGINS_POINT_TO = {"sdk"}
# The composition: these files wire the rooms into programs and may include any of them. No room includes them.
COMPOSITION = {"main.cpp", "worker_main.cpp", "aftermath_main.cpp", "starters.cpp", "starters.hpp"}

# Each third-party library is one room's affair.
ONLY_IN = {
    "yaml-cpp/": {"config"},
    "CLI/": {"cli"},
    "boost/process": {"process"},
    "boost/dll/shared_library": {"plugin"},
    "boost/dll/import": {"plugin"},
    "boost/beast": {"gateway"},
    "nlohmann/": {"worker", "cli"},
    "elfutils/": {"aftermath"},
    "xxhash": {"base"},
}


def reachable(room):
    """The rooms that a room may include: itself, everything on its way down, and base for all but the SDK."""
    reached, pending = set(), [room] if room == "sdk" else [room, "base"]
    while pending:
        current = pending.pop()
        if current not in reached:
            reached.add(current)
            pending.extend(POINTS_TO[current])
    return reached


def included_room(name):
    """The room that an include names, or None where it names none of ours."""
    first = name.split("/", 1)[0]
    if first == "poolhost":
        return "sdk"
    return first if first in POINTS_TO and "/" in name else None


def objection(room, name):
    """Why a file of a room must not include a name; None where it may."""
    if name in COMPOSITION:
        return f"{name} wires the rooms; none of them may know it"
    allowed = PLUGINS_POINT_TO if room == "plugins" else reachable(room)
    target = included_room(name)
    if target and target not in allowed:
        return f"{room} must not include {target}; it may include {', '.join(sorted(allowed - {room})) or 'nothing of ours'}"
    for library, rooms in ONLY_IN.items():
        if name.startswith(library) and room not in rooms and room != "plugins":
            return f"{library} is included by {' and '.join(sorted(rooms))} only, not by {room}"
    return None


def room_of(path):
    """The room of a file below the root; None for files that may include anything (tests, benchmarks, the composition)."""
    top, *rest = path.parts
    if top == "host":
        return rest[0] if len(rest) > 1 else None
    if top == "clients":
        return "client"
    return top if top in ("sdk", "plugins") else None


def violations(root):
    """Every forbidden include below a root, as "file:line: why"."""
    found = []
    for path in own_sources(root):
        relative = path.relative_to(root)
        room = room_of(relative)
        if room is None:
            if relative.parts[0] == "host" and relative.name not in COMPOSITION:
                found.append(f"{relative}:1: lies in no room; only {', '.join(sorted(COMPOSITION))} may")
            continue
        if room != "plugins" and room not in POINTS_TO:
            found.append(f"{relative}:1: {room} is no room of docs/architecture.md")
            continue
        for line, name in included_names(path):
            why = objection(room, name)
            if why:
                found.append(f"{relative}:{line}: {name}: {why}")
    return found


def main():
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    found = violations(root)
    for violation in found:
        print(violation)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
