// SPDX-License-Identifier: Apache-2.0
#include "plugin/load_failure.hpp"

#include <cxxabi.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

namespace poolhost::plugin {
namespace {

std::string demangled(const std::string& symbol) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text(
        abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), &std::free);
    return text ? std::string(text.get()) : symbol;
}

// "LIBRARY: cannot open shared object file: REASON": the plugin itself, or something that it needs.
std::optional<std::string> missing_library(const std::string& file, std::string_view text) {
    const std::size_t end = text.find(": cannot open shared object file: ");
    if (end == std::string_view::npos || text.substr(0, end) == file) return {};
    const std::string library(text.substr(0, end));
    const std::string reason(text.substr(text.rfind(": ") + 2));
    return "needs the library " + library + ", which cannot be opened (" + reason +
           "); install the package that has it, or link the plugin with an rpath to its folder";
}

// "FILE: undefined symbol: NAME[, version V]"; the file may also be a library that the plugin needs.
std::optional<std::string> undefined_symbol(const std::string& file, std::string_view text) {
    constexpr std::string_view mark = ": undefined symbol: ";
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = text.substr(at + mark.size());
    const std::string_view symbol = rest.substr(0, rest.find_first_of(",\t "));
    const std::string where = text.substr(0, at) == file ? "" : " (in " + std::string(text.substr(0, at)) + ")";
    return "has an undefined symbol: " + demangled(std::string(symbol)) + where +
           "; link the plugin with the library that defines it (target_link_libraries), or add the missing source";
}

// "LIBRARY: version `GLIBC_2.99' not found (required by FILE)"
std::optional<std::string> missing_version(const std::string&, std::string_view text) {
    if (text.find("version `") == std::string_view::npos || text.find("not found") == std::string_view::npos) return {};
    return "was linked with a newer library than this machine has (" + std::string(text) +
           "); build the plugin here, or on a system as old as this one";
}

struct Known {
    std::string_view mark;
    std::string_view explanation;
};

constexpr std::array known{
    Known{"invalid ELF header", "is no ELF file; a plugin is a shared library (.so)"},
    Known{"file too short", "is cut or empty; build or copy it again"},
    Known{"wrong ELF class", "is built for a machine of another word size; build the plugin for this one"},
    Known{"cannot open shared object file: Permission denied",
          "cannot be read by the worker's user; give it read permission (chmod a+r), and its folders x"},
    Known{"cannot open shared object file: No such file",
          "does not exist; build the plugin, or correct the path in the configuration"},
    Known{"failed to map segment", "cannot be mapped; is its file system mounted noexec, or is memory short?"},
    Known{"cannot enable executable stack", "wants an executable stack; link it with -Wl,-z,noexecstack"},
    Known{"static TLS block", "needs more thread-local memory than is left; build it without -ftls-model=initial-exec"},
};

std::optional<std::string> known_cause(const std::string&, std::string_view text) {
    for (const auto& [mark, explanation] : known)
        if (text.find(mark) != std::string_view::npos) return std::string(explanation);
    return {};
}

}  // namespace

base::Error explain_load_failure(const std::filesystem::path& file, std::string_view loader_text) {
    const std::string name = file.string();
    for (const auto explain : {missing_library, undefined_symbol, missing_version, known_cause})
        if (const auto text = explain(name, loader_text)) return base::Error{name + ": " + *text};
    return base::Error{name + ": cannot be loaded: " + std::string(loader_text)};
}

}  // namespace poolhost::plugin
