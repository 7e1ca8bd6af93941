// SPDX-License-Identifier: Apache-2.0
// Texts that are no plain YAML map: each fault with its place, its cause and its remedy.
#include "faulty_configuration.hpp"

namespace poolhost::config {
namespace {

using namespace std::string_literals;

const std::vector<Case> cases{
    Case{"empty_file", "", {"1:1: the file is empty; describe at least one pool, below 'pools:'"}},
    Case{"comments_alone", "# nothing\n", {"1:1: the file is empty; describe at least one pool, below 'pools:'"}},
    Case{"document_without_content",
         R"(---
...
)",
         {"1:1: the file is empty; describe at least one pool, below 'pools:'"}},
    Case{"text_in_place_of_a_map",
         "hello\n",
         {"1:1: expected a map, got 'hello'; write its keys below it, one 'key: value' a line"}},
    Case{"list_in_place_of_a_map",
         "- a\n",
         {"1:1: expected a map, got a list; write its keys below it, one 'key: value' a line"}},
    Case{"two_documents",
         R"(pools:
  a:
    plugins: []
    nice: 1
---
a: 1
)",
         {"5:1: a second document begins here; keep one document a file: remove the '---'"}},
    Case{"quote_not_closed",
         R"(pools: {"a
)",
         {"2:1: pools: a quoted text is not closed before the file ends; close the quotation mark"}},
    Case{"brace_not_closed",
         "pools: {a: {plugins: []\n",
         {"2:1: pools.a: a '{' is not closed; write '}' at its end, and ',' between its keys"}},
    Case{"bracket_not_closed",
         R"(pools:
  a:
    plugins: [math
    nice: 1
)",
         {"4:9: pools.a.plugins[1]: a '[' is not closed; write ']' at its end, and ',' between its items"}},
    Case{"tab_as_indentation",
         R"(pools:
	a:
		plugins: []
)",
         {"2:3: the line is indented by a tab; indent with spaces"}},
    Case{"uneven_indentation",
         R"(pools:
  a:
    plugins: []
   nice: 1
)",
         {"4:4: pools: this does not fit the keys above it; indent the keys of one map alike"}},
    Case{"colon_within_a_text",
         R"(pools:
  a:
    plugins: []
    env:
      A: b: c
)",
         {"5:11: pools.a.env: a value cannot begin at this ':'; quote a text that holds ': ', and check the "
          "indentation"}},
    Case{
        "utf16",
        "\377\376p\000o\000o\000l\000s\000:\000 \000{\000a\000:\000 \000{\000p\000l\000u\000g\000i\000n\000s\000:\000 \000[\000]\000}\000}\000\n\000"s,
        {"1:1: this is not UTF-8; save the file as UTF-8"}},
    Case{"latin1", "pools:\n  a: # \351\n    plugins: []\n"s, {"2:8: this is not UTF-8; save the file as UTF-8"}},
    Case{"nul_byte",
         "pools:\n  a:\n    plu\000gins: []\n"s,
         {"3:8: a NUL byte stands here; remove it; in double quotes, an escape may say it"}},
    Case{"control_character",
         "pools:\n  a:\001\n"s,
         {"2:5: a control character stands here; remove it; in double quotes, an escape may say it"}},
    Case{"nul_escape",
         R"(pools:
  a:
    plugins: []
    env: {A: "x\0y"}
)",
         {"4:14: pools.a.env.A: the text holds a NUL character; remove the escape that stands for it"}},
    Case{"duplicate_key",
         R"(pools:
  a:
    plugins: []
    nice: 1
    retries: 2
    nice: 3
)",
         {"6:5: pools.a.nice: the key stands here a second time, after line 4, column 5; keep one of the two"}},
    Case{"duplicate_pool",
         R"(pools:
  a: {plugins: []}
  b: {plugins: []}
  a: {plugins: []}
)",
         {"4:3: pools.a: the key stands here a second time, after line 2, column 3; keep one of the two"}},
    Case{"duplicate_variable",
         R"(pools:
  a:
    plugins: []
    env: {A: "1", A: "2"}
)",
         {"4:19: pools.a.env.A: the key stands here a second time, after line 4, column 11; keep one of the two"}},
    Case{"cyclic_alias",
         R"(pools: &p
  a:
    plugins: []
    env: *p
)",
         {"4:10: pools.a.env: the alias stands inside of the value that it repeats; write the value out"}},
    Case{"alias_of_nothing",
         R"(pools:
  a:
    plugins: []
    nice: *n
)",
         {"4:11: pools.a.nice: the alias names no anchor that stands before it; define it with '&' first, or quote a "
          "text that begins with '*'"}},
    Case{"merge_key",
         R"(pools:
  a: &a {plugins: []}
  b:
    <<: *a
)",
         {"4:5: pools.b: merge keys ('<<') are not supported; write the keys out, or repeat a whole value with an "
          "alias"}},
    Case{"map_as_key",
         R"(pools:
  ? {a: 1}
  : {plugins: []}
)",
         {"2:5: pools: this key is no text; write a name before the colon"}},
    Case{"list_as_key",
         R"(pools:
  ? [a]
  : 1
)",
         {"2:5: pools: this key is no text; write a name before the colon"}},
    Case{"null_as_key",
         R"(pools:
  ~: {plugins: []}
)",
         {"2:3: pools: this key is no text; write a name before the colon"}},
    Case{"number_tag",
         R"(pools:
  a:
    plugins: []
    nice: !!int 3
)",
         {"4:11: pools.a.nice: the tag 'tag:yaml.org,2002:int' has no meaning here; remove it; quotation marks make a "
          "text"}},
    Case{"foreign_tag",
         R"(pools:
  a:
    plugins: []
    env: !foo {A: b}
)",
         {"4:10: pools.a.env: the tag '!foo' has no meaning here; remove it"}},
    Case{"text_tag_on_a_number",
         R"(pools:
  a:
    plugins: []
    nice: !!str 3
)",
         {"4:11: pools.a.nice: '3' is a text, because of its quotation marks; write it without them"}},
};

INSTANTIATE_TEST_SUITE_P(Document, FaultyConfiguration, testing::ValuesIn(cases), name_of_case);

}  // namespace
}  // namespace poolhost::config
