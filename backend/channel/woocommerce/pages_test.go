package woocommerce

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
	"evenstock/backend/practice/practicetest"
)

// TestPagesOfTheShop: nothing is lost in a shop whose plugins deal out smaller pages than they are asked for, or refuse the
// usual ones.
func TestPagesOfTheShop(t *testing.T) {
	for name, shopHas := range map[string]func(*practicetest.Recorder){
		"smaller": func(rec *practicetest.Recorder) {
			rec.Next = practicetest.Meddle{Next: rec.Next, Query: func(q url.Values) {
				if n, err := strconv.Atoi(q.Get("per_page")); err == nil {
					q.Set("per_page", strconv.Itoa(min(n, 20)))
				}
			}}
		},
		"refused above 25": func(rec *practicetest.Recorder) {
			rec.Instead = func(r *http.Request, _ string) *http.Response {
				if n, err := strconv.Atoi(r.URL.Query().Get("per_page")); err != nil || n <= 25 {
					return nil
				}
				return practicetest.Canned(r, 400, `{"code":"rest_invalid_param","message":"Invalid parameter(s): per_page","data":{"status":400}}`)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			shop := practicetest.New(t, practicetest.Options{Direct: true, TLS: true})
			refs := stock(shop, 90)
			var sold []string
			for _, ref := range refs {
				sold = append(sold, shop.Sell(channeltest.Units{Ref: ref, Quantity: 1}))
			}
			shopHas(shop.Record())
			s, _ := connect(t, shop, pageSize, nil)
			got, _ := listed(t, s, nil, nil)
			for i, ref := range refs {
				if !slices.Contains(got, ref.Listing) {
					t.Errorf("listing %d was skipped", i)
				}
			}
			var orders []string
			for page, err := range s.ListOrders(t.Context(), nil) {
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range page.Items {
					orders = append(orders, o.Ref)
				}
			}
			for _, ref := range sold {
				if !slices.Contains(orders, ref) {
					t.Errorf("order %s was skipped", ref)
				}
			}
			readings, err := s.ReadStock(t.Context(), refs)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range readings {
				if r.Err != nil || r.Quantity == nil || *r.Quantity != int64(i)-1 {
					t.Errorf("listing %d reads %v, %v", i, r.Quantity, r.Err)
				}
			}
			if known, err := s.GetOrders(t.Context(), sold); err != nil || slices.ContainsFunc(known, func(o channel.Order) bool { return o.Gone }) || len(known) != len(sold) {
				t.Errorf("%d known orders, %v", len(known), err)
			}
		})
	}
}
