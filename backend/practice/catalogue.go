package practice

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Goods are something a seller has on the shelf: one product, with choices or without.
type Goods struct {
	Name, SKU, Price, Barcode string
	Quantity                  int64
	Choices                   []Choice // sizes of a garment, for instance; then SKU, Barcode and Quantity are theirs
	Oddity                    Oddity
}

// Choice is one variant of goods.
type Choice struct {
	Value, SKU, Barcode string
	Quantity            int64
}

// Oddity is a way in which real shops are untidy.
type Oddity string

const (
	Plain     Oddity = ""
	IsDraft   Oddity = "draft"
	NoSKU     Oddity = "no sku"
	Uncounted Oddity = "uncounted"
	Shared    Oddity = "shared" // the choices share one number, that of the parent
)

// family is a kind of goods; names are built as "Mug, cream, 350 ml", SKUs as MUG-CRM-350.
type family struct {
	name, code string
	kinds      []string
	size       string
	sizeCode   string
	choices    []string
	price      int // pence
}

var (
	colours = []string{"cream", "navy", "moss", "slate", "ochre", "rose", "white", "black", "sky", "rust", "sage", "plum"}
	scents  = []string{"fig leaf", "pine", "cedar", "orange", "lavender", "sea salt", "rosemary", "vanilla", "clove", "mint"}
	sizes   = []string{"S", "M", "L", "XL"}
)

var families = []family{
	{"Mug", "MUG", colours, "350 ml", "350", nil, 1250},
	{"Candle", "CND", scents, "220 g", "220", nil, 1800},
	{"Jeans", "JNS", []string{"blue", "black", "grey", "white"}, "", "", sizes, 5900},
	{"Tea towel", "TWL", colours, "50 × 70 cm", "50", nil, 900},
	{"Apron", "APR", colours, "", "", []string{"Short", "Long"}, 2600},
	{"Soap", "SOP", scents, "120 g", "120", nil, 650},
	{"Bowl", "BWL", colours, "16 cm", "16", nil, 1400},
	{"T-shirt", "TEE", colours, "", "", sizes, 2200},
	{"Cushion", "CSH", colours, "45 cm", "45", nil, 2400},
	{"Notebook", "NTB", colours, "A5", "A5", nil, 1100},
	{"Blanket", "BLK", colours, "", "", []string{"Single", "Double"}, 6400},
	{"Vase", "VAS", colours, "22 cm", "22", nil, 3100},
}

// ranges are the collections a family comes in once its plain kinds are used up.
var ranges = []string{"", "Harbour", "Meadow", "Orchard", "Hollow", "Bramble", "Quarry", "Lantern", "Willow", "Ferry", "Cobble",
	"Heron", "Saddle", "Juniper", "Pebble", "Garden", "Chapel", "Barley", "Mill", "Thistle", "Anchor", "Cove", "Ember", "Frost"}

// Catalogue returns goods with at least n listings, the same for the same seed. The first of them are always the same.
func Catalogue(n int, seed uint64) []Goods {
	r := rand.New(rand.NewPCG(seed, seedStream))
	list := []Goods{
		{Name: "Apples, crate of 12", SKU: "APPLES-12", Price: "9.50", Quantity: 50},
		{Name: "Blue jeans", Price: "59.00", Choices: []Choice{{"S", "BLUEJEANSS", "", 14}, {"M", "BLUEJEANSM", "", 21}, {"L", "BLUEJEANSL", "", 9}}},
	}
	count := 4
	for round := 0; count < n; round++ {
		for _, f := range families {
			if count >= n {
				break
			}
			g := f.goods(round, r)
			g.Oddity = oddity(len(list))
			list = append(list, g)
			count += max(1, len(g.Choices))
		}
	}
	return list
}

func (f family) goods(round int, r *rand.Rand) Goods {
	kind := f.kinds[round%len(f.kinds)]
	series := round / len(f.kinds)
	name, code := f.name, f.code
	if of := ranges[series%len(ranges)]; of != "" {
		name, code = of+" "+strings.ToLower(f.name[:1])+f.name[1:], f.code+"-"+strings.ToUpper(of[:3])
	}
	if edition := series / len(ranges); edition > 0 {
		name, code = fmt.Sprintf("%s no. %d", name, edition+1), fmt.Sprintf("%s%d", code, edition+1)
	}
	g := Goods{Name: name + ", " + kind, SKU: code + "-" + abbreviate(kind), Price: Decimal(int64(f.price + 50*r.IntN(9))),
		Quantity: quantity(r), Barcode: barcode(r)}
	if f.size != "" {
		g.Name, g.SKU = g.Name+", "+f.size, g.SKU+"-"+f.sizeCode
	}
	for _, c := range f.choices {
		g.Choices = append(g.Choices, Choice{Value: c, SKU: g.SKU + "-" + strings.ToUpper(c[:min(2, len(c))]),
			Barcode: barcode(r), Quantity: quantity(r)})
	}
	return g
}

// oddity makes one in twelve goods untidy, in turn.
func oddity(i int) Oddity {
	if i%12 != 7 {
		return Plain
	}
	return []Oddity{IsDraft, NoSKU, Uncounted, Shared}[i/12%4]
}

func quantity(r *rand.Rand) int64 {
	if r.IntN(14) == 0 {
		return 0
	}
	return int64(3 + r.IntN(60))
}

// barcode is an EAN of the numbers kept for use inside a shop, so that it is nobody's.
func barcode(r *rand.Rand) string {
	digits := fmt.Sprintf("20%010d", r.Uint64N(10_000_000_000))
	sum := 0
	for i, d := range digits {
		weight := 1
		if i%2 == 1 {
			weight = 3
		}
		sum += int(d-'0') * weight
	}
	return fmt.Sprintf("%s%d", digits, (10-sum%10)%10)
}

// abbreviate is three letters of a word that tell it from others: its first and the consonants after it.
func abbreviate(word string) string {
	letters := strings.ToUpper(strings.ReplaceAll(word, " ", ""))
	short := letters[:1]
	for _, c := range letters[1:] {
		if !strings.ContainsRune("AEIOU", c) {
			short += string(c)
		}
	}
	if len(short) < 3 {
		short = letters
	}
	return short[:3]
}

// Stock puts goods on sale. A shop counts everything that is not Uncounted.
func (w *World) Stock(goods []Goods) {
	w.Do(func(s *State) {
		for i := range goods {
			s.stock(&goods[i])
		}
	})
}

func (s *State) stock(g *Goods) {
	it := Item{Name: g.Name, SKU: g.SKU, Price: g.Price, Barcode: g.Barcode, Counted: g.Oddity != Uncounted}
	if g.Oddity == IsDraft {
		it.Status = Draft
	}
	if g.Oddity == NoSKU {
		it.SKU = ""
	}
	if it.Counted {
		it.Quantity = number(g.Quantity)
	}
	if len(g.Choices) == 0 {
		s.Add(it)
		return
	}
	it.Kind, it.Price, it.Barcode = Parent, "", ""
	it.Counted = g.Oddity == Shared
	if !it.Counted {
		it.SKU, it.Quantity = "", nil
	}
	values := make([]string, len(g.Choices))
	for i, c := range g.Choices {
		values[i] = c.Value
	}
	it.Attributes = []Attribute{{Name: "Size", Values: values, Varies: true, Visible: true}}
	parent := s.Add(it)
	for _, c := range g.Choices {
		v := Item{Kind: Variant, Parent: parent.ID, Name: g.Name, Price: g.Price, SKU: c.SKU, Barcode: c.Barcode,
			Status: it.Status, Options: []Option{{Name: "Size", Value: c.Value}}}
		if g.Oddity == NoSKU {
			v.SKU = ""
		}
		if g.Oddity == Plain || g.Oddity == IsDraft || g.Oddity == NoSKU {
			v.Counted, v.Quantity = true, number(c.Quantity)
		}
		s.Add(v)
	}
}

func number(n int64) *int64 { return &n }
