// SPDX-License-Identifier: Apache-2.0
#include "pool/memory_use.hpp"

#include "base/fd.hpp"

#include <cstdio>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace poolhost::pool {

std::optional<std::int64_t> private_resident(pid_t pid) {
    const std::string file = "/proc/" + std::to_string(pid) + "/statm";
    const base::UniqueFd statm(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    char text[128] = {};
    if (!statm || ::read(statm.get(), text, sizeof text - 1) <= 0) return std::nullopt;
    long resident = 0;
    long shared = 0;
    if (std::sscanf(text, "%*d %ld %ld", &resident, &shared) != 2) return std::nullopt;
    return (std::int64_t{resident} - shared) * ::sysconf(_SC_PAGESIZE);
}

}  // namespace poolhost::pool
