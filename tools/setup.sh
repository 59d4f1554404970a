#!/usr/bin/env bash
# Installs what the project needs and is missing, says what, and does nothing when nothing is missing.
#
#   tools/setup.sh run     what `make run` needs: Debian packages, the google/* proto files
#   tools/setup.sh test    as run, and what `make test` and `make lint` need: clang 14, grpcurl, buf and its
#                          plugins, the official clients of upstreams, servers to deliver files to
#   tools/setup.sh clients as run, and what the tests of clients/ need beside Go: the tools of the Python client
#   tools/setup.sh clients-java   JDK, Maven and all that the Java client is built and tested with
#   tools/setup.sh long    as run, and what `make test-long` needs: LibreOffice without a screen, some 90 MB
#   tools/setup.sh bench   as run, and what `make bench` needs: valgrind, strace
#   tools/setup.sh portability   what unpacks other releases of Debian; `packages` lists what is needed there
#
# Debian packages go into the system (as root, else through sudo), all else into .deps/, as package clients are configured.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly GRPCURL_VERSION=v1.9.3
readonly PROTOC_GEN_GO_VERSION=v1.36.10
readonly PROTOC_GEN_GO_GRPC_VERSION=v1.5.1
readonly STATICCHECK_VERSION=v0.6.1
readonly OLDEST_GO=go1.23.12  # that the Go client supports; the Makefile names it too
readonly BUF_VERSION=1.75.0
readonly LOG=.deps/setup.log

readonly RUN_PACKAGES=(
  build-essential cmake ninja-build ccache pkg-config
  libgrpc++-dev protobuf-compiler-grpc libprotobuf-dev protobuf-compiler libabsl-dev
  libcurl4-openssl-dev libssl-dev nlohmann-json3-dev libsimdjson-dev libyaml-cpp-dev libcli11-dev
  libspdlog-dev prometheus-cpp-dev libsqlite3-dev libcpp-httplib-dev libmicrohttpd-dev libjemalloc-dev
  libxlsxwriter-dev libminizip-dev libexpat1-dev
  libgtest-dev libgmock-dev grpc-proto python3 python3-pip openssl ca-certificates tzdata
)
readonly TEST_PACKAGES=(git tmux openssh-client python3-venv clang-14 clang-tidy-14 clang-format-14 libclang-rt-14-dev)
readonly LONG_PACKAGES=(libreoffice-calc-nogui)
readonly JAVA_PACKAGES=(openjdk-17-jdk-headless maven unzip)
readonly BENCH_PACKAGES=(valgrind strace)
# Unpacked into .deps/servers and not installed, so that none of them is started by the system.
readonly SERVER_PACKAGES=(openssh-server libwrap0 libnss-wrapper nginx)

say() { echo "setup: $*"; }
die() { echo "setup: $*" >&2; exit 1; }

readonly NO_NETWORK='could not resolve|temporary failure (in name|resolving)|name or service not known|network is unreachable|'\
'no route to host|could not connect|failed to establish a new connection|max retries exceeded|i/o timeout|no such host|'\
'EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT'

# run_logged COMMAND…: its output goes to the log; the end of it is shown when the command fails, unless that says no
# more than that there is no network.
run_logged() {
  "$@" >"$LOG" 2>&1 && return
  if grep -qiE "$NO_NETWORK" "$LOG"; then
    say "a package server cannot be reached: is there a network, and a proxy where one is needed?" >&2
  else
    tail -n 15 "$LOG" >&2
  fi
  return 1
}

apt_install() {
  "${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends -o Dpkg::Use-Pty=0 "$@"
}

# The package lists may be absent or old; they are fetched when a first try fails.
apt_update_and_install() {
  "${AS_ROOT[@]}" apt-get update && apt_install "$@"
}

# Sets AS_ROOT to what makes a command run as root; `why` tells an administrator what to run where nothing does.
need_root() {
  local why=$1
  AS_ROOT=()
  [ "$(id -u)" -eq 0 ] && return
  command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; } ||
    die "neither root nor sudo here: let an administrator run '$why', then try again"
  AS_ROOT=(sudo)
}

# Puts the named Debian packages into the folder FOLDER.
download_packages() {
  local folder=$1
  shift
  (cd "$folder" && exec apt-get download "$@")
}

apt_update_and_download() {
  "${AS_ROOT[@]}" apt-get update && download_packages "$@"
}

# Installs those of the named Debian packages that are not installed.
need_packages() {
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    die "this is not a Debian system: install what docs/dependencies.md lists, and see there for versions"
  local installed package
  local missing=()
  installed=" $(dpkg-query -W -f '${Package}:${db:Status-Status} ' "$@" 2>/dev/null || true)"
  for package in "$@"; do
    [[ $installed == *" $package:installed "* ]] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  need_root "apt-get install ${missing[*]}"
  say "installing Debian packages: ${missing[*]}"
  apt_install "${missing[@]}" >"$LOG" 2>&1 || run_logged apt_update_and_install "${missing[@]}" ||
    die "apt-get could not install the packages named above (whole output: $LOG)"
}

# The google/rpc and google/type proto files. `.pin` is the requirements file they were installed from.
need_google_protos() {
  local pin=tools/requirements-protos.txt target=.deps/googleapis python=
  cmp -s "$pin" "$target/.pin" && return
  for python in python3 /usr/bin/python3; do
    "$python" -m pip --version >/dev/null 2>&1 && break
  done
  say "installing into $target: $(grep -o '^[^# ]*==[^ ]*' "$pin")"
  rm -rf "$target.new"
  PIP_USER=0 run_logged "$python" -m pip install --quiet --disable-pip-version-check \
    --root-user-action ignore --no-deps --require-hashes --no-compile --target "$target.new" -r "$pin" ||
    die "pip could not install what $pin names (whole output: $LOG)"
  [ -f "$target.new/google/rpc/status.proto" ] || die "google/rpc/status.proto is not in what $pin names"
  cp "$pin" "$target.new/.pin"
  rm -rf "$target"
  mv "$target.new" "$target"
}

# need_go_tool NAME PACKAGE VERSION: a program in .deps/bin, built by the Go toolchain.
need_go_tool() {
  local name=$1 package=$2 version=$3 minor
  local marker=.deps/bin/.$name-$version
  [ -x ".deps/bin/$name" ] && [ -e "$marker" ] && return
  command -v go >/dev/null || die "Go is missing: grpcurl and the Go client need it; install Go 1.24 or newer"
  minor=$(go env GOVERSION | sed -nE 's/.*go1\.([0-9]+).*/\1/p')
  [ "${minor:-99}" -ge 24 ] || die "$(go env GOVERSION) is too old for $name; install Go 1.24 or newer"
  say "installing into .deps/bin: $name $version"
  GOBIN=$PWD/.deps/bin run_logged go install "$package@$version" ||
    die "go could not install $name $version (whole output: $LOG)"
  rm -f ".deps/bin/.$name"-v*
  touch "$marker"
}

# Go's own module cache holds it.
need_oldest_go() {
  [ -d "$(go env GOMODCACHE)/golang.org/toolchain@v0.0.1-$OLDEST_GO.$(go env GOHOSTOS)-$(go env GOHOSTARCH)" ] && return
  say "fetching $OLDEST_GO, with which the Go client is tested too"
  GOTOOLCHAIN=$OLDEST_GO run_logged go version || die "Go could not fetch $OLDEST_GO (whole output: $LOG)"
}

need_go_tools() {
  need_go_tool grpcurl github.com/fullstorydev/grpcurl/cmd/grpcurl "$GRPCURL_VERSION"
  need_go_tool protoc-gen-go google.golang.org/protobuf/cmd/protoc-gen-go "$PROTOC_GEN_GO_VERSION"
  need_go_tool protoc-gen-go-grpc google.golang.org/grpc/cmd/protoc-gen-go-grpc "$PROTOC_GEN_GO_GRPC_VERSION"
  need_go_tool staticcheck honnef.co/go/tools/cmd/staticcheck "$STATICCHECK_VERSION"
  need_oldest_go
}

need_buf() {
  local marker=.deps/npm/.buf-$BUF_VERSION
  [ -x .deps/bin/buf ] && [ -e "$marker" ] && return
  command -v npm >/dev/null || need_packages npm
  say "installing into .deps/npm: buf $BUF_VERSION"
  run_logged npm install --prefix .deps/npm --no-save --no-audit --no-fund --ignore-scripts \
    "@bufbuild/buf@$BUF_VERSION" || die "npm could not install buf $BUF_VERSION (whole output: $LOG)"
  ln -sfn ../npm/node_modules/.bin/buf .deps/bin/buf
  rm -f .deps/npm/.buf-*
  touch "$marker"
}

# need_python PIN TARGET WHAT: a virtual environment with what PIN names; WHAT begins the line of PIN that is shown.
# `.pin` as above.
need_python() {
  local pin=$1 target=$2 what=$3 python=
  cmp -s "$pin" "$target/.pin" && return
  for python in python3 /usr/bin/python3; do
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 && break
  done
  say "installing into $target: $(grep -o "^$what[^ ]*" "$pin" | head -n 1) and what it needs"
  rm -rf "$target"
  run_logged "$python" -m venv "$target" || die "python could not make $target (whole output: $LOG)"
  run_logged "$target/bin/python" -m pip install --quiet --disable-pip-version-check -r "$pin" ||
    die "pip could not install what $pin names (whole output: $LOG)"
  cp "$pin" "$target/.pin"
}

# The upstreams' own Python clients.
need_official_clients() {
  need_python tests/official/requirements.txt .deps/official ansys-grantami
}

# Servers to deliver files to: OpenSSH and nginx of the system's release, moto's S3.
need_servers() {
  local target=.deps/servers marker=".packages-${SERVER_PACKAGES[*]}" package
  if [ ! -e "$target/$marker" ]; then
    say "unpacking into $target: ${SERVER_PACKAGES[*]}"
    rm -rf "$target"
    mkdir -p "$target"
    if ! download_packages "$target" "${SERVER_PACKAGES[@]}" >"$LOG" 2>&1; then
      need_root "apt-get update"
      run_logged apt_update_and_download "$target" "${SERVER_PACKAGES[@]}" ||
        die "apt-get could not download the packages named above (whole output: $LOG)"
    fi
    for package in "$target"/*.deb; do
      dpkg-deb --extract "$package" "$target" || die "$package cannot be unpacked"
    done
    rm -f "$target"/*.deb
    touch "$target/$marker"
  fi
  need_python tests/delivery/requirements.txt .deps/moto moto
}

# Clients of Orchestrator, from npm with all they need, by the hashes of the lock file.
need_orchestrator_clients() {
  local pin=tests/official/orchestrator/package-lock.json target=.deps/orchestrator major
  cmp -s "$pin" "$target/.pin" && return
  command -v node >/dev/null || need_packages nodejs npm
  major=$(node --version | sed -nE 's/v([0-9]+).*/\1/p')
  [ "${major:-0}" -ge 18 ] || die "Node.js $(node --version) is too old for the clients of Orchestrator; install 18 or newer"
  say "installing into $target: three clients of Orchestrator"
  rm -rf "$target"
  mkdir -p "$target"
  cp tests/official/orchestrator/package.json "$pin" "$target/"
  run_logged npm ci --prefix "$target" --no-audit --no-fund --ignore-scripts --loglevel=error ||
    die "npm could not install what $pin names (whole output: $LOG)"
  cp "$pin" "$target/.pin"
}

# The tools of the Python client, which sees its own sources; the packages at both ends of what it works with.
need_python_client() {
  local pins=clients/python/requirements tools=.deps/python-client wheels=.deps/python-wheels end
  need_python $pins/tools.txt $tools grpcio-tools
  if [ ! -e $tools/.sources ] || [ "$(cat $tools/.sources)" != "$PWD" ]; then
    run_logged $tools/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
      --editable clients/python || die "pip could not install clients/python (whole output: $LOG)"
    echo "$PWD" >$tools/.sources
  fi
  for end in oldest newest; do
    cmp -s $pins/$end.txt $wheels/$end/.pin && continue
    say "downloading into $wheels/$end: $(grep -o '^grpcio[^ ]*' $pins/$end.txt) and what goes with it"
    rm -rf "${wheels:?}/$end"
    run_logged $tools/bin/python -m pip download --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
      --dest $wheels/$end -r $pins/$end.txt || die "pip could not download what $pins/$end.txt names (whole output: $LOG)"
    cp $pins/$end.txt $wheels/$end/.pin
  done
}

need_clients() {
  need_run "$@"
  need_python_client
}

# What Maven fetches for the Java client, so that builds need no network: the poms pin every version.
need_java_client() {
  local target=.deps/m2 major pin version
  has_java_tools || need_packages "${JAVA_PACKAGES[@]}"
  has_java_tools || die "javac, mvn or unzip is missing: the Java client needs them; install a JDK of 11 or newer, Maven 3.8 or newer, unzip"
  major=$(javac -version 2>&1 | sed -nE 's/^javac ([0-9]+).*/\1/p')
  [ "${major:-0}" -ge 11 ] || die "$(javac -version 2>&1) is too old for the Java client; install a JDK of 11 or newer"
  pin=$(cat clients/java/pom.xml clients/java/*/pom.xml | sha256sum)
  [ "$(cat "$target/.pin" 2>/dev/null)" = "$pin" ] && return
  say "fetching into $target: what Maven needs for clients/java"
  local maven=(mvn --batch-mode --quiet "-Dmaven.repo.local=$PWD/$target" -f clients/java/pom.xml)
  version() { sed -nE "s|.*<$1.version>(.*)</.*|\\1|p" clients/java/pom.xml; }
  # All but the first are asked for only when tests run or packages are deployed.
  run_logged "${maven[@]}" package -DskipTests &&
    run_logged "${maven[@]}" -N install:help deploy:help dependency:help &&
    run_logged "${maven[@]}" -N dependency:get -Dartifact="org.apache.maven.surefire:surefire-junit-platform:$(version surefire)" &&
    run_logged "${maven[@]}" -N dependency:get -Dartifact="org.junit.platform:junit-platform-launcher:$(version launcher)" &&
    run_logged "${maven[@]}" -N dependency:get -Dartifact="com.google.protobuf:protobuf-java:$(version protobuf4)" ||
    die "Maven could not fetch what clients/java/pom.xml names (whole output: $LOG)"
  echo "$pin" >"$target/.pin"
}

has_java_tools() {
  command -v mvn >/dev/null && command -v javac >/dev/null && command -v unzip >/dev/null
}

need_run() {
  need_packages "$@" "${RUN_PACKAGES[@]}"
  need_google_protos
}

need_test() {
  need_run "$@" "${TEST_PACKAGES[@]}"
  need_go_tools
  need_buf
  need_official_clients
  need_orchestrator_clients
  need_servers
}

mkdir -p .deps/bin
case "${1:-}" in
  run) need_run ;;
  test) need_test ;;
  clients) need_clients "${TEST_PACKAGES[@]}" ;;
  clients-java) need_java_client ;;
  long) need_run "${LONG_PACKAGES[@]}" ;;
  bench) need_run "${BENCH_PACKAGES[@]}" ;;
  portability) need_run debootstrap ;;
  packages) echo "${RUN_PACKAGES[@]}" ;;
  *) die "usage: tools/setup.sh run|test|clients|clients-java|long|bench|portability|packages" ;;
esac
