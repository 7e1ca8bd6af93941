// SPDX-License-Identifier: Apache-2.0
// The plugin as one value of the compiler, and its manifest: the text that others read without running the plugin.
#pragma once

#include "task.hpp"
#include "version.hpp"

namespace poolhost::detail {

template <class T>
inline constexpr bool is_task = false;
template <bool WithContext, class R, class... A>
inline constexpr bool is_task<task_definition<WithContext, R, A...>> = true;

template <class T>
inline constexpr bool is_hook = false;
template <hook Which, class Context>
inline constexpr bool is_hook<hook_definition<Which, Context>> = true;

/// What POOLHOST_PLUGIN was given.
template <class... Parts>
struct plugin_definition {
    static constexpr std::size_t task_count = (std::size_t{0} + ... + (is_task<Parts> ? 1 : 0));

    const char* name;
    const char* version;
    const char* documentation;
    std::tuple<Parts...> parts;

    template <std::size_t Index>
    [[nodiscard]] constexpr const auto& task() const {
        return std::get<position_of_task(Index)>(parts);
    }
    template <class Part>
    static constexpr std::size_t count_of = (std::size_t{0} + ... + (std::is_same_v<Part, Parts> ? 1 : 0));

    template <hook Which, class Context>
    [[nodiscard]] constexpr auto hook_function() const {
        return std::get<hook_definition<Which, Context>>(parts).function;
    }
    [[nodiscard]] constexpr std::string_view fork_unsafety_reason() const {
        if constexpr (count_of<fork_unsafety> == 1) return std::get<fork_unsafety>(parts).reason;
        return "";
    }

private:
    static constexpr std::size_t position_of_task(std::size_t index) {
        constexpr bool tasks[] = {is_task<Parts>..., false};
        std::size_t position = 0;
        while (!tasks[position] || index-- > 0) ++position;
        return position;
    }
};

template <class... Parts>
constexpr plugin_definition<Parts...> define_plugin(const char* name, const char* version, const char* doc,
                                                    Parts... parts) {
    using definition = plugin_definition<Parts...>;
    static_assert(((is_task<Parts> || is_hook<Parts> || std::is_same_v<Parts, fork_unsafety>)&&...),
                  "poolhost: a plugin is a list of poolhost::task, on_preload, on_start, on_stop and not_fork_safe");
    static_assert(((is_task<Parts> || definition::template count_of<Parts> == 1) && ...),
                  "poolhost: on_preload, on_start, on_stop and not_fork_safe stand at most once in a plugin");
    return {name, version, doc, {parts...}};
}

/// Writes fields and records of the manifest.
class record_writer {
public:
    constexpr explicit record_writer(text_sink& out) : out_(out) {}

    constexpr record_writer& field(std::string_view text) {
        separate();
        out_.add(text);
        return *this;
    }
    /// For a field that is written in pieces.
    constexpr text_sink& open_field() {
        separate();
        return out_;
    }
    constexpr void end() {
        out_.add('\x1e');
        first_ = true;
    }

private:
    constexpr void separate() {
        if (!first_) out_.add('\x1f');
        first_ = false;
    }

    text_sink& out_;
    bool first_ = true;
};

/// "(x: int64, values: span<float64>) -> float64"
template <bool WithContext, class R, class... A>
constexpr void write_signature(text_sink& out, const task_definition<WithContext, R, A...>& task) {
    std::size_t index = 0;
    out.add('(');
    [[maybe_unused]] const auto parameter = [&]<class T>() {
        if (index > 0) out.add(", ");
        out.add(task.parameters[index++]);
        out.add(": ");
        codec<T>::template name<type_list<>>(out);
    };
    (parameter.template operator()<held<A>>(), ...);
    out.add(") -> ");
    if constexpr (std::is_void_v<R>) {
        out.add("null");
    } else {
        codec<std::remove_cvref_t<R>>::template name<type_list<>>(out);
    }
}

template <class Task>
constexpr void write_flags(text_sink& out, const Task& task) {
    if (task.is_idempotent) out.add("idempotent");
    if (task.timeout_ns == 0) return;
    out.add(task.is_idempotent ? " timeout_ns=" : "timeout_ns=");
    out.add_number(static_cast<std::uint64_t>(task.timeout_ns));
}

template <const auto& Plugin>
struct manifest_writer {
    static constexpr void write(text_sink& out) {
        record_writer records(out);
        records.field("poolhost-manifest").field("1").end();
        records.field("plugin").field(Plugin.name).field(Plugin.version).field(Plugin.documentation);
        records.field("1.0").field(POOLHOST_SDK_VERSION).field(Plugin.fork_unsafety_reason()).end();
        write_tasks(out, std::make_index_sequence<Plugin.task_count>{});
        out.add('\0');
    }

private:
    template <std::size_t... Index>
    static constexpr void write_tasks(text_sink& out, std::index_sequence<Index...>) {
        (write_task(out, Plugin.template task<Index>()), ...);
    }
    template <class Task>
    static constexpr void write_task(text_sink& out, const Task& task) {
        record_writer record(out);
        record.field("task").field(task.name);
        write_signature(record.open_field(), task);
        write_flags(record.open_field(), task);
        record.field(task.documentation).end();
    }
};

/// An ELF note as it lies in the file.
template <std::size_t TextSize>
struct manifest_note {
    std::uint32_t name_size = sizeof(POOLHOST_NOTE_NAME);
    std::uint32_t text_size = TextSize;
    std::uint32_t type = POOLHOST_NOTE_TYPE;
    char name[12] = POOLHOST_NOTE_NAME;
    std::array<char, TextSize> text;
};

template <const auto& Plugin>
constexpr auto make_manifest_note() {
    using text = constant_text<manifest_writer<Plugin>>;
    return manifest_note<text::size>{.text = text::characters};
}

}  // namespace poolhost::detail
