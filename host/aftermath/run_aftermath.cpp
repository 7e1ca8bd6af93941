// SPDX-License-Identifier: Apache-2.0
#include "aftermath/run_aftermath.hpp"

#include "base/shared_memory.hpp"
#include "capsule/capsule_file.hpp"

#include <chrono>
#include <utility>

namespace poolhost::aftermath {
namespace {

/// The call's buffers, mapped.
struct Input {
    std::vector<base::Mapping> mappings;
    std::vector<std::span<const std::byte>> buffers;
};

base::Result<Input> map_input(const wire::CallInput& input, std::span<const base::UniqueFd> memories) {
    if (memories.size() != input.buffers.size()) return base::Error{"the call's buffers did not all arrive"};
    Input mapped;
    for (const base::UniqueFd& memory : memories) {
        const auto size = base::sealed_size(memory.get());
        if (!size) return size.error();
        auto mapping = base::map_memory(memory.get(), *size, base::Access::read_only);
        if (!mapping) return mapping.error();
        mapped.buffers.emplace_back(mapping->bytes());
        mapped.mappings.push_back(std::move(*mapping));
    }
    return mapped;
}

/// One death.
class Aftermath {
public:
    Aftermath(const wire::AftermathRequest& request, const NameStack& name_stack, const Tell& tell)
        : request_(&request), name_stack_(&name_stack), tell_(&tell) {}

    void run(const base::Result<Input>& input) {
        if (request_->wants_digest && input) find_digest(*input);
        if (request_->stack) find_stack(*request_->stack);
        if (request_->capsule) keep(*request_->capsule, input);
    }

private:
    void tell() const { (*tell_)(findings_); }

    void find_digest(const Input& input) {
        findings_.digest = wire::digest_of(request_->input, input.buffers);
        tell();
    }

    void find_stack(const wire::StackSample& sample) {
        const auto on_raw = [this](const std::vector<std::string>& frames) {
            findings_.stack = frames;
            tell();
        };
        auto frames = (*name_stack_)(sample, request_->plugins, on_raw);
        if (frames) {
            findings_.stack = std::move(*frames);
        } else if (findings_.stack.empty()) {
            findings_.stack_missing = frames.error().message;
        }
        tell();
    }

    void keep(wire::Capsule capsule, const base::Result<Input>& input) {
        if (request_->stack) {
            capsule.stack = findings_.stack;
            capsule.stack_missing = findings_.stack_missing;
        }
        const auto file = input ? write(capsule, *input) : base::Result<std::filesystem::path>(input.error());
        if (file) {
            findings_.capsule = file->string();
        } else {
            findings_.capsule_missing = file.error().message;
        }
        tell();
    }

    [[nodiscard]] base::Result<std::filesystem::path> write(wire::Capsule& capsule, const Input& input) const {
        using std::chrono::system_clock;
        if (capsule.written_unix_ns == 0) {
            const auto now = std::chrono::time_point_cast<std::chrono::nanoseconds>(system_clock::now());
            capsule.written_unix_ns = now.time_since_epoch().count();
        }
        const auto used = wire::used_parts(request_->input, input.buffers);
        return capsule::write(request_->folder, capsule, request_->input, used);
    }

    const wire::AftermathRequest* request_;
    const NameStack* name_stack_;
    const Tell* tell_;
    wire::Findings findings_;
};

}  // namespace

void run_aftermath(const wire::AftermathRequest& request, std::span<const base::UniqueFd> buffers,
                   const NameStack& name_stack, const Tell& tell) {
    Aftermath(request, name_stack, tell).run(map_input(request.input, buffers));
}

}  // namespace poolhost::aftermath
