//go:build headless

package bridge

// SaveAs has the person choose a file; nobody is there to choose.
func (*Runtime) SaveAs(FileQuestion) (string, error) { return "", nil }
