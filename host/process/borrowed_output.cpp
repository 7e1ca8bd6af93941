// SPDX-License-Identifier: Apache-2.0
#include "process/borrowed_output.hpp"

#include "process/forked_child.hpp"

#include <algorithm>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace poolhost::process {
namespace {

constexpr off_t most_caught = off_t{1024} * 1024;

}  // namespace

base::Result<BorrowedOutput::Stream> BorrowedOutput::borrow(int number) {
    Stream stream;
    stream.number = number;
    auto before = base::duplicate(number);
    if (!before) return before.error();
    stream.before = std::move(*before);
    stream.memory.reset(::memfd_create("poolhost-output", MFD_CLOEXEC));
    if (!stream.memory) return base::system_error("cannot catch what a preload prints");
    return stream;
}

base::Result<BorrowedOutput> BorrowedOutput::begin() {
    auto output = borrow(STDOUT_FILENO);
    if (!output) return output.error();
    auto errors = borrow(STDERR_FILENO);
    if (!errors) return errors.error();
    return BorrowedOutput(std::move(*output), std::move(*errors));
}

BorrowedOutput::BorrowedOutput(Stream output, Stream errors) : output_(std::move(output)), errors_(std::move(errors)) {
    flush_before_fork();
    ::dup2(output_.memory.get(), output_.number);
    ::dup2(errors_.memory.get(), errors_.number);
}

BorrowedOutput::~BorrowedOutput() {
    if (!output_.before) return;
    flush_before_fork();
    ::dup2(output_.before.get(), output_.number);
    ::dup2(errors_.before.get(), errors_.number);
}

BorrowedOutput::Caught BorrowedOutput::caught() const {
    flush_before_fork();
    return {text_of(output_), text_of(errors_)};
}

std::string BorrowedOutput::text_of(const Stream& stream) {
    const off_t size = std::max<off_t>(::lseek(stream.memory.get(), 0, SEEK_END), 0);
    std::string text(static_cast<std::size_t>(std::min(size, most_caught)), '\0');
    const ssize_t read = ::pread(stream.memory.get(), text.data(), text.size(), 0);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(read, 0)));
    if (size > most_caught)
        text += "\npoolhost: " + std::to_string(size - most_caught) + " more bytes were left unread";
    return text;
}

}  // namespace poolhost::process
