#!/bin/sh
# Root of a checkout in; status 0 when the build is newer than everything it is made from. ./leash runs it each time.

stamp=$1/dist/.built
[ -f "$stamp" ] || exit 1

# Directories count as well: a file that was taken away leaves its mark only there. The stamp bears the time the build began.
newer=$(find "$1/package-lock.json" "$1/tsconfig.base.json" "$1/src" "$1/native" "$1/ui" \
  "$1/scripts/join-modules.mjs" "$1/scripts/run-cached.cjs" \
  \( -path "$1/native/build" -o -path "$1/native/test" -o -path "$1/ui/node_modules" \) -prune \
  -o -newer "$stamp" -print -quit) && [ -z "$newer" ]
