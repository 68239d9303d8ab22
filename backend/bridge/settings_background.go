package bridge

import (
	"evenstock/backend/db"
	"evenstock/backend/desktop"
)

// Background is what the program does while nobody looks at it.
type Background struct {
	AtLogin *bool          `json:"atLogin"` // it starts when the user logs in; null for a program without a window
	Notices []NoticeSwitch `json:"notices"` // of the system, by kind: stale, key, held, refused
}

// NoticeSwitch says whether notices of a kind are wanted.
type NoticeSwitch struct {
	Kind string `json:"kind"`
	On   bool   `json:"on"`
}

var noticeKinds = []desktop.NoticeKind{desktop.NoticeStale, desktop.NoticeKey, desktop.NoticeHeld, desktop.NoticeRefused}

// Background reads the switches. Notices are wanted until they are switched off.
func (s *Settings) Background() (Background, error) {
	return call(s.b, "Settings.Background", func(d *Deps) (Background, error) {
		var out Background
		err := d.Books.View(func(tx *db.Tx) error {
			for _, kind := range noticeKinds {
				value, err := tx.Meta(kind.Switch())
				if err != nil {
					return err
				}
				out.Notices = append(out.Notices, NoticeSwitch{string(kind), value != desktop.NoticeOff})
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

// SetNotice switches the system's notices of a kind on or off.
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
