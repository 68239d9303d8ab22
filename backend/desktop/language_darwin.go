package desktop

import (
	"os/exec"
	"regexp"
)

// tag finds the languages in a list as defaults prints it, with quotes where there is a hyphen.
var tag = regexp.MustCompile(`[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*`)

// systemLanguages reads the list that System Settings keeps. Without an answer there is none.
func systemLanguages() []string {
	out, err := exec.Command("/usr/bin/defaults", "read", "-g", "AppleLanguages").Output()
	if err != nil {
		return nil
	}
	return tag.FindAllString(string(out), -1)
}
