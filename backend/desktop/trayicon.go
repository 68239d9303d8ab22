//go:build !headless

package desktop

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io/fs"
)

// trayLook is which of the pictures is shown: those for a dark panel are white.
type trayLook struct {
	overall TrayOverall
	dark    bool
}

// read returns the PNG of a size in pixels.
func (l trayLook) read(icons fs.FS, size int) ([]byte, error) {
	name := fmt.Sprintf("tray-%s-%d", l.overall, size)
	if l.dark {
		name += "-white"
	}
	data, err := fs.ReadFile(icons, name+".png")
	if err != nil {
		return nil, fmt.Errorf("tray icon: %w", err)
	}
	return data, nil
}

// packICO makes one Windows icon of square PNG pictures of at most 255 pixels. They are stored as bitmaps, which every
// part of Windows that draws icons takes at any size.
func packICO(pictures ...[]byte) ([]byte, error) {
	const headSize, entrySize = 6, 16
	var head, body bytes.Buffer
	put := func(w *bytes.Buffer, values ...any) {
		for _, v := range values {
			binary.Write(w, binary.LittleEndian, v) // a bytes.Buffer takes everything
		}
	}
	put(&head, uint16(0), uint16(1), uint16(len(pictures)))
	for _, picture := range pictures {
		img, err := png.Decode(bytes.NewReader(picture))
		if err != nil {
			return nil, fmt.Errorf("picture of an icon: %w", err)
		}
		side := img.Bounds().Dx()
		if side != img.Bounds().Dy() || side > 255 {
			return nil, fmt.Errorf("picture of an icon: %v is not a small square", img.Bounds())
		}
		bitmap := iconBitmap(img, side)
		put(&head, uint8(side), uint8(side), uint16(0), uint16(1), uint16(32), uint32(len(bitmap)),
			uint32(headSize+entrySize*len(pictures)+body.Len()))
		body.Write(bitmap)
	}
	return append(head.Bytes(), body.Bytes()...), nil
}

// iconBitmap is a BITMAPINFOHEADER, the pixels as blue, green, red, alpha from the bottom up, and a mask that hides
// nothing: alpha does.
func iconBitmap(img image.Image, side int) []byte {
	const headerSize = 40
	pixels := image.NewNRGBA(image.Rect(0, 0, side, side))
	draw.Draw(pixels, pixels.Bounds(), img, img.Bounds().Min, draw.Src)
	maskRow := (side + 31) / 32 * 4 // rows of a mask end on 4 bytes
	var out bytes.Buffer
	for _, v := range []any{uint32(headerSize), int32(side), int32(2 * side), uint16(1), uint16(32), [6]uint32{}} {
		binary.Write(&out, binary.LittleEndian, v)
	}
	for y := side - 1; y >= 0; y-- {
		for x := range side {
			c := pixels.At(x, y).(color.NRGBA)
			out.Write([]byte{c.B, c.G, c.R, c.A})
		}
	}
	out.Write(make([]byte, maskRow*side))
	return out.Bytes()
}
