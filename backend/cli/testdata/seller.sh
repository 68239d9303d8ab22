#!/usr/bin/env bash
# The ten tests that would convince a seller, by the command line alone: what a person types, and what the shops show.
#
#   EVENSTOCK=build/bin/evenstock-cli backend/cli/testdata/seller.sh [TEST …]
#
# TEST is apples, adjustment, everywhere, copy, unset, pull_fails, refunds, same_page, killed or asleep; without one all
# ten are done. It needs bash, curl and jq. The shops are practice stores; they are sold from and looked at by
# WooCommerce's own calls.
set -euo pipefail

. "$(dirname "$0")/typing.sh"

# numbers SKU prints In stock/Booked/Available; unset is null.
numbers() { json stock show "$1" | jq -r '"\(.inStock)/\(.booked)/\(.available)"'; }

# Only old versions of WooCommerce let two listings have one SKU.
declare -A version_of=([everywhere]=8.9.3)

# Three shops and a folder of books for each test. Their one listing is that of the assortment; the tests bring their own.
begin() {
  test=$1
  data="$dir/$test/data"
  mkdir -p "$dir/$test"
  : > "$dir/log"
  open_shops "$dir/$test/shops.json" --listings 1 --store-version "${version_of[$1]-}"
}

end() {
  books_add_up
  kill "$shops_pid"
  wait "$shops_pid" 2> /dev/null || true
  shops_pid=''
  echo "ok  $test"
}

shop() { jq -r ".stores[$1].$2" "$dir/$test/shops.json"; }

name() { echo "shop$1"; }

# api SHOP METHOD PATH [BODY] is a call of the vendor's own.
api() {
  local body=()
  [ $# -lt 4 ] || body=(--data "$4")
  curl -sS --fail-with-body -X "$2" -H 'Content-Type: application/json' -H 'X-Forwarded-Proto: https' \
    -u "$(shop "$1" fields.key):$(shop "$1" fields.secret)" "${body[@]}" "$(shop "$1" url)/wp-json/wc/v3/$3"
}

# control SHOP fault|clock BODY, and control SHOP log.
control() {
  if [ $# -lt 3 ]; then
    curl -sS --fail-with-body "$(shop "$1" url)/practice/$2"
  else
    curl -sS --fail-with-body -X POST --data "$3" "$(shop "$1" url)/practice/$2" > /dev/null
  fi
}

# offer SHOP SKU QUANTITY puts goods into a shop and prints their id.
offer() {
  api "$1" POST products "{\"name\":\"$2\",\"sku\":\"$2\",\"regular_price\":\"10\",\"manage_stock\":true,\"stock_quantity\":$3}" | jq .id
}

id_of() { api "$1" GET "products?sku=$2" | jq '.[0].id'; }

# shown SHOP SKU prints the number customers see.
shown() { api "$1" GET "products?sku=$2" | jq -r '[.[].stock_quantity] | join(" ")'; }

# everywhere SKU NUMBER checks all three shops.
everywhere() {
  local s
  for s in 0 1 2; do same "$1 in $(name $s)" "$2" "$(shown $s "$1")"; done
}

# sell SHOP SKU QUANTITY places a paid order and prints its id.
sell() {
  api "$1" POST orders "{\"status\":\"processing\",\"line_items\":[{\"product_id\":$(id_of "$1" "$2"),\"quantity\":$3}]}" | jq .id
}

status() { api "$1" PUT "orders/$2" "{\"status\":\"$3\"}" > /dev/null; }

# refund SHOP ORDER QUANTITY true|false, with restock or without.
refund() {
  local line
  line=$(api "$1" GET "orders/$2" | jq '.line_items[0].id')
  api "$1" POST "orders/$2/refunds" \
    "{\"amount\":\"$(($3 * 10)).00\",\"api_refund\":false,\"api_restock\":$4,\"line_items\":[{\"id\":$line,\"quantity\":$3,\"refund_total\":$(($3 * 10))}]}" > /dev/null
}

# writes SHOP prints how often a number was written there by a program since the last reset of the counter.
writes() { control "$1" log | jq '[.calls[] | select(.call == "push stock" and .status < 400)] | length'; }

# connect SHOP connects a shop; turn_on SHOP FLAGS… turns it on.
connect() {
  EVENSTOCK_SECRET_KEY=$(shop "$1" fields.key) EVENSTOCK_SECRET_SECRET=$(shop "$1" fields.secret) \
    code 0 store add woocommerce --name "$(name "$1")" --url "$(shop "$1" url)" --allow-http --secrets file > /dev/null
}

turn_on() {
  local s=$1
  shift
  code 0 store on "$(name "$s")" --yes "$@" > /dev/null
}

# even_shops SKU QUANTITY is where most tests begin: the goods in three shops, counted once, all on.
even_shops() {
  local s
  for s in 0 1 2; do offer $s "$1" "$2" > /dev/null; done
  for s in 0 1 2; do connect $s; done
  turn_on 0 --copy
  turn_on 1 --no-copy
  turn_on 2 --no-copy
}

# --- the ten tests ---------------------------------------------------------------------------------------------------

test_apples() {
  even_shops APPLE 50
  same "after turning on" 50/0/50 "$(numbers APPLE)"
  local order
  order=$(sell 1 APPLE 4)
  code 0 sync > /dev/null
  same "an order of 4" 50/4/46 "$(numbers APPLE)"
  everywhere APPLE 46
  local before
  before=$(writes 0; writes 1; writes 2)
  status 1 "$order" completed
  code 0 sync > /dev/null
  same "fulfilled" 46/0/46 "$(numbers APPLE)"
  everywhere APPLE 46
  same "writes because of the fulfilment" "$before" "$(writes 0; writes 1; writes 2)"
  same "terms sum to the numbers" "46 0" \
    "$(json stock explain APPLE | jq -r '"\([.terms[].inStock] | add) \([.terms[].booked] | add)"')"
}

test_adjustment() {
  even_shops TEE 10
  local out
  out=$(code 0 stock set TEE 15)
  same "outcomes" "written written written" "$(echo "$out" | jq -r '[.pushes[].outcome] | join(" ")')"
  same "the books" 15/0/15 "$(numbers TEE)"
  everywhere TEE 15
  code 0 stock add TEE -2 --reason damaged > /dev/null
  everywhere TEE 13
}

test_everywhere() {
  even_shops BLUEJEANSM 30
  twin 2 BLUEJEANSM 4
  code 0 listings sync shop2 > /dev/null
  same "listings" 4 "$(json stock show BLUEJEANSM | jq '.online | length')"
  code 0 stock set BLUEJEANSM 21 > /dev/null
  same "shop0" 21 "$(shown 0 BLUEJEANSM)"
  same "shop1" 21 "$(shown 1 BLUEJEANSM)"
  same "both in shop2" "21 21" "$(shown 2 BLUEJEANSM)"
}

# twin SHOP SKU QUANTITY makes a second listing with a SKU the shop has already: the first is in the trash meanwhile.
twin() {
  local first
  first=$(id_of "$1" "$2")
  api "$1" DELETE "products/$first" > /dev/null
  offer "$1" "$2" "$3" > /dev/null
  api "$1" PUT "products/$first" '{"status":"publish"}' > /dev/null
}

test_copy() {
  local i s
  for i in $(seq 12); do offer 0 "COPY-$i" $((i + 10)) > /dev/null; done
  connect 0
  control 0 fault '{"match":"/products","kind":"slow","after":"200ms","times":40}'
  (for i in $(seq 12); do sell 0 "COPY-$i" 1; done) > "$dir/$test/orders" 2>> "$dir/log" &
  local customers=$!
  local before
  before=$(writes 0)
  turn_on 0 --copy
  wait "$customers"
  code 0 sync > /dev/null
  same "orders placed meanwhile" 12 "$(wc -l < "$dir/$test/orders")"
  for i in $(seq 12); do
    same "COPY-$i" "$((i + 10))/1/$((i + 9))" "$(numbers "COPY-$i")"
    same "COPY-$i in the shop" $((i + 9)) "$(shown 0 "COPY-$i")"
  done
  same "numbers written" "$before" "$(writes 0)"
}

test_unset() {
  even_shops OLD 5
  offer 0 NEW 7 > /dev/null
  code 0 listings sync shop0 > /dev/null
  same "before its first count" null/0/null "$(numbers NEW)"
  code 0 sync > /dev/null
  code 0 inventory refresh shop0 > /dev/null
  same "NEW in the shop, after a hard refresh" 7 "$(shown 0 NEW)"
  same "unset in health" 1 "$(json health | jq '[.unset[] | select(.sku == "NEW")] | length')"
  code 0 stock set NEW 9 > /dev/null
  same "NEW in the shop, after its first count" 9 "$(shown 0 NEW)"
  local first
  first=$(json stock explain NEW | jq '.terms[-1].seq')
  code 0 undo "$first" > /dev/null
  same "after the undo" null/0/null "$(numbers NEW)"
  same "NEW in the shop, after the undo" 9 "$(shown 0 NEW)"
}

test_pull_fails() {
  even_shops MUG 20
  control 0 fault '{"match":"/orders","kind":"500","times":50}'
  local out
  out=$(code 4 stock set MUG 12 --wait 5s)
  same "shop0" pending "$(echo "$out" | jq -r '.pushes[] | select(.store == "shop0") | .outcome')"
  same "nothing sent to shop0" 20 "$(shown 0 MUG)"
  same "shop1 is served" 12 "$(shown 1 MUG)"
  same "shop2 is served" 12 "$(shown 2 MUG)"
  out=$(code 4 sync)
  same "runs" "done done failed" "$(echo "$out" | jq -r '[.runs[].outcome] | sort | join(" ")')"
  same "still nothing sent to shop0" 20 "$(shown 0 MUG)"
}

test_refunds() {
  local case order
  for case in PLACED SHIPPED CANCELLED BACK LOST RETURNED KEPT TWICE; do offer 0 $case 20 > /dev/null; done
  connect 0
  turn_on 0 --copy
  declare -A of
  for case in PLACED SHIPPED CANCELLED BACK LOST RETURNED KEPT TWICE; do of[$case]=$(sell 0 $case 3); done
  code 0 sync > /dev/null
  for case in PLACED SHIPPED CANCELLED BACK LOST RETURNED KEPT TWICE; do
    same "placed, $case" 20/3/17 "$(numbers $case)"
  done
  for case in SHIPPED RETURNED KEPT; do status 0 "${of[$case]}" completed; done
  status 0 "${of[CANCELLED]}" cancelled
  refund 0 "${of[BACK]}" 1 true
  refund 0 "${of[LOST]}" 1 false
  refund 0 "${of[TWICE]}" 1 true
  code 0 sync > /dev/null
  same "fulfilled" 17/0/17 "$(numbers SHIPPED)"
  same "cancelled while unfulfilled" 20/0/20 "$(numbers CANCELLED)"
  same "unfulfilled, refunded, restocked" 20/2/18 "$(numbers BACK)"
  same "unfulfilled, refunded, not restocked" 19/2/17 "$(numbers LOST)"
  refund 0 "${of[RETURNED]}" 2 true
  refund 0 "${of[KEPT]}" 2 false
  status 0 "${of[TWICE]}" cancelled
  code 0 sync > /dev/null
  same "fulfilled, refunded, restocked" 19/0/19 "$(numbers RETURNED)"
  same "fulfilled, refunded, not restocked" 17/0/17 "$(numbers KEPT)"
  same "refunded with restock, then cancelled" 20/0/20 "$(numbers TWICE)"
  for case in PLACED SHIPPED CANCELLED BACK LOST RETURNED KEPT TWICE; do
    same "$case in the shop" "$(json stock show $case | jq .available)" "$(shown 0 $case)"
  done
}

test_same_page() {
  even_shops PLUM 40
  local order movements i
  order=$(sell 0 PLUM 3)
  code 0 sync > /dev/null
  movements=$(json verify | jq .movements)
  for i in 1 2 3 4 5; do
    api 0 PUT "orders/$order" '{"customer_note":"again"}' > /dev/null # its date moves, so its page is read again
    same "orders read, time $i" true "$(code 0 sync shop0 | jq '.runs[0].ordersRead > 0')"
  done
  same "movements" "$movements" "$(json verify | jq .movements)"
  same "the books" 40/3/37 "$(numbers PLUM)"
  everywhere PLUM 37
}

# work starts the program working by itself and waits until it is ready.
work() {
  "$EVENSTOCK" --data "$data" --json run --every "$1" > "$dir/$test/run.json" 2>> "$dir/log" &
  run_pid=$!
  for _ in $(seq 100); do
    grep -qs '"event":"ready"' "$dir/$test/run.json" && return
    sleep 0.1
  done
  fail "run did not become ready"
}

rest() {
  kill -TERM "$run_pid"
  local got=0
  wait "$run_pid" || got=$?
  run_pid=''
  same "exit code of run after SIGTERM" 0 "$got"
}

# soon WHAT EXPECTED COMMAND… asks again for 20 s until the answer is right.
soon() {
  local what=$1 expected=$2 got='' _
  shift 2
  for _ in $(seq 100); do
    got=$("$@")
    [ "$got" = "$expected" ] && return
    sleep 0.2
  done
  same "$what" "$expected" "$got"
}

test_killed() {
  even_shops PEAR 30
  code 0 inventory refresh shop0 > /dev/null
  local cooling left s
  cooling=$(code 3 inventory refresh shop0 | jq .error.retryAt)
  work 1m
  for s in 0 1 2; do control $s fault '{"call":"push stock","kind":"slow","after":"3s","times":1}'; done
  code 4 stock set PEAR 11 --no-wait > /dev/null
  sleep 1
  kill -9 "$run_pid"
  wait "$run_pid" 2> /dev/null || true
  run_pid=''
  same "the change is kept" 11/0/11 "$(numbers PEAR)"
  work 1m
  for s in 0 1 2; do soon "PEAR in $(name $s)" 11 shown $s PEAR; done
  same "the books" 11/0/11 "$(numbers PEAR)"
  left=$(code 3 inventory refresh shop0 | jq .error.retryAt)
  [ $((left - cooling)) -le 2000 ] && [ $((cooling - left)) -le 2000 ] || fail "the cooldown moved from $cooling to $left"
  rest
}

test_asleep() {
  even_shops FIG 60
  work 2s
  soon "cycles before" true cycles_of_all 1
  kill -STOP "$run_pid"
  local s since woken
  sleep 1
  since=$(($(date +%s%N) / 1000000))
  for s in 0 1 2; do sell $s FIG 2 > /dev/null; done
  sleep 14 # seven periods
  woken=$(($(date +%s%N) / 1000000))
  kill -CONT "$run_pid"
  for s in 0 1 2; do soon "FIG in $(name $s)" 54 shown $s FIG; done
  soon "the books" 60/6/54 numbers FIG
  rest
  # Every shop's orders were read before any shop was written to, and nobody made up for the
  # periods that were slept through: one catch-up, one cycle for what the others booked, one that was due anyway.
  local pulled pushed
  pulled=$(for s in 0 1 2; do first_call $s "list orders" "$since"; done | sort -n | tail -n 1)
  pushed=$(for s in 0 1 2; do first_call $s "push stock" "$since"; done | sort -n | head -n 1)
  [ "$pulled" -le "$pushed" ] || fail "a number was sent at $pushed, before the orders of all shops were read at $pulled"
  for s in 0 1 2; do
    [ "$(cycles $s "$woken" 1900)" -le 3 ] || fail "$(cycles $s "$woken" 1900) cycles of $(name $s) within 2 s of waking"
  done
}

cycles_of_all() {
  jq -rs --argjson n "$1" '[.[] | select(.event == "cycle") | .store] | group_by(.) | length == 3 and all(length >= $n)' "$dir/$test/run.json"
}

# cycles SHOP SINCE MS counts the shop's cycles that began within so many milliseconds of a time.
cycles() {
  jq -s --arg shop "$(name "$1")" --argjson since "$2" --argjson ms "$3" \
    '[.[] | select(.event == "cycle" and .store == $shop and .startedAt >= $since and .startedAt < $since + $ms)] | length' "$dir/$test/run.json"
}

# first_call SHOP CLASS SINCE prints when the shop got its first such call after a time.
first_call() {
  control "$1" log | jq --arg call "$2" --argjson since "$3" '[.calls[] | select(.call == $call and .at > $since) | .at] | min // empty'
}

# ---------------------------------------------------------------------------------------------------------------------

[ $# -gt 0 ] || set -- apples adjustment everywhere copy unset pull_fails refunds same_page killed asleep
for wanted in "$@"; do
  declare -F "test_$wanted" > /dev/null || { echo "There is no test called $wanted." >&2; exit 2; }
  begin "$wanted"
  "test_$wanted"
  end
done
