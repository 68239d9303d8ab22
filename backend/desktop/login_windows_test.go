package desktop

import (
	"testing"

	"golang.org/x/sys/windows/registry"
)

// TestTaskManagerHasTheLastWord switches off what was switched on here as Task Manager does, and on again.
func TestTaskManagerHasTheLastWord(t *testing.T) {
	a := AtLogin{Program: `C:\Users\zoe\Even stock\evenstock.exe`, Args: []string{"--hidden", "--data", `D:\the "books"`}}
	must(t, a.Set(true))
	defer a.Set(false)
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	must(t, err)
	defer key.Close()
	command, _, err := key.GetStringValue(runValue)
	must(t, err)
	if want := `"C:\Users\zoe\Even stock\evenstock.exe" --hidden --data "D:\the \"books\""`; command != want {
		t.Errorf("%s, want %s", command, want)
	}

	mark, _, err := registry.CreateKey(registry.CURRENT_USER, approvedKey, registry.SET_VALUE)
	must(t, err)
	defer mark.Close()
	must(t, mark.SetBinaryValue(runValue, []byte{3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}))
	if on, err := a.On(); on || err != nil {
		t.Errorf("switched off in Task Manager: on = %v, %v", on, err)
	}
	must(t, a.Set(true))
	if on, err := a.On(); !on || err != nil {
		t.Errorf("switched on again here: on = %v, %v", on, err)
	}
}
