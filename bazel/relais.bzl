"""What the targets have in common; the names are those of CMake's functions in cmake/ and server/."""

# The tree, and what is made from it, as roots of #include <…>.
_COPTS = ["-I.", "-I$(BINDIR)"]

# As in CMake with RELAIS_UNITY: so many files at once, but for those that server/CMakeLists.txt excepts.
_BATCH = 60
_ALONE = ["server/cli/command_line.cc"]

_INCLUDES = "-I googleapis -I external/system/grpc-proto -I protos -I ."

def protos_library(name, files, deps = [], grpc = False):
    """C++ from .proto files. grpc adds NAME_stubs with the code of the services."""
    stems = [file[:-len(".proto")] for file in files]
    native.genrule(
        name = name + "_generated",
        srcs = [":all_protos", "@system//:grpc_protos"],
        outs = [stem + end for stem in stems for end in [".pb.cc", ".pb.h"]],
        cmd = "protoc --cpp_out=$(RULEDIR) %s %s" % (_INCLUDES, " ".join(files)),
    )
    native.cc_library(
        name = name,
        srcs = [stem + ".pb.cc" for stem in stems],
        hdrs = [stem + ".pb.h" for stem in stems],
        copts = _COPTS,
        linkstatic = True,
        deps = deps + ["@system//:protobuf"],
    )
    if grpc:
        native.genrule(
            name = name + "_stubs_generated",
            srcs = [":all_protos", "@system//:grpc_protos"],
            outs = [stem + end for stem in stems for end in [".grpc.pb.cc", ".grpc.pb.h"]],
            cmd = "protoc --grpc_out=$(RULEDIR) --plugin=protoc-gen-grpc=$$(command -v grpc_cpp_plugin) %s %s" %
                  (_INCLUDES, " ".join(files)),
        )
        native.cc_library(
            name = name + "_stubs",
            srcs = [stem + ".grpc.pb.cc" for stem in stems],
            hdrs = [stem + ".grpc.pb.h" for stem in stems],
            copts = _COPTS,
            linkstatic = True,
            deps = [":" + name, "@system//:grpc"],
        )

def described_protos(name, namespace, constant, files, imports = False):
    """NAME.cc: the descriptors of FILES with their comments, as NAMESPACE::CONSTANT."""
    native.genrule(
        name = name,
        srcs = [":all_protos", "server/config/embed.cmake"],
        outs = [name + ".cc"],
        cmd = ("protoc --include_source_info %s --descriptor_set_out=$(RULEDIR)/%s.desc -I . %s && " +
               "cmake -DINPUT=$(RULEDIR)/%s.desc -DOUTPUT=$@ -DNAMESPACE=%s -DNAME=%s -P server/config/embed.cmake") %
              ("--include_imports" if imports else "", name, " ".join(files), name, namespace, constant),
    )

def embedded_file(name, namespace, constant, file):
    """NAME.cc: the bytes of FILE as NAMESPACE::CONSTANT."""
    native.genrule(
        name = name,
        srcs = [file, "server/config/embed.cmake"],
        outs = [name + ".cc"],
        cmd = "cmake -DINPUT=%s -DOUTPUT=$@ -DNAMESPACE=%s -DNAME=%s -P server/config/embed.cmake" %
              (file, namespace, constant),
    )

def _together(srcs):
    return [source for source in srcs if source.endswith(".cc") and source not in _ALONE]

def _units(name, srcs):
    """SRCS for --config=unity: files that include those of SRCS which are in the tree."""
    files = _together(srcs)
    units = [source for source in srcs if source not in files]
    for start in range(0, len(files), _BATCH):
        unit = "%s_unity_%d.cc" % (name, start)
        native.genrule(
            name = unit + "_generated",
            outs = [unit],
            cmd = "printf '#include \"%%s\"\\n' %s > $@" % " ".join(files[start:start + _BATCH]),
        )
        units.append(unit)
    return units

def relais_library(name, srcs, deps = [], defines = []):
    native.cc_library(
        name = name,
        srcs = select({":unity": _units(name, srcs), "//conditions:default": srcs}),
        textual_hdrs = select({":unity": _together(srcs), "//conditions:default": []}),
        copts = _COPTS,
        defines = defines,
        linkstatic = True,
        deps = [":headers"] + deps,
    )

def relais_room(name, folder, deps, exclude = [], srcs = []):
    """The sources of FOLDER, without its tests, as a library."""
    relais_library(
        name = name,
        srcs = native.glob([folder + "/**/*.cc"], exclude = [folder + "/**/*_test.cc"] + exclude) + srcs,
        deps = deps,
    )

def relais_test(name, srcs, deps = [], data = []):
    native.cc_library(
        name = name + "_sources",
        testonly = True,
        textual_hdrs = _together(srcs),
    )
    native.cc_test(
        name = name,
        srcs = select({":unity": _units(name, srcs), "//conditions:default": srcs}),
        copts = _COPTS,
        data = [":test_data"] + data,
        deps = [":headers", ":relais_test_main"] + select({
            ":unity": [":%s_sources" % name],
            "//conditions:default": [],
        }) + deps,
    )

def relais_service(word, deps = [], exclude = [], stored = []):
    """relais_WORD and what it adds to the configuration, as relais_service in server/services/CMakeLists.txt."""
    folder = "server/services/" + word
    protos = [folder + "/config.proto", folder + "/config_key.proto"]
    protos_library(name = "relais_%s_config_proto" % word, files = protos, deps = [":relais_config_proto"])
    described_protos(
        name = word + "_described_config",
        namespace = "relais::" + word,
        constant = "kDescribedConfig",
        files = protos,
    )
    relais_library(
        name = "relais_%s_config" % word,
        srcs = [folder + "/config.cc", ":%s_described_config" % word],
        deps = [":relais_config", ":relais_%s_config_proto" % word],
    )
    relais_room(
        name = "relais_" + word,
        folder = folder,
        exclude = [folder + "/config.cc"] + exclude,
        deps = [":relais_gateway", ":relais_%s_config" % word, ":relais_service_protos", "@system//:json"] + deps,
    )
