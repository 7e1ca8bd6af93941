# poolhost_add_plugin(NAME source…): lib<NAME>.so from C++ or C sources, with poolhost::sdk linked and exactly one symbol
# exported, poolhost_plugin_v1. The target is called NAME; link what the plugin needs with target_link_libraries(NAME …).

function(poolhost_add_plugin name)
    set(version_script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/poolhost_plugin.map)
    add_library(${name} MODULE ${ARGN})
    target_link_libraries(${name} PRIVATE poolhost::sdk)
    # Hidden visibility alone leaves weak symbols of the standard library exported: the version script does not.
    # The build id tells outcomes and status which build of a plugin ran; not every toolchain writes one unasked.
    target_link_options(${name} PRIVATE LINKER:--version-script=${version_script} LINKER:--build-id)
    set_target_properties(${name} PROPERTIES
        PREFIX lib
        C_VISIBILITY_PRESET hidden
        CXX_VISIBILITY_PRESET hidden
        VISIBILITY_INLINES_HIDDEN ON
        LINK_DEPENDS ${version_script})
    get_property(output GLOBAL PROPERTY POOLHOST_PLUGIN_OUTPUT_DIRECTORY)
    if(output)
        set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${output})
    endif()
endfunction()
