#!/bin/sh
# Names of benches in (all when none is given), their tables on stdout and their figures in bench/results/*.json out.
set -eu
cd -- "$(dirname -- "$0")/.."
sh scripts/bootstrap.sh
mkdir -p bench/results

[ $# -gt 0 ] || set -- start containers first-output open verbs records workloads send proxy http2 model splice policy authorize compile reload backtest mcp mcp-wire interface
for name in "$@"; do
  node_modules/.bin/tsx "bench/$name.ts"
done
