find_package(ZLIB REQUIRED)
find_library(RELAIS_MINIZIP minizip REQUIRED)
target_link_libraries(relais_sandbox PUBLIC ${RELAIS_MINIZIP} ZLIB::ZLIB)
