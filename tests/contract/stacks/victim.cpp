// SPDX-License-Identifier: Apache-2.0
#include "contract/stacks/victim.hpp"

#include "aftermath/unwind.hpp"
#include "channel/batch_word.hpp"
#include "cli/private_host.hpp"
#include "pool/describe_worker.hpp"
#include "pool/listener.hpp"
#include "process/supervisor.hpp"
#include "starters.hpp"
#include "wire/encoder.hpp"

#include <chrono>
#include <cstring>
#include <stdexcept>

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

namespace poolhost::test {
namespace {

constexpr int patience_ms = 120'000;  // reached only when a test fails

cli::PlannedPool plan(base::StartMethod method) {
    config::HostConfig host;
    config::PoolConfig& pool = host.pools.emplace_back();
    pool.name = "tested";
    pool.start_method = method;
    for (const char* const plugin : {"deaths", "lingers"}) {
        const std::string file = std::string(POOLHOST_TEST_PLUGINS) + "/lib" + plugin + ".so";
        pool.plugins.push_back({file, file});
    }
    return std::move(cli::plan_configuration(std::move(host)).value().pools.front());
}

// The template of a `fork` pool is this process: one for all tests.
cli::StarterFactory& starters() {
    static cli::StarterFactory factory = make_starters(POOLHOST_WORKER_PROGRAM);
    return factory;
}

// A test looks at stacks, not at lines.
class NobodyListens : public pool::PoolListener {
    void on_worker_line(const pool::WorkerLine&) override {}
    void on_log(std::string_view, std::int32_t, std::string_view) override {}
};

pool::PoolListener& nobody() {
    static NobodyListens listener;
    return listener;
}

}  // namespace

Victim::Victim(base::StartMethod method, wire::ResourceLimits limits) {
    process::become_supervisor().value();
    const cli::PlannedPool planned = plan(method);
    starter_ = starters()(loop_, planned.config, *planned.catalog, nobody()).value();
    std::optional<base::Result<process::Newborn>> birth;
    starter_->start([&](base::Result<process::Newborn> born) { birth.emplace(std::move(born)); });
    while (!birth) loop_.run_one();
    born_ = std::move(birth->value());
    description_ = pool::describe_worker(planned.config, *planned.catalog, 0);
    description_.limits = limits;
    channel_ = channel::Channel::open(std::move(born_.socket), wire::encode(description_)).value();
    while (!channel_->reader().front()) {
        if (!wait_for_notice()) throw std::runtime_error("the worker has not become ready");
    }
    if (channel_->reader().front()->kind != wire::RecordKind::ready)
        throw std::runtime_error("the worker cannot start");
    channel_->reader().pop();
}

Victim::~Victim() {
    if (!born_.process.reaped()) {
        born_.process.kill_group(SIGKILL);
        born_.process.reap();
    }
    starter_.reset();
    process::reap_orphans();
}

bool Victim::wait_for_notice() {
    if (channel_->announce_sleep()) {
        pollfd socket{channel_->socket(), POLLIN, 0};
        if (::poll(&socket, 1, patience_ms) != 1) return false;
    }
    channel_->announce_awake();
    const auto drained = channel_->drain_socket(base::Blocking::no);
    return drained && *drained == channel::PeerState::present;
}

void Victim::begin(const std::string& task, const std::string& arguments) {
    deliver(task, arguments);
    const channel::Word64& running = channel_->worker_control().running;
    const auto patience = base::Clock::now() + std::chrono::milliseconds(patience_ms);
    while (running.load() == 0 && channel_->reader().empty() && !sample() && base::Clock::now() < patience) {
        pollfd end{born_.process.pidfd(), POLLIN, 0};
        if (::poll(&end, 1, 1) == 1) return;
    }
}

void Victim::begin_and_wait(const std::string& task, const std::string& arguments) {
    deliver(task, arguments);
    const channel::Progress& progress = channel_->worker_control().progress;
    const auto patience = base::Clock::now() + std::chrono::milliseconds(patience_ms);
    while (progress.call.load() != channel::call_number(sequence_, 0) && base::Clock::now() < patience) {
        ::poll(nullptr, 0, 1);
    }
}

void Victim::deliver(const std::string& task, const std::string& arguments) {
    const std::uint32_t sequence = ++sequence_;
    channel_->send(wire::RecordKind::define_task, wire::encode(wire::DefineTask{sequence, task}));
    const wire::BatchHead head{sequence, sequence, 1, wire::ResultEncoding::json, 0, 0};
    const wire::ItemHead item{static_cast<std::uint32_t>(arguments.size()), wire::Encoding::json, 0, 1, 0, 0};
    const auto space =
        channel_->writer().reserve(wire::RecordKind::batch, sizeof head + sizeof item + wire::padded(arguments.size()));
    std::memcpy(space->data(), &head, sizeof head);
    std::memcpy(space->data() + sizeof head, &item, sizeof item);
    std::memcpy(space->data() + sizeof head + sizeof item, arguments.data(), arguments.size());
    channel::open_batch(channel_->worker_control().batches[sequence % channel::batch_words], sequence, 1);
    channel_->writer().commit();
    (void)channel_->ring_doorbell();
}

void Victim::cancel() { channel_->host_control().cancelled.store(channel::call_number(sequence_, 0)); }

std::string Victim::result() {
    for (;;) {
        const auto record = channel_->reader().front();
        if (!record && wait_for_notice()) continue;
        const auto message = record ? wire::read_worker_message(record->kind, record->payload) : std::nullopt;
        const auto* const result = message ? std::get_if<wire::ResultView>(&*message) : nullptr;
        EXPECT_NE(result, nullptr) << "no result";
        if (result == nullptr) return {};
        std::string text(reinterpret_cast<const char*>(result->bytes.data()), result->bytes.size());
        channel_->reader().pop();
        return text;
    }
}

void Victim::wait_for_stop() const {
    siginfo_t state{};
    ::waitid(P_PID, static_cast<id_t>(pid()), &state, WSTOPPED | WNOWAIT);
}

process::ExitStatus Victim::wait_for_end() {
    pollfd end{born_.process.pidfd(), POLLIN, 0};
    EXPECT_EQ(::poll(&end, 1, patience_ms), 1) << "it does not end";
    if (end.revents == 0) born_.process.kill(SIGKILL);
    return born_.process.reap();
}

std::optional<wire::StackSample> Victim::request() {
    const std::uint64_t before = channel_->stack_area().version.load();
    born_.process.kill(channel::stack_signal());
    while (channel_->stack_area().version.load() == before) {
        if (!wait_for_notice()) return std::nullopt;
    }
    return wait_for_sample();
}

std::optional<wire::StackSample> Victim::wait_for_sample() {
    for (;;) {
        if (auto found = sample()) return found;
        if (!wait_for_notice()) return sample();
    }
}

std::vector<std::string> Victim::name(const wire::StackSample& sample) const {
    std::size_t raw = 0;
    const auto frames =
        aftermath::name_stack(sample, description_.plugins, [&](const auto& addresses) { raw = addresses.size(); });
    EXPECT_TRUE(frames) << frames.error().message;
    EXPECT_GT(raw, 0U);
    return frames ? *frames : std::vector<std::string>();
}

std::vector<std::string> Victim::stack_left() {
    const auto left = sample();
    EXPECT_TRUE(left) << "no stack was left";
    if (!left) return {};
    EXPECT_EQ(left->call, channel::call_number(sequence_, 0));
    return name(*left);
}

}  // namespace poolhost::test
