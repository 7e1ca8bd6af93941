// SPDX-License-Identifier: Apache-2.0
#include "aftermath/unwind.hpp"

#include "aftermath/frame_names.hpp"

#include <cstdlib>

namespace poolhost::aftermath {
namespace {

using Lines = std::vector<std::string>;

// A recursion without end has thousands of frames: its beginning and its end tell all.
constexpr std::size_t most_lines = 64;
constexpr std::size_t first_lines = most_lines / 2;
constexpr std::size_t last_lines = most_lines - first_lines - 1;

/// `append` turns one frame into lines.
template <class Append>
Lines lines_of(const Unwound& unwound, const Append& append) {
    const auto& frames = unwound.frames;
    const bool all = frames.size() <= most_lines;
    const std::size_t skipped = all ? 0 : frames.size() - first_lines - last_lines;
    Lines lines;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        if (skipped != 0 && i == first_lines) {
            lines.push_back("… " + std::to_string(skipped) + " more frames …");
            i += skipped;
        }
        append(frames[i], lines);
    }
    if (unwound.goes_on) lines.emplace_back("… more frames, beyond the part of the stack that was copied …");
    return lines;
}

}  // namespace

base::Result<Lines> name_stack(const wire::StackSample& sample, std::span<const wire::PluginFile> plugins,
                               const std::function<void(const Lines&)>& on_raw) {
    // The search for debug information must not become a question to a server on the network.
    ::unsetenv("DEBUGINFOD_URLS");
    const Modules modules(read_memory_map(sample.maps), plugins);
    const Unwound unwound = unwind(sample, modules);
    if (unwound.frames.empty()) return base::Error{"the worker's signal handler left no registers of this machine"};
    on_raw(lines_of(unwound, [&](const Frame& frame, Lines& lines) { lines.push_back(raw_text(modules, frame)); }));
    return lines_of(unwound, [&](const Frame& frame, Lines& lines) {
        for (std::string& line : named_text(modules, frame)) lines.push_back(std::move(line));
    });
}

}  // namespace poolhost::aftermath
