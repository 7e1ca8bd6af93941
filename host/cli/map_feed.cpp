// SPDX-License-Identifier: Apache-2.0
#include "cli/map_feed.hpp"

#include "cli/map_progress.hpp"

#include <cstring>
#include <utility>

namespace poolhost::cli {

std::optional<FedItem> MapFeed::next() {
    while (state_ == State::ready || state_ == State::waiting) {
        auto item = splitter_.next();
        if (item) {
            const std::uint64_t index = next_index_++;
            if (!pass_over(index, *item)) return make(index, std::move(*item));
        } else if (splitter_.finished()) {
            finish();
        } else if (!read_block()) {
            break;
        }
    }
    return std::nullopt;
}

// False where this turn gets no more.
bool MapFeed::read_block() {
    if (blocks_left_ == 0) return false;
    const Transfer got = parts_.input.read(splitter_.space());
    state_ = State::ready;
    switch (got.kind) {
        case Transfer::Kind::some:
            splitter_.filled(got.size);
            bytes_read_ += got.size;
            --blocks_left_;
            return true;
        case Transfer::Kind::end:
            splitter_.finish();
            return true;
        case Transfer::Kind::would_wait:
            state_ = State::waiting;
            return false;
        case Transfer::Kind::failed:
            fail(std::string("cannot read the input: ") + std::strerror(got.error));
            return false;
    }
    return false;
}

void MapFeed::fail(std::string why) {
    state_ = State::failed;
    fault_ = std::move(why);
}

// Whether an earlier run has this item's outcome, or the input turns out to be another one.
bool MapFeed::pass_over(std::uint64_t index, const Item& item) {
    EarlierRun& earlier = parts_.earlier;
    if (earlier.end() == 0 && !earlier.expects_items()) return false;
    const auto digest = earlier.digest(index);
    if (digest && *digest != item_digest(item_json(kind_, item.text))) {
        fail("item " + std::to_string(index) +
             " of the input is not the one in the file of --out; is it the same input?");
        return true;
    }
    if (!earlier.has(index)) return false;
    // Its file is there: no other item may take the name.
    if (parts_.files != nullptr && !earlier.failed(index)) (void)parts_.files->claim({item.text, index});
    return true;
}

void MapFeed::finish() {
    if (parts_.earlier.end() > next_index_) {
        fail("the file of --out has an item " + std::to_string(parts_.earlier.end() - 1) + ", but the input has only " +
             std::to_string(next_index_) + "; is it the same input?");
        return;
    }
    state_ = State::ended;
}

FedItem MapFeed::make(std::uint64_t index, Item item) {
    const TemplateItem whole{item.text, index};
    if (parts_.files != nullptr) {
        if (const auto claimed = parts_.files->claim(whole); !claimed) {
            return {index, std::move(item), 0, wire::CallError{claimed.error().message, wire::BadArguments{}}};
        }
    }
    if (parts_.form.templates) {
        auto made = parts_.form.templates->make(whole, parts_.destination);
        std::size_t bytes = item.text.size();
        if (made) {
            for (const channel::BufferRef& buffer : made->buffers) bytes += buffer->bytes().size();
        }
        return {index, std::move(item), bytes, std::move(made)};
    }
    pool::Arguments arguments;
    arguments.encoding = parts_.form.encoding;
    arguments.slice = {item.block, std::as_bytes(std::span(item.text))};
    const std::size_t bytes = item.text.size();
    return {index, std::move(item), bytes, std::move(arguments)};
}

std::optional<std::uint64_t> MapFeed::expected_total() const {
    if (state_ == State::ended) return next_index_;
    const auto size = parts_.input.size();
    if (!size) return std::nullopt;
    return estimate_total(next_index_, bytes_read_ - splitter_.pending(), *size);
}

}  // namespace poolhost::cli
