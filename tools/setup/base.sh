# What every part of tools/setup.sh installs with: Debian packages, Python packages, Go programs.

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

# need_unpacked TARGET PACKAGE…: Debian packages unpacked into TARGET and not installed, so that the system starts none of
# what they have.
need_unpacked() {
  local target=$1 package
  shift
  local marker=".packages-$*"
  [ -e "$target/$marker" ] && return
  say "unpacking into $target: $*"
  rm -rf "$target"
  mkdir -p "$target"
  if ! download_packages "$target" "$@" >"$LOG" 2>&1; then
    need_root "apt-get update"
    run_logged apt_update_and_download "$target" "$@" ||
      die "apt-get could not download the packages named above (whole output: $LOG)"
  fi
  for package in "$target"/*.deb; do
    dpkg-deb --extract "$package" "$target" || die "$package cannot be unpacked"
  done
  rm -f "$target"/*.deb
  touch "$target/$marker"
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
