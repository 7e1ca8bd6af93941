# Builds the plugin SOURCE with COMPILER and OPTION into FILE, as poolhost_add_plugin does: it must export one symbol
# and carry a manifest that readers of ELF notes see, with unused sections collected.
execute_process(COMMAND ${COMPILER} -std=c++20 ${OPTION} -fPIC -shared -fvisibility=hidden -ffunction-sections -fdata-sections
                        -I${INCLUDE} ${SOURCE} -Wl,--gc-sections -Wl,--version-script=${VERSION_SCRIPT} -o ${FILE}
                COMMAND_ERROR_IS_FATAL ANY)

execute_process(COMMAND nm --dynamic --defined-only ${FILE} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
if(NOT symbols MATCHES "^[0-9a-f]+ T poolhost_plugin_v1\n$")
    message(FATAL_ERROR "exported is not poolhost_plugin_v1 alone but:\n${symbols}")
endif()

execute_process(COMMAND readelf --notes --wide ${FILE} OUTPUT_VARIABLE notes ERROR_VARIABLE faults
                COMMAND_ERROR_IS_FATAL ANY)
if(NOT notes MATCHES "\n +poolhost +0x[0-9a-f]+" OR NOT faults STREQUAL "")
    message(FATAL_ERROR "readelf finds no proper note of poolhost:\n${notes}${faults}")
endif()
