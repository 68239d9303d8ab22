//go:build !bindings

package desktop

// Describing says that Wails runs the program only to learn what the page may call: then nothing may have an effect.
const Describing = false
