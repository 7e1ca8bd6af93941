// SPDX-License-Identifier: Apache-2.0
// Vice: it throws whatever C++ lets it throw.
#include <poolhost/sdk.hpp>

#include <new>
#include <stdexcept>
#include <string>

namespace {

struct Stranger {};

void number() { throw 42; }
void text() { throw std::string("a string"); }
void stranger() { throw Stranger{}; }
void runtime_error(const std::string& message) { throw std::runtime_error(message); }
void bad_alloc() { throw std::bad_alloc(); }
void long_message(std::uint64_t size) { throw std::runtime_error(std::string(size, 'x')); }
void task_error(std::int64_t code, const std::string& message, bool retryable) {
    throw poolhost::task_error(code, message, retryable);
}

// Throws for some items only.
std::int64_t unless_negative(std::int64_t value) {
    if (value < 0) throw std::domain_error("negative");
    return value;
}

}  // namespace

POOLHOST_PLUGIN(throwing, "1.0.0", "Throws.", poolhost::task("number", number).doc("Throws the int 42."),
                poolhost::task("text", text).doc("Throws a std::string."),
                poolhost::task("stranger", stranger).doc("Throws a struct of its own."),
                poolhost::task("runtime_error", runtime_error, "message").doc("Throws a std::runtime_error."),
                poolhost::task("bad_alloc", bad_alloc).doc("Throws std::bad_alloc."),
                poolhost::task("long_message", long_message, "size").doc("Throws a message of so many bytes."),
                poolhost::task("task_error", task_error, "code", "message", "retryable").doc("Throws a task_error."),
                poolhost::task("unless_negative", unless_negative, "value").doc("The value, or a std::domain_error."))
