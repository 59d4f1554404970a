# Makes relais::protos and relais::client in the build that includes this.

# Files of protos/ and of googleapis, without their .proto; those with services have stubs too.
set(RELAIS_MESSAGES relais/error/v1/reason relais/type/v1/type)
set(RELAIS_SERVICES relais/campaign/v1/campaign relais/exports/v1/exports relais/jobqueue/v1/jobqueue
  relais/recordsql/v1/recordsql relais/robot/v1/robot)
set(RELAIS_GOOGLE google/api/annotations google/api/field_behavior google/api/http google/api/httpbody google/api/resource google/rpc/code google/rpc/error_details
  google/rpc/status google/type/date google/type/datetime google/type/timeofday)

# relais_add_protos(OURS GOOGLEAPIS): folders that hold relais/ and google/. Within a build that has the API already,
# that one is used: a message can be registered only once.
function(relais_add_protos ours googleapis)
  if(TARGET relais_service_protos_stubs)
    add_library(relais_client_protos INTERFACE)
    target_link_libraries(relais_client_protos INTERFACE relais_service_protos_stubs)
    add_library(relais::protos ALIAS relais_client_protos)
    return()
  endif()
  if(TARGET gRPC::grpc_cpp_plugin)
    set(plugin $<TARGET_FILE:gRPC::grpc_cpp_plugin>)
  else()
    find_program(RELAIS_GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
    set(plugin ${RELAIS_GRPC_CPP_PLUGIN})
  endif()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/relais-protos)
  file(MAKE_DIRECTORY ${out})
  foreach(stem ${RELAIS_MESSAGES} ${RELAIS_SERVICES} ${RELAIS_GOOGLE})
    set(root ${ours})
    set(outputs ${out}/${stem}.pb.cc ${out}/${stem}.pb.h)
    set(flags --cpp_out=${out})
    if(stem IN_LIST RELAIS_GOOGLE)
      set(root ${googleapis})
    elseif(stem IN_LIST RELAIS_SERVICES)
      list(APPEND outputs ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h)
      list(APPEND flags --grpc_out=${out} --plugin=protoc-gen-grpc=${plugin})
    endif()
    add_custom_command(
      OUTPUT ${outputs}
      COMMAND protobuf::protoc ${flags} -I ${ours} -I ${googleapis} ${root}/${stem}.proto
      DEPENDS ${root}/${stem}.proto
      VERBATIM)
    list(APPEND sources ${outputs})
  endforeach()
  add_library(relais_client_protos STATIC ${sources})
  add_library(relais::protos ALIAS relais_client_protos)
  # Generated code takes long to compile and gains little from being optimised further.
  target_compile_options(relais_client_protos PRIVATE -O1)
  target_compile_features(relais_client_protos PUBLIC cxx_std_17)
  set_target_properties(relais_client_protos PROPERTIES POSITION_INDEPENDENT_CODE ON UNITY_BUILD OFF)
  target_include_directories(relais_client_protos SYSTEM PUBLIC ${out})
  target_link_libraries(relais_client_protos PUBLIC gRPC::grpc++ protobuf::libprotobuf Threads::Threads)
endfunction()

# relais_add_client(FOLDER): its include/ and src/.
function(relais_add_client folder)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/src/*.cc)
  add_library(relais_client STATIC ${sources})
  add_library(relais::client ALIAS relais_client)
  target_compile_features(relais_client PUBLIC cxx_std_17)
  # In one piece: every file reads the headers of gRPC and of all services.
  set_target_properties(relais_client PROPERTIES POSITION_INDEPENDENT_CODE ON UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
  target_include_directories(relais_client PUBLIC ${folder}/include PRIVATE ${folder}/src)
  target_link_libraries(relais_client PUBLIC relais::protos absl::status absl::statusor absl::time
    absl::function_ref PRIVATE absl::strings absl::str_format OpenSSL::Crypto)
endfunction()
