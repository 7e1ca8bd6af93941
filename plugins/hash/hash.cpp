// SPDX-License-Identifier: Apache-2.0
// The plugin hash: digests through OpenSSL, with everything that OpenSSL has to look up done once.
#include "hash/digest.hpp"

#include <poolhost/sdk.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace {

hash::Digest& sha256() {
    static hash::Digest digest("SHA256");
    return digest;
}

hash::Digest& sha512() {
    static hash::Digest digest("SHA512");
    return digest;
}

hash::Digest& md5() {
    static hash::Digest digest("MD5");
    return digest;
}

std::string sha256_of(std::span<const std::byte> data) { return sha256().of(data); }
std::string sha256_of_file(const std::string& path) { return sha256().of_file(path); }
std::string sha512_of(std::span<const std::byte> data) { return sha512().of(data); }
std::string sha512_of_file(const std::string& path) { return sha512().of_file(path); }
std::string md5_of(std::span<const std::byte> data) { return md5().of(data); }
std::string md5_of_file(const std::string& path) { return md5().of_file(path); }

}  // namespace

POOLHOST_PLUGIN(
    hash, "1.0.0", "Digests of data and of files, in lower-case hexadecimal as sha256sum prints them.",
    poolhost::task("sha256", sha256_of, "data").doc("The SHA-256 of some bytes.").idempotent(),
    poolhost::task("sha256_file", sha256_of_file, "path").doc("The SHA-256 of a file's content.").idempotent(),
    poolhost::task("sha512", sha512_of, "data").doc("The SHA-512 of some bytes.").idempotent(),
    poolhost::task("sha512_file", sha512_of_file, "path").doc("The SHA-512 of a file's content.").idempotent(),
    poolhost::task("md5", md5_of, "data").doc("The MD5 of some bytes: a checksum, no protection.").idempotent(),
    poolhost::task("md5_file", md5_of_file, "path")
        .doc("The MD5 of a file's content: a checksum, no protection.")
        .idempotent(),
    // OpenSSL's first look-up of an algorithm costs a millisecond: forked workers inherit it.
    poolhost::on_preload([](poolhost::preload_context&) { sha256(); }))
