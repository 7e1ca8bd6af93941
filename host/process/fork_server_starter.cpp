// SPDX-License-Identifier: Apache-2.0
#include "base/descriptor_passing.hpp"
#include "process/pending_birth.hpp"
#include "process/server_process.hpp"
#include "process/starter.hpp"

#include <deque>
#include <list>
#include <utility>

namespace poolhost::process {
namespace {

// Bounds the descriptors in flight, of which the kernel allows a user only so many.
constexpr std::size_t max_births_under_way = 16;
// A server may die with requests in its socket that it never read; they are made again, once.
constexpr int max_attempts = 2;

using OnReady = std::function<void(base::Result<void>)>;

template <class... Cases>
struct Match : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Match(Cases...) -> Match<Cases...>;  // clang 16 does not deduce aggregates

class ServedStarter final : public ForkServerStarter {
public:
    ServedStarter(boost::asio::io_context& loop, Program program, std::vector<std::byte> description,
                  base::Duration start_timeout, OnServerOutput on_output)
        : loop_(loop),
          program_(std::move(program)),
          description_(std::move(description)),
          start_timeout_(start_timeout),
          on_output_(std::move(on_output)) {}

    ~ServedStarter() override {
        closed_ = true;
        server_.reset();
        for (auto& attempt : under_way_) waiting_.push_back(std::move(attempt.request));
        under_way_.clear();
        fail_waiting(closed());
    }

    void start(OnBirth on_birth) override {
        if (closed_) return on_birth(closed());
        waiting_.push_back({std::move(on_birth)});
        advance();
    }

    void prepare(OnReady on_ready) override {
        if (closed_) return on_ready(closed());
        if (server_ && server_->ready()) return on_ready({});
        preparing_.push_back(std::move(on_ready));
        advance();
    }

    [[nodiscard]] std::optional<pid_t> server_pid() const override {
        return server_ ? std::optional(server_->pid()) : std::nullopt;
    }

private:
    struct Request {
        OnBirth on_birth;
        int attempts = 0;
    };
    struct Attempt {
        Request request;
        std::unique_ptr<PendingBirth> birth;
    };
    using Attempts = std::list<Attempt>;

    static base::Error closed() { return {"the fork server was closed"}; }

    /// Does what can be done now; everything else is done when the server or a birth reports.
    void advance() {
        while (!closed_ && (!waiting_.empty() || !preparing_.empty())) {
            if (!server_ && !launch()) return;
            if (!server_->ready() || under_way_.size() >= max_births_under_way) return;
            Request request = std::move(waiting_.front());
            waiting_.pop_front();
            ask(std::move(request));
        }
    }

    bool launch() {
        auto server = ServerProcess::launch(loop_, program_, description_, start_timeout_, on_output_,
                                            [this](const base::Result<void>& change) { server_changed(change); });
        if (server) {
            server_ = std::move(*server);
        } else {
            fail_waiting(server.error());
        }
        return server_ != nullptr;
    }

    void server_changed(const base::Result<void>& change) {
        if (change) {
            for (auto& on_ready : std::exchange(preparing_, {})) on_ready(change);
        } else {
            // One that had been ready owes nothing to those who wait: they get the next. Births under way report
            // for themselves, since their workers may live.
            const bool was_ready = server_->ready();
            server_.reset();
            if (!was_ready) fail_waiting(change.error());
        }
        advance();
    }

    void fail_waiting(const base::Error& error) {
        for (auto& on_ready : std::exchange(preparing_, {})) on_ready(error);
        for (auto& request : std::exchange(waiting_, {})) request.on_birth(error);
    }

    void ask(Request request) {
        ++request.attempts;
        auto connections = make_connections();
        if (!connections) return request.on_birth(connections.error());
        if (auto known = base::enable_credentials(connections->host_socket.get()); !known) {
            return request.on_birth(known.error());
        }
        if (auto sent = server_->request(*connections); !sent) {
            server_.reset();
            return again(std::move(request), sent.error());
        }
        close_child_ends(*connections);
        const auto place = under_way_.insert(under_way_.end(), {std::move(request), nullptr});
        auto birth = PendingBirth::await(loop_, std::move(*connections), start_timeout_,
                                         [this, place](BirthOutcome outcome) { ended(place, std::move(outcome)); });
        if (birth) {
            place->birth = std::move(*birth);
        } else {
            ended(place, birth.error());
        }
    }

    void ended(Attempts::iterator place, BirthOutcome outcome) {
        Request request = std::move(place->request);
        under_way_.erase(place);
        std::visit(Match{[&](Newborn& born) { request.on_birth(std::move(born)); },
                         [&](base::Error& error) { request.on_birth(std::move(error)); },
                         [&](BirthLost& lost) {
                             // Where it was the server that died, it must not be asked again.
                             if (server_) server_->look();
                             again(std::move(request), std::move(lost.error));
                         },
                         [&](BirthLate& late) {
                             server_.reset();
                             request.on_birth(std::move(late.error));
                         }},
                   outcome);
        advance();
    }

    void again(Request request, base::Error error) {
        if (request.attempts >= max_attempts) return request.on_birth(std::move(error));
        waiting_.push_front(std::move(request));
    }

    boost::asio::io_context& loop_;
    Program program_;
    std::vector<std::byte> description_;
    base::Duration start_timeout_;
    OnServerOutput on_output_;
    bool closed_ = false;
    std::unique_ptr<ServerProcess> server_;
    std::deque<OnReady> preparing_;
    std::deque<Request> waiting_;
    Attempts under_way_;
};

}  // namespace

std::unique_ptr<ForkServerStarter> make_fork_server_starter(boost::asio::io_context& loop, Program program,
                                                            std::vector<std::byte> description,
                                                            base::Duration start_timeout, OnServerOutput on_output) {
    return std::make_unique<ServedStarter>(loop, std::move(program), std::move(description), start_timeout,
                                           std::move(on_output));
}

}  // namespace poolhost::process
