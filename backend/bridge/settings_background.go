package bridge

import (
	"evenstock/backend/db"
	"evenstock/backend/desktop"
)

// Background is what the program does while nobody looks at it.
type Background struct {
	AtLogin *bool          `json:"atLogin"` // it starts when the user logs in; null for a program without a window
	Notices []NoticeSwitch `json:"notices"` // in the window and of the system, by desktop.NoticeKind
}

// NoticeSwitch says whether notices of a kind are wanted.
type NoticeSwitch struct {
	Kind string `json:"kind"`
	On   bool   `json:"on"`
}

var noticeKinds = []desktop.NoticeKind{desktop.NoticeKey, desktop.NoticeStale, desktop.NoticeBackup, desktop.NoticeHeld,
	desktop.NoticeRefused, desktop.NoticeOversold, desktop.NoticeUnmatched, desktop.NoticeQuestion}

// Background reads the switches. Notices are wanted until they are switched off.
func (s *Settings) Background() (Background, error) {
	return call(s.b, "Settings.Background", func(d *Deps) (Background, error) {
		var out Background
		err := d.Books.View(func(tx *db.Tx) error {
			for _, kind := range noticeKinds {
				off, err := mutes(tx, kind)
				if err != nil {
					return err
				}
				out.Notices = append(out.Notices, NoticeSwitch{string(kind), !off})
			}
			return nil
		})
		if err != nil || d.AtLogin == nil {
			return out, err
		}
		on, err := d.AtLogin.On()
		out.AtLogin = &on
		return out, err
	})
}

// SetAtLogin makes the program start in the tray when the user logs in, or not.
func (s *Settings) SetAtLogin(on bool) error {
	return do(s.b, "Settings.SetAtLogin", func(d *Deps) error {
		if d.AtLogin == nil {
			return invalid("This program has no window, so it does not start at login.")
		}
		return d.AtLogin.Set(on)
	})
}

// SetNotice switches notices of a kind on or off.
func (s *Settings) SetNotice(kind string, on bool) error {
	return do(s.b, "Settings.SetNotice", func(d *Deps) error {
		for _, k := range noticeKinds {
			if string(k) != kind {
				continue
			}
			value := desktop.NoticeOff
			if on {
				value = "on"
			}
			return d.Books.Update(d.Now(), func(tx *db.Tx) error { return tx.SetMeta(k.Switch(), value) })
		}
		return invalid("There are no such notices.")
	})
}
