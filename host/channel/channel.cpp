// SPDX-License-Identifier: Apache-2.0
#include "channel/channel.hpp"

#include <cstring>
#include <new>

namespace poolhost::channel {
namespace {

using base::Blocking;
using base::Result;
using base::SendOutcome;

// What travels through the socket. The opening carries three descriptors: host memory, worker memory, description.
constexpr std::uint32_t opening_magic = 0x31'63'68'70;  // "phc1"
struct Opening {
    std::uint32_t magic;
    std::uint32_t version;
};
struct BufferNotice {
    Notice notice;
    std::uint64_t id;
    std::uint64_t size;
};

// So many messages are taken from the socket before the caller's other work goes on.
constexpr int messages_at_once = 64;

constexpr std::uint64_t spare_doorbells = 1024;

// The host holds its worker to bounds; a worker believes its host.
constexpr PeerBounds bounds_for_host{.buffers = 2 * most_worker_buffers, .bytes = 2 * most_worker_bytes};

template <class T>
std::span<const std::byte> bytes_of(const T& value) {
    return std::as_bytes(std::span(&value, 1));
}

Result<void> fill(int fd, std::span<const std::byte> bytes) {
    if (bytes.empty()) return {};  // nothing can be mapped
    auto mapping = base::map_memory(fd, bytes.size(), base::Access::read_write);
    if (!mapping) return mapping.error();
    std::memcpy(mapping->data(), bytes.data(), bytes.size());
    return {};
}

Result<base::UniqueFd> make_description(std::span<const std::byte> description) {
    auto fd = base::make_memory("poolhost-description", description.size());
    if (!fd) return fd;
    if (auto filled = fill(fd->get(), description); !filled) return filled.error();
    if (auto sealed = base::seal_memory(fd->get(), base::Seal::size_and_writers); !sealed) return sealed.error();
    return fd;
}

Result<std::vector<std::byte>> read_description(int fd) {
    auto size = base::sealed_size(fd);
    if (!size) return size.error();
    if (*size == 0) return std::vector<std::byte>();
    auto mapping = base::map_memory(fd, *size, base::Access::read_only);
    if (!mapping) return mapping.error();
    return std::vector<std::byte>(mapping->bytes().begin(), mapping->bytes().end());
}

Result<base::Mapping> map_side(int fd, std::size_t expected, base::Access access) {
    auto size = base::sealed_size(fd);
    if (!size) return size.error();
    if (*size != expected) return base::Error{"the memory of a channel has a wrong size"};
    return base::map_memory(fd, expected, access);
}

struct SideMemory {
    base::UniqueFd fd;
    base::Mapping mapping;
};

Result<SideMemory> make_side(const char* name, std::size_t size, base::Seal seal) {
    auto fd = base::make_memory(name, size);
    if (!fd) return fd.error();
    auto mapping = base::map_memory(fd->get(), size, base::Access::read_write);
    if (!mapping) return mapping.error();
    if (auto sealed = base::seal_memory(fd->get(), seal); !sealed) return sealed.error();
    return SideMemory{std::move(*fd), std::move(*mapping)};
}

}  // namespace

Channel::Channel(base::UniqueFd socket, base::Mapping host_memory, base::Mapping worker_memory, Side side)
    : side_(side),
      socket_(std::move(socket)),
      host_memory_(std::move(host_memory)),
      worker_memory_(std::move(worker_memory)),
      host_(reinterpret_cast<HostControl*>(host_memory_.data())),
      worker_(reinterpret_cast<WorkerControl*>(worker_memory_.data())),
      mine_(side == Side::host ? &host_->side : &worker_->side),
      theirs_(side == Side::host ? &worker_->side : &host_->side),
      peer_buffers_(side == Side::host ? bounds_for_host : PeerBounds{}) {
    const bool host = side == Side::host;
    const auto my_ring = (host ? host_memory_ : worker_memory_).bytes().subspan(control_size, ring_size);
    const auto their_ring = (host ? worker_memory_ : host_memory_).bytes().subspan(control_size, ring_size);
    writer_ = RingWriter(my_ring, mine_->tail, theirs_->head);
    reader_ = RingReader(their_ring, theirs_->tail, mine_->head);
}

// Its bytes are the zeros of a new memory: nothing is written here, so that no page of it is taken.
StackArea& Channel::stack_area() const { return *reinterpret_cast<StackArea*>(worker_memory_.data() + memory_size); }

Result<Channel> Channel::open(base::UniqueFd socket, std::span<const std::byte> description) {
    auto host = make_side("poolhost-host", memory_size, base::Seal::size_and_writers);
    if (!host) return host.error();
    auto worker = make_side("poolhost-worker", worker_memory_size, base::Seal::size);
    if (!worker) return worker.error();
    new (host->mapping.data()) HostControl{};
    new (worker->mapping.data()) WorkerControl{};
    auto text = make_description(description);
    if (!text) return text.error();
    const Opening opening{opening_magic, channel_version};
    const int descriptors[] = {host->fd.get(), worker->fd.get(), text->get()};
    auto sent = base::send_message(socket.get(), bytes_of(opening), descriptors, Blocking::no);
    if (!sent) return sent.error();
    if (*sent != SendOutcome::sent) return base::Error{"the new process is gone before its first message"};
    return Channel(std::move(socket), std::move(host->mapping), std::move(worker->mapping), Side::host);
}

Result<Channel::Accepted> Channel::accept(base::UniqueFd socket) {
    Opening opening{};
    auto message = base::receive_message(socket.get(), std::as_writable_bytes(std::span(&opening, 1)), Blocking::yes);
    if (!message) return message.error();
    if (message->kind == base::ReceivedMessage::Kind::peer_gone) return base::Error{"the host is gone"};
    const bool valid = message->size == sizeof opening && message->descriptors.size() == 3 &&
                       opening.magic == opening_magic && opening.version == channel_version;
    if (!valid) return base::Error{"the host speaks another version of the channel"};
    auto host = map_side(message->descriptors[0].get(), memory_size, base::Access::read_only);
    if (!host) return host.error();
    auto worker = map_side(message->descriptors[1].get(), worker_memory_size, base::Access::read_write);
    if (!worker) return worker.error();
    auto description = read_description(message->descriptors[2].get());
    if (!description) return description.error();
    return Accepted{Channel(std::move(socket), std::move(*host), std::move(*worker), Side::worker),
                    std::move(*description)};
}

bool Channel::send(wire::RecordKind kind, std::span<const std::byte> encoded) {
    const std::uint64_t size = encoded.size();
    const auto space = writer_.reserve(kind, sizeof size + encoded.size());
    if (!space) return false;
    std::memcpy(space->data(), &size, sizeof size);
    if (size != 0) std::memcpy(space->data() + sizeof size, encoded.data(), encoded.size());
    writer_.commit();
    return true;
}

Result<PeerState> Channel::ring_doorbell() {
    std::atomic_thread_fence(std::memory_order_seq_cst);  // my records before their sleep: see announce_sleep
    const std::uint32_t asleep = theirs_->asleep.load(std::memory_order_relaxed);
    if (asleep % 2 == 0 || asleep == rung_) return PeerState::present;
    auto sent = base::send_message(socket_.get(), bytes_of(Notice::doorbell), {}, Blocking::no);
    if (!sent) return sent.error();
    if (*sent == SendOutcome::peer_gone) return PeerState::gone;
    rung_ = asleep;  // a full socket holds doorbells enough
    return PeerState::present;
}

bool Channel::announce_sleep() {
    const std::uint32_t before = mine_->asleep.load(std::memory_order_relaxed);
    if (before % 2 == 0) {
        mine_->asleep.store(before + 1, std::memory_order_relaxed);
        ++sleeps_;
    }
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return reader_.empty();
}

void Channel::announce_awake() {
    const std::uint32_t before = mine_->asleep.load(std::memory_order_relaxed);
    if (before % 2 == 1) mine_->asleep.store(before + 1, std::memory_order_relaxed);
}

Result<PeerState> Channel::drain_socket(Blocking blocking) {
    for (int i = 0; i < messages_at_once; ++i) {
        const auto received = receive_one(blocking);
        if (!received) return received.error();
        if (*received == Received::gone) return PeerState::gone;
        if (*received == Received::nothing) break;
        blocking = Blocking::no;
    }
    return PeerState::present;
}

Result<Channel::Received> Channel::receive_one(Blocking blocking) {
    alignas(8) std::byte space[sizeof(BufferNotice)];
    auto message = base::receive_message(socket_.get(), space, blocking);
    if (!message) return message.error();
    if (message->kind == base::ReceivedMessage::Kind::peer_gone) return Received::gone;
    if (message->kind == base::ReceivedMessage::Kind::would_block) return Received::nothing;
    const std::span<const std::byte> bytes(space, message->size);
    if (auto taken = take_message(std::move(*message), bytes); !taken) return taken.error();
    return Received::message;
}

Result<void> Channel::take_message(base::ReceivedMessage message, std::span<const std::byte> bytes) {
    Notice notice{};
    if (bytes.size() >= sizeof notice) std::memcpy(&notice, bytes.data(), sizeof notice);
    if (notice == Notice::doorbell && message.descriptors.empty()) return take_doorbell();
    if (notice == Notice::buffer && bytes.size() == sizeof(BufferNotice) && message.descriptors.size() == 1) {
        BufferNotice buffer{};
        std::memcpy(&buffer, bytes.data(), sizeof buffer);
        return peer_buffers_.add(buffer.id, buffer.size, std::move(message.descriptors.front()));
    }
    return base::Error{"the other side sent a message that is not in the protocol"};
}

// There is need of one a sleep, and of one a stack that was asked for; a worker that keeps its host busy with more is
// found out.
Result<void> Channel::take_doorbell() {
    const bool flood = ++doorbells_ > spare_doorbells + 2 * sleeps_;
    if (flood && side_ == Side::host) return base::Error{"the worker floods its host with doorbells"};
    return {};
}

bool Channel::may_share(const SharedBuffer& buffer) const {
    return side_ == Side::host ||
           (shared_.size() < most_worker_buffers && buffer.bytes().size() <= most_worker_bytes - shared_bytes_);
}

Result<SendOutcome> Channel::share(const BufferRef& buffer, Blocking blocking) {
    if (shared_.contains(buffer->id())) return SendOutcome::sent;
    if (!may_share(*buffer)) return base::Error{"this worker has too much in shared buffers already"};
    const BufferNotice notice{Notice::buffer, buffer->id(), buffer->bytes().size()};
    const int fd = buffer->fd();
    auto sent = base::send_message(socket_.get(), bytes_of(notice), std::span(&fd, 1), blocking);
    if (sent && *sent == SendOutcome::sent) {
        buffer->told(forgotten_);
        shared_.emplace(buffer->id(), notice.size);
        shared_bytes_ += notice.size;
    }
    return sent;
}

Result<std::shared_ptr<const PeerBuffer>> Channel::peer_buffer(std::uint64_t id) {
    for (;;) {
        if (auto found = peer_buffers_.find(id)) return found;
        // Descriptors are sent before the record that names them, so what is not here yet is waiting in the socket.
        // Every message counts against a bound, so this ends.
        const auto received = receive_one(Blocking::no);
        if (!received) return received.error();
        if (*received != Received::message) return base::Error{"a record names a shared buffer that was never sent"};
    }
}

std::vector<std::uint64_t> Channel::take_forgotten() {
    for (const std::uint64_t id : forgotten_->ids) {
        const auto known = shared_.find(id);
        shared_bytes_ -= known->second;
        shared_.erase(known);
    }
    return std::exchange(forgotten_->ids, {});
}

}  // namespace poolhost::channel
