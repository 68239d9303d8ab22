package woocommerce

import (
	"fmt"

	"evenstock/backend/practice"
)

// Latest is the version that was recorded in full.
const Latest = "11.0.1"

// version is major, minor and patch of WooCommerce.
type version [3]int

func parseVersion(s string) version {
	var v version
	if n, err := fmt.Sscanf(s, "%d.%d.%d", &v[0], &v[1], &v[2]); n < 2 {
		panic(fmt.Sprintf("woocommerce version %q: %v", s, err))
	}
	return v
}

func (v version) since(other version) bool {
	for i := range v {
		if v[i] != other[i] {
			return v[i] > other[i]
		}
	}
	return true
}

// The versions from which something is as it is now. Where woocommerce-observed.md only says between which two recorded
// versions a change came, the later one is named here (unverified in between).
var (
	orderTables       = version{8, 9, 2} // orders of a new shop live in tables of their own
	refundsRoute      = version{9, 0, 0}
	editsFollow       = version{9, 1, 0}
	parentChecked     = version{9, 4, 2}  // a variation read under a wrong parent is not found
	trashKeepsSKU     = version{9, 4, 2}  // the SKU of a trashed product is taken
	productBarcode    = version{9, 4, 2}  // global_unique_id of a product
	draftsInList      = version{9, 4, 2}  // checkout-draft orders are in the default list,
	draftsOutOfList   = version{11, 0, 1} // until here
	addedLinesReduce  = version{10, 0, 2}
	typeArguments     = version{10, 0, 2} // include_types, exclude_status
	variationsRoute   = version{10, 3, 0}
	failedRestores    = version{11, 0, 0}
	writeParentString = version{11, 0, 1} // manage_stock: "parent"
	lineBarcode       = version{11, 0, 1}
	refundTax         = version{11, 0, 1} // refunds[].total_tax in an order
	emailLinks        = version{11, 0, 1} // unverified before
)

// Rules are what a version of WooCommerce does to the shop's own numbers.
func Rules(v string) practice.Rules {
	if v == "" {
		v = Latest
	}
	at := parseVersion(v)
	return practice.Rules{
		FailedGivesBack: at.since(failedRestores),
		EditsFollow:     at.since(editsFollow),
		AddedFollow:     at.since(addedLinesReduce),
	}
}
