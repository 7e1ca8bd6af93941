// SPDX-License-Identifier: Apache-2.0
// What a pool's template prints while it loads and preloads, told as lines of the pool.
#pragma once

#include "base/fd.hpp"
#include "pool/listener.hpp"
#include "pool/output_lines.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace poolhost::pool {

/// One a pool; the listener must outlive it. At its end it tells what was written and not read yet.
class TemplateOutput {
public:
    TemplateOutput(std::string pool, PoolListener& listener) : pool_(std::move(pool)), listener_(&listener) {}
    ~TemplateOutput();
    TemplateOutput(const TemplateOutput&) = delete;
    TemplateOutput& operator=(const TemplateOutput&) = delete;

    /// Reads the pipes of a new fork server, in place of those of the one before.
    void listen(boost::asio::io_context& loop, pid_t server, base::UniqueFd output, base::UniqueFd errors);
    /// What a template wrote that has come to an end.
    void tell(pid_t writer, WorkerLine::Stream stream, std::string_view text) const;

private:
    [[nodiscard]] OnLine teller(pid_t writer, WorkerLine::Stream stream) const;
    void finish();

    std::string pool_;
    PoolListener* listener_;
    std::optional<OutputLines> output_;
    std::optional<OutputLines> errors_;
};

}  // namespace poolhost::pool
