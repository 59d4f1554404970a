find_library(RELAIS_XLSXWRITER xlsxwriter REQUIRED)
find_library(RELAIS_MINIZIP minizip REQUIRED)
find_package(ZLIB REQUIRED)
find_package(EXPAT REQUIRED)
protos_library(relais_exports_stored_proto COLD ROOT ${PROJECT_SOURCE_DIR} DEPS relais_service_protos FILES
  server/services/exports/runs/stored.proto)
set(extra DEPS ${RELAIS_XLSXWRITER} ${RELAIS_MINIZIP} ZLIB::ZLIB EXPAT::EXPAT relais_exports_stored_proto
  TEST_OPTIONS TIMEOUT 600 SHARDS 2)
