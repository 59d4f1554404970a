# The dictionary language stands alone: the gateway serves its catalogue from it, the sandbox runs it.
file(GLOB dictionary CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/dictionary/*.cc)
set(dictionary_tests ${dictionary})
list(FILTER dictionary EXCLUDE REGEX "_test\\.cc$")
list(FILTER dictionary_tests INCLUDE REGEX "_test\\.cc$")
relais_library(relais_recordsql_dictionary SOURCES ${dictionary} DEPS absl::status absl::statusor absl::strings)
relais_test(recordsql_dictionary_test SOURCES ${dictionary_tests} DEPS relais_recordsql_dictionary)
set(extra EXCEPT dictionary DEPS relais_recordsql_dictionary TEST_DEPS relais_test_erp)
