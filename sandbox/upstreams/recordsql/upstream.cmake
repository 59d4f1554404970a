# The fixtures become part of the library, so that a gateway can embed a sandbox without any file.
set(fixture_root ${CMAKE_CURRENT_LIST_DIR}/fixtures)
file(GLOB_RECURSE fixtures CONFIGURE_DEPENDS RELATIVE ${fixture_root} ${fixture_root}/*)
list(TRANSFORM fixtures PREPEND ${fixture_root}/ OUTPUT_VARIABLE fixture_paths)
set(fixture_source ${CMAKE_CURRENT_BINARY_DIR}/fixtures.cc)
add_custom_command(OUTPUT ${fixture_source}
  COMMAND ${CMAKE_COMMAND} -DROOT=${fixture_root} "-DFILES=${fixtures}" -DOUTPUT=${fixture_source}
    -P ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
  DEPENDS ${fixture_paths} ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
  VERBATIM)
target_sources(relais_sandbox PRIVATE ${fixture_source})
target_link_libraries(relais_sandbox PUBLIC relais_recordsql_dictionary SQLite::SQLite3)
