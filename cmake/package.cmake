# The Debian package, `make deb`: both programs, the unit, man pages and a configuration, by CPack.
#
# Nothing else is installed from here; the C++ client has a build of its own.

set(debian ${PROJECT_SOURCE_DIR}/deploy/debian)
set(packed ${PROJECT_BINARY_DIR}/packed)
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
# CPack would build everything, tests included, first.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

# Compressed without name and time, as Debian wants them.
function(relais_install_compressed source name destination)
  add_custom_command(OUTPUT ${packed}/${name}.gz
    COMMAND ${CMAKE_COMMAND} -E make_directory ${packed}
    COMMAND gzip -9nc ${source} > ${packed}/${name}.gz
    DEPENDS ${source} VERBATIM)
  set_property(GLOBAL APPEND PROPERTY RELAIS_PACKED ${packed}/${name}.gz)
  install(FILES ${packed}/${name}.gz DESTINATION ${destination})
endfunction()

install(PROGRAMS $<TARGET_FILE:relaisd> $<TARGET_FILE:relais-sandbox> DESTINATION bin)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/systemd/relais.service DESTINATION /lib/systemd/system)
install(FILES ${debian}/relais.yaml DESTINATION /etc/relais)
install(FILES ${debian}/copyright DESTINATION share/doc/relais)
install(FILES ${debian}/lintian-overrides DESTINATION share/lintian/overrides RENAME relais)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/prometheus/rules.yaml ${PROJECT_SOURCE_DIR}/deploy/grafana/relais.json
  DESTINATION share/doc/relais/examples)
relais_install_compressed(${debian}/relaisd.1 relaisd.1 share/man/man1)
relais_install_compressed(${debian}/relais-sandbox.1 relais-sandbox.1 share/man/man1)
relais_install_compressed(${debian}/changelog changelog.Debian share/doc/relais)
relais_install_compressed(${PROJECT_SOURCE_DIR}/CHANGELOG.md changelog share/doc/relais)
get_property(files GLOBAL PROPERTY RELAIS_PACKED)
add_custom_target(relais_packed DEPENDS ${files} relaisd relais-sandbox)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME relais)
set(CPACK_PACKAGE_CONTACT "Relais maintainers <maintainers@relais.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "gRPC gateway to enterprise systems")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Relais gives ERPs with Divalto's RecordSql, job queues of Ansys
Granta MI, robots of UiPath Orchestrator and campaigns of Gathering
Tools one typed, streaming gRPC API.
.
The package has the gateway relaisd with a systemd unit, and
relais-sandbox, which emulates those systems.")
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS ${CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS})
set(CPACK_OUTPUT_FILE_PREFIX ${PROJECT_SOURCE_DIR}/build)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, tzdata")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${debian}/conffiles ${debian}/postinst ${debian}/prerm ${debian}/postrm)
include(CPack)
