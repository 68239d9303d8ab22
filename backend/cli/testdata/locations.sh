#!/usr/bin/env bash
# A shop with several locations, by the command line alone: what a person types, and what the shops show.
#
#   EVENSTOCK=build/bin/evenstock-cli backend/cli/testdata/locations.sh
#
# It needs bash, curl and jq. The shops are practice stores; Shopify's is sold from, shipped from and looked at by Shopify's
# own calls, WooCommerce's by WooCommerce's own.
set -euo pipefail

. "$(dirname "$0")/typing.sh"

# books SKU prints In stock/Booked/Available of every warehouse, in the order of their priority.
books() { code 0 stock show "$1" | jq -r '[.warehouses[] | "\(.code) \(.inStock)/\(.booked)/\(.available)"] | join(", ")'; }

# free SKU CODE prints what is available in a warehouse.
free() { code 0 stock show "$1" | jq --arg code "$2" '.warehouses[] | select(.code == $code) | .available'; }

# --- the shops -------------------------------------------------------------------------------------------------------

open_shops "$dir/shops.json" --listings 6

# shop CHANNEL FIELD is a field of the first practice store of a channel.
shop() { jq -r --arg channel "$1" "[.stores[] | select(.channel == \$channel)][0].$2" "$dir/shops.json"; }

garden=$(shop shopify endpoint)
token=$(curl -sS --fail-with-body -d grant_type=client_credentials -d "client_id=$(shop shopify fields.clientId)" \
  -d "client_secret=$(shop shopify fields.clientSecret)" "$garden/admin/oauth/access_token" | jq -r .access_token)

# ask DOCUMENT VARIABLES is a call of Shopify's own; it prints the data.
ask() {
  local out
  out=$(jq -n --arg query "$1" --argjson variables "${2:-null}" '{$query, $variables}' |
    curl -sS --fail-with-body -H "X-Shopify-Access-Token: $token" -H 'Content-Type: application/json' --data @- "$garden/admin/api/2026-10/graphql.json")
  echo "$out" | jq -e '(.errors // []) + [.data[]? | objects | (.userErrors // [])[]] == []' > /dev/null || fail "Shopify says $out"
  echo "$out" | jq .data
}

floor=gid://shopify/Location/61 barn=gid://shopify/Location/62

# at LOCATION prints what the shop has for sale there.
at() {
  ask 'query($id: ID!, $at: ID!) { nodes(ids: [$id]) { ... on InventoryItem { inventoryLevel(locationId: $at) { quantities(names: ["available"]) { quantity } } } } }' \
    "{\"id\":\"$item\",\"at\":\"$1\"}" | jq '.nodes[0].inventoryLevel.quantities[0].quantity'
}

# shown FLOOR BARN checks what the shop has for sale at both.
shown() { same "in the shop, $3" "$1 $2" "$(at $floor) $(at $barn)"; }

# count LOCATION QUANTITY counts by hand, in the shop.
count() {
  ask 'mutation($input: InventorySetQuantitiesInput!, $key: String!) { inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { code message } } }' \
    "{\"key\":\"$RANDOM-$1\",\"input\":{\"name\":\"available\",\"reason\":\"correction\",\"quantities\":[{\"inventoryItemId\":\"$item\",\"locationId\":\"$1\",\"quantity\":$2,\"changeFromQuantity\":null}]}}" > /dev/null
}

# sell QUANTITY places an order and prints its id.
sell() {
  ask 'mutation($order: OrderCreateOrderInput!, $options: OrderCreateOptionsInput) { orderCreate(order: $order, options: $options) { order { id } userErrors { code message } } }' \
    "{\"order\":{\"lineItems\":[{\"variantId\":\"$variant\",\"quantity\":$1}]},\"options\":{\"inventoryBehaviour\":\"DECREMENT_OBEYING_POLICY\"}}" | jq -r .orderCreate.order.id
}

# part ORDER prints the part of an order that is open.
part() {
  ask 'query($id: ID!) { order(id: $id) { fulfillmentOrders(first: 5) { nodes { id status } } } }' "{\"id\":\"$1\"}" |
    jq -r '[.order.fulfillmentOrders.nodes[] | select(.status == "OPEN" or .status == "IN_PROGRESS")][0].id'
}

move() {
  ask 'mutation($id: ID!, $to: ID!) { fulfillmentOrderMove(id: $id, newLocationId: $to) { userErrors { message } } }' "{\"id\":\"$(part "$1")\",\"to\":\"$2\"}" > /dev/null
}

ship() {
  ask 'mutation($f: FulfillmentInput!) { fulfillmentCreate(fulfillment: $f) { userErrors { message } } }' \
    "{\"f\":{\"lineItemsByFulfillmentOrder\":[{\"fulfillmentOrderId\":\"$(part "$1")\"}]}}" > /dev/null
}

# back ORDER QUANTITY LOCATION takes shipped units back, at a location.
back() {
  local line
  line=$(ask 'query($id: ID!) { order(id: $id) { lineItems(first: 1) { nodes { id } } } }' "{\"id\":\"$1\"}" | jq -r '.order.lineItems.nodes[0].id')
  ask 'mutation($input: RefundInput!, $key: String!) { refundCreate(input: $input) @idempotent(key: $key) { userErrors { message } } }' \
    "{\"key\":\"$1\",\"input\":{\"orderId\":\"$1\",\"refundLineItems\":[{\"lineItemId\":\"$line\",\"quantity\":$2,\"restockType\":\"RETURN\",\"locationId\":\"$3\"}]}}" > /dev/null
}

# --- what a seller does ----------------------------------------------------------------------------------------------

# Something that is counted and that nobody has ordered.
goods=$(ask '{ orders(first: 15, query: "status:open") { nodes { lineItems(first: 9) { nodes { variant { id } } } } }
    productVariants(first: 6) { nodes { id sku requiresComponents inventoryItem { id tracked } } } }' |
  jq '[.orders.nodes[].lineItems.nodes[].variant.id] as $ordered | [.productVariants.nodes[] |
    select(.sku != "" and .inventoryItem.tracked and (.requiresComponents | not) and ([.id] | inside($ordered) | not))][0]')
sku=$(jq -r .sku <<< "$goods") variant=$(jq -r .id <<< "$goods") item=$(jq -r .inventoryItem.id <<< "$goods")
count $floor 20
count $barn 8

EVENSTOCK_SECRET_CLIENTSECRET=$(shop shopify fields.clientSecret) code 0 store add shopify --name garden --endpoint "$garden" --secrets file \
  --field "shop=$(shop shopify fields.shop)" --field "clientId=$(shop shopify fields.clientId)" > /dev/null
code 0 warehouse add BARN --name 'The barn' > /dev/null
same "the first location sells the main warehouse" "Garden shop=MAIN Barn=" "$(code 0 store locations garden | jq -r '[.locations[] | "\(.name)=\(.warehouse)"] | join(" ")')"
code 0 store set garden --location 61= > /dev/null
code 1 store on garden --copy --yes > /dev/null # there is no number to send
code 0 store set garden --location 61=MAIN > /dev/null
code 0 store on garden --copy --yes > /dev/null
grep -q 'Numbers go to Garden shop (warehouse MAIN); nothing is sent to Barn (62)\.' "$dir/log" || fail "nobody said where the numbers go"
same "the books, one location linked" "MAIN 20/0/20, BARN null/0/null" "$(books "$sku")"

code 0 stock set "$sku" 15 > /dev/null
shown 15 8 "one location linked"
code 0 stock set "$sku" 30 --warehouse BARN > /dev/null
shown 15 8 "a count where nothing is linked"
code 0 store set garden --location 62=BARN > /dev/null
code 0 sync garden > /dev/null
shown 15 30 "both linked"
code 0 stock set "$sku" 31 --warehouse BARN > /dev/null
shown 15 31 "a count in the barn"

order=$(sell 4)
code 0 sync garden > /dev/null
same "an order of 4" "MAIN 15/4/11, BARN 31/0/31" "$(books "$sku")"
shown 11 31 "an order of 4"
move "$order" $barn
code 0 sync garden > /dev/null
same "to be sent from the barn" "MAIN 15/4/11, BARN 31/0/31" "$(books "$sku")"
ship "$order"
code 0 sync garden > /dev/null
same "sent from the barn" "MAIN 15/0/15, BARN 27/0/27" "$(books "$sku")"
shown 15 27 "sent from the barn"
back "$order" 1 $floor
code 0 sync garden > /dev/null
same "one came back to the shop floor" "MAIN 16/0/16, BARN 27/0/27" "$(books "$sku")"
shown 16 27 "one came back to the shop floor"

# A shop without locations shows the sum of what it sells from.
web=$(shop woocommerce url)
woo() {
  curl -sS --fail-with-body -X "$1" -H 'Content-Type: application/json' -H 'X-Forwarded-Proto: https' \
    -u "$(shop woocommerce fields.key):$(shop woocommerce fields.secret)" ${3+--data "$3"} "$web/wp-json/wc/v3/$2"
}
[ "$(woo GET "products?sku=$sku" | jq length)" != 0 ] ||
  woo POST products "{\"name\":\"$sku\",\"sku\":\"$sku\",\"regular_price\":\"10\",\"manage_stock\":true,\"stock_quantity\":1}" > /dev/null
EVENSTOCK_SECRET_KEY=$(shop woocommerce fields.key) EVENSTOCK_SECRET_SECRET=$(shop woocommerce fields.secret) \
  code 0 store add woocommerce --name web --url "$web" --allow-http --secrets file > /dev/null
code 0 store on web --no-copy --yes --push all > /dev/null
main=$(free "$sku" MAIN) # less than before where somebody had ordered it there
same "in the shop without locations" "$main" "$(woo GET "products?sku=$sku" | jq '.[0].stock_quantity')"
code 0 store set web --location BARN=BARN > /dev/null
code 0 sync web > /dev/null
same "in the shop without locations, which sells from both" $((main + 27)) "$(woo GET "products?sku=$sku" | jq '.[0].stock_quantity')"

# A location that is linked no more keeps what it has.
code 0 store set garden --location 62= > /dev/null
code 0 stock set "$sku" 50 --warehouse BARN > /dev/null
code 0 inventory refresh garden > /dev/null
shown "$main" 27 "the barn linked no more"
same "in the shop that still sells from it" $((main + 50)) "$(woo GET "products?sku=$sku" | jq '.[0].stock_quantity')"
same "who sells from where" "MAIN: garden web, BARN: web" "$(code 0 warehouse list | jq -r '[.warehouses[] | "\(.code): \(.stores | sort | join(" "))"] | join(", ")')"
books_add_up
echo ok
