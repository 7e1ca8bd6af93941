// SPDX-License-Identifier: Apache-2.0
#include "process/birth.hpp"
#include "process/spawn.hpp"
#include "process/starter.hpp"

#include <utility>

namespace poolhost::process {
namespace {

class SpawnStarter final : public Starter {
public:
    explicit SpawnStarter(Program program) : program_(std::move(program)) {}
    void start(OnBirth on_birth) override { on_birth(give_birth()); }

private:
    base::Result<Newborn> give_birth() const {
        const auto host = supervision();
        if (!host) return host.error();
        auto connections = make_connections();
        if (!connections) return connections.error();
        auto process = spawn(program_, endow(*connections, **host));
        if (!process) return process.error();
        return newborn(std::move(*process), std::move(*connections));
    }

    Program program_;
};

}  // namespace

std::unique_ptr<Starter> make_spawn_starter(Program program) {
    return std::make_unique<SpawnStarter>(std::move(program));
}

}  // namespace poolhost::process
