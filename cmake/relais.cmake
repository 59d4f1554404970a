# Two functions give every target the same shape: relais_library and relais_test.

set(RELAIS_SANITIZE_FLAGS "")
if(RELAIS_SANITIZE)
  set(RELAIS_SANITIZE_FLAGS -fsanitize=${RELAIS_SANITIZE} -fno-omit-frame-pointer)
  if(RELAIS_SANITIZE MATCHES undefined)
    list(APPEND RELAIS_SANITIZE_FLAGS -fno-sanitize-recover=undefined)
  endif()
  if(RELAIS_FUZZ)
    list(APPEND RELAIS_SANITIZE_FLAGS -fsanitize=fuzzer-no-link)
  endif()
endif()

set(RELAIS_WARNINGS -Wall -Wextra)
if(RELAIS_WERROR)
  list(APPEND RELAIS_WARNINGS -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # False alarms of GCC 12: overlapping copies where std::string is built by operator+ (GCC bug 105651),
  # uninitialised members of std::variant, std::optional and std::regex (bugs 80635 and 105562).
  list(APPEND RELAIS_WARNINGS -Wno-restrict -Wno-maybe-uninitialized)
endif()

# The flags of our own targets; generated code gets them without the warnings.
function(relais_options target)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE ${RELAIS_WARNINGS} ${RELAIS_SANITIZE_FLAGS})
  target_link_options(${target} PUBLIC ${RELAIS_SANITIZE_FLAGS})
endfunction()

# relais_library(NAME SOURCES a.cc b.cc DEPS x y): a static library. Its headers are found from the
# project's root; DEPS are public, so that a header may name what it needs.
function(relais_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  relais_options(${name})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS})
endfunction()

# relais_test(NAME SOURCES a_test.cc DEPS x): a GoogleTest program and its ctest entry, which may take 120 s unless
# TIMEOUT says otherwise. SHARDS n: n entries with a part of the tests each, so that other cores help.
function(relais_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT;SHARDS" "SOURCES;DEPS;ENVIRONMENT" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  relais_options(${name})
  # Compiling a test takes longer than running it.
  target_compile_options(${name} PRIVATE -O0)
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} relais_test_main)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(NOT ARG_SHARDS)
    set(ARG_SHARDS 1)
  endif()
  foreach(shard RANGE 1 ${ARG_SHARDS})
    set(entry ${name})
    set(environment ${ARG_ENVIRONMENT})
    if(ARG_SHARDS GREATER 1)
      string(APPEND entry _${shard})
      math(EXPR index "${shard} - 1")
      list(APPEND environment GTEST_TOTAL_SHARDS=${ARG_SHARDS} GTEST_SHARD_INDEX=${index})
    endif()
    add_test(NAME ${entry} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${entry} PROPERTIES TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT "${environment}")
  endforeach()
endfunction()

# relais_room(NAME DEPS x [TEST_DEPS y]): the folder NAME here, as library relais_NAME of its sources
# and, where it has tests, as program NAME_test. EXCEPT are subfolders and files that belong to targets of their own;
# TEST_OPTIONS are further ones of relais_test.
function(relais_room name)
  cmake_parse_arguments(ARG "" "" "DEPS;TEST_DEPS;TEST_OPTIONS;SOURCES;EXCEPT" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cc)
  foreach(except ${ARG_EXCEPT})
    list(FILTER sources EXCLUDE REGEX "/${name}/${except}(/|$)")
  endforeach()
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  relais_library(relais_${name} SOURCES ${sources} ${ARG_SOURCES} DEPS ${ARG_DEPS})
  if(tests)
    relais_test(${name}_test SOURCES ${tests} DEPS relais_${name} ${ARG_TEST_DEPS} ${ARG_TEST_OPTIONS})
  endif()
endfunction()

# embedded_file(OUT NAMESPACE a::b NAME kX FILE a.txt): sets OUT to a source with the bytes of FILE as a::b::kX.
function(embedded_file out)
  cmake_parse_arguments(ARG "" "NAMESPACE;NAME;FILE" "" ${ARGN})
  set(embed ${PROJECT_SOURCE_DIR}/server/config/embed.cmake)
  set(file ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_FILE})
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${out}.cc)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${file} -DOUTPUT=${source} -DNAMESPACE=${ARG_NAMESPACE} -DNAME=${ARG_NAME} -P ${embed}
    DEPENDS ${file} ${embed}
    VERBATIM)
  set(${out} ${source} PARENT_SCOPE)
endfunction()

# relais_split_symbols(PROGRAM): puts the symbols of a program into PROGRAM.debug beside it, where gdb finds
# them, so that the program itself is only what is needed to run it.
function(relais_split_symbols program)
  if(NOT RELAIS_SPLIT_SYMBOLS)
    return()
  endif()
  add_custom_command(TARGET ${program} POST_BUILD
    COMMAND ${CMAKE_OBJCOPY} --only-keep-debug ${program} ${program}.debug
    COMMAND ${CMAKE_OBJCOPY} --strip-unneeded --add-gnu-debuglink=${program}.debug ${program}
    WORKING_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}
    BYPRODUCTS ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${program}.debug
    VERBATIM)
endfunction()
