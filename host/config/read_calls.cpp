// SPDX-License-Identifier: Apache-2.0
#include "config/json_arguments.hpp"
#include "config/scalars.hpp"
#include "config/sections.hpp"

#include "base/name.hpp"

namespace poolhost::config {
namespace {

bool is_task_name(std::string_view name) {
    const auto dot = name.find('.');
    return dot != std::string_view::npos && base::is_valid_name(name.substr(0, dot)) &&
           base::is_valid_name(name.substr(dot + 1));
}

std::optional<std::string> read_task(const Value& value) {
    auto name = read_text(value);
    if (name && !is_task_name(*name)) {
        value.fault(what_stands(*value.node) + " is no name of a task", "write PLUGIN.TASK, as in image.load");
        return std::nullopt;
    }
    return name;
}

std::optional<std::string> read_arguments(const Value& value) {
    if (value.node->kind != Node::Kind::list && value.node->kind != Node::Kind::map) {
        value.wrong_type("a list or a map",
                         "write a list of arguments, as in [1, \"two\"], or a map by name, as in {width: 1}");
        return std::nullopt;
    }
    return to_json(value);
}

std::optional<CallSpec> read_call(const Value& value) {
    if (value.node->kind != Node::Kind::map) {
        value.wrong_type("a map", "write {task: PLUGIN.TASK, args: […]}");
        return std::nullopt;
    }
    Section section(value);
    CallSpec call;
    call.task = section.get("task", call.task, read_task);
    if (const auto arguments = section.find("args")) {
        call.arguments = read_arguments(*arguments).value_or(call.arguments);
        value.reading->calls[value.path] = arguments->node;
    }
    section.require("task", "name the task, as in task: image.load");
    section.finish();
    return call;
}

}  // namespace

std::vector<CallSpec> read_calls(const Value& value) {
    std::vector<CallSpec> calls;
    if (value.is_none()) return calls;
    if (value.node->kind != Node::Kind::list) {
        if (auto call = read_call(value)) calls.push_back(*std::move(call));
        return calls;
    }
    for (const Value& item : value.items()) {
        // A faulty one leaves a gap, so that the others keep their index.
        calls.push_back((item.is_faulty() ? std::nullopt : read_call(item)).value_or(CallSpec{}));
    }
    return calls;
}

}  // namespace poolhost::config
