package desktop

import (
	"bufio"
	"encoding/xml"
	"strings"

	"evenstock/backend/words"
)

// desktopEntry is an XDG autostart file that starts a command.
func desktopEntry(command []string) string {
	quoted := make([]string, len(command))
	for i, arg := range command {
		quoted[i] = quoteExec(arg)
	}
	var comment strings.Builder
	for _, tag := range words.Languages {
		key := "Comment[" + tag + "]="
		if tag == words.Languages[0] {
			key = "Comment="
		}
		comment.WriteString(key + words.In(tag, nil).Say("Keeps stock even across shops") + "\n")
	}
	return "[Desktop Entry]\nType=Application\nName=Evenstock\n" + comment.String() + "Icon=" + loginID + "\nExec=" + strings.Join(quoted, " ") + "\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
}

// quoteExec quotes an argument twice: for Exec, and for the value of a key, as the Desktop Entry specification wants it.
func quoteExec(arg string) string {
	arg = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", `$`, `\$`).Replace(arg)
	arg = strings.ReplaceAll(arg, `%`, `%%`)
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", `\t`, "\r", `\r`).Replace(`"` + arg + `"`)
}

// entryIsOn reports whether an autostart file is in force: settings of desktops switch it off by a key within it.
func entryIsOn(text string) bool {
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		key, value, _ := strings.Cut(strings.ReplaceAll(lines.Text(), " ", ""), "=")
		if key == "Hidden" && value == "true" || key == "X-GNOME-Autostart-enabled" && value == "false" {
			return false
		}
	}
	return true
}

// launchAgent is a property list for launchd that starts a command at login and does not start it again when it ends.
func launchAgent(id string, command []string) string {
	var b strings.Builder
	b.WriteString(xml.Header + `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>`)
	xml.EscapeText(&b, []byte(id)) // a strings.Builder takes everything
	b.WriteString("</string>\n\t<key>ProgramArguments</key>\n\t<array>\n")
	for _, arg := range command {
		b.WriteString("\t\t<string>")
		xml.EscapeText(&b, []byte(arg))
		b.WriteString("</string>\n")
	}
	b.WriteString("\t</array>\n\t<key>RunAtLoad</key>\n\t<true/>\n\t<key>ProcessType</key>\n\t<string>Interactive</string>\n</dict>\n</plist>\n")
	return b.String()
}
