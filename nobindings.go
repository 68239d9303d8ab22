//go:build !bindings

package main

// describing says that Wails runs the program only to learn what the page may call.
const describing = false
