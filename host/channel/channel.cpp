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

Channel::Channel(base::UniqueFd socket, base::Mapping host_memory, base::Mapping worker_memory, bool opener)
    : socket_(std::move(socket)),
      host_memory_(std::move(host_memory)),
      worker_memory_(std::move(worker_memory)),
      host_(reinterpret_cast<HostControl*>(host_memory_.data())),
      worker_(reinterpret_cast<WorkerControl*>(worker_memory_.data())),
      mine_(opener ? &host_->side : &worker_->side),
      theirs_(opener ? &worker_->side : &host_->side) {
    const auto my_ring = (opener ? host_memory_ : worker_memory_).bytes().subspan(control_size, ring_size);
    const auto their_ring = (opener ? worker_memory_ : host_memory_).bytes().subspan(control_size, ring_size);
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
    return Channel(std::move(socket), std::move(host->mapping), std::move(worker->mapping), true);
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
    return Accepted{Channel(std::move(socket), std::move(*host), std::move(*worker), false), std::move(*description)};
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
    if (before % 2 == 0) mine_->asleep.store(before + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return reader_.empty();
}

void Channel::announce_awake() {
    const std::uint32_t before = mine_->asleep.load(std::memory_order_relaxed);
    if (before % 2 == 1) mine_->asleep.store(before + 1, std::memory_order_relaxed);
}

Result<PeerState> Channel::drain_socket(Blocking blocking) {
    for (;;) {
        alignas(8) std::byte space[sizeof(BufferNotice)];
        auto message = base::receive_message(socket_.get(), space, blocking);
        if (!message) return message.error();
        if (message->kind == base::ReceivedMessage::Kind::peer_gone) return PeerState::gone;
        if (message->kind == base::ReceivedMessage::Kind::would_block) return PeerState::present;
        const std::span<const std::byte> bytes(space, message->size);
        if (auto taken = take_message(std::move(*message), bytes); !taken) return taken.error();
        blocking = Blocking::no;
    }
}

Result<void> Channel::take_message(base::ReceivedMessage message, std::span<const std::byte> bytes) {
    Notice notice{};
    if (bytes.size() >= sizeof notice) std::memcpy(&notice, bytes.data(), sizeof notice);
    if (notice == Notice::doorbell && message.descriptors.empty()) return {};
    if (notice == Notice::buffer && bytes.size() == sizeof(BufferNotice) && message.descriptors.size() == 1) {
        return take_buffer(bytes, std::move(message.descriptors.front()));
    }
    return base::Error{"the other side sent a message that is not in the protocol"};
}

Result<void> Channel::take_buffer(std::span<const std::byte> bytes, base::UniqueFd fd) {
    BufferNotice notice{};
    std::memcpy(&notice, bytes.data(), sizeof notice);
    auto size = base::sealed_size(fd.get());
    if (!size) return size.error();
    if (*size != notice.size || *size == 0) return base::Error{"a shared buffer has another size than announced"};
    auto mapping = base::map_memory(fd.get(), *size, base::Access::read_only);
    if (!mapping) return mapping.error();
    auto buffer = std::make_shared<const PeerBuffer>(PeerBuffer{notice.id, std::move(fd), std::move(*mapping)});
    peer_buffers_.insert_or_assign(notice.id, std::move(buffer));
    return {};
}

Result<SendOutcome> Channel::share(const BufferRef& buffer, Blocking blocking) {
    if (const auto known = shared_.find(buffer->id()); known != shared_.end()) return SendOutcome::sent;
    const BufferNotice notice{Notice::buffer, buffer->id(), buffer->bytes().size()};
    const int fd = buffer->fd();
    auto sent = base::send_message(socket_.get(), bytes_of(notice), std::span(&fd, 1), blocking);
    if (sent && *sent == SendOutcome::sent) {
        buffer->told(forgotten_);
        shared_.insert(buffer->id());
    }
    return sent;
}

Result<std::shared_ptr<const PeerBuffer>> Channel::peer_buffer(std::uint64_t id) {
    auto found = peer_buffers_.find(id);
    if (found == peer_buffers_.end()) {
        // Descriptors are sent before the record that names them, so what is not here yet is waiting in the socket.
        if (auto drained = drain_socket(Blocking::no); !drained) return drained.error();
        found = peer_buffers_.find(id);
    }
    if (found == peer_buffers_.end()) return base::Error{"a record names a shared buffer that was never sent"};
    return found->second;
}

std::vector<std::uint64_t> Channel::take_forgotten() {
    for (const std::uint64_t id : forgotten_->ids) shared_.erase(id);
    return std::exchange(forgotten_->ids, {});
}

}  // namespace poolhost::channel
