# Compiles FILE with COMPILER and the headers in INCLUDE: it must fail, with the words behind its "// EXPECT: ".
file(STRINGS ${FILE} expectation REGEX "^// EXPECT: ")
string(REPLACE "// EXPECT: " "poolhost: " expectation "${expectation}")
execute_process(COMMAND ${COMPILER} -std=c++20 -fsyntax-only -I${INCLUDE} ${FILE}
                RESULT_VARIABLE status ERROR_VARIABLE messages)
if(status EQUAL 0)
    message(FATAL_ERROR "${FILE} compiles")
endif()
string(FIND "${messages}" "${expectation}" found)
if(found EQUAL -1)
    message(FATAL_ERROR "the compiler does not say \"${expectation}\" but:\n${messages}")
endif()
