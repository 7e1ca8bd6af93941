// SPDX-License-Identifier: Apache-2.0
// The host's end of a channel against a worker whose memory and messages are the fuzzer's. The input is a script of
// small steps, each of the worker's or of the host's. Whatever happens, every call that was handed over comes back
// exactly once, and nothing of the process's is lost.
#include "base/error.hpp"
#include "channel/batch_word.hpp"
#include "pool/worker_link.hpp"
#include "wire/encoder.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <optional>
#include <set>

#include <fcntl.h>
#include <unistd.h>

using namespace poolhost;
using channel::Channel;
using pool::Call;

namespace {

void require(bool holds, const char* what) {
    if (!holds) base::bug(what);
}

// The input, read from the front; zeros beyond its end.
class Script {
public:
    explicit Script(std::span<const std::byte> bytes) : rest_(bytes) {}

    [[nodiscard]] bool ended() const { return rest_.empty(); }
    template <class T>
    T number() {
        T value{};
        const auto taken = bytes(sizeof value);
        std::memcpy(&value, taken.data(), taken.size());
        return value;
    }
    std::size_t below(std::size_t bound) { return number<std::uint32_t>() % bound; }
    std::span<const std::byte> bytes(std::size_t size) {
        const auto taken = rest_.first(std::min(size, rest_.size()));
        rest_ = rest_.subspan(taken.size());
        return taken;
    }

private:
    std::span<const std::byte> rest_;
};

int sealed_memory(std::size_t size) {
    auto fd = base::make_memory("fuzzed", size);
    require(fd && base::seal_memory(fd->get(), base::Seal::size), "no memory");
    return fd->release();
}

// What a worker may send: memory that is as it has to be, and what is not.
const std::array<int, 5>& descriptors() {
    static const std::array<int, 5> all{sealed_memory(4096), sealed_memory(100'000),
                                        base::make_memory("unsealed", 4096)->release(), ::open("/", O_DIRECTORY),
                                        sealed_memory(std::size_t{1} << 40)};
    return all;
}

class Siege final : public pool::LinkListener {
public:
    explicit Siege(Script script) : Siege(script, base::make_socket_pair().value()) {}

    void run() {
        while (!script_.ended() && !broken_) step();
        for (Call* const call : link_.take_all()) give_back(call);
        require(outstanding_.empty(), "a call was lost");
    }

private:
    Siege(Script script, base::FdPair sockets)
        : script_(script),
          link_(Channel::open(std::move(sockets.first), {}).value(), *this),
          worker_(Channel::accept(std::move(sockets.second)).value().channel),
          memory_(reinterpret_cast<std::byte*>(&worker_.worker_control()),
                  reinterpret_cast<std::byte*>(&worker_.stack_area()) + channel::stack_area_size) {}

    // ---- the worker's steps

    void scribble() {
        const std::size_t place = script_.below(memory_.size());
        const auto bytes = script_.bytes(script_.number<std::uint8_t>());
        const std::size_t size = std::min(bytes.size(), memory_.size() - place);
        std::copy_n(bytes.begin(), size, memory_.begin() + static_cast<std::ptrdiff_t>(place));
    }

    void forge_word() {
        channel::WorkerControl& control = worker_.worker_control();
        const auto value = script_.number<std::uint64_t>();
        switch (script_.below(6)) {
            case 0:
                control.side.tail = value;
                break;
            case 1:
                control.side.head = value;
                break;
            case 2:
                control.side.asleep = static_cast<std::uint32_t>(value);
                break;
            case 3:
                control.began_ns = static_cast<std::int64_t>(value);
                break;
            default:
                control.batches[script_.below(channel::batch_words)] = value;
        }
    }

    void take_item() {
        const auto sequence = static_cast<std::uint32_t>(script_.below(20));
        channel::take_item(worker_.worker_control().batches[sequence % channel::batch_words], sequence);
    }

    void write(wire::RecordKind kind, std::span<const std::byte> payload) {
        if (const auto space = worker_.writer().reserve(kind, payload.size())) {
            std::ranges::copy(payload, space->begin());
            worker_.writer().commit();
        }
    }

    void write_record() {
        const auto kind = static_cast<wire::RecordKind>(script_.number<std::uint8_t>() % 24);
        write(kind, script_.bytes(script_.number<std::uint16_t>() % 1000));
    }

    // The encoder's payload in its frame: what it holds is the fuzzer's.
    void write_message() {
        const auto kind = static_cast<wire::RecordKind>(16 + script_.number<std::uint8_t>() % 6);
        const auto bytes = script_.bytes(script_.number<std::uint8_t>());
        worker_.send(kind, bytes);
    }

    void write_result() {
        wire::ResultHead head;
        head.sequence = static_cast<std::uint32_t>(script_.below(20));
        head.item = static_cast<std::uint16_t>(script_.below(8));
        head.status = static_cast<wire::ResultStatus>(script_.number<std::uint8_t>() % 3);
        head.flags = script_.number<std::uint8_t>();
        head.buffer_count = script_.number<std::uint8_t>() % 5;
        const auto rest = script_.bytes(script_.number<std::uint8_t>());
        const std::size_t ids = head.buffer_count * sizeof(std::uint64_t);
        head.size = static_cast<std::uint32_t>(rest.size() > ids ? rest.size() - ids : 0);
        std::vector<std::byte> payload(sizeof head);
        std::memcpy(payload.data(), &head, sizeof head);
        payload.insert(payload.end(), rest.begin(), rest.end());
        write(wire::RecordKind::result, payload);
    }

    void send_frame() {
        const auto bytes = script_.bytes(script_.number<std::uint8_t>() % 40);
        std::vector<int> chosen(script_.below(3));
        for (int& fd : chosen) fd = descriptors()[script_.below(descriptors().size())];
        static_cast<void>(base::send_message(worker_.socket(), bytes, chosen, base::Blocking::no));
    }

    void announce_buffer() {
        constexpr std::array<std::uint64_t, 5> sizes{4096, 100'000, 4096, 4096, std::uint64_t{1} << 40};
        const std::size_t which = script_.below(sizes.size());
        const std::array<std::uint64_t, 3> notice{2, script_.number<std::uint8_t>(), sizes[which]};
        const int fd = descriptors()[which];
        static_cast<void>(base::send_message(worker_.socket(), std::as_bytes(std::span(notice)), std::span(&fd, 1),
                                             base::Blocking::no));
    }

    // ---- the host's steps

    void deliver() {
        std::vector<Call*> calls;
        for (std::size_t i = 1 + script_.below(4); i > 0; --i) {
            Call& call = calls_.emplace_back();
            call.request.arguments.slice.bytes = std::as_bytes(std::span(arguments_));
            if (script_.below(4) == 0) put_into_buffer(call);
            calls.push_back(&call);
        }
        const auto delivered = link_.deliver({pool::TaskId{0}, "math.square"}, calls);
        if (check(delivered) && *delivered == pool::Delivered::yes) outstanding_.insert(calls.begin(), calls.end());
    }

    void put_into_buffer(Call& call) {
        auto buffer = pool_.acquire(100).value();
        call.request.arguments.place = wire::BufferPlace{buffer->id(), 0, 3};
        call.request.arguments.buffers.push_back(std::move(buffer));
    }

    void revoke() {
        const auto revoked = link_.revoke(script_.below(20));
        if (!check(revoked)) return;
        for (Call* const call : *revoked) give_back(call);
    }

    void look() {
        static_cast<void>(link_.not_begun());
        static_cast<void>(link_.has_read_all());
        if (link_.running() == nullptr) return;
        require(link_.running_since() <= base::Clock::now(), "a call begins in the future");
        link_.cancel_running(*link_.running());
    }

    void look_at_stack() {
        const auto sample = channel::read_stack(link_.channel().stack_area());
        if (sample) touch(std::as_bytes(std::span(sample->stack)));
    }

    void sleep_and_wake() {
        static_cast<void>(link_.announce_sleep());
        check(link_.wake());
        link_.announce_awake();
    }

    void step() {
        switch (script_.number<std::uint8_t>() % 18) {
            case 0:
                return scribble();
            case 1:
                return forge_word();
            case 2:
            case 3:
                return take_item();
            case 4:
                return write_record();
            case 5:
                return write_message();
            case 6:
            case 7:
                return write_result();
            case 8:
                return send_frame();
            case 9:
                return announce_buffer();
            case 10:
            case 11:
                return deliver();
            case 12:
                return revoke();
            case 13:
                return look();
            case 14:
                return look_at_stack();
            case 15:
                return sleep_and_wake();
            case 16:
                check(link_.drain_socket());
                return;
            default:
                check(link_.collect(1 + script_.below(100)));
        }
    }

    // An error ends the worker: nothing but take_all() follows.
    template <class T>
    bool check(const base::Result<T>& result) {
        if (result) return true;
        require(!result.error().message.empty(), "an error without a message");
        broken_ = true;
        return false;
    }

    void give_back(Call* call) { require(outstanding_.erase(call) == 1, "a call came back twice"); }

    void touch(std::span<const std::byte> bytes) {
        const auto some = bytes.first(std::min<std::size_t>(bytes.size(), 4096));
        for (const std::byte byte : some) sum_ = sum_ + std::to_integer<unsigned>(byte);
    }

    // ---- listener

    void on_ready(const wire::Ready&) override {}
    void on_start_failed(const std::string&) override {}
    void on_result(Call& call, pool::LinkResult result) override {
        give_back(&call);
        touch(result.bytes);
        if (result.head.status == wire::ResultStatus::error)
            static_cast<void>(wire::decode<wire::CallError>(result.bytes));
        if (script_.below(2) == 0) kept_ = std::move(result.leases);
    }
    void on_emitted(Call& call, std::span<const std::byte> value) override {
        require(outstanding_.contains(&call), "a part of a call that has ended");
        touch(value);
    }
    void on_log(const wire::LogLine& line) override { touch(std::as_bytes(std::span(line.text))); }
    void on_retiring(const std::string&) override {}

    Script script_;
    std::string arguments_ = "[7]";
    channel::BufferPool pool_{base::Seal::size_and_writers, 1 << 20};
    std::deque<Call> calls_;
    std::set<Call*> outstanding_;
    std::vector<pool::BufferLease> kept_;
    pool::WorkerLink link_;
    Channel worker_;
    std::span<std::byte> memory_;  // all that the worker can write
    bool broken_ = false;
    volatile unsigned sum_ = 0;
};

// The lowest number that is free: the same each time, unless a descriptor was left open.
int free_number() {
    const int number = ::fcntl(STDERR_FILENO, F_DUPFD, 0);
    ::close(number);
    return number;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    descriptors();
    const int before = free_number();
    Siege(Script(std::as_bytes(std::span(data, size)))).run();
    require(free_number() == before, "a descriptor was left open");
    return 0;
}
