// SPDX-License-Identifier: Apache-2.0
// A call's arguments as they came, in whatever encoding, made the MessagePack that a task takes.
#pragma once

#include "wire/call_error.hpp"
#include "wire/records.hpp"
#include "worker/messagepack_writer.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <span>

namespace poolhost::worker {

/// A fault in the arguments themselves, as the caller will see it.
using ArgumentsOrFault = boost::system::result<std::span<const std::byte>, wire::CallError>;

/// Keeps its memory from call to call.
class ArgumentConverter {
public:
    /// MessagePack without JSON elements is returned as it lies; everything else is valid until the next call.
    ArgumentsOrFault convert(wire::Encoding encoding, std::span<const std::byte> bytes);

private:
    ArgumentsOrFault convert_json(std::span<const std::byte> text);
    ArgumentsOrFault convert_item(std::span<const std::byte> text);
    ArgumentsOrFault convert_text(std::span<const std::byte> text);
    ArgumentsOrFault convert_elements(std::span<const std::byte> arguments);

    MessagePackWriter out_;
};

}  // namespace poolhost::worker
