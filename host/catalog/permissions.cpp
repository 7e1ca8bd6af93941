// SPDX-License-Identifier: Apache-2.0
#include "catalog/permissions.hpp"

#include <unistd.h>

#include <string>
#include <system_error>

namespace poolhost::catalog {
namespace {

base::Result<struct stat> status_of(const std::filesystem::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return base::system_error(path.string() + ": cannot be found");
    return status;
}

base::Result<void> about(const std::filesystem::path& path, const base::Result<void>& checked,
                         std::string_view remedy) {
    if (checked) return {};
    return base::Error{path.string() + ": " + checked.error().message + "; " + std::string(remedy)};
}

}  // namespace

base::Result<void> check_ownership(const struct stat& file, uid_t us) {
    if (file.st_uid != 0 && file.st_uid != us)
        return base::Error{"belongs to user " + std::to_string(file.st_uid) +
                           ", who is neither root nor the host's user (" + std::to_string(us) +
                           ") and could change its code"};
    if ((file.st_mode & S_IWOTH) != 0) return base::Error{"can be written by everybody, who could change its code"};
    if ((file.st_mode & S_IWGRP) != 0)
        return base::Error{"can be written by its group (" + std::to_string(file.st_gid) +
                           "), who could change its code"};
    return {};
}

base::Result<void> check_folder(const struct stat& folder) {
    const bool all_may_rename = (folder.st_mode & S_IWOTH) != 0 && (folder.st_mode & S_ISVTX) == 0;
    if (all_may_rename) return base::Error{"can be written by everybody, who could put other plugins there"};
    return {};
}

base::Result<void> check_file_permissions(const std::filesystem::path& path) {
    std::error_code failed;
    const std::filesystem::path file = std::filesystem::canonical(path, failed);
    if (failed) return base::system_error(path.string() + ": cannot be found", failed.value());

    const auto status = status_of(file);
    if (!status) return status.error();
    const auto owned = about(path, check_ownership(*status, ::geteuid()),
                             "make it yours alone: chown it, and chmod go-w " + file.string());
    if (!owned) return owned;

    const std::filesystem::path folder = file.parent_path();
    const auto folder_status = status_of(folder);
    if (!folder_status) return folder_status.error();
    return about(folder, check_folder(*folder_status), "chmod o-w " + folder.string());
}

}  // namespace poolhost::catalog
