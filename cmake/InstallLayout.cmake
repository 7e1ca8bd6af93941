# Where an installed poolhost keeps what, below its prefix, and base/build.hpp, which tells the program.
#
# The program finds the rest relative to its own file, so a whole prefix can be moved. These folders are therefore
# fixed, and not the multiarch ones of GNUInstallDirs. In a build tree the other programs lie beside
# poolhost, and plugins in ../plugins.

set(POOLHOST_INSTALL_BINDIR bin)
set(POOLHOST_INSTALL_WORKERDIR libexec/poolhost)
set(POOLHOST_INSTALL_INCLUDEDIR include)
set(POOLHOST_INSTALL_CMAKEDIR lib/cmake/poolhost)
set(POOLHOST_INSTALL_PLUGINDIR lib/poolhost/plugins)
set(POOLHOST_INSTALL_CONFIGDIR share/poolhost/config)
set(POOLHOST_INSTALL_DOCDIR share/doc/poolhost)

set(POOLHOST_GENERATED_DIR ${PROJECT_BINARY_DIR}/generated)
configure_file(${PROJECT_SOURCE_DIR}/cmake/build.hpp.in ${POOLHOST_GENERATED_DIR}/base/build.hpp @ONLY)

# poolhost_install(): the programs, the plugins of this tree, its configurations and its documents.
# The SDK installs itself in sdk/.
function(poolhost_install)
    if(TARGET poolhost)
        install(TARGETS poolhost RUNTIME DESTINATION ${POOLHOST_INSTALL_BINDIR})
    endif()
    foreach(program poolhost-worker poolhost-aftermath)
        if(TARGET ${program})
            install(TARGETS ${program} RUNTIME DESTINATION ${POOLHOST_INSTALL_WORKERDIR})
        endif()
    endforeach()
    foreach(plugin math hash image text plain_c)
        if(TARGET ${plugin})
            install(TARGETS ${plugin} LIBRARY DESTINATION ${POOLHOST_INSTALL_PLUGINDIR})
        endif()
    endforeach()
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/config/ DESTINATION ${POOLHOST_INSTALL_CONFIGDIR} FILES_MATCHING PATTERN *.yaml)
    install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/CHANGELOG.md DESTINATION ${POOLHOST_INSTALL_DOCDIR})
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/ DESTINATION ${POOLHOST_INSTALL_DOCDIR} FILES_MATCHING PATTERN *.md)
endfunction()
