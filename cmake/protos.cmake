# C++ from .proto files: ours, the google/* files of the pinned package, Debian's grpc-proto.
set(GOOGLEAPIS ${PROJECT_SOURCE_DIR}/.deps/googleapis)
set(RELAIS_GRPC_PROTO /usr/share/grpc-proto CACHE PATH "Folder with grpc/health/v1/health.proto: Debian's grpc-proto")
set(RELAIS_GENERATED ${PROJECT_BINARY_DIR}/protos)
find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
if(NOT EXISTS ${GOOGLEAPIS}/google/rpc/status.proto)
  message(FATAL_ERROR "google/rpc/status.proto is missing: run tools/setup.sh first")
endif()

# protos_library(NAME ROOT dir [GRPC] [COLD] FILES a.proto): one library per root. COLD: no call of the API uses them,
# so they are not optimised, and share the headers of Protobuf precompiled. GRPC adds NAME_stubs with the generated
# gRPC code, which clients and tests need; the gateway itself serves methods by their descriptors.
function(protos_library name)
  cmake_parse_arguments(ARG "GRPC;COLD" "ROOT" "FILES;DEPS" ${ARGN})
  foreach(file ${ARG_FILES})
    string(REGEX REPLACE "\\.proto$" "" stem ${file})
    set(outputs ${RELAIS_GENERATED}/${stem}.pb.cc ${RELAIS_GENERATED}/${stem}.pb.h)
    list(APPEND sources ${outputs})
    set(flags --cpp_out=${RELAIS_GENERATED})
    if(ARG_GRPC)
      set(stubs ${RELAIS_GENERATED}/${stem}.grpc.pb.cc ${RELAIS_GENERATED}/${stem}.grpc.pb.h)
      list(APPEND stub_sources ${stubs})
      list(APPEND outputs ${stubs})
      list(APPEND flags --grpc_out=${RELAIS_GENERATED} --plugin=protoc-gen-grpc=${GRPC_CPP_PLUGIN})
    endif()
    add_custom_command(
      OUTPUT ${outputs}
      COMMAND protobuf::protoc ${flags} -I ${ARG_ROOT} -I ${PROJECT_SOURCE_DIR}/protos -I ${GOOGLEAPIS} ${ARG_ROOT}/${file}
      DEPENDS ${ARG_ROOT}/${file}
      VERBATIM)
  endforeach()
  generated_library(${name} ${sources})
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf ${ARG_DEPS})
  if(ARG_COLD)
    # Not -O0: of a template that several objects have, the linker takes any copy.
    target_compile_options(${name} PRIVATE -O1)
    get_property(first GLOBAL PROPERTY RELAIS_PRECOMPILED_PROTOBUF)
    if(first)
      target_precompile_headers(${name} REUSE_FROM ${first})
    else()
      set_property(GLOBAL PROPERTY RELAIS_PRECOMPILED_PROTOBUF ${name})
      target_precompile_headers(${name} PRIVATE
        <google/protobuf/extension_set.h> <google/protobuf/map_field.h> <google/protobuf/message.h>
        <google/protobuf/repeated_field.h> <google/protobuf/reflection_ops.h> <google/protobuf/wire_format.h>)
    endif()
  endif()
  if(ARG_GRPC)
    generated_library(${name}_stubs ${stub_sources})
    # Clients have nothing to gain from them being optimised.
    target_compile_options(${name}_stubs PRIVATE -O0)
    target_link_libraries(${name}_stubs PUBLIC ${name} gRPC::grpc++)
    # One command makes the sources of both.
    add_dependencies(${name}_stubs ${name})
  endif()
endfunction()

function(generated_library name)
  add_library(${name} STATIC ${ARGN})
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)  # the generated files name their statics alike
  target_include_directories(${name} SYSTEM PUBLIC ${RELAIS_GENERATED})
  target_compile_options(${name} PRIVATE ${RELAIS_SANITIZE_FLAGS})
endfunction()
