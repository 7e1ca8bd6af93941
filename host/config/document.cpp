// SPDX-License-Identifier: Apache-2.0
#include "config/document.hpp"

#include "config/tree_builder.hpp"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <array>
#include <sstream>

namespace poolhost::config {
namespace {

struct Translation {
    std::string_view message;  // of the parser
    std::string_view cause;
    std::string_view remedy;
};

constexpr std::array translations{
    Translation{"end of map not found", "this does not fit the keys above it", "indent the keys of one map alike"},
    Translation{"end of sequence not found", "this does not fit the list above it",
                "indent the items of one list alike"},
    Translation{"end of map flow not found", "a '{' is not closed", "write '}' at its end, and ',' between its keys"},
    Translation{"end of sequence flow not found", "a '[' is not closed",
                "write ']' at its end, and ',' between its items"},
    Translation{"illegal EOF in scalar", "a quoted text is not closed before the file ends",
                "close the quotation mark"},
    Translation{"illegal map value", "a value cannot begin at this ':'",
                "quote a text that holds ': ', and check the indentation"},
    Translation{"illegal map key", "a key cannot stand here", "check the indentation"},
    Translation{"illegal block entry", "a list item cannot stand here", "begin the list on a line of its own"},
    Translation{"illegal flow end", "this bracket closes nothing", "remove it, or write the one that opens"},
    Translation{"the referenced anchor is not defined", "the alias names no anchor that stands before it",
                "define it with '&' first, or quote a text that begins with '*'"},
};

void report_broken(TreeBuilder& builder, const SourceText& source, const YAML::Exception& broken) {
    if (source.is_indented_by_tab(static_cast<std::size_t>(std::max(broken.mark.line, 0)))) {
        builder.report(broken.mark, "the line is indented by a tab", "indent with spaces");
        return;
    }
    for (const auto& known : translations) {
        if (broken.msg == known.message) {
            builder.report(broken.mark, std::string(known.cause), std::string(known.remedy));
            return;
        }
    }
    builder.report(broken.mark, "this is not YAML: " + broken.msg, "check this line and the one before it");
}

}  // namespace

Document parse_document(const SourceText& source) {
    TreeBuilder builder(source);
    try {
        // The last line: yaml-cpp 0.7 takes a quoted text that nobody closes for complete where the file ends after
        // a line break.
        std::istringstream input(source.text() + "\n#");
        YAML::Parser parser(input);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& broken) {
        report_broken(builder, source, broken);
        return Document{nullptr, builder.faults()};
    } catch (const StopParsing&) {
        return Document{nullptr, builder.faults()};
    }
    return std::move(builder).take();
}

}  // namespace poolhost::config
