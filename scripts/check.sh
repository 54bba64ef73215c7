#!/bin/sh
# The tree in, status 0 when everything that can be judged without running the product is right: `npm run check`.
set -eu
cd -- "$(dirname -- "$0")/.."
PATH=$PWD/node_modules/.bin:$PATH

sh scripts/bootstrap.sh --check

failed=
check() {
  printf '%s\n' "check: $1" >&2
  shift
  "$@" || failed="$failed
  $*"
}

check 'format and lint' biome ci
check 'types' tsc -b
check 'types of the viewer' tsc -p ui
check 'dead code and undeclared packages' knip
check 'architecture' vitest run test/architecture.test.ts
check 'format of native code' make -C native --no-print-directory format-check
check 'shell scripts' shellcheck leash scripts/*.sh .ci/run
check 'generated documents' node dist/cli/generate-docs.js --check

if [ -n "$failed" ]; then
  printf '%s\n' "check: failed:$failed" >&2
  exit 1
fi
