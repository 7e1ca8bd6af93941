// SPDX-License-Identifier: Apache-2.0
// Arithmetic, one task a line: the plugin to begin with.
#include <poolhost/sdk.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

static std::int64_t square(std::int64_t x) {
    std::int64_t result = 0;
    if (__builtin_mul_overflow(x, x, &result)) throw std::overflow_error("the square is beyond 64 bits");
    return result;
}

static double add(double a, double b) { return a + b; }

static std::int64_t divide(std::int64_t dividend, std::int64_t divisor) {
    if (divisor == 0) throw std::domain_error("division by zero");
    if (divisor == -1 && dividend == INT64_MIN) throw std::overflow_error("the quotient is beyond 64 bits");
    return dividend / divisor;
}

static double sum(std::span<const double> values) { return std::accumulate(values.begin(), values.end(), 0.0); }

static double mean(std::span<const double> values) {
    if (values.empty()) throw std::domain_error("no values, no mean");
    return sum(values) / static_cast<double>(values.size());
}

/// The root of the sum of squares (Frobenius norm).
static double norm(poolhost::ndarray<const double, 2> matrix) {
    double squares = 0;
    for (const double element : matrix.elements()) squares += element * element;
    return std::sqrt(squares);
}

static std::uint64_t fibonacci(std::uint32_t n) {
    constexpr std::uint32_t last_in_64_bits = 93;
    if (n > last_in_64_bits) throw poolhost::task_error(n, "fibonacci(94) and beyond need more than 64 bits");
    std::uint64_t current = 0;
    std::uint64_t next = 1;
    for (std::uint32_t i = 0; i < n; ++i) current = std::exchange(next, current + next);
    return current;
}

static bool is_prime(std::uint64_t number) {
    if (number < 4) return number > 1;
    if (number % 2 == 0) return false;
    for (std::uint64_t divisor = 3; divisor <= number / divisor; divisor += 2) {
        if (number % divisor == 0) return false;
    }
    return true;
}

/// Primes in [lo, hi). Ends early, with what it has, once the call is cancelled.
static std::uint64_t count_primes(poolhost::context& ctx, std::uint64_t lo, std::uint64_t hi) {
    constexpr std::uint64_t numbers_a_step = 4096;
    std::uint64_t found = 0;
    for (std::uint64_t at = lo; at < hi && !ctx.cancelled();) {
        const std::uint64_t end = at + std::min(numbers_a_step, hi - at);
        for (; at < end; ++at) found += is_prime(at) ? 1 : 0;
        ctx.progress(static_cast<double>(at - lo) / static_cast<double>(hi - lo));
    }
    return found;
}

/// The squares of 0 to count-1, in memory that is shared with the host already.
static poolhost::shared_array<double> squares(poolhost::context& ctx, std::uint32_t count) {
    auto all = ctx.allocate<double>(count);
    for (std::uint32_t i = 0; i < count; ++i) all[i] = static_cast<double>(i) * i;
    return all;
}

// clang-format off
POOLHOST_PLUGIN(math, "1.0.0", "Arithmetic, one task a line.",
    poolhost::task("square", square, "x").doc("The square of x.").idempotent(),
    poolhost::task("add", add, "a", "b").doc("The sum of a and b.").idempotent(),
    poolhost::task("divide", divide, "dividend", "divisor").doc("The integer quotient; fails for a divisor of 0.").idempotent(),
    poolhost::task("sum", sum, "values").doc("The sum of the values.").idempotent(),
    poolhost::task("mean", mean, "values").doc("The arithmetic mean.").idempotent(),
    poolhost::task("norm", norm, "matrix").doc("The Frobenius norm of a matrix.").idempotent(),
    poolhost::task("fibonacci", fibonacci, "n").doc("The n-th Fibonacci number, up to the 93rd.").idempotent(),
    poolhost::task("count_primes", count_primes, "lo", "hi").doc("How many primes lie in [lo, hi).").timeout(std::chrono::seconds(60)),
    poolhost::task("squares", squares, "count").doc("The squares of 0 to count-1, returned without a copy.").idempotent())
// clang-format on
