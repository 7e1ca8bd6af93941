// SPDX-License-Identifier: Apache-2.0
#include "support/inventory.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

namespace poolhost::test {
namespace {

namespace fs = std::filesystem;

std::size_t count_descriptors() {
    const fs::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::size_t count_children() {
    std::size_t count = 0;
    for (const auto& task : fs::directory_iterator("/proc/self/task")) {
        std::ifstream list(task.path() / "children");
        for (pid_t pid = 0; list >> pid;) ++count;
    }
    return count;
}

std::size_t count_shared_mappings() {
    std::ifstream maps("/proc/self/maps");
    std::size_t count = 0;
    for (std::string line; std::getline(maps, line);) {
        if (line.find("memfd:poolhost") != std::string::npos) ++count;
    }
    return count;
}

std::size_t own_bytes() {
    std::ifstream status("/proc/self/status");
    for (std::string name; status >> name;) {
        std::size_t kibibytes = 0;
        if (name == "RssAnon:" && status >> kibibytes) return kibibytes * 1024;
    }
    return 0;
}

void compare(std::ostream& out, const char* what, std::size_t before, std::size_t after) {
    if (after > before) out << after - before << " more " << what << " than before; ";
}

}  // namespace

Inventory take_inventory() { return {count_descriptors(), count_children(), count_shared_mappings(), own_bytes()}; }

std::string left_over(const Inventory& before, const Inventory& after) {
    std::ostringstream out;
    compare(out, "descriptors", before.descriptors, after.descriptors);
    compare(out, "children", before.children, after.children);
    compare(out, "shared mappings", before.shared_mappings, after.shared_mappings);
    return out.str();
}

std::string list_descriptors() {
    std::ostringstream out;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        out << entry.path().filename().string() << " → " << fs::read_symlink(entry.path(), gone).string() << '\n';
    }
    return out.str();
}

}  // namespace poolhost::test
