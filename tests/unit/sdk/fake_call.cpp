// SPDX-License-Identifier: Apache-2.0
#include "unit/sdk/fake_call.hpp"

#include <cstring>
#include <stdexcept>

namespace poolhost::test {
namespace {

std::vector<std::pair<int, std::string>>* current_log = nullptr;

Octets octets(const void* data, std::size_t size) {
    const auto* begin = static_cast<const std::uint8_t*>(data);
    return {begin, begin + size};
}

template <class T>
void append(Octets& to, const T& value) {
    const Octets raw = octets(&value, sizeof(value));
    to.insert(to.end(), raw.begin(), raw.end());
}

}  // namespace

FakeCall::FakeCall() {
    host.size = sizeof(host);
    host.abi_major = POOLHOST_ABI_MAJOR;
    host.abi_minor = POOLHOST_ABI_MINOR;
    host.pool_name = "thumbs";
    host.start_method = "forkserver";
    host.worker_index = 3;
    host.get_extension = [](const char* id) -> const void* { return std::string_view(id) == "known" ? id : nullptr; };
    host.log = [](std::int32_t level, const char* text, std::size_t size) {
        current_log->emplace_back(level, std::string(text, size));
    };
    call.size = sizeof(call);
    call.attempt = 1;
    call.host = &host;
    call.state = this;
    call.reply = [](const poolhost_call_v1* of, const void* data, std::size_t size) {
        if (self(of).outcome_.reply) throw std::logic_error("two replies");
        self(of).outcome_.reply = octets(data, size);
    };
    call.fail = [](const poolhost_call_v1* of, const poolhost_error_v1* error) {
        self(of).outcome_.failure = Failure{error->type, error->message, error->code, error->retryable != 0};
    };
    call.bad_argument = [](const poolhost_call_v1* of, const poolhost_bad_argument_v1* fault) {
        self(of).outcome_.bad_argument =
            BadArgument{fault->argument, fault->name, fault->expected, fault->got, fault->message};
    };
    call.buffer = [](const poolhost_call_v1* of, std::uint64_t id) {
        const auto found = self(of).buffers_.find(id);
        if (found == self(of).buffers_.end()) return poolhost_buffer_v1{};
        return poolhost_buffer_v1{found->second.data(), found->second.size(), id};
    };
    call.allocate = [](const poolhost_call_v1* of, std::uint64_t size) {
        if (self(of).out_of_memory) return poolhost_buffer_v1{};
        const std::uint64_t id = self(of).next_buffer_++;
        SharedMemory& memory = self(of).add_buffer(id, size);
        return poolhost_buffer_v1{memory.data(), memory.size(), id};
    };
    call.progress = [](const poolhost_call_v1* of, double fraction, const char* note, std::size_t size) {
        self(of).outcome_.progress.emplace_back(fraction, std::string(note, size));
    };
    call.cancelled = [](const poolhost_call_v1* of) { return self(of).cancelled ? 1 : 0; };
    call.emit = [](const poolhost_call_v1* of, const void* data, std::size_t size) {
        self(of).outcome_.emitted.push_back(octets(data, size));
    };
    call.retire = [](const poolhost_call_v1* of, const char* reason, std::size_t size) {
        self(of).outcome_.retired = std::string(reason, size);
    };
}

Outcome FakeCall::run(poolhost_task_function_v1 function, const Octets& arguments) {
    outcome_ = {};
    current_log = &outcome_.log;
    call.arguments = arguments.data();
    call.arguments_size = arguments.size();
    outcome_.status = function(&call);
    return outcome_;
}

const poolhost_task_v1& task_named(std::string_view name) {
    const poolhost_plugin_table_v1& table = *poolhost_plugin_v1();
    for (const poolhost_task_v1& task : std::span(table.tasks, table.task_count)) {
        if (task.name == name) return task;
    }
    throw std::invalid_argument("no task " + std::string(name));
}

Outcome run(std::string_view task, const json& arguments) { return run_raw(task, json::to_msgpack(arguments)); }

Outcome run_raw(std::string_view task, const Octets& arguments) {
    FakeCall call;
    return call.run(task_named(task).run, arguments);
}

json typed_array(std::uint8_t element, const std::vector<std::uint64_t>& shape, std::span<const std::byte> elements) {
    Octets payload{element, static_cast<std::uint8_t>(shape.size()), 0, 0, 0, 0, 0, 0};
    for (const std::uint64_t extent : shape) append(payload, extent);
    for (const std::byte one : elements) payload.push_back(static_cast<std::uint8_t>(one));
    return json::binary(payload, POOLHOST_EXT_TYPED_ARRAY);
}

json buffer_reference(std::uint8_t what, std::uint8_t element, const std::vector<std::uint64_t>& shape,
                      std::uint64_t id, std::uint64_t offset, std::uint64_t size) {
    Octets payload{what, element, static_cast<std::uint8_t>(shape.size()), 0, 0, 0, 0, 0};
    for (const std::uint64_t number : {id, offset, size}) append(payload, number);
    for (const std::uint64_t extent : shape) append(payload, extent);
    return json::binary(payload, POOLHOST_EXT_BUFFER);
}

}  // namespace poolhost::test
