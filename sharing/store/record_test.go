package store

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func randomRecord(t *rapid.T, entries, pieces int) record {
	set := func(n int) bitset {
		b := newBitset(n)
		for i := range n {
			if rapid.Bool().Draw(t, "bit") {
				b.set(i)
			}
		}
		return b
	}
	number := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "number") }
	r := record{kind: byte(rapid.IntRange(1, int(endOfKinds)-1).Draw(t, "kind"))}
	switch r.kind {
	case kindHeader:
		r.header = header{
			share: [32]byte{1}, manifest: [32]byte{2}, boot: rapid.String().Draw(t, "boot"),
			disk: rapid.Uint64().Draw(t, "disk"), want: set(entries),
		}
	case kindStaging:
		r.text = rapid.String().Draw(t, "text")
	case kindTraits:
		r.number = number(8)
	case kindVerified:
		r.number = number(pieces)
	case kindFailed:
		r.number = number(entries)
	case kindSynced, kindLost:
		r.pieces = rapid.SliceOfN(rapid.IntRange(0, pieces-1), 1, 10).Draw(t, "pieces")
	case kindSets:
		r.sets = [3]bitset{set(pieces), set(pieces), set(pieces)}
	case kindIntent, kindMaking, kindMade, kindDone:
		r.number, r.id, r.text = number(entries), rapid.Uint64().Draw(t, "id"), rapid.String().Draw(t, "text")
	case kindFile:
		r.number, r.id = number(entries+1), rapid.Uint64().Draw(t, "id")
	case kindKept:
		r.number, r.hash = number(pieces), [32]byte{3}
	}
	return r
}

func TestRecordsAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries, pieces := rapid.IntRange(1, 200).Draw(t, "entries"), rapid.IntRange(1, 200).Draw(t, "pieces")
		r := randomRecord(t, entries, pieces)
		b := r.append(nil)
		got, err := parseRecord(b[0], b[1:], entries, pieces)
		if err != nil || !reflect.DeepEqual(got, r) {
			t.Fatalf("wrote %+v, read %+v, %v", r, got, err)
		}
	})
}

// TestNotesAreTheirRecords: a journal that is written anew comes to the same.
func TestNotesAreTheirRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const entries, pieces = 70, 90
		a, b := newNotes(entries, pieces), newNotes(entries, pieces)
		a.apply(record{kind: kindHeader, header: header{want: newBitset(entries)}})
		for range rapid.IntRange(0, 40).Draw(t, "records") {
			if r := randomRecord(t, entries, pieces); r.kind != kindHeader {
				a.apply(r)
			}
		}
		if !a.ready {
			a.traits = 0 // they are found out again
		}
		for _, r := range a.records() {
			payload := r.append(nil)
			parsed, err := parseRecord(payload[0], payload[1:], entries, pieces)
			if err != nil {
				t.Fatal(err)
			}
			b.apply(parsed)
		}
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v became %+v", a, b)
		}
	})
}

// FuzzJournal reads anything as a journal.
func FuzzJournal(f *testing.F) {
	sys := realSystem()
	j := &journal{path: filepath.Join(f.TempDir(), journalName), sys: &sys, mark: [16]byte{7}}
	n := newNotes(10, 20)
	n.header.want = newBitset(10)
	n.complete.set(3)
	n.intents[2] = intent{name: "x", id: 5}
	if err := j.rewrite(n.records()); err != nil {
		f.Fatal(err)
	}
	j.append(record{kind: kindVerified, number: 4}, record{kind: kindSynced, pieces: []int{3, 4}})
	j.close()
	good, err := os.ReadFile(j.path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, true)
	f.Add(good[:len(good)-3], true)
	f.Add(good[journalHead:], false)
	f.Fuzz(func(t *testing.T, b []byte, whole bool) {
		if !whole { // records with good checksums around any payload
			var file []byte
			file = append(append(file, journalMagic...), j.mark[:]...)
			for len(b) > 1 {
				n := min(int(b[0]), len(b)-1)
				file = appendRaw(file, j.mark, b[1:1+n])
				b = b[1+n:]
			}
			b = file
		}
		path := filepath.Join(t.TempDir(), journalName)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		notes := newNotes(10, 20)
		readJournal(path, func(kind byte, payload []byte) error {
			r, err := parseRecord(kind, payload, 10, 20)
			if err == nil {
				notes.apply(r)
				if again := r.append(nil); !bytes.Equal(again[1:], payload) && kind != kindSets {
					if second, err := parseRecord(kind, again[1:], 10, 20); err != nil || !reflect.DeepEqual(second, r) {
						t.Errorf("%+v became %+v, %v", r, second, err)
					}
				}
			}
			return err
		})
	})
}
