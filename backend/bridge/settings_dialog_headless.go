//go:build headless

package bridge

// SaveAs has the person choose a file; nobody is there to choose.
func (*Runtime) SaveAs(string, string) (string, error) { return "", nil }
