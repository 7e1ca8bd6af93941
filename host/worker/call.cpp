// SPDX-License-Identifier: Apache-2.0
#include "worker/call.hpp"

#include <exception>
#include <new>
#include <utility>

namespace poolhost::worker {
namespace {

wire::CallError task_error(std::string type, std::string message) {
    return {.message = std::move(message), .details = wire::TaskError{.type = std::move(type)}};
}

std::string text_or_empty(const char* text) { return text != nullptr ? text : ""; }

std::span<const std::byte> bytes_of(const void* bytes, std::size_t size) {
    return {static_cast<const std::byte*>(bytes), size};
}
std::string_view text_of(const char* text, std::size_t size) {
    return text != nullptr ? std::string_view(text, size) : std::string_view();
}

}  // namespace

// The functions of the table. Each finds its Call, and lets nothing escape into C.
struct Call::Services {
    static Call& of(const poolhost_call_v1* call) { return *static_cast<Call*>(call->state); }

    template <class Serve>
    static void guarded(const poolhost_call_v1* call, Serve serve) noexcept {
        try {
            serve(of(call));
        } catch (const std::exception& error) {
            // An error without text beyond the small-string size, so that this cannot fail as well.
            of(call).refused_.emplace().message = "no memory";
            of(call).refused_->details = wire::TaskError{.type = "std::bad_alloc"};
        }
    }

    static void reply(const poolhost_call_v1* call, const void* value, std::size_t size) {
        guarded(call, [&](Call& self) { self.reply(bytes_of(value, size)); });
    }
    static void fail(const poolhost_call_v1* call, const poolhost_error_v1* error) {
        guarded(call, [&](Call& self) {
            if (self.reported_ || error == nullptr) return;
            self.reported_ = {
                .message = text_or_empty(error->message),
                .details = wire::TaskError{
                    .type = text_or_empty(error->type), .code = error->code, .retryable = error->retryable != 0}};
        });
    }
    static void bad_argument(const poolhost_call_v1* call, const poolhost_bad_argument_v1* fault) {
        guarded(call, [&](Call& self) {
            if (self.reported_ || fault == nullptr) return;
            self.reported_ = {.message = text_or_empty(fault->message),
                              .details = wire::BadArguments{.argument = fault->argument,
                                                            .name = text_or_empty(fault->name),
                                                            .expected = text_or_empty(fault->expected),
                                                            .got = text_or_empty(fault->got)}};
        });
    }
    static poolhost_buffer_v1 buffer(const poolhost_call_v1* call, std::uint64_t id) {
        poolhost_buffer_v1 found{nullptr, 0, 0};
        guarded(call, [&](Call& self) { found = self.buffer(id); });
        return found;
    }
    static poolhost_buffer_v1 allocate(const poolhost_call_v1* call, std::uint64_t size) {
        poolhost_buffer_v1 memory{nullptr, 0, 0};
        guarded(call, [&](Call& self) { memory = self.allocate(size); });
        return memory;
    }
    static void progress(const poolhost_call_v1* call, double fraction, const char* note, std::size_t size) {
        of(call).progress(fraction, text_of(note, size));
    }
    static std::int32_t cancelled(const poolhost_call_v1* call) { return of(call).cancelled() ? 1 : 0; }
    static void emit(const poolhost_call_v1* call, const void* value, std::size_t size) {
        guarded(call, [&](Call& self) { self.emit(bytes_of(value, size)); });
    }
    static void retire(const poolhost_call_v1* call, const char* reason, std::size_t size) {
        guarded(call, [&](Call& self) { self.retire(text_of(reason, size)); });
    }
};

Call::Call(const poolhost_host_v1& host) {
    interface_.size = sizeof interface_;
    interface_.host = &host;
    interface_.state = this;
    interface_.reply = Services::reply;
    interface_.fail = Services::fail;
    interface_.bad_argument = Services::bad_argument;
    interface_.buffer = Services::buffer;
    interface_.allocate = Services::allocate;
    interface_.progress = Services::progress;
    interface_.cancelled = Services::cancelled;
    interface_.emit = Services::emit;
    interface_.retire = Services::retire;
}

std::optional<wire::CallError> Call::run(poolhost_task_function_v1 function, const CallRequest& request) {
    interface_.attempt = request.attempt;
    interface_.arguments = reinterpret_cast<const std::uint8_t*>(request.arguments.data());
    interface_.arguments_size = request.arguments.size();
    interface_.deadline_ns = request.deadline_ns;
    reported_.reset();
    refused_.reset();
    const std::int32_t status = function(&interface_);
    if (status == POOLHOST_OK) return std::exchange(refused_, std::nullopt);
    if (reported_) return std::exchange(reported_, std::nullopt);
    return task_error("poolhost::no_reason", "the task failed without saying why");
}

void Call::fail(wire::CallError error) {
    if (!refused_) refused_ = std::move(error);
}

std::string in_words(const wire::CallError& error) {
    const auto* task = std::get_if<wire::TaskError>(&error.details);
    return task != nullptr && !task->type.empty() ? task->type + ": " + error.message : error.message;
}

}  // namespace poolhost::worker
