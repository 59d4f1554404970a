# What `make test` and `make lint` need beside what `make run` needs.

readonly GRPCURL_VERSION=v1.9.3
readonly PROTOC_GEN_GO_VERSION=v1.36.10
readonly PROTOC_GEN_GO_GRPC_VERSION=v1.5.1
readonly STATICCHECK_VERSION=v0.6.1
readonly OLDEST_GO=go1.23.12  # that the Go client supports; the Makefile names it too
readonly BUF_VERSION=1.75.0
# Unpacked into .deps/servers and not installed, so that none of them is started by the system.
readonly SERVER_PACKAGES=(openssh-server libwrap0 libnss-wrapper nginx)
readonly TEST_PACKAGES=(git tmux openssh-client python3-venv clang-14 clang-tidy-14 clang-format-14 libclang-rt-14-dev)

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

# The upstreams' own Python clients.
need_official_clients() {
  need_python tests/official/requirements.txt .deps/official ansys-grantami
}

# Servers to deliver files to: OpenSSH and nginx of the system's release, moto's S3.
need_servers() {
  need_unpacked .deps/servers "${SERVER_PACKAGES[@]}"
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

need_test() {
  need_run "$@" "${TEST_PACKAGES[@]}"
  need_go_tools
  need_buf
  need_official_clients
  need_orchestrator_clients
  need_servers
  need_browser
}
