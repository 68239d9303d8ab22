package db

import "fmt"

// Listing statuses as they are stored; the words are those of channel.ListingStatus, which this package may not import.
const (
	ListingActive   = "active"
	ListingDraft    = "draft"
	ListingArchived = "archived"
)

// Pushable reports whether numbers may be sent for a listing of store s, and if not, why not, as a sentence for the
// seller. counted says whether the linked product was ever counted. Whether sync is on, paused or held by the safety
// catch is another question: this one is answered by the listing itself (product.md Q5, L2, L3, L9, O5).
//
// A listing whose SKU changed to one nobody has stays pushable: its link is held until the user answers.
func Pushable(s Store, l Listing, counted bool) (ok bool, reason string) {
	switch {
	case s.Removed:
		return false, fmt.Sprintf("%s was removed, so nothing is sent to it.", s.Name)
	case l.Gone:
		return false, "This listing is no longer in the shop. Its product, stock and history stay."
	case l.SKU == "":
		return false, "This listing has no SKU, so it belongs to no product. Give it a SKU in the shop."
	case l.Status == ListingArchived:
		return false, "This listing is archived in the shop, so it is not synced."
	case l.Status == ListingDraft && !s.IncludeDrafts:
		return false, "Not synced (draft). Drafts are left out for this store."
	case l.Marketplace:
		return false, "The marketplace ships this listing from its own stock, so nothing is sent."
	case l.Shared:
		return false, "This listing shares one stock with others that have different SKUs, so it has no number of its own."
	case !l.Tracked:
		return false, "The shop keeps no stock for this listing, so it takes no number. Switch stock tracking on first."
	case l.Item == 0:
		return false, "This listing is linked to no product."
	case !counted:
		return false, "Needs a first count. The shops keep their own numbers until then."
	case l.Rule.Over(s.Rule).DoNotPush:
		return false, "A rule of yours says not to send this listing."
	}
	return true, ""
}
