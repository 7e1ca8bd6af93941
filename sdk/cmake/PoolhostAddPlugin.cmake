# poolhost_add_plugin(NAME source…): lib<NAME>.so from C++ or C sources, with poolhost::sdk linked and exactly one symbol
# exported, poolhost_plugin_v1. The target is called NAME; link what the plugin needs with target_link_libraries(NAME …).

set(POOLHOST_PLUGIN_VERSION_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/poolhost_plugin.map)

function(poolhost_add_plugin name)
    add_library(${name} MODULE ${ARGN})
    target_link_libraries(${name} PRIVATE poolhost::sdk)
    # Hidden visibility alone leaves weak symbols of the standard library exported: the version script does not.
    target_link_options(${name} PRIVATE LINKER:--version-script=${POOLHOST_PLUGIN_VERSION_SCRIPT})
    set_target_properties(${name} PROPERTIES
        PREFIX lib
        C_VISIBILITY_PRESET hidden
        CXX_VISIBILITY_PRESET hidden
        VISIBILITY_INLINES_HIDDEN ON
        LINK_DEPENDS ${POOLHOST_PLUGIN_VERSION_SCRIPT})
    get_property(output GLOBAL PROPERTY POOLHOST_PLUGIN_OUTPUT_DIRECTORY)
    if(output)
        set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${output})
    endif()
endfunction()
