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
    "boost": [],
    "cli11": [],
    "curl": ["libcurl"],
    "expat": ["expat"],
    "grpc": ["grpc++"],
    "gtest": ["gmock", "gtest"],
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
    return [flag for flag in result.stdout.replace("\n", " ").split(" ") if flag]

def _system_libraries(ctx):
    text = 'package(default_visibility = ["//visibility:public"])\n'
    for name, modules in _LIBRARIES.items():
        others = [str(label) for label, library in ctx.attr.modules.items() if library == name]
        if others:
            text += "cc_library(name = %r, deps = %r)\n" % (name, others)
            continue
        libraries = _flags(ctx, "--libs", modules)
        defines = [flag[2:] for flag in _flags(ctx, "--cflags-only-other", modules) if flag.startswith("-D")]
        text += "cc_library(name = %r, linkopts = %r, defines = %r)\n" % (name, libraries, defines)
    ctx.symlink(ctx.attr.grpc_proto, "grpc-proto")
    text += 'filegroup(name = "grpc_protos", srcs = glob(["grpc-proto/**/*.proto"]))\n'
    ctx.file("BUILD.bazel", text)

system_libraries = repository_rule(
    implementation = _system_libraries,
    attrs = {
        "grpc_proto": attr.string(default = "/usr/share/grpc-proto"),
        # Targets of other repositories that take the place of a library: MODULE.bazel.
        "modules": attr.label_keyed_string_dict(),
    },
    local = True,
)

# Bazel 4's own build files load these from @rules_cc and @rules_java, which it would fetch, though they are part of it.
_NATIVE_RULES = {
    "cc": [
        "cc_binary",
        "cc_import",
        "cc_library",
        "cc_proto_library",
        "cc_test",
        "cc_toolchain",
        "cc_toolchain_suite",
    ],
    "java": [
        "java_binary",
        "java_import",
        "java_library",
        "java_runtime",
        "java_toolchain",
    ],
}

def _native_rules(ctx):
    rules = _NATIVE_RULES[ctx.attr.language]
    ctx.file("BUILD.bazel", "")
    ctx.file(ctx.attr.language + "/BUILD.bazel", "")
    ctx.file(ctx.attr.language + "/defs.bzl", "".join(["%s = native.%s\n" % (rule, rule) for rule in rules]))

native_rules = repository_rule(
    implementation = _native_rules,
    attrs = {"language": attr.string(mandatory = True)},
    local = True,
)

def _no_coverage(ctx):
    ctx.file("none.sh", "#!/bin/sh\necho 'no coverage: its tools would be fetched' >&2\nexit 1\n")
    ctx.file("BUILD.bazel", "".join([
        "sh_binary(name = %r, srcs = ['none.sh'], visibility = ['//visibility:public'])\n" % name
        for name in ["coverage_report_generator", "lcov_merger"]
    ]))

# Bazel 4 wants these for every test, and would fetch them.
no_coverage = repository_rule(implementation = _no_coverage, local = True)
