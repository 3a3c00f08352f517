//go:build !linux

package store

import "testing"

type ballast struct{ grow, shrink func() }

func fillDisk(_ *testing.T, s *site, room int64) ballast { return pretendFull(s, room) }
