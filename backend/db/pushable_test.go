package db_test

import (
	"strings"
	"testing"

	"evenstock/backend/db"
	"evenstock/backend/domain"
)

func TestPushable(t *testing.T) {
	store := db.Store{ID: 1, Name: "Fernhill Home"}
	listing := db.Listing{Store: 1, Ref: "10", SKU: "MUG", Status: "active", Tracked: true, Item: 7}
	if ok, reason := db.Pushable(store, listing, true); !ok || reason != "" {
		t.Fatalf("a plain linked listing: ok=%v reason=%q", ok, reason)
	}
	for _, tc := range []struct {
		name    string
		change  func(*db.Store, *db.Listing)
		unset   bool
		ok      bool
		because string
	}{
		{name: "store removed", change: func(s *db.Store, _ *db.Listing) { s.Removed = true }, because: "Fernhill Home was removed"},
		{name: "gone", change: func(_ *db.Store, l *db.Listing) { l.Gone = true }, because: "no longer in the shop"},
		{name: "no SKU", change: func(_ *db.Store, l *db.Listing) { l.SKU = ""; l.Item = 0 }, because: "no SKU"},
		{name: "archived", change: func(_ *db.Store, l *db.Listing) { l.Status = "archived" }, because: "archived"},
		{name: "archived, drafts included", change: func(s *db.Store, l *db.Listing) { s.IncludeDrafts = true; l.Status = "archived" }, because: "archived"},
		{name: "draft", change: func(_ *db.Store, l *db.Listing) { l.Status = "draft" }, because: "Not synced (draft)"},
		{name: "draft, included", change: func(s *db.Store, l *db.Listing) { s.IncludeDrafts = true; l.Status = "draft" }, ok: true},
		{name: "fulfilled by the marketplace", change: func(_ *db.Store, l *db.Listing) { l.Marketplace = true }, because: "marketplace ships"},
		{name: "shared stock", change: func(_ *db.Store, l *db.Listing) { l.Shared = true }, because: "shares one stock"},
		{name: "untracked", change: func(_ *db.Store, l *db.Listing) { l.Tracked = false }, because: "keeps no stock"},
		{name: "not linked", change: func(_ *db.Store, l *db.Listing) { l.Item = 0 }, because: "linked to no product"},
		{name: "unset", unset: true, because: "Needs a first count"},
		{name: "rule of the listing", change: func(_ *db.Store, l *db.Listing) { l.Rule = domain.Rule{DoNotPush: true} }, because: "rule of yours"},
		{name: "rule of the store", change: func(s *db.Store, _ *db.Listing) { s.Rule = domain.Rule{DoNotPush: true} }, because: "rule of yours"},
		{name: "renamed, link held", change: func(_ *db.Store, l *db.Listing) { l.Renamed = "CUP" }, ok: true},
		{name: "sync off is not the listing's matter", change: func(s *db.Store, _ *db.Listing) { s.Sync = db.SyncOff }, ok: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, l := store, listing
			if tc.change != nil {
				tc.change(&s, &l)
			}
			ok, reason := db.Pushable(s, l, !tc.unset)
			if ok != tc.ok || ok != (reason == "") || !strings.Contains(reason, tc.because) {
				t.Errorf("ok=%v reason=%q, want ok=%v because %q", ok, reason, tc.ok, tc.because)
			}
		})
	}
}
