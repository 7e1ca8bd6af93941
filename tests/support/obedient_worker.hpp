// SPDX-License-Identifier: Apache-2.0
// A worker for tests of starters: it does what a text message on its socket says, and answers with another.
#pragma once

#include "base/fd.hpp"

#include <string>

namespace poolhost::test {

/// Obeys until the other end is closed, then returns 0. Orders:
///   facts     answers "name=value" lines: what it is and what it was born with
///   print     writes a line to standard output and one to standard error
///   exit N    returns N
///   raise N   raises signal N
///   throw     throws
///   child     forks a child that waits for ever; answers its pid
///   defy      blocks all signals and spins, in a forked child too; answers the child's pid first
int obey(base::UniqueFd socket);

/// Sends a text; false where nobody is there.
bool tell(int socket, const std::string& text);
/// The next text; empty where nobody is there any more.
std::string hear_text(int socket);

/// What the process that is to fork workers was given, as `facts` shows it.
void remember_description(std::string description);

}  // namespace poolhost::test
