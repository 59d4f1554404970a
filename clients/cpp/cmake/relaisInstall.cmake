include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(share ${CMAKE_INSTALL_DATAROOTDIR}/relais)
set(config ${CMAKE_INSTALL_LIBDIR}/cmake/relais)
install(DIRECTORY ${RELAIS_ROOT}/protos/relais DESTINATION ${share}/protos FILES_MATCHING PATTERN *.proto)
foreach(stem ${RELAIS_GOOGLE})
  get_filename_component(folder ${stem} DIRECTORY)
  install(FILES ${googleapis}/${stem}.proto DESTINATION ${share}/protos/${folder})
endforeach()
install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include ${CMAKE_CURRENT_SOURCE_DIR}/src DESTINATION ${share}/cpp)
configure_package_config_file(${CMAKE_CURRENT_SOURCE_DIR}/cmake/relaisConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/relaisConfig.cmake INSTALL_DESTINATION ${config} PATH_VARS share)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/relaisConfigVersion.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/relaisConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/relaisConfigVersion.cmake
  cmake/relaisDependencies.cmake cmake/relaisTargets.cmake DESTINATION ${config})
