// SPDX-License-Identifier: Apache-2.0
#include "contract/worker/host_end.hpp"

#include "wire/encoder.hpp"
#include "worker/run_worker.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolhost::test {
namespace {

constexpr int patience_ms = 30'000;

// Never returns: the child's life.
[[noreturn]] void live(Birth birth, base::UniqueFd socket, const std::function<int(base::UniqueFd)>& live) {
    if (birth == Birth::fork) {
        const int code = live(std::move(socket));
        std::fflush(nullptr);
        ::_exit(code);
    }
    // As the child setup of process/ leaves it: the socket, then the lifeline.
    const int lifeline = ::open("/dev/null", O_RDONLY);
    const int high = ::fcntl(lifeline, F_DUPFD, 100);
    const int socket_high = ::fcntl(socket.get(), F_DUPFD, 100);
    ::dup2(socket_high, 3);
    ::dup2(high, 4);
    ::execl(WORKER_PROGRAM, WORKER_PROGRAM, "worker", nullptr);
    ::_exit(127);
}

int run_on_empty_template(base::UniqueFd socket) {
    static worker::Template empty;
    return worker::run_worker(std::move(socket), empty);
}

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string test_plugin(const std::string& name) { return std::string(POOLHOST_TEST_PLUGINS) + "/lib" + name + ".so"; }
std::string own_plugin(const std::string& name) { return std::string(OWN_PLUGINS) + "/lib" + name + ".so"; }

std::string demanding() { return DEMANDING_PLUGIN; }
std::string late_logger() { return LATE_LOGGER_PLUGIN; }

wire::WorkerDescription describe(std::vector<std::string> plugin_files) {
    wire::WorkerDescription description;
    description.pool = "test";
    description.start_method = "spawn";
    description.worker_index = 0;
    for (auto& file : plugin_files) description.plugins.push_back({"", std::move(file), "b0b0", false});
    return description;
}

HostEnd::HostEnd(Birth birth, const wire::WorkerDescription& description, std::function<int(base::UniqueFd)> life) {
    auto ends = base::make_socket_pair();
    if (!life) life = run_on_empty_template;
    pid_ = ::fork();
    if (pid_ == 0) {
        ends->first.reset();
        live(birth, std::move(ends->second), life);
    }
    ends->second.reset();
    auto opened = channel::Channel::open(std::move(ends->first), wire::encode(description));
    if (!opened) throw std::runtime_error(opened.error().message);
    channel_.emplace(std::move(*opened));
}

HostEnd::~HostEnd() {
    if (status_) return;
    ::kill(pid_, SIGKILL);
    reap();
}

int HostEnd::reap() {
    if (status_) return *status_;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return *status_;
}

int HostEnd::stop() {
    send(wire::RecordKind::stop, wire::encode(wire::Stop{}));
    return reap();
}

void HostEnd::send(wire::RecordKind kind, const std::vector<std::byte>& encoded) {
    ASSERT_TRUE(channel_->send(kind, encoded));
    ring();
}

void HostEnd::ring() { static_cast<void>(channel_->ring_doorbell()); }

std::optional<Said> HostEnd::hear() {
    for (;;) {
        if (auto said = read()) return said;
        if (channel_->announce_sleep()) {
            pollfd socket{channel_->socket(), POLLIN, 0};
            if (::poll(&socket, 1, patience_ms) == 0) return std::nullopt;
        }
        channel_->announce_awake();
        const auto state = channel_->drain_socket(base::Blocking::no);
        if (!state || *state == channel::PeerState::gone) return read();
    }
}

std::optional<Said> HostEnd::read() {
    const auto record = channel_->reader().front();
    if (!record) return std::nullopt;
    const auto message = wire::read_worker_message(record->kind, record->payload);
    if (!message) throw std::runtime_error("the worker wrote a record that is not in the protocol");
    Said said;
    if (const auto* const result = std::get_if<wire::ResultView>(&*message)) {
        Result copy{result->head, value_of(*result), std::nullopt, result->buffers};
        if (result->head.status == wire::ResultStatus::error) {
            copy.error = wire::decode<wire::CallError>(std::as_bytes(std::span(copy.value)));
        }
        said = std::move(copy);
    } else if (const auto* const emitted = std::get_if<wire::EmittedView>(&*message)) {
        const bool in_buffer = (emitted->head.flags & wire::result_in_buffer) != 0;
        said = Emitted{emitted->head, in_buffer ? text_at(emitted->bytes) : text_of(emitted->bytes)};
    } else {
        std::visit(
            [&said](const auto& held) {
                if constexpr (std::is_constructible_v<Said, decltype(held)>) said = held;
            },
            *message);
    }
    channel_->reader().pop();
    return said;
}

std::string HostEnd::value_of(const wire::ResultView& view) {
    return (view.head.flags & wire::result_in_buffer) == 0 ? text_of(view.bytes) : text_at(view.bytes);
}

std::string HostEnd::text_at(std::span<const std::byte> bytes) {
    wire::BufferPlace place;
    std::memcpy(&place, bytes.data(), sizeof place);
    const auto buffer = channel_->peer_buffer(place.id);
    if (!buffer) throw std::runtime_error(buffer.error().message);
    return text_of(std::span<const std::byte>((*buffer)->mapping.bytes()).subspan(place.offset, place.size));
}

std::vector<std::string> HostEnd::log_lines() const {
    std::vector<std::string> lines;
    for (const auto& said : others_) {
        if (const auto* const line = std::get_if<wire::LogLine>(&said)) lines.push_back(line->text);
    }
    return lines;
}

wire::Ready HostEnd::expect_ready() {
    auto ready = hear_a<wire::Ready>();
    for (const auto& said : others_) {
        if (const auto* const failed = std::get_if<wire::StartFailed>(&said)) ADD_FAILURE() << failed->cause;
    }
    EXPECT_TRUE(ready.has_value());
    return ready.value_or(wire::Ready{});
}

std::string HostEnd::expect_start_failure() {
    const auto failed = hear_a<wire::StartFailed>();
    EXPECT_TRUE(failed.has_value());
    return failed ? failed->cause : "";
}

std::uint32_t HostEnd::define(const std::string& task) {
    const auto [found, is_new] = tasks_.emplace(task, static_cast<std::uint32_t>(tasks_.size() + 1));
    if (is_new) {
        EXPECT_TRUE(channel_->send(wire::RecordKind::define_task, wire::encode(wire::DefineTask{found->second, task})));
    }
    return found->second;
}

std::uint32_t HostEnd::write_batch(const std::string& task, const std::vector<Item>& items,
                                   wire::ResultEncoding encoding) {
    const std::uint32_t id = define(task);
    const std::uint32_t sequence = next_sequence_++;
    std::size_t size = sizeof(wire::BatchHead);
    for (const Item& item : items) size += sizeof(wire::ItemHead) + wire::padded(item.bytes.size());
    const auto space = channel_->writer().reserve(wire::RecordKind::batch, size);
    if (!space) throw std::runtime_error("the host's ring is full");
    std::byte* to = space->data();
    const auto put = [&to](const void* from, std::size_t count) {
        if (count > 0) std::memcpy(to, from, count);
        to += wire::padded(count);
    };
    const wire::BatchHead head{sequence, id, static_cast<std::uint16_t>(items.size()), encoding, 0, 0};
    put(&head, sizeof head);
    for (const Item& item : items) {
        const wire::ItemHead item_head{static_cast<std::uint32_t>(item.bytes.size()),
                                       item.encoding,
                                       static_cast<std::uint8_t>(item.in_buffer ? 1 : 0),
                                       1,
                                       item.timeout_ns,
                                       0};
        put(&item_head, sizeof item_head);
        put(item.bytes.data(), item.bytes.size());
    }
    channel::open_batch(batch_word(sequence), sequence, static_cast<std::uint16_t>(items.size()));
    channel_->writer().commit();
    return sequence;
}

std::uint32_t HostEnd::submit(const std::string& task, const std::vector<Item>& items, wire::ResultEncoding encoding) {
    const std::uint32_t sequence = write_batch(task, items, encoding);
    ring();
    return sequence;
}

Result HostEnd::call(const std::string& task, Item item, wire::ResultEncoding encoding) {
    submit(task, {std::move(item)}, encoding);
    auto result = hear_a<Result>();
    EXPECT_TRUE(result.has_value()) << "no result of " << task;
    return result ? std::move(*result) : Result{};
}

std::string HostEnd::json(const std::string& task, const std::string& arguments) {
    const Result result = call(task, {.bytes = arguments});
    if (!result.error) return result.value;
    return std::string(wire::kind_name(result.error->details)) + ": " + result.error->message;
}

std::uint64_t HostEnd::share(std::string_view bytes) {
    auto buffer = pool_.acquire(bytes.size());
    if (!buffer) throw std::runtime_error(buffer.error().message);
    std::memcpy((*buffer)->bytes().data(), bytes.data(), bytes.size());
    const auto sent = channel_->share(*buffer, base::Blocking::no);
    EXPECT_TRUE(sent && *sent == base::SendOutcome::sent);
    shared_.push_back(std::move(*buffer));
    return shared_.back()->id();
}

Item HostEnd::in_buffer(std::string_view bytes, wire::Encoding encoding) {
    const wire::BufferPlace place{share(bytes), 0, bytes.size()};
    return {.bytes = text_of(std::as_bytes(std::span(&place, 1))), .encoding = encoding, .in_buffer = true};
}

std::string messagepack(const std::string& json) {
    const auto bytes = nlohmann::json::to_msgpack(nlohmann::json::parse(json));
    return {bytes.begin(), bytes.end()};
}

}  // namespace poolhost::test
