// SPDX-License-Identifier: Apache-2.0
// Digests of memory and of files, as the coreutils print them.
#pragma once

#include <openssl/evp.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hash {

/// One algorithm of OpenSSL with everything that is worth keeping between two digests. Not for two threads at once.
class Digest {
public:
    /// `algorithm`: a name that OpenSSL knows, such as "SHA256". Throws where it is not offered.
    explicit Digest(const char* algorithm);

    /// The digest of `data` in lower-case hexadecimal.
    std::string of(std::span<const std::byte> data);

    /// The digest of a file's content. Throws std::system_error naming the path.
    std::string of_file(const std::string& path);

private:
    struct Free {
        void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
        void operator()(EVP_MD_CTX* state) const { EVP_MD_CTX_free(state); }
    };

    void begin();
    void add(std::span<const std::byte> data);
    std::string end();

    std::unique_ptr<EVP_MD, Free> algorithm_;
    std::unique_ptr<EVP_MD_CTX, Free> state_;
    std::vector<std::byte> block_;
};

}  // namespace hash
