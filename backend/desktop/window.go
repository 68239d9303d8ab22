//go:build !headless

package desktop

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync/atomic"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/mac"
	"github.com/wailsapp/wails/v2/pkg/options/windows"

	"evenstock/backend/words"
)

// Sizes of the window in pixels; the page is laid out for the smallest one.
const (
	windowWidth, windowHeight       = 1280, 800
	windowMinWidth, windowMinHeight = 960, 640
)

// HasWindow says that this build can show a window.
const HasWindow = true

// OpenWindow shows the window and returns when the program is to end. What closing the window does is decided by Closing
// on Linux; elsewhere there always is a tray, so it hides the window. A second start on the same folder calls Again of the
// first one, unless it was to be hidden, and ends there.
//
// Nothing with an effect may be done before this is called: building the bindings runs the program up to here.
func OpenWindow(o WindowOptions) error {
	prepareWebview()
	closing := closesOnce(o.Closing)
	err := wails.Run(&options.App{
		Title:     o.Title,
		Width:     windowWidth,
		Height:    windowHeight,
		MinWidth:  windowMinWidth,
		MinHeight: windowMinHeight,
		// The canvas of the light look, so that nothing flashes before the page is there.
		BackgroundColour: options.NewRGB(0xF6, 0xF8, 0xF7),
		AssetServer:      &assetserver.Options{Assets: o.Assets, Middleware: o.Secure},
		Bind:             o.Services,
		// No page but our own may call: Wails compares origins with this list and the page's address.
		BindingsAllowedOrigins: "",
		ErrorFormatter:         o.FormatError,
		LogLevelProduction:     logger.ERROR,
		StartHidden:            o.Hidden,
		HideWindowOnClose:      closeHides,
		OnBeforeClose:          func(context.Context) bool { return !closeHides && closing() },
		OnStartup:              func(ctx context.Context) { o.Started(ctx); renewLogin(o.Folder) },
		OnShutdown:             func(context.Context) { o.Stopped() },
		SingleInstanceLock: &options.SingleInstanceLock{
			UniqueId: "evenstock-" + folderID(o.Folder),
			OnSecondInstanceLaunch: func(second options.SecondInstanceData) {
				if !slices.Contains(second.Args, "--"+HiddenFlag) {
					o.Again()
				}
			},
		},
		Linux: &linux.Options{
			Icon:        o.Icon,
			ProgramName: "evenstock",
			// The page has no 3D; accelerated drawing leaves windows empty with some drivers.
			WebviewGpuPolicy: linux.WebviewGpuPolicyNever,
		},
		Windows: &windows.Options{
			Theme:               windows.SystemDefault,
			WebviewUserDataPath: filepath.Join(o.Folder, "webview"),
		},
		Mac: &mac.Options{About: &mac.AboutInfo{Title: o.Title, Message: words.In(words.System, Languages()).Say("Keeps stock even across shops") + ".", Icon: o.Icon}},
	})
	if err != nil {
		return fmt.Errorf("window: %w", err)
	}
	return nil
}

// renewLogin renews the entry, if there is one.
func renewLogin(folder string) {
	if a := AtLoginOf(folder); a != nil {
		if err := a.Renew(); err != nil {
			slog.Warn("start at login", "err", err)
		}
	}
}

// folderID names a folder in letters that every system's lock takes.
func folderID(folder string) string {
	if abs, err := filepath.Abs(folder); err == nil {
		folder = abs
	}
	sum := sha256.Sum256([]byte(folder))
	return hex.EncodeToString(sum[:8])
}

// closesOnce lets a window close once. The signal that ends the program reaches Wails and the program, so that both close
// the window, and GTK breaks when its loop is ended while the window of that loop is being taken away.
func closesOnce(closing func() (stay bool)) func() (stay bool) {
	var closes atomic.Bool
	return func() bool { return closing() || !closes.CompareAndSwap(false, true) }
}
