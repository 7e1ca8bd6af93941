// SPDX-License-Identifier: Apache-2.0
#include "support/obedient_worker.hpp"

#include "base/descriptor_passing.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace poolhost::test {
namespace {

namespace fs = std::filesystem;

std::string& description() {
    static std::string text;
    return text;
}

// "3:socket:cloexec", in the order of their numbers; not the one that lists them.
std::string descriptors() {
    std::map<int, std::string> found;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        std::string target = fs::read_symlink(entry.path(), gone).string();
        if (target.starts_with("/proc/")) continue;
        const int number = std::stoi(entry.path().filename().string());
        const bool kept = (::fcntl(number, F_GETFD) & FD_CLOEXEC) == 0;
        found[number] = target.substr(0, target.find(":[")) + (kept ? "" : ":cloexec");
    }
    std::string list;
    for (const auto& [number, target] : found) list += std::to_string(number) + ":" + target + " ";
    return list;
}

std::string first_line(const char* path) {
    std::string line;
    std::ifstream file(path);
    std::getline(file, line);
    return line;
}

void signal_facts(std::ostream& out) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        const auto colon = line.find(":\t");
        const std::string name = line.substr(0, colon);
        if (std::set<std::string>{"SigBlk", "SigIgn", "SigCgt"}.contains(name)) {
            out << name << '=' << line.substr(colon + 2) << '\n';
        }
    }
}

std::string facts() {
    std::ostringstream out;
    int death_signal = 0;
    ::prctl(PR_GET_PDEATHSIG, &death_signal);
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    const char* const variable = std::getenv("POOLHOST_TEST");
    out << "pid=" << ::getpid() << "\nparent=" << ::getppid() << "\ngroup=" << ::getpgrp()
        << "\ndeath_signal=" << death_signal << "\ndescriptors=" << descriptors() << "\nopen_files=" << files.rlim_cur
        << "\noom=" << first_line("/proc/self/oom_score_adj") << "\ndirectory=" << fs::current_path().string()
        << "\nvariable=" << (variable ? variable : "") << "\ndescription=" << description().size() << '\n';
    signal_facts(out);
    return out.str();
}

std::string print() {
    std::printf("this is output\n");
    std::fprintf(stderr, "this is an error\n");
    std::fflush(stdout);
    return "printed";
}

pid_t fork_waiting_child() {
    const pid_t child = ::fork();
    if (child != 0) return child;
    for (;;) ::pause();
}

[[noreturn]] void spin() {
    for (volatile unsigned turns = 0;;) turns = turns + 1;
}

void defy(int socket) {
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_BLOCK, &all, nullptr);
    const pid_t child = ::fork();
    if (child != 0) tell(socket, std::to_string(child));
    spin();
}

}  // namespace

bool tell(int socket, const std::string& text) {
    const auto sent = base::send_message(socket, std::as_bytes(std::span(text)), {}, base::Blocking::yes);
    return sent && *sent == base::SendOutcome::sent;
}

std::string hear_text(int socket) {
    std::array<std::byte, 8192> space;
    const auto message = base::receive_message(socket, space, base::Blocking::yes);
    if (!message) return {};
    return {reinterpret_cast<const char*>(space.data()), message->size};
}

void remember_description(std::string text) { description() = std::move(text); }

int obey(base::UniqueFd socket) {
    for (;;) {
        std::istringstream order(hear_text(socket.get()));
        std::string verb;
        int number = 0;
        order >> verb >> number;
        if (verb.empty()) return 0;
        if (verb == "exit") return number;
        if (verb == "throw") throw std::runtime_error("as it was told");
        if (verb == "raise") ::raise(number);
        if (verb == "facts") tell(socket.get(), facts());
        if (verb == "print") tell(socket.get(), print());
        if (verb == "child") tell(socket.get(), std::to_string(fork_waiting_child()));
        if (verb == "defy") defy(socket.get());
    }
}

}  // namespace poolhost::test
