// SPDX-License-Identifier: Apache-2.0
// Vice: it returns its argument, of every type that there is.
#include <poolhost/sdk.hpp>

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace echo {

enum class colour { red, green, blue };
POOLHOST_ENUM(colour, red, green, blue)

struct point {
    double x;
    double y;
};
POOLHOST_STRUCT(point, x, y)

struct shape {
    std::string name;
    colour paint;
    std::vector<point> corners;
    std::optional<std::int32_t> layer;
};
POOLHOST_STRUCT(shape, name, paint, corners, layer)

}  // namespace echo

namespace {

using floats = std::vector<double>;
using matrix = poolhost::ndarray<float, 2>;
using texts = std::vector<std::string>;
using rgb = std::array<std::uint8_t, 3>;
using couple = std::pair<std::string, std::int64_t>;
using triple = std::tuple<bool, std::string, double>;
using ages = std::map<std::string, std::uint32_t>;
using maybe = std::optional<std::int64_t>;

template <class T>
T same(T value) {
    return value;
}

}  // namespace

POOLHOST_PLUGIN(
    echo, "1.0.0", "Returns its argument.", poolhost::task("boolean", same<bool>, "value"),
    poolhost::task("int8", same<std::int8_t>, "value"), poolhost::task("int16", same<std::int16_t>, "value"),
    poolhost::task("int32", same<std::int32_t>, "value"), poolhost::task("int64", same<std::int64_t>, "value"),
    poolhost::task("uint8", same<std::uint8_t>, "value"), poolhost::task("uint16", same<std::uint16_t>, "value"),
    poolhost::task("uint32", same<std::uint32_t>, "value"), poolhost::task("uint64", same<std::uint64_t>, "value"),
    poolhost::task("float32", same<float>, "value"), poolhost::task("float64", same<double>, "value"),
    poolhost::task("text", same<std::string>, "value"), poolhost::task("bytes", same<poolhost::bytes>, "value"),
    poolhost::task("value", same<poolhost::value>, "value"), poolhost::task("floats", same<floats>, "value"),
    poolhost::task("matrix", same<matrix>, "value"), poolhost::task("texts", same<texts>, "value"),
    poolhost::task("rgb", same<rgb>, "value"), poolhost::task("couple", same<couple>, "value"),
    poolhost::task("triple", same<triple>, "value"), poolhost::task("ages", same<ages>, "value"),
    poolhost::task("maybe", same<maybe>, "value"), poolhost::task("colour", same<echo::colour>, "value"),
    poolhost::task("shape", same<echo::shape>, "value"))
