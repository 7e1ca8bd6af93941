// SPDX-License-Identifier: Apache-2.0
#include "aftermath/elf_file.hpp"

#include <elfutils/libdwelf.h>
#include <gelf.h>

#include <bit>
#include <fstream>
#include <memory>

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolhost::aftermath {
namespace {

#if defined(__x86_64__)
constexpr GElf_Half this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr GElf_Half this_machine = EM_AARCH64;
#endif

struct ElfEnd {
    void operator()(Elf* elf) const { ::elf_end(elf); }
};
using OpenElf = std::unique_ptr<Elf, ElfEnd>;

OpenElf open_elf(int fd) {
    ::elf_version(EV_CURRENT);
    return OpenElf(::elf_begin(fd, ELF_C_READ, nullptr));
}

bool is_of_this_machine(Elf* elf) {
    GElf_Ehdr header{};
    if (::gelf_getehdr(elf, &header) == nullptr) return false;
    return header.e_machine == this_machine && (header.e_type == ET_DYN || header.e_type == ET_EXEC);
}

// A mapping may begin before a segment does, at the beginning of its page, or in its midst, where it was split.
bool lies_in(const GElf_Phdr& segment, std::uint64_t offset) {
    const std::uint64_t page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const std::uint64_t begin = segment.p_offset / page * page;
    return segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0 && begin <= offset &&
           offset - begin < segment.p_filesz + (segment.p_offset - begin);
}

// How large the mapping of the virtual system calls is in this process.
std::uint64_t vdso_size(std::uint64_t address) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        const auto map = read_memory_map(line);
        if (!map.empty() && map.front().begin == address) return map.front().end - address;
    }
    return 0;
}

}  // namespace

base::UniqueFd open_file(const std::string& path) {
    base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    return fd;
}

base::UniqueFd copy_vdso(const Region& region) {
    const std::uint64_t address = ::getauxval(AT_SYSINFO_EHDR);
    const std::uint64_t size = region.end - region.begin;
    if (address == 0 || vdso_size(address) != size) return {};
    base::UniqueFd fd(::memfd_create("vdso", MFD_CLOEXEC));
    const auto written = ::write(fd.get(), std::bit_cast<const void*>(address), size);
    return written == static_cast<ssize_t>(size) ? std::move(fd) : base::UniqueFd();
}

std::string build_id_of(int fd) {
    constexpr char digits[] = "0123456789abcdef";
    const OpenElf elf = open_elf(fd);
    const void* bits = nullptr;
    const ssize_t size = elf ? ::dwelf_elf_gnu_build_id(elf.get(), &bits) : 0;
    std::string text;
    for (ssize_t i = 0; i < size; ++i) {
        const unsigned char byte = static_cast<const unsigned char*>(bits)[i];
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::optional<std::uint64_t> bias_of(int fd, const Region& region) {
    const OpenElf elf = open_elf(fd);
    std::size_t count = 0;
    if (!elf || !is_of_this_machine(elf.get()) || ::elf_getphdrnum(elf.get(), &count) != 0) return std::nullopt;
    for (std::size_t i = 0; i < count; ++i) {
        GElf_Phdr segment{};
        if (::gelf_getphdr(elf.get(), static_cast<int>(i), &segment) == nullptr) break;
        if (lies_in(segment, region.offset)) return region.begin - (segment.p_vaddr - segment.p_offset + region.offset);
    }
    return std::nullopt;
}

}  // namespace poolhost::aftermath
