//go:build !linux

package desktop

func useSystemKeys() {}
