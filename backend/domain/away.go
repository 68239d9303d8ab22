package domain

// Away is what is held back of every listing while nobody looks after the shops: units, and a share of what is available.
// The zero Away holds nothing back.
type Away struct {
	Units   int64 // never negative
	Percent int64 // 0–100, rounded up to whole units
}

// Holds is how many units of so many available ones are held back. It may be more than there are.
func (a Away) Holds(available int64) int64 {
	n := max(0, available)
	return a.Units + n/100*a.Percent + (n%100*a.Percent+99)/100
}

// Holding returns r with so many units more in its buffer.
func (r Rule) Holding(units int64) Rule {
	r.Buffer += units
	return r
}
