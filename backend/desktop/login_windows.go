package desktop

import (
	"errors"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// Keys below HKEY_CURRENT_USER: what is started, and what the user switched off in Task Manager or Settings.
const (
	runKey      = `Software\Microsoft\Windows\CurrentVersion\Run`
	approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
	runValue    = "Evenstock"
)

func (a AtLogin) on() (bool, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if err != nil {
		return false, loginProblem(err)
	}
	defer key.Close()
	if _, _, err := key.GetStringValue(runValue); err != nil {
		if errors.Is(err, registry.ErrNotExist) {
			return false, nil
		}
		return false, loginProblem(err)
	}
	return !switchedOff(), nil
}

// switchedOff reads the mark of Task Manager: an odd first byte is off.
func switchedOff() bool {
	key, err := registry.OpenKey(registry.CURRENT_USER, approvedKey, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer key.Close()
	mark, _, err := key.GetBinaryValue(runValue)
	return err == nil && len(mark) > 0 && mark[0]&1 == 1
}

// write also takes the mark of Task Manager away: the person has just switched it on here.
func (a AtLogin) write() error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return loginProblem(err)
	}
	defer key.Close()
	if err := key.SetStringValue(runValue, windows.ComposeCommandLine(append([]string{a.Program}, a.Args...))); err != nil {
		return loginProblem(err)
	}
	return deleteValue(approvedKey)
}

func (a AtLogin) remove() error { return errors.Join(deleteValue(runKey), deleteValue(approvedKey)) }

func deleteValue(path string) error {
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.SET_VALUE)
	if err == nil {
		defer key.Close()
		err = key.DeleteValue(runValue)
	}
	if err == nil || errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	return loginProblem(err)
}

func loginProblem(err error) error {
	return problem(ErrLogin, err, "Windows does not let Evenstock start by itself.")
}
