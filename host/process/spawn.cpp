// SPDX-License-Identifier: Apache-2.0
#include "process/spawn.hpp"

#include "base/fd.hpp"
#include "process/worker_role.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/process/v2/default_launcher.hpp>
#include <boost/process/v2/process.hpp>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolhost::process {
namespace {

namespace process_v2 = boost::process::v2;
using Launcher = process_v2::posix::default_launcher;
using CommandLine = const char* const*;
using Code = boost::system::error_code;

std::vector<std::string> environment_of(const Program& program) {
    std::vector<std::string> entries;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto replaces = [&](const auto& own) { return text.starts_with(own.first + "="); };
        if (std::none_of(program.env.begin(), program.env.end(), replaces)) entries.emplace_back(text);
    }
    for (const auto& [name, value] : program.env) entries.push_back(name + "=" + value);
    return entries;
}

// The child's set-up as Boost.Process runs it. (Its own posix::bind_fd has no return statement in on_setup.)
class SetUpInitializer {
public:
    SetUpInitializer(const Endowment& endowment, const std::vector<std::string>& environment) : endowment_(endowment) {
        for (const auto& entry : environment) environment_.push_back(entry.c_str());
        environment_.push_back(nullptr);
    }

    Code on_setup(Launcher& launcher, const boost::filesystem::path&, CommandLine&) const {
        launcher.env = environment_.data();
        launcher.fd_whitelist.insert(launcher.fd_whitelist.end(), {socket_number, lifeline_number});
        return {};
    }
    Code on_exec_setup(Launcher&, const boost::filesystem::path&, CommandLine&) const {
        // Not closed yet, since the launcher still needs a pipe to say that the program cannot be executed.
        const SetUp outcome = set_up_child(endowment_, OtherDescriptors::close_on_exec);
        return outcome.failed_step ? Code(errno, boost::system::system_category()) : Code();
    }
    // Boost 1.81 asks whether the first form exists and calls the second. Its own way on is exit(), which would run
    // the host's atexit functions in the child.
    void on_exec_error(Launcher& launcher, const Code& code, const boost::filesystem::path& file, CommandLine& line,
                       const Code&) const {
        on_exec_error(launcher, file, line, code);
    }
    void on_exec_error(Launcher&, const boost::filesystem::path&, CommandLine&, const Code&) const {
        ::_exit(birth_failed_exit_code);
    }

private:
    const Endowment& endowment_;
    std::vector<const char*> environment_;
};

// The launcher's pipe must not get a number that the child's descriptors overwrite.
std::vector<base::UniqueFd> occupy_low_numbers() {
    std::vector<base::UniqueFd> taken;
    do {
        taken.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    } while (taken.back() && taken.back().get() < lifeline_number);
    return taken;
}

Code launch(Launcher& launcher, const Program& program, const SetUpInitializer& initializer) {
    try {
        // A loop of its own, since the launcher prepares its executor's loop for a fork, and redoes it in the child.
        boost::asio::io_context loop;
        const boost::filesystem::path file(program.file.native());
        Code code;
        auto child = launcher(loop.get_executor(), code, file, program.arguments, initializer);
        child.detach();
        return code;
    } catch (const boost::system::system_error& error) {
        return error.code();  // no descriptor left for the loop, or for the handle of what was forked
    }
}

// What the launcher forked but does not hand out.
void end_failed(pid_t pid) {
    if (pid <= 0) return;
    ::kill(pid, SIGKILL);
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

}  // namespace

base::Result<Process> spawn(const Program& program, const Endowment& endowment) {
    const auto environment = environment_of(program);
    const SetUpInitializer initializer(endowment, environment);
    const auto low_numbers = occupy_low_numbers();
    Launcher launcher;
    const Code code = launch(launcher, program, initializer);
    if (!code) return Process::of_child(launcher.pid);
    end_failed(launcher.pid);
    return base::Error{"cannot execute " + program.file.string() + ": " + code.message()};
}

}  // namespace poolhost::process
