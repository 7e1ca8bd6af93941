// SPDX-License-Identifier: Apache-2.0
#include "pool/template_output.hpp"

#include <utility>

namespace poolhost::pool {

using Stream = WorkerLine::Stream;

TemplateOutput::~TemplateOutput() { finish(); }

void TemplateOutput::finish() {
    if (output_) output_->finish();
    if (errors_) errors_->finish();
}

OnLine TemplateOutput::teller(pid_t writer, Stream stream) const {
    return [this, writer, stream](std::string_view text) {
        listener_->on_worker_line({.pool = pool_, .pid = writer, .stream = stream, .text = text});
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
