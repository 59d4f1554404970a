# What the client stands on. Protobuf's own configuration first: gRPC's needs it where there is one, and CMake's module
# finds what has none, as in Debian.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(OpenSSL)
find_package(Protobuf CONFIG QUIET)
if(NOT Protobuf_FOUND)
  find_dependency(Protobuf MODULE)
endif()
find_dependency(absl CONFIG)
find_dependency(gRPC CONFIG)
