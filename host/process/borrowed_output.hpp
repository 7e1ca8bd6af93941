// SPDX-License-Identifier: Apache-2.0
// Catches what this process, or a child that it forks meanwhile, writes on its standard output and error.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"

#include <array>
#include <string>

namespace poolhost::process {

/// While it lives, both streams lead into memory, which no writer ever waits for. Then they are what they were.
class BorrowedOutput {
public:
    static base::Result<BorrowedOutput> begin();
    BorrowedOutput(BorrowedOutput&&) = default;
    BorrowedOutput& operator=(BorrowedOutput&&) = delete;
    ~BorrowedOutput();

    struct Caught {
        std::string output;
        std::string errors;
    };
    /// For whoever has to end this process meanwhile: where standard error leads in truth, and what was caught.
    [[nodiscard]] int real_errors() const { return errors_.before.get(); }
    [[nodiscard]] std::array<int, 2> memories() const { return {output_.memory.get(), errors_.memory.get()}; }

    /// Everything until now, at most 1 MiB of each stream; what is beyond is told at its end.
    [[nodiscard]] Caught caught() const;

private:
    struct Stream {
        int number = -1;
        base::UniqueFd before;
        base::UniqueFd memory;
    };
    BorrowedOutput(Stream output, Stream errors);
    static base::Result<Stream> borrow(int number);
    static std::string text_of(const Stream& stream);

    Stream output_;
    Stream errors_;
};

}  // namespace poolhost::process
