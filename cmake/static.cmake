# Links gRPC, Protobuf and Abseil from Debian's archives instead of its shared objects: a process
# that maps 60 libraries fewer starts faster and has fewer pages of its own.

# Points every imported shared library whose name matches to the archive beside it, if there is one.
function(relais_link_archives pattern)
  get_property(targets DIRECTORY PROPERTY IMPORTED_TARGETS)
  list(FILTER targets INCLUDE REGEX ${pattern})
  foreach(target ${targets})
    get_target_property(shared ${target} IMPORTED_LOCATION_NONE)
    if(NOT shared)
      continue()
    endif()
    string(REGEX REPLACE "\\.so[.0-9]*$" ".a" archive ${shared})
    if(EXISTS ${archive})
      set_target_properties(${target} PROPERTIES IMPORTED_LOCATION_NONE ${archive} IMPORTED_SONAME_NONE "")
    endif()
  endforeach()
endfunction()
