#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The test of the test: each kind of forbidden include is found, and nothing else is."""

import pathlib
import tempfile
import unittest

from directions import violations


class Directions(unittest.TestCase):
    def violations_of(self, **files):
        """Violations in a tree of one file a keyword: host__pool__a_cpp is host/pool/a.cpp."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                stem, suffix = name.replace("__", "/").rsplit("_", 1)
                path = pathlib.Path(folder, f"{stem}.{suffix}")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return violations(pathlib.Path(folder).resolve())

    def assert_one(self, found, *words):
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])

    def test_the_way_down_is_free(self):
        self.assertEqual(self.violations_of(host__cli__a_cpp='#include "pool/pool.hpp"\n#include "base/fd.hpp"\n',
                                            host__worker__b_cpp='#include "wire/message.hpp"\n#include <poolhost/plugin.h>\n',
                                            host__pool__c_hpp='#include "pool/queue.hpp"\n#include <vector>\n',
                                            host__main_cpp='#include "worker/worker.hpp"\n#include "cli/cli.hpp"\n',
                                            tests__unit__d_cpp='#include "pool/queue.hpp"\n#include "worker/run.hpp"\n'), [])

    def test_the_way_up_is_not(self):
        self.assert_one(self.violations_of(host__base__a_cpp='#include <vector>\n#include "wire/message.hpp"\n'),
                        "host/base/a.cpp:2", "base must not include wire")

    def test_host_and_worker_sides_never_meet(self):
        self.assert_one(self.violations_of(host__pool__a_cpp='#include "worker/run.hpp"\n'), "pool must not include worker")
        self.assert_one(self.violations_of(host__plugin__a_cpp='#include "config/config.hpp"\n'), "plugin must not include config")

    def test_a_plugin_sees_the_sdk_alone(self):
        self.assertEqual(self.violations_of(plugins__hash__a_cpp='#include <poolhost/sdk.hpp>\n#include "digest.hpp"\n'), [])
        self.assert_one(self.violations_of(plugins__hash__a_cpp='#include "base/fd.hpp"\n'), "plugins must not include base")

    def test_the_sdk_includes_nothing_of_ours(self):
        self.assert_one(self.violations_of(sdk__include__poolhost__a_hpp='#  include "base/error.hpp"\n'), "sdk must not include base")

    def test_a_library_has_one_room(self):
        self.assert_one(self.violations_of(host__pool__a_cpp="#include <yaml-cpp/yaml.h>\n"), "included by config only")
        self.assertEqual(self.violations_of(host__config__a_cpp="#include <yaml-cpp/yaml.h>\n"), [])

    def test_no_room_knows_the_composition(self):
        self.assert_one(self.violations_of(host__cli__a_cpp='#include "starters.hpp"\n'), "none of them may know it")

    def test_every_file_of_the_host_has_a_room(self):
        self.assert_one(self.violations_of(host__stray_cpp=""), "lies in no room")
        self.assert_one(self.violations_of(host__attic__a_cpp=""), "attic is no room")


if __name__ == "__main__":
    unittest.main()
