package desktop

import "golang.org/x/sys/windows"

// systemLanguages asks for the languages of the user's surface. Without an answer there are none.
func systemLanguages() []string {
	tags, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil {
		return nil
	}
	return tags
}
