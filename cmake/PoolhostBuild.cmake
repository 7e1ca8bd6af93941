# How every target of this tree is compiled, and the one way to declare a room of the house.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(POOLHOST_WERROR "Treat warnings as errors" ON)
option(POOLHOST_FUZZ "Build the libFuzzer targets of tests/fuzz, and nothing else of tests/ (needs clang)" OFF)
set(POOLHOST_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=: address,undefined or thread")

find_program(POOLHOST_CCACHE ccache DOC "Compiler cache; a build without it is only slower")
if(POOLHOST_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_C_COMPILER_LAUNCHER ${POOLHOST_CCACHE})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${POOLHOST_CCACHE})
endif()

# clang counts sign changes among -Wconversion, GCC does not; GCC's choice holds.
add_library(poolhost_flags INTERFACE)
target_compile_options(poolhost_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow $<$<COMPILE_LANGUAGE:CXX>:-Wconversion>
                                                $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>
                                                $<$<BOOL:${POOLHOST_WERROR}>:-Werror>)
if(POOLHOST_SANITIZE)
    add_compile_options(-fsanitize=${POOLHOST_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${POOLHOST_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # The instrumented code confuses these two: g++ 12 reports what its own library does.
        add_compile_options(-Wno-maybe-uninitialized -Wno-clobbered)
    endif()
endif()
if(POOLHOST_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
    add_custom_target(fuzzers)
endif()

# poolhost_room(NAME SOURCES file… DEPENDS room-or-library…): the static library of one folder of host/.
# The include path is host/, so that every include names its room: #include "base/fd.hpp".
function(poolhost_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;DEPENDS" ${ARGN})
    add_library(poolhost_${name} STATIC ${ROOM_SOURCES})
    target_include_directories(poolhost_${name} PUBLIC ${PROJECT_SOURCE_DIR}/host ${POOLHOST_GENERATED_DIR})
    target_link_libraries(poolhost_${name} PUBLIC ${ROOM_DEPENDS} PRIVATE poolhost_flags)
endfunction()

# poolhost_test(NAME SOURCES file… DEPENDS library…): one GoogleTest program, its cases found at build time.
function(poolhost_test name)
    cmake_parse_arguments(TEST "" "" "SOURCES;DEPENDS" ${ARGN})
    add_executable(${name} ${TEST_SOURCES})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(${name} PRIVATE ${TEST_DEPENDS} GTest::gmock_main poolhost_flags)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    # Capsules of crashes that tests provoke belong to the build, not to the home of whoever runs them.
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60
        PROPERTIES TIMEOUT 300 ENVIRONMENT XDG_STATE_HOME=${PROJECT_BINARY_DIR}/tests/state)
endfunction()

# poolhost_fuzzer(NAME SOURCES file… DEPENDS library…): one libFuzzer program; its seeds lie in tests/fuzz/corpus/NAME.
function(poolhost_fuzzer name)
    cmake_parse_arguments(FUZZER "" "" "SOURCES;DEPENDS" ${ARGN})
    add_executable(${name} ${FUZZER_SOURCES})
    target_link_libraries(${name} PRIVATE ${FUZZER_DEPENDS} poolhost_flags)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
    add_dependencies(fuzzers ${name})
endfunction()
