//go:build !linux

package db

func restrict() {}
