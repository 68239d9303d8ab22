# What the scripts beside this one have in common; they source it. EVENSTOCK is the command to try.

: "${EVENSTOCK:?is the command to try, such as build/bin/evenstock-cli}"
for tool in curl jq; do
  command -v "$tool" > /dev/null || { echo "This needs $tool." >&2; exit 2; }
done
export EVENSTOCK_PASSPHRASE='a passphrase for tests'
unset EVENSTOCK_DATA

dir=$(mktemp -d) # gone at the end, with the log in it
data="$dir/data" # the folder of the books
shops_pid='' run_pid='' test='' # empty where there is none

finish() {
  status=$?
  [ -z "$run_pid" ] || kill -CONT "$run_pid" 2> /dev/null || true
  for pid in $run_pid $shops_pid; do kill "$pid" 2> /dev/null || true; done
  wait
  if [ "$status" -ne 0 ] && [ -f "$dir/log" ]; then
    echo "--- the last commands${test:+ of test $test} and what they said:" >&2
    tail -n 40 "$dir/log" >&2
  fi
  rm -rf "$dir"
}
trap finish EXIT

fail() {
  echo "not as it should be: $*" >&2
  exit 1
}

# same WHAT EXPECTED GOT
same() { [ "$2" = "$3" ] || fail "$1: expected $2, got $3"; }

# --- the command -----------------------------------------------------------------------------------------------------

# ev ARGS… types a command; its standard error goes to the log.
ev() {
  echo "\$ evenstock $*" >> "$dir/log"
  "$EVENSTOCK" --data "$data" "$@" 2>> "$dir/log"
}

json() { ev --json "$@"; }

# code EXPECTED ARGS… types a command that is to end with an exit code, and prints its document.
code() {
  local expected=$1 got=0 out
  shift
  out=$(json "$@") || got=$?
  echo "$out" | jq -c . >> "$dir/log"
  same "exit code of: evenstock $*" "$expected" "$got"
  echo "$out"
}

books_add_up() { same "the books add up" true "$(code 0 verify | jq .ok)"; }

# --- the shops -------------------------------------------------------------------------------------------------------

# open_shops FILE FLAGS… starts practice stores; FILE tells where they are.
open_shops() {
  local file=$1
  shift
  "$EVENSTOCK" practice --json "$@" > "$file" 2>> "$dir/log" &
  shops_pid=$!
  for _ in $(seq 100); do
    jq -e '.stores | length >= 3' "$file" > /dev/null 2>&1 && return
    sleep 0.1
  done
  fail "the practice stores did not start"
}
