# What tests of pages need: a browser without a screen, and what looks there for barriers.

readonly BROWSER_PACKAGES=(chromium chromium-driver fonts-dejavu-core)

need_browser() {
  local pin=tests/browser/package-lock.json target=.deps/browser
  need_packages "${BROWSER_PACKAGES[@]}"
  cmp -s "$pin" "$target/.pin" && return
  command -v npm >/dev/null || need_packages npm
  say "installing into $target: axe-core"
  rm -rf "$target"
  mkdir -p "$target"
  cp tests/browser/package.json "$pin" "$target/"
  run_logged npm ci --prefix "$target" --no-audit --no-fund --ignore-scripts --loglevel=error ||
    die "npm could not install what $pin names (whole output: $LOG)"
  cp "$pin" "$target/.pin"
}
