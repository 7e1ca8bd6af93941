// SPDX-License-Identifier: Apache-2.0
#include "pool/aftermath.hpp"

#include "pool/event.hpp"
#include "process/errand.hpp"
#include "wire/encoder.hpp"

#include <algorithm>

namespace poolhost::pool {

using namespace std::chrono_literals;

namespace {

constexpr base::Duration time_allowed = 1s;
constexpr std::size_t most_at_once = 2;

wire::Findings nothing_found(std::string why) {
    wire::Findings findings;
    findings.capsule_missing = why;
    findings.stack_missing = std::move(why);
    return findings;
}

}  // namespace

class Aftermath::Sent final : public Examination {
public:
    Sent(Aftermath& aftermath, Remains remains, OnFindings on_findings)
        : aftermath_(&aftermath),
          remains_(std::move(remains)),
          on_findings_(std::move(on_findings)),
          deadline_(base::Clock::now() + time_allowed),
          timer_(*aftermath.loop_, [this] { end(nothing_found(why_not_)); }) {
        timer_.arm(deadline_);
    }
    ~Sent() override { aftermath_->leave(*this); }

    [[nodiscard]] bool running() const { return errand_ != nullptr; }

    void start() {
        std::vector<int> descriptors;
        for (const channel::BufferRef& buffer : remains_.buffers) descriptors.push_back(buffer->fd());
        auto errand =
            process::Errand::send_out(*aftermath_->loop_, aftermath_->program_, wire::encode(remains_.request),
                                      descriptors, deadline_, [this](auto answer) { answered(std::move(answer)); });
        if (errand) {
            timer_.disarm();
            errand_ = std::move(*errand);
        } else {
            why_not_ = errand.error().message;
            timer_.arm_after(0ns);  // who asked for this has not got its handle yet
        }
    }

private:
    void answered(std::optional<std::vector<std::byte>> answer) {
        auto findings = answer ? wire::decode<wire::Findings>(*answer) : std::nullopt;
        end(findings ? std::move(*findings) : nothing_found("nothing was found out within a second"));
    }
    // Who is told may destroy this examination.
    void end(wire::Findings findings) {
        const OnFindings tell = std::move(on_findings_);
        tell(std::move(findings));
    }

    Aftermath* aftermath_;
    Remains remains_;
    OnFindings on_findings_;
    base::TimePoint deadline_;
    std::string why_not_ = "too many workers died at once";
    Timer timer_;
    std::unique_ptr<process::Errand> errand_;
};

Aftermath::Aftermath(boost::asio::io_context& loop, process::Program program, config::CapsuleConfig capsules,
                     std::string capsule_folder)
    : loop_(&loop),
      program_(std::move(program)),
      capsules_(std::move(capsules)),
      capsule_folder_(std::move(capsule_folder)) {}

Aftermath::~Aftermath() = default;

bool Aftermath::keeps(config::CapsuleCause cause) const {
    return capsules_.max > 0 && !capsule_folder_.empty() &&
           std::ranges::find(capsules_.on, cause) != capsules_.on.end();
}

wire::CapsuleFolder Aftermath::folder() const { return {capsule_folder_, capsules_.max, capsules_.max_size.count}; }

std::unique_ptr<Examination> Aftermath::examine(Remains remains, OnFindings on_findings) {
    auto examination = std::make_unique<Sent>(*this, std::move(remains), std::move(on_findings));
    waiting_.push_back(examination.get());
    start_waiting();
    return examination;
}

void Aftermath::start_waiting() {
    while (running_ < most_at_once && !waiting_.empty()) {
        Sent* const next = waiting_.front();
        waiting_.pop_front();
        next->start();
        if (next->running()) ++running_;
    }
}

void Aftermath::leave(const Sent& examination) {
    std::erase(waiting_, &examination);
    if (!examination.running()) return;
    --running_;
    start_waiting();
}

}  // namespace poolhost::pool
