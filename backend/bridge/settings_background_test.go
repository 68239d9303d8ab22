package bridge_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"evenstock/backend/bridge"
	"evenstock/backend/desktop"
)

func TestBackground(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	s, deps := newSettings(t, func(d *bridge.Deps) {
		d.AtLogin = &desktop.AtLogin{Program: "/opt/evenstock", Args: []string{"--hidden"}}
	})
	is := func(login bool, off string) {
		t.Helper()
		got, err := s.Background()
		if err != nil {
			t.Fatal(err)
		}
		want := bridge.Background{AtLogin: &login}
		for _, kind := range []string{"key", "stale", "backup", "held", "refused", "oversold", "unmatched", "question"} {
			want.Notices = append(want.Notices, bridge.NoticeSwitch{Kind: kind, On: kind != off})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	does := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	is(false, "")
	does(s.SetNotice("held", false))
	is(false, "held")
	if got := bridge.Behind(deps, new(places)).Recall(desktop.NoticeHeld.Switch()); got != desktop.NoticeOff {
		t.Errorf("behind the window %q is remembered", got)
	}
	does(s.SetNotice("held", true))
	does(s.SetAtLogin(true))
	is(true, "")
	does(s.SetAtLogin(false))
	is(false, "")
	if err := s.SetNotice("rumours", true); !refused(err, "invalid") {
		t.Errorf("unknown notices: %v", err)
	}
}

func TestBackgroundWithoutWindow(t *testing.T) {
	s, _ := newSettings(t, nil)
	if got, err := s.Background(); err != nil || got.AtLogin != nil {
		t.Errorf("%+v %v", got, err)
	}
	if err := s.SetAtLogin(true); !refused(err, "invalid") {
		t.Errorf("start at login without a window: %v", err)
	}
}

func TestLoginOpensTheSameBooks(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_DATA_HOME", "")
	t.Setenv("LocalAppData", home)
	usual, err := desktop.DataDir()
	if err != nil {
		t.Fatal(err)
	}
	for folder, want := range map[string][]string{
		usual:                        {"--hidden"},
		usual + "/.":                 {"--hidden"},
		filepath.Join(home, "other"): {"--hidden", "--data", filepath.Join(home, "other")},
	} {
		a := desktop.AtLoginOf(folder)
		if !desktop.HasWindow {
			if a != nil {
				t.Errorf("%s: a program without a window starts at login", folder)
			}
			continue
		}
		if diff := cmp.Diff(want, a.Args); diff != "" {
			t.Errorf("%s: %s", folder, diff)
		}
	}
}
