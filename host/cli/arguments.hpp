// SPDX-License-Identifier: Apache-2.0
// From the ARGs of a command line to the arguments of calls: the task's signature decides what each text means.
//
// For a string parameter the text stands for itself; everything else is JSON. `@FILE` is a file's bytes (its text, for
// a string), `@-` standard input's, and `@@` begins a text with one `@`.
#pragma once

#include "catalog/signature.hpp"
#include "cli/file_contents.hpp"
#include "cli/map_template.hpp"
#include "cli/messagepack.hpp"
#include "pool/call.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::cli {

template <class T>
using CallResult = boost::system::result<T, wire::CallError>;

enum class Placeholders {
    none,     // braces stand for themselves
    replaced  // each ARG is a Template; what `@{}` names is read for each item
};

/// What the ARGs of a command mean to a task. Reads each file that is the same for all items once.
class Arguments {
public:
    /// Finds what can be found before anything runs: too many ARGs, and texts that are no JSON. Reads streams to their
    /// end, so call it while Ctrl-C still ends the process.
    static CallResult<Arguments> compile(std::span<const std::string> args, const catalog::Signature& signature,
                                         base::Bytes most, Placeholders placeholders);

    /// The arguments of one call. Buffers of `destination` belong to the pool that gets the call.
    CallResult<pool::Arguments> make(const TemplateItem& item, const Destination& destination);

private:
    enum class Form { text, json, bytes_of_file, text_of_file };

    struct Argument {
        std::size_t number = 0;  // from 1
        std::string name;
        Form form = Form::json;
        std::string text;                  // itself, or the name of the file
        std::optional<Template> varying;   // where it is not the same for all items
        std::optional<FileContents> read;  // of a stream
        std::optional<MessagePack> constant;
        channel::BufferRef buffer;  // that `constant` refers to
    };

    static CallResult<Argument> compile_one(const std::string& arg, Argument argument, Placeholders placeholders);
    static Form form_of(const std::string& arg, bool takes_text);
    static CallResult<FileContents> contents(const Argument& argument, const std::string& path,
                                             const Destination& destination);
    static CallResult<channel::BufferRef> append(MessagePack& out, const Argument& argument, const std::string& text,
                                                 const Destination& destination);
    static CallResult<channel::BufferRef> append_constant(MessagePack& out, Argument& argument,
                                                          const Destination& destination);

    std::vector<Argument> arguments_;
};

/// All arguments at once, as --args gives them: a JSON array, or an object by name.
CallResult<pool::Arguments> arguments_from_json(std::string_view text);

}  // namespace poolhost::cli
