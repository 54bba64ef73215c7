#!/bin/sh
# A fresh checkout in, a built one out: looks for Node and system programs, installs npm packages, builds. Talks on stderr only.
#
# --test   also what the tests call
# --check  also what `npm run check` calls
set -eu

# program:Debian package, for running and building, for the tests, for the checks
RUN_PROGRAMS='bwrap:bubblewrap cc:gcc make:make'
TEST_PROGRAMS='git:git curl:curl openssl:openssl wget:wget gnutls-cli:gnutls-bin ruby:ruby php:php-cli h2load:nghttp2-client podman:podman runc:runc newuidmap:uidmap busybox:busybox-static chromium:chromium'
CHECK_PROGRAMS='git:git clang-format:clang-format shellcheck:shellcheck'

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$root"

say() { printf 'leash: %s\n' "$*" >&2; }
die() {
  say "$@"
  exit 125
}

# step TEXT COMMAND [ARGUMENT…]: one line of progress; what the command printed is shown only when it failed.
step() {
  say "$1"
  text=$1
  shift
  if ! "$@" >"$log" 2>&1 </dev/null 9>&-; then
    cat "$log" >&2
    die "$text: failed, its output is above"
  fi
}

require_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then die 'needs Node 20.19 or later, with npm'; fi
  version=$(node --version)
  major=${version#v}
  minor=${major#*.}
  major=${major%%.*}
  minor=${minor%%.*}
  if [ "$major" -lt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -lt 19 ]; }; then
    die "needs Node 20.19 or later; this is $version"
  fi
}

# npm keeps its cache there, and Leash its journals.
require_home() {
  [ -n "${HOME:-}" ] || die 'HOME is not set; set it to a folder you can write to'
  { [ -d "$HOME" ] && [ -w "$HOME" ]; } || die "HOME=$HOME is not a folder you can write to; set HOME to one"
}

require_writable() {
  for folder in "$root" dist node_modules native/build; do
    [ ! -e "$folder" ] || [ -w "$folder" ] || die "cannot build: $folder is not yours to write; build as its owner, or clone your own"
  done
}

missing_packages() {
  for pair in $1; do
    command -v "${pair%%:*}" >/dev/null || printf ' %s' "${pair#*:}"
  done
  # The programs that run inside a sandbox are static. Without a compiler, its package is named above already.
  if ! command -v cc >/dev/null || [ "$(cc -print-file-name=libc.a)" = libc.a ]; then printf ' libc6-dev'; fi
}

require_packages() {
  packages=$(missing_packages "$1")
  [ -n "$packages" ] || return 0
  command -v apt-get >/dev/null || die "needs these Debian packages, or your system's equal of them:$packages"
  if [ "$(id -u)" -eq 0 ]; then
    as_root=
  elif sudo -n true 2>/dev/null; then
    as_root='sudo -n'
  else
    die "system packages are missing; run: sudo apt-get install -y$packages"
  fi
  # shellcheck disable=SC2086  # both are lists of words
  {
    step 'reading the package lists' $as_root env DEBIAN_FRONTEND=noninteractive apt-get update
    step "installing$packages" $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages
  }
  packages=$(missing_packages "$1")
  [ -z "$packages" ] || die "still missing after the installation:$packages"
}

# Two at once would tear each other's node_modules; the second waits, and finds the work done.
lock() {
  mkdir -p dist
  exec 9>dist/.lock
  flock -n 9 && return
  say 'another build of this checkout is running; waiting for it'
  flock 9
}

is_newer_than() { [ -z "$(find "$2" -newer "$1" -print -quit)" ]; }

is_installed() { [ -f "$1/node_modules/.package-lock.json" ] && is_newer_than "$1/node_modules/.package-lock.json" "$1/package-lock.json"; }

install_packages() {
  is_installed . || step 'installing npm packages' npm ci --no-audit --no-fund
}

# MCP's official SDKs, servers and conformance suite. Where they cannot be had, what runs them is skipped.
install_test_packages() {
  say 'installing npm packages of test/mcp'
  if ! npm ci --prefix test/mcp --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retries=1 >"$log" 2>&1 </dev/null 9>&-; then
    cat "$log" >&2
    say 'the npm packages of test/mcp could not be installed: tests with them are skipped'
  fi
}

build() {
  mkdir -p native/build
  : >dist/.building
  step 'compiling TypeScript' node_modules/.bin/tsc -b src/cli
  step 'joining modules' node scripts/join-modules.mjs
  step 'compiling native programs' make -C native -j2
  if [ ! -f dist/ui/index.html ] || ! is_newer_than dist/ui/index.html ui/src; then
    step 'building the interface' npm run build --workspace ui
  fi
  mv dist/.building dist/.built
}

programs=$RUN_PROGRAMS
tests=
for option in "$@"; do
  case $option in
    --test)
      programs="$programs $TEST_PROGRAMS"
      tests=yes
      ;;
    --check) programs="$programs $CHECK_PROGRAMS" ;;
    *) die "bootstrap.sh: unknown option $option" ;;
  esac
done

umask 022
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM HUP

require_node
require_packages "$programs"
if ! sh scripts/is-built.sh "$root" || [ ! -f node_modules/.package-lock.json ]; then
  require_home
  require_writable
  lock
  install_packages
  sh scripts/is-built.sh "$root" || build
fi
if [ -n "$tests" ] && ! is_installed test/mcp; then
  require_home
  lock
  is_installed test/mcp || install_test_packages
fi
if [ -n "$tests" ] && ! make -C native -q test 2>/dev/null; then
  step 'compiling native test programs' make -C native -j2 test
fi
