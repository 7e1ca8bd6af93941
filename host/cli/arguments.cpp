// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.hpp"

#include "cli/outcome_json.hpp"

#include <algorithm>

namespace poolhost::cli {
namespace {

std::string place(std::size_t number, const std::string& name) {
    return "argument " + std::to_string(number) + (name.empty() ? "" : " '" + name + "'");
}

wire::CallError no_json(std::size_t number, const std::string& name, const std::string& text) {
    std::string message = place(number, name) + ": " + json_string(text) + " is not JSON";
    message += "; a text is written '" + json_string(text) + "', the bytes of a file @FILE";
    return {std::move(message), wire::BadArguments{static_cast<std::uint32_t>(number), name, "JSON", text}};
}

// The error of a file, told as the argument's that names it.
wire::CallError about(wire::CallError error, std::size_t number, const std::string& name) {
    error.message = place(number, name) + ": " + error.message;
    if (auto* const bad = std::get_if<wire::BadArguments>(&error.details)) {
        bad->argument = static_cast<std::uint32_t>(number);
        bad->name = name;
    }
    return error;
}

wire::CallError too_many(std::size_t given, const catalog::Signature& signature) {
    const std::size_t most = signature.parameters.size();
    const std::string takes = most == 0   ? "no arguments"
                              : most == 1 ? "1 argument"
                                          : std::to_string(most) + " arguments";
    return {"the task takes " + takes + ", got " + std::to_string(given) + ": " + to_string(signature),
            wire::BadArguments{0, {}, takes, std::to_string(given)}};
}

pool::Slice slice_of(MessagePack bytes) {
    auto owner = std::make_shared<const MessagePack>(std::move(bytes));
    const std::span<const std::byte> view(*owner);
    return {std::move(owner), view};
}

std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Arguments::Form Arguments::form_of(const std::string& arg, bool takes_text) {
    if (arg.starts_with('@') && !arg.starts_with("@@")) return takes_text ? Form::text_of_file : Form::bytes_of_file;
    return takes_text ? Form::text : Form::json;
}

CallResult<Arguments::Argument> Arguments::compile_one(const std::string& arg, Argument argument,
                                                       Placeholders placeholders) {
    argument.text = arg.starts_with('@') ? arg.substr(1) : arg;
    if (placeholders == Placeholders::replaced) {
        Template text(argument.text);
        if (!text.constant()) argument.varying = std::move(text);
    }
    if (argument.varying || argument.form != Form::json || is_json(argument.text)) return argument;
    return no_json(argument.number, argument.name, argument.text);
}

CallResult<Arguments> Arguments::compile(std::span<const std::string> args, const catalog::Signature& signature,
                                         base::Bytes most, Placeholders placeholders) {
    if (args.size() > signature.parameters.size()) return too_many(args.size(), signature);
    Arguments compiled;
    for (std::size_t i = 0; i < args.size(); ++i) {
        Argument argument;
        argument.number = i + 1;
        argument.name = signature.parameters[i].name;
        argument.form = form_of(args[i], signature.takes_text(i));
        auto one = compile_one(args[i], std::move(argument), placeholders);
        if (!one) return one.error();
        compiled.arguments_.push_back(std::move(*one));
    }
    for (Argument& argument : compiled.arguments_) {
        const bool file = argument.form == Form::bytes_of_file || argument.form == Form::text_of_file;
        if (!file || argument.varying || !is_stream(argument.text)) continue;
        auto read = read_stream(argument.text, most);
        if (!read) return about(read.error(), argument.number, argument.name);
        argument.read = std::move(*read);
    }
    return compiled;
}

CallResult<FileContents> Arguments::contents(const Argument& argument, const std::string& path,
                                             const Destination& destination) {
    auto contents = argument.read ? into_buffer(*argument.read, destination) : read_file(path, destination);
    if (!contents) return about(contents.error(), argument.number, argument.name);
    return contents;
}

CallResult<channel::BufferRef> Arguments::append(MessagePack& out, const Argument& argument, const std::string& text,
                                                 const Destination& destination) {
    if (argument.form == Form::text) {
        append_text(out, text);
        return channel::BufferRef();
    }
    if (argument.form == Form::json) {
        append_json(out, text);
        return channel::BufferRef();
    }
    auto file = contents(argument, text, destination);
    if (!file) return file.error();
    const bool wants_text = argument.form == Form::text_of_file;
    if (file->buffer) {
        append_reference(out,
                         {wants_text ? BufferContent::text : BufferContent::bytes, file->buffer->id(), 0, file->size});
    } else if (wants_text) {
        append_text(out, text_of(file->bytes));
    } else {
        append_bytes(out, file->bytes);
    }
    return std::move(file->buffer);
}

CallResult<channel::BufferRef> Arguments::append_constant(MessagePack& out, Argument& argument,
                                                          const Destination& destination) {
    if (!argument.constant) {
        MessagePack encoded;
        auto buffer = append(encoded, argument, argument.text, destination);
        if (!buffer) return buffer.error();
        argument.constant = std::move(encoded);
        argument.buffer = std::move(*buffer);
        argument.read.reset();
    }
    out.insert(out.end(), argument.constant->begin(), argument.constant->end());
    return argument.buffer;
}

CallResult<pool::Arguments> Arguments::make(const TemplateItem& item, const Destination& destination) {
    MessagePack encoded;
    pool::Arguments made;
    append_array_head(encoded, arguments_.size());
    for (Argument& argument : arguments_) {
        auto buffer = argument.varying ? append(encoded, argument, argument.varying->expand(item), destination)
                                       : append_constant(encoded, argument, destination);
        if (!buffer) return buffer.error();
        if (*buffer) made.buffers.push_back(std::move(*buffer));
    }
    made.encoding = wire::Encoding::messagepack;
    made.slice = slice_of(std::move(encoded));
    return made;
}

CallResult<pool::Arguments> arguments_from_json(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const bool container = first != std::string_view::npos && (text[first] == '[' || text[first] == '{');
    if (!container || !is_json(text)) {
        const std::string problem = is_json(text) ? " is neither an array nor an object" : " is not JSON";
        return wire::CallError{
            "--args: " + json_string(text) + problem + "; give all arguments as an array, or as an object by name",
            wire::BadArguments{0, {}, "array or object", std::string(text)}};
    }
    const auto bytes = std::as_bytes(std::span(text));
    pool::Arguments made;
    made.encoding = wire::Encoding::json;
    made.slice = slice_of({bytes.begin(), bytes.end()});
    return made;
}

}  // namespace poolhost::cli
