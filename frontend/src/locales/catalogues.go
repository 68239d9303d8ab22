// Package locales holds the catalogues of words. The page is built with its own; what the program itself says stands here
// for Go as well.
package locales

import "embed"

// Program has two files for every language but English, each from the English sentence to the other one: program.TAG.json
// is what the program says on the page, native.TAG.json what it says where there is no page, as in the tray.
//
//go:embed native.*.json program.*.json
var Program embed.FS
