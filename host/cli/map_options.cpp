// SPDX-License-Identifier: Apache-2.0
#include "cli/map_options.hpp"

#include "cli/map_template.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace poolhost::cli {

using base::Error;
using base::Result;

const char* const map_help =
    R"(Runs TASK once for each item of the standard input and prints one result a line, in the order of the input.

An item is a line: a JSON value, or plain text where the task's parameter is a string. Empty lines are items.
Each ARG is a template for an argument, in which

  {}     the item                          {.}    the item without its extension
  {/}    its name, without its folder      {/.}   its name without folder and extension
  {#}    its number, from 1                @{}    the bytes of the file that the item names

and @ may begin any ARG: what follows is the name of a file. Without ARGs the item is the only argument. No shell
looks at any of this.

A line of output is the value, as JSON, or {"error": {...}} in its place. With --json, --unordered or --out each line
says which item it belongs to (index counts from 0): {"index": N, "value": ...}, or {"index": N, "item": ...,
"error": {...}}.

--out FILE writes the lines to FILE, which must be empty or new. With --resume the items that have a line there, failed
ones too, are not run again; --retry-failed takes the lines of failed items out and runs those items again. The input
has to be the same.

--output TEMPLATE writes each result, which has to be bytes or text, to a file of its own; missing folders are made, an existing
file is replaced. The value of the line is then the file's name. Where two items of the input have one name, the later
one fails.

--fail-fast stops at the first failed item: the first in the order of the input, whose line is the last one; with
--unordered, the first that is met.

Exit status: 0 all succeeded, 1 an item failed (one that an earlier run left in FILE, too), 2 wrong usage or input, 3 no
worker can be started, 130 interrupted, 141 the reader of the output went away.

Examples:
  seq 1000 | poolhost map math.square --plugin ./libmath.so
  find . -name '*.c' | poolhost map hash.sha256_file --plugin ./libhash.so --unordered
  ls photos/*.jpg | poolhost map image.thumbnail '@{}' 256 --config pools.yaml \
      --output 'thumbs/{/.}.jpg' --out results.jsonl
  ... the same again, after Ctrl-C or a crash:  --out results.jsonl --resume
)";

std::optional<ProgressMode> progress_mode_named(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, ProgressMode>, 4> modes{{{"auto", ProgressMode::automatic},
                                                                              {"bar", ProgressMode::bar},
                                                                              {"lines", ProgressMode::lines},
                                                                              {"none", ProgressMode::none}}};
    const auto* const found = std::ranges::find(modes, name, &std::pair<std::string_view, ProgressMode>::first);
    return found == modes.end() ? std::nullopt : std::optional(found->second);
}

namespace {

Result<void> check_output_files(const MapOptions& options, const catalog::Signature& signature) {
    if (!options.output) return {};
    using catalog::Kind;
    const Kind kind = signature.result.required().kind;
    if (kind != Kind::Bytes && kind != Kind::String && kind != Kind::Value) {
        return Error{"--output writes bytes or text, but " + options.task + " returns " + to_string(signature.result)};
    }
    if (Template(*options.output).constant()) {
        return Error{"--output " + *options.output +
                     " names the same file for every item; put {#}, or another place for the item, into it"};
    }
    return {};
}

Result<void> check_out(const MapOptions& options) {
    if (options.out || (!options.resume && !options.retry_failed)) return {};
    return Error{std::string(options.resume ? "--resume" : "--retry-failed") +
                 " goes on where an earlier run's --out FILE stops: name that file with --out"};
}

// What would make every single item fail is better said once.
Result<void> check_arguments(const MapOptions& options, const catalog::Signature& signature) {
    if (options.starmap && !options.args.empty()) {
        return Error{"--starmap spreads each item over the arguments, so there can be no ARG beside it"};
    }
    if (options.starmap) return {};
    const auto from_input = std::ranges::find(options.args, "@-");
    if (from_input != options.args.end()) {
        return Error{"@- is the standard input, which brings the items; name a file"};
    }
    const std::size_t given = options.args.empty() ? 1 : options.args.size();
    const std::size_t most = signature.parameters.size();
    if (given >= signature.required_count() && given <= most) return {};
    const std::string what =
        options.args.empty() ? "the item would be its only argument" : "ARGs: " + std::to_string(given);
    const bool too_few = given < signature.required_count();
    const std::string remedy = options.args.empty() && too_few ? "; give an ARG for each, or --starmap" : "";
    return Error{options.task + " takes " + to_string(signature) + "; " + what + remedy};
}

}  // namespace

Result<void> check_map_options(const MapOptions& options, const catalog::Signature& signature) {
    if (auto checked = check_out(options); !checked) return checked;
    if (auto checked = check_output_files(options, signature); !checked) return checked;
    return check_arguments(options, signature);
}

}  // namespace poolhost::cli
