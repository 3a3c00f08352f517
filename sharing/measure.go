package sharing

import (
	"context"

	"potluck/sharing/source"
)

// An Amount is how much some files and folders come to.
type Amount struct {
	Files   int   `json:"files"`
	Folders int   `json:"folders"`
	Bytes   int64 `json:"bytes"`
}

// Measure walks what is to be sent, as [Device.Send] does, and returns how much it
// comes to. Nothing is read, hashed or offered. The error is that of Send, or of
// ctx.
func (d *Device) Measure(ctx context.Context, paths []string) (Amount, error) {
	src, err := source.Scan(ctx, paths, source.ScanOptions{})
	if err != nil {
		return Amount{}, err
	}
	defer src.Close()
	m := src.Manifest()
	return Amount{Files: m.Files(), Folders: m.Folders(), Bytes: m.StreamLength()}, nil
}
