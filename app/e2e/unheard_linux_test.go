package e2e_test

import (
	"testing"

	"potluck/app/e2e/lab"
)

// Where no multicast is carried devices find each other by address alone, and what
// was begun goes on by itself all the same.

// unheard returns two devices of which one hears nobody and is heard by nobody.
func unheard(t *testing.T) (anna, ben *lab.Device) {
	t.Helper()
	lan := lab.New(t, lab.Options{Hosts: 2, Rate: slow})
	lan.Host(2).Deafen(t)
	anna = lan.Host(1).Device(t, "anna").Start(t)
	ben = lan.Host(2).Device(t, "ben", "--accept", "everyone").Start(t)
	return anna, ben
}

// reached sends a file to an address and returns when a part of it has come.
func reached(t *testing.T, anna, ben *lab.Device, size int64) (source string) {
	t.Helper()
	source = file(t, "film.mkv", size)
	before := ben.Host.Received(t)
	anna.Begin(t, "send", source, "--to", ben.Host.Addr()+":27420")
	came(t, ben, before, size/3)
	return source
}

func TestBothKilledWhereNobodyIsHeard(t *testing.T) {
	t.Parallel()
	const size = 150 * mega
	anna, ben := unheard(t)
	before := ben.Host.Received(t)
	source := reached(t, anna, ben, size)
	anna.Kill(t)
	ben.Kill(t)
	ben.Start(t)
	anna.Start(t)
	whole(t, anna, ben, source, before, size, 1)
}

// The receipt arrives with a sharer that was not there when the last byte came.
func TestReceiptWhereNobodyIsHeard(t *testing.T) {
	t.Parallel()
	const size = 100 * mega
	anna, ben := unheard(t)
	before := ben.Host.Received(t)
	source := reached(t, anna, ben, size)
	ben.Kill(t)
	anna.Kill(t)
	anna.Start(t)
	if shown := last(t, anna); shown.State != "running" || shown.Peers[0].Done == 0 {
		t.Errorf("while the receiver is away the sharer shows %+v", shown)
	}
	ben.Start(t)
	whole(t, anna, ben, source, before, size, 1)
}
