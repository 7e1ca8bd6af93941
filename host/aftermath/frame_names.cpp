// SPDX-License-Identifier: Apache-2.0
#include "aftermath/frame_names.hpp"

#include <cxxabi.h>
#include <dwarf.h>
#include <elfutils/libdwfl.h>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace poolhost::aftermath {
namespace {

struct Free {
    void operator()(void* memory) const { std::free(memory); }
};

std::string demangle(const char* symbol) {
    int status = 0;
    const std::unique_ptr<char, Free> name(abi::__cxa_demangle(symbol, nullptr, nullptr, &status));
    return name ? name.get() : symbol;
}

/// Where a call stands in the source; "" where that is not known.
std::string place_text(const char* file, int line) {
    if (file == nullptr || line <= 0) return {};
    const std::string_view path = file;
    return " at " + std::string(path.substr(path.rfind('/') + 1)) + ":" + std::to_string(line);
}

std::string readable(const char* symbol) {
    constexpr std::size_t longest = 500;
    std::string name = demangle(symbol);
    if (name.size() > longest) name = name.substr(0, longest) + "…";
    return name;
}

std::string line_text(Dwfl_Module* module, std::uint64_t address) {
    Dwfl_Line* const found = ::dwfl_module_getsrc(module, address);
    if (found == nullptr) return {};
    int line = 0;
    const char* const file = ::dwfl_lineinfo(found, nullptr, &line, nullptr, nullptr, nullptr);
    return place_text(file, line);
}

std::string function_name(Dwfl_Module* module, std::uint64_t address) {
    GElf_Off offset = 0;
    GElf_Sym symbol{};
    const char* const name = ::dwfl_module_addrinfo(module, address, &offset, &symbol, nullptr, nullptr, nullptr);
    return name == nullptr ? std::string() : readable(name);
}

const char* name_of(Dwarf_Die* die) {
    Dwarf_Attribute attribute;
    for (const unsigned int name : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
        if (::dwarf_attr_integrate(die, name, &attribute) != nullptr) return ::dwarf_formstring(&attribute);
    }
    return ::dwarf_diename(die);
}

std::uint64_t number_of(Dwarf_Die* die, unsigned int name) {
    Dwarf_Attribute attribute;
    Dwarf_Word number = 0;
    if (::dwarf_attr(die, name, &attribute) != nullptr) ::dwarf_formudata(&attribute, &number);
    return number;
}

/// The scopes around an address as they are in the code, innermost first: those that were inlined in those that they
/// were inlined into.
class Scopes {
public:
    Scopes(Dwfl_Module* module, std::uint64_t address) {
        Dwarf_Addr bias = 0;
        Dwarf_Die* const unit = ::dwfl_module_addrdie(module, address, &bias);
        Dwarf* const dwarf = ::dwfl_module_getdwarf(module, &bias);
        if (unit == nullptr || dwarf == nullptr) return;
        Dwarf_Die* lexical = nullptr;
        const int count = ::dwarf_getscopes(unit, address - bias, &lexical);
        const std::unique_ptr<Dwarf_Die, Free> owned(lexical);
        Dwarf_Die innermost;
        if (count <= 0 || ::dwarf_offdie(dwarf, ::dwarf_dieoffset(lexical), &innermost) == nullptr) return;
        Dwarf_Die* scopes = nullptr;
        count_ = ::dwarf_getscopes_die(&innermost, &scopes);
        scopes_.reset(scopes);
        std::size_t file_count = 0;
        if (::dwarf_getsrcfiles(unit, &files_, &file_count) != 0) files_ = nullptr;
    }

    /// `place`: where the innermost stands. Appends a line for each that was inlined; returns where the function stands
    /// that they were inlined into.
    std::string append_inlined(std::string place, const std::string& where, std::vector<std::string>& lines) {
        for (int i = 0; i < count_; ++i) {
            Dwarf_Die* const die = scopes_.get() + i;
            if (::dwarf_tag(die) != DW_TAG_inlined_subroutine) continue;
            const char* const name = name_of(die);
            lines.push_back((name == nullptr ? "a function" : readable(name)) + place + " (inlined, " + where + ")");
            place = call_text(die);
        }
        return place;
    }

private:
    [[nodiscard]] std::string call_text(Dwarf_Die* die) const {
        const auto file = static_cast<std::size_t>(number_of(die, DW_AT_call_file));
        const char* const name = files_ == nullptr ? nullptr : ::dwarf_filesrc(files_, file, nullptr, nullptr);
        return place_text(name, static_cast<int>(number_of(die, DW_AT_call_line)));
    }

    int count_ = 0;
    std::unique_ptr<Dwarf_Die, Free> scopes_;
    Dwarf_Files* files_ = nullptr;
};

}  // namespace

std::string raw_text(const Modules& modules, const Frame& frame) {
    return hexadecimal(frame.address) + " in " + modules.place(frame.address);
}

std::vector<std::string> named_text(const Modules& modules, const Frame& frame) {
    Dwfl_Module* const module = ::dwfl_addrmodule(modules.dwfl(), frame.within());
    if (module == nullptr) return {raw_text(modules, frame)};
    const std::string where = modules.place(frame.address);
    std::vector<std::string> lines;
    const std::string place =
        Scopes(module, frame.within()).append_inlined(line_text(module, frame.within()), where, lines);
    const std::string function = function_name(module, frame.within());
    if (function.empty() && place.empty() && lines.empty()) return {raw_text(modules, frame)};
    lines.push_back((function.empty() ? hexadecimal(frame.address) : function) + place + " (" + where + ")");
    return lines;
}

}  // namespace poolhost::aftermath
