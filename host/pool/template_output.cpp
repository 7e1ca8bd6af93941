// SPDX-License-Identifier: Apache-2.0
#include "pool/template_output.hpp"

#include <utility>

namespace poolhost::pool {

using Stream = WorkerLine::Stream;

namespace {

// What the host's own code says in a template, where it has no channel to say it through.
constexpr std::string_view warning = "poolhost: warning: ";

}  // namespace

TemplateOutput::~TemplateOutput() { finish(); }

void TemplateOutput::finish() {
    if (output_) output_->finish();
    if (errors_) errors_->finish();
}

OnLine TemplateOutput::teller(pid_t writer, Stream stream) const {
    return [this, writer, stream](std::string_view text) {
        WorkerLine line{.pool = pool_, .pid = writer, .stream = stream, .text = text};
        if (text.starts_with(warning)) {
            line.stream = Stream::log;
            line.level = 2;
            line.text.remove_prefix(warning.size());
        }
        listener_->on_worker_line(line);
    };
}

void TemplateOutput::listen(boost::asio::io_context& loop, pid_t server, base::UniqueFd output, base::UniqueFd errors) {
    finish();
    output_.emplace(loop, std::move(output), teller(server, Stream::output));
    errors_.emplace(loop, std::move(errors), teller(server, Stream::errors));
}

void TemplateOutput::tell(pid_t writer, Stream stream, std::string_view text) const {
    LineSplitter splitter(teller(writer, stream));
    splitter.take(text);
    splitter.finish();
}

}  // namespace poolhost::pool
