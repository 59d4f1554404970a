"""Libraries of the system as targets of Bazel: @system//:grpc, by pkg-config."""

# Target -> modules of pkg-config; those without any consist of headers only.
_LIBRARIES = {
    "absl": [
        "absl_function_ref",
        "absl_span",
        "absl_status",
        "absl_statusor",
        "absl_str_format",
        "absl_strings",
        "absl_synchronization",
        "absl_time",
    ],
    "cli11": [],
    "curl": ["libcurl"],
    "expat": ["expat"],
    "grpc": ["grpc++"],
    "gtest": ["gmock_main", "gmock", "gtest"],
    "httplib": ["cpp-httplib"],
    "jemalloc": ["jemalloc"],
    "json": [],
    "microhttpd": ["libmicrohttpd"],
    "minizip": ["minizip"],
    "openssl": ["openssl"],
    "prometheus": ["prometheus-cpp-core"],
    "protobuf": ["protobuf"],
    "simdjson": ["simdjson"],
    "spdlog": ["spdlog"],
    "sqlite": ["sqlite3"],
    "xlsxwriter": ["xlsxwriter"],
    "yaml": ["yaml-cpp"],
    "zlib": ["zlib"],
}

def _flags(ctx, option, modules):
    if not modules:
        return []
    result = ctx.execute(["pkg-config", option] + modules)
    if result.return_code != 0:
        fail("pkg-config does not know %s: %s" % (" ".join(modules), result.stderr))
    return [flag for flag in result.stdout.split() if flag]

def _system_libraries(ctx):
    text = 'package(default_visibility = ["//visibility:public"])\n'
    for name, modules in _LIBRARIES.items():
        libraries = _flags(ctx, "--libs", modules)
        defines = [flag[2:] for flag in _flags(ctx, "--cflags-only-other", modules) if flag.startswith("-D")]
        text += "cc_library(name = %r, linkopts = %r, defines = %r)\n" % (name, libraries, defines)
    ctx.symlink(ctx.attr.grpc_proto, "grpc-proto")
    text += 'filegroup(name = "grpc_protos", srcs = glob(["grpc-proto/**/*.proto"]))\n'
    ctx.file("BUILD.bazel", text)

system_libraries = repository_rule(
    implementation = _system_libraries,
    attrs = {"grpc_proto": attr.string(default = "/usr/share/grpc-proto")},
    local = True,
)
