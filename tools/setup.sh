#!/usr/bin/env bash
# Installs what the project needs and is missing, says what, and does nothing when nothing is missing.
#
#   tools/setup.sh run     what `make run` needs: Debian packages, the google/* proto files
#   tools/setup.sh test    as run, and what `make test` and `make lint` need: clang 14, grpcurl, buf and its
#                          plugins, the official clients of upstreams, servers to deliver files to, a browser without a screen
#   tools/setup.sh clients as run, and what the tests of clients/ and cli/ need beside Go: the tools of the Python client, two shells
#   tools/setup.sh clients-java   JDK, Maven and all that the Java client is built and tested with
#   tools/setup.sh operations   as run, and what the tests of deploy/ need: Prometheus, linters of images, charts and packages
#   tools/setup.sh edge    as test, and what the tests of the front need: Envoy, what attacks and examines it
#   tools/setup.sh long    as run, and what `make test-long` needs: LibreOffice without a screen, some 90 MB
#   tools/setup.sh bench   as run, and what `make bench` and `make bench-check` need: valgrind, strace, gnuplot
#   tools/setup.sh portability   what unpacks other releases of Debian; `packages` lists what is needed there
#
# Debian packages go into the system (as root, else through sudo), all else into .deps/, as package clients are configured.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly LOG=.deps/setup.log

readonly RUN_PACKAGES=(
  build-essential cmake ninja-build ccache pkg-config
  libgrpc++-dev protobuf-compiler-grpc libprotobuf-dev protobuf-compiler libabsl-dev
  libcurl4-openssl-dev libssl-dev nlohmann-json3-dev libsimdjson-dev libyaml-cpp-dev libcli11-dev
  libspdlog-dev prometheus-cpp-dev libsqlite3-dev libcpp-httplib-dev libmicrohttpd-dev libjemalloc-dev
  libxlsxwriter-dev libminizip-dev libexpat1-dev libboost-dev zlib1g-dev
  libgtest-dev libgmock-dev grpc-proto python3 python3-pip openssl ca-certificates tzdata
)
readonly LONG_PACKAGES=(libreoffice-calc-nogui)
readonly BENCH_PACKAGES=(valgrind strace gnuplot-nox)

for part in base browser tests clients edge operations; do
  . "tools/setup/$part.sh"
done

need_run() {
  need_packages "$@" "${RUN_PACKAGES[@]}"
  need_google_protos
}

mkdir -p .deps/bin
case "${1:-}" in
  run) need_run ;;
  test) need_test ;;
  clients) need_clients "${TEST_PACKAGES[@]}" ;;
  clients-java) need_java_client ;;
  operations) need_operations ;;
  edge) need_edge ;;
  long) need_run "${LONG_PACKAGES[@]}" ;;
  bench) need_run "${BENCH_PACKAGES[@]}" ;;
  portability) need_run debootstrap ;;
  packages) echo "${RUN_PACKAGES[@]}" ;;
  *) die "usage: tools/setup.sh run|test|clients|clients-java|edge|operations|long|bench|portability|packages" ;;
esac
