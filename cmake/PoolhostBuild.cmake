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
set(POOLHOST_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=: address,undefined or thread")

add_library(poolhost_flags INTERFACE)
target_compile_options(poolhost_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow $<$<COMPILE_LANGUAGE:CXX>:-Wconversion>
                                                $<$<BOOL:${POOLHOST_WERROR}>:-Werror>)
if(POOLHOST_SANITIZE)
    add_compile_options(-fsanitize=${POOLHOST_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${POOLHOST_SANITIZE})
endif()

# poolhost_room(NAME SOURCES file… DEPENDS room-or-library…): the static library of one folder of host/.
# The include path is host/, so that every include names its room: #include "base/fd.hpp".
function(poolhost_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;DEPENDS" ${ARGN})
    add_library(poolhost_${name} STATIC ${ROOM_SOURCES})
    target_include_directories(poolhost_${name} PUBLIC ${PROJECT_SOURCE_DIR}/host)
    target_link_libraries(poolhost_${name} PUBLIC ${ROOM_DEPENDS} PRIVATE poolhost_flags)
endfunction()

# poolhost_test(NAME SOURCES file… DEPENDS library…): one GoogleTest program, its cases found at build time.
function(poolhost_test name)
    cmake_parse_arguments(TEST "" "" "SOURCES;DEPENDS" ${ARGN})
    add_executable(${name} ${TEST_SOURCES})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(${name} PRIVATE ${TEST_DEPENDS} GTest::gmock_main poolhost_flags)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()
