// SPDX-License-Identifier: Apache-2.0
// The plugin of the SDK's tests: a task for every type that returns its argument, and tasks for what can go wrong.
#include <poolhost/sdk.hpp>

#include <map>
#include <memory>
#include <unordered_map>

namespace geo {

struct point {
    double x = 0;
    double y = 0;
};
POOLHOST_STRUCT(point, x, y)

enum class color : std::uint8_t { red, green, blue };
POOLHOST_ENUM(color, red, green, blue)

struct shape {
    std::string name;
    std::vector<point> points;
    color fill = color::red;
    std::optional<int> width;
};
POOLHOST_STRUCT(shape, name, points, fill, width)

struct tree {
    int weight = 0;
    std::vector<tree> children;
};
POOLHOST_STRUCT(tree, weight, children)

enum class level : std::int16_t {};

}  // namespace geo

namespace {

struct own_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

int throw_something(const std::string& what) {
    if (what == "own") throw own_error("of my own");
    if (what == "text") throw "a literal";
    if (what == "string") throw std::string("a string");
    if (what == "number") throw 42;
    if (what == "task_error") throw poolhost::task_error(7, "seven", true);
    if (what == "memory") throw std::bad_alloc();
    return 0;
}

std::string told(poolhost::context& ctx) {
    ctx.progress(0.25, "a quarter");
    ctx.log(poolhost::log_level::warning, "careful");
    ctx.emit(std::vector<std::string>{"part"});
    ctx.retire("leaks");
    return std::string(ctx.pool_name()) + ' ' + std::string(ctx.start_method()) + ' ' +
           std::to_string(ctx.worker_index()) + ' ' + std::to_string(ctx.attempt()) +
           (ctx.cancelled() ? " cancelled" : "") + (ctx.extension("known") != nullptr ? " known" : "") +
           (ctx.extension("other") != nullptr ? " other" : "");
}

std::optional<std::int64_t> deadline(poolhost::context& ctx) {
    const auto when = ctx.deadline();
    if (!when) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::nanoseconds>(when->time_since_epoch()).count();
}

std::uintptr_t address(std::span<const double> values) { return reinterpret_cast<std::uintptr_t>(values.data()); }
std::uintptr_t byte_address(std::span<const std::byte> raw) { return reinterpret_cast<std::uintptr_t>(raw.data()); }
std::uintptr_t text_address(std::string_view text) { return reinterpret_cast<std::uintptr_t>(text.data()); }

poolhost::shared_array<float, 2> allocated(poolhost::context& ctx, std::size_t rows, std::size_t columns) {
    auto all = ctx.allocate<float>(rows, columns);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<float>(i);
    return all;
}

poolhost::shared_array<std::byte> allocated_bytes(poolhost::context& ctx, std::size_t size) {
    auto all = ctx.allocate<std::byte>(size);
    for (std::byte& one : all) one = std::byte{7};
    all.truncate(size / 2);
    return all;
}

std::string join(const std::string& first, std::string_view second, const std::optional<std::string>& third,
                 std::optional<int> fourth) {
    return first + '|' + std::string(second) + '|' + third.value_or("-") + '|' +
           (fourth ? std::to_string(*fourth) : "-");
}

bool alive = false;

}  // namespace

template <class T>
constexpr auto echo(const char* name) {
    return poolhost::task(
        name, [](T argument) -> T { return argument; }, "x");
}

using poolhost::task;

// clang-format off
POOLHOST_PLUGIN(types, "1.2.3", "Every type.",
    echo<bool>("bool_"), echo<std::int8_t>("int8"), echo<std::int16_t>("int16"), echo<std::int32_t>("int32"),
    echo<std::int64_t>("int64"), echo<std::uint8_t>("uint8"), echo<std::uint16_t>("uint16"),
    echo<std::uint32_t>("uint32"), echo<std::uint64_t>("uint64"), echo<long long>("long_long"),
    echo<float>("float32"), echo<double>("float64"),
    echo<std::string>("string"), echo<std::string_view>("string_view"),
    echo<poolhost::bytes>("bytes"), echo<std::span<const std::byte>>("byte_span"),
    echo<std::span<const double>>("span_float64"), echo<std::span<const float>>("span_float32"),
    echo<std::span<const std::int32_t>>("span_int32"), echo<std::span<const std::uint8_t>>("span_uint8"),
    echo<std::span<const bool>>("span_bool"), echo<std::vector<bool>>("vector_bool"),
    echo<std::vector<std::int64_t>>("vector_int64"), echo<std::vector<std::string>>("vector_string"),
    echo<std::vector<std::vector<double>>>("vector_vector"), echo<std::vector<std::string_view>>("vector_view"),
    echo<poolhost::ndarray<double, 2>>("ndarray_2"), echo<poolhost::ndarray<const float, 3>>("ndarray_view_3"),
    echo<poolhost::ndarray<bool, 1>>("ndarray_bool"),
    echo<std::array<std::int32_t, 3>>("array_3"), echo<std::array<std::string, 2>>("array_string_2"),
    echo<std::pair<int, std::string>>("pair"), echo<std::tuple<bool, double, std::string>>("tuple"),
    echo<std::optional<int>>("optional"), echo<std::vector<std::optional<int>>>("vector_optional"),
    echo<std::map<std::string, int>>("map"), echo<std::unordered_map<std::string, std::vector<int>>>("unordered_map"),
    echo<geo::color>("color"), echo<geo::level>("level"), echo<geo::point>("point"), echo<geo::shape>("shape"),
    echo<geo::tree>("tree"), echo<poolhost::value>("value"),
    echo<std::tuple<std::map<std::string, geo::shape>, std::array<std::pair<bool, std::optional<geo::color>>, 1>>>("deep"),

    task("nothing", [] {}),
    task("throw_something", throw_something, "what").doc("Throws."),
    task("told", told), task("deadline", deadline),
    task("address", address, "values"), task("byte_address", byte_address, "raw"), task("text_address", text_address, "text"),
    task("allocated", allocated, "rows", "columns"), task("allocated_bytes", allocated_bytes, "size"),
    task("allocated_text", [](poolhost::context& ctx) { auto text = ctx.allocate<char>(2); text[0] = 'o'; text[1] = 'k'; return text; }),
    task("join", join, "first", "second", "third", "fourth").idempotent(),
    task("resize", [](std::string image, int width) { return image + std::to_string(width); }, "image", "width")
        .doc("Two\nlines.").idempotent().timeout(std::chrono::milliseconds(1500)),
    task("points", [](std::vector<geo::point> points) { return points.size(); }, "points"),
    task("no_color", [] { return static_cast<geo::color>(9); }),
    task("literal", [] { return "text"; }),
    task("reference", []() -> const std::string& { static const std::string kept = "kept"; return kept; }),
    task("moved", [](std::string&& text, const std::vector<int>& numbers) noexcept { return text + std::to_string(numbers.size()); }, "text", "numbers"),

    poolhost::not_fork_safe("starts threads"),
    poolhost::on_preload([](poolhost::preload_context& ctx) { ctx.log(poolhost::log_level::debug, "preloaded"); }),
    poolhost::on_start([](poolhost::worker_context& ctx) { alive = ctx.worker_index() == 3; }),
    poolhost::on_stop([](poolhost::worker_context&) { if (alive) throw own_error("stopped while alive"); }))
// clang-format on

namespace poolhost::test {

std::string_view types_manifest() { return {poolhost_manifest_note.text.data(), poolhost_manifest_note.text.size()}; }

}  // namespace poolhost::test
