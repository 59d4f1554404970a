find_package(EXPAT REQUIRED)
find_library(RELAIS_XLSXWRITER xlsxwriter REQUIRED)
find_library(RELAIS_MINIZIP minizip REQUIRED)
target_link_libraries(relais_sandbox PUBLIC SQLite::SQLite3 EXPAT::EXPAT ${RELAIS_XLSXWRITER} ${RELAIS_MINIZIP})
