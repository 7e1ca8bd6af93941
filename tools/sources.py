# SPDX-License-Identifier: Apache-2.0
"""The project's own C and C++ files, and what each of them includes."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("sdk", "plugins", "host", "clients", "tests", "bench")
SUFFIXES = {".c", ".h", ".cpp", ".hpp"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
INCLUDE_PATHS = ("host", "sdk/include", "clients/cpp/include", "tests", "plugins")


def own_sources(root=ROOT):
    """Every source and header of the tree, as sorted paths."""
    found = (path for folder in FOLDERS for path in (root / folder).rglob("*"))
    return sorted(path for path in found if path.suffix in SUFFIXES and path.is_file())


def included_names(path):
    """What stands between the quotes or angle brackets, as (line number, name)."""
    text = path.read_text(errors="replace")
    return [(text.count("\n", 0, match.start(2)) + 1, match.group(2)) for match in INCLUDE.finditer(text)]


def own_headers_of(path, root=ROOT):
    """The project's own headers that a file includes, directly or through others, as a set of paths."""
    reached, pending = set(), [path]
    while pending:
        current = pending.pop()
        for _, name in included_names(current):
            for folder in (current.parent, *(root / place for place in INCLUDE_PATHS)):
                header = (folder / name).resolve()
                if header.is_file() and header not in reached:
                    reached.add(header)
                    pending.append(header)
                    break
    return reached
