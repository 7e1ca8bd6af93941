// SPDX-License-Identifier: Apache-2.0
// What `@FILE` stands for: a file's bytes, large ones read straight into memory that workers see.
#pragma once

#include "base/bytes.hpp"
#include "channel/shared_buffer.hpp"
#include "wire/call_error.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace poolhost::cli {

/// Small contents lie in `bytes`, large ones at the beginning of `buffer`.
struct FileContents {
    std::vector<std::byte> bytes;
    channel::BufferRef buffer;
    std::uint64_t size = 0;
};

/// How large a file may be, and whose buffers take it.
struct Destination {
    channel::BufferPool& buffers;
    base::Bytes most;
};

/// Errors are `too_large`, or `bad_arguments` that say what about the file is wrong, without naming an argument.
using FileResult = boost::system::result<FileContents, wire::CallError>;

/// "-" is standard input. Reads a regular file, as large as it is when it is opened, or any other to its end.
FileResult read_file(const std::string& path, const Destination& destination);

/// Whether reading it may take as long as somebody else likes: pipes, terminals, devices.
bool is_stream(const std::string& path);
/// Reads a stream to its end, into ordinary memory.
FileResult read_stream(const std::string& path, base::Bytes most);
/// Contents that are too large for a message move into a buffer.
FileResult into_buffer(const FileContents& contents, const Destination& destination);

}  // namespace poolhost::cli
