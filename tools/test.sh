#!/usr/bin/env bash
# Runs every test, part by part, and says which part runs and how long it took. The output of a part is shown when it
# fails, and kept below build/test.
set -uo pipefail
cd "$(dirname "$0")/.."

logs=build/test
mkdir -p "$logs"
began=$SECONDS
parts=0

# part NAME COMMAND...: runs one part.
part() {
  local name=$1 log start=$SECONDS
  shift
  parts=$((parts + 1))
  log=$logs/$parts-$(echo "$name" | tr -c '[:alnum:]\n' -).log
  printf '%-58s' "$name"
  if ! "$@" >"$log" 2>&1; then
    printf 'FAILED after %d s\n\n' $((SECONDS - start))
    grep -nE '^(--- FAIL|FAIL|panic:|# |.*: error|not ok)' "$log" | head -n 40
    echo "--- the end of $log:"
    tail -n 80 "$log"
    echo
    echo "make test: FAILED in \"$name\" after $((SECONDS - began)) s."
    exit 1
  fi
  printf '%4d s\n' $((SECONDS - start))
}

gofmt_clean() {
  local files
  files=$(gofmt -l $(git ls-files '*.go'))
  [ -z "$files" ] || { echo "not formatted: $files"; return 1; }
}

# with_and_without COMMAND...: the whole with a window, and what differs without one, with the flags of the programs: what
# is compiled here serves their build too.
with_and_without() {
  GOFLAGS=-trimpath "$@" -tags desktop,production,webkit2_41 ./... &&
    GOFLAGS=-trimpath "$@" -tags headless . $(git grep -lE '^//go:build .*(headless|desktop)' -- '*.go' | xargs -n1 dirname | sort -u | sed 's|^|./|')
}

vet() { with_and_without go vet; }

staticcheck() { with_and_without go tool -modfile=tools/go.mod staticcheck; }

# The race detector makes the simulation ten times slower: a few runs of it here, the two hundred by themselves, and with
# them what goes through whole days or thousands of listings in one goroutine. The packages that take longest begin first;
# cli mostly waits for the programs it starts, so three run at once.
long='^(TestSellerHasALargeStore|TestSellerCrashesBetweenAnyTwoPieces|TestSellerBigCommerceKilledAroundAPush|TestSellerNumbersThatApplyLater|TestSeller07EveryCase|TestIdleDayWritesNothing|TestSimSaleDay|TestRefreshVirtual|TestRefreshOfTenThousand|TestSweepOfTenThousand|TestEveryFlippedByteIsFound|TestRebuildOfLargeBooks)$'
go_tests() { EVENSTOCK_SIM_RUNS=20 go test -race -vet=off -p 3 -timeout 14m -v -skip "$long" ./backend/sim ./backend/cli ./backend/engine ./...; }

# Built with the flags of the command line, so that what vet and the programs compile serves here too.
simulation() {
  CGO_ENABLED=0 go test -trimpath -tags headless -vet=off -count=1 -timeout 10m -v -run "^TestSim|$long" ./backend/sim ./backend/bench ./backend/db ./backend/ledger ./backend/channel/...
}

# What the page may call is generated from Go and committed: a difference means that one of the two was forgotten.
bindings() {
  GOFLAGS=-trimpath make --no-print-directory bindings && git diff --exit-code --stat -- frontend/wailsjs &&
    [ -z "$(git status --porcelain -- frontend/wailsjs)" ]
}

npm_run() { (cd frontend && npm run --silent "$@"); }

part 'gofmt' gofmt_clean
part 'Page: types and components (svelte-check)' npm_run check
part 'Page: units (vitest)' npm_run test
part 'Page: built as it ships' make --no-print-directory frontend
part 'Go: vet, with and without window' vet
part 'Go: staticcheck' staticcheck
part 'Go: tests with the race detector' go_tests
part 'Go: two hundred simulated lives, and large stores' simulation
part 'Bindings: generated and committed are the same' bindings
part 'Programs: built with and without window' make --no-print-directory build
part 'End to end: Chromium over the real services' npm_run e2e
part 'End to end: the real window under Xvfb' npm_run e2e:window

count() { cat "$logs"/*"$1"*.log | grep -cE "$2" || true; }
go=$(count race '^ *--- PASS')
page=$(sed -n 's/.*Tests .*[^0-9]\([0-9]\+\) passed.*/\1/p' "$logs"/*vitest*.log | tail -n1)
browser=$(count Chromium '^ok |^✔ |^ *✔ ')
window=$(count Xvfb '^ok |^✔ |^ *✔ ')
echo
echo "make test: all $parts parts passed in $((SECONDS - began)) s:" \
  "$go Go tests, $page page tests, $browser browser tests and $window window tests ran."
echo "$((go + page + browser + window)) passed, 0 failed"
