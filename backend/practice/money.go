package practice

import (
	"fmt"
	"math"
	"strconv"
)

// Cents reads a decimal amount as hundredths; what is no number is 0.
func Cents(amount string) int64 {
	f, err := strconv.ParseFloat(amount, 64)
	if err != nil {
		return 0
	}
	return int64(math.Round(f * 100))
}

// Decimal writes hundredths with two decimals.
func Decimal(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}
