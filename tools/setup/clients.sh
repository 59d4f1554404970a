# What the tests of clients/ and cli/ need beside Go.

readonly JAVA_PACKAGES=(openjdk-17-jdk-headless maven unzip)
# Unpacked into .deps/shells and not installed.
readonly SHELL_PACKAGES=(zsh zsh-common fish fish-common libpcre2-32-0)

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
  need_unpacked .deps/shells "${SHELL_PACKAGES[@]}"
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
