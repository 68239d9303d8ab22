package view

import (
	"fmt"
	"time"
)

// keyNames are what people call the credentials that end.
var keyNames = map[string]string{"clientSecret": "client secret", "refreshToken": "login"}

// Name is what people call it.
func (k KeyEnd) Name() string { return or(keyNames[k.Field], "key") }

// Date is the day on which it ends.
func (k KeyEnd) Date(zone *time.Location) string {
	return time.UnixMilli(k.At).In(zone).Format("2 January 2006")
}

// Sentence says when it ends and what to do.
func (k KeyEnd) Sentence(zone *time.Location) string {
	return fmt.Sprintf("The %s ends on %s at the latest. %s", k.Name(), k.Date(zone), k.Renew)
}
