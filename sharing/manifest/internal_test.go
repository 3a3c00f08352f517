package manifest

import (
	"encoding/json"
	"math"
	"testing"
)

// FuzzParseLine shows that a line is accepted only if it is the one way to write
// what it says, and that encoding/json then reads the same.
func FuzzParseLine(f *testing.F) {
	for _, s := range []string{
		`{"p":"a","s":1,"m":2}`, `{"p":"a/b","d":true,"m":-2}`, `{"p":"\u001f\"\\","s":0,"m":0}`,
		`{"p":"é\u0000","s":9223372036854775807,"m":-9223372036854775808}`, `{"p":"\u0020","s":01,"m":-0}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		path, dir, size, mod, ok := parseLine(line, make([]byte, 0, len(line)))
		if !ok {
			return
		}
		if again := appendLine(nil, path, dir, size, mod); string(again) != string(line)+"\n" {
			t.Fatalf("%q is also written %q", line, again)
		}
		if checkPath(path) != "" {
			return // not UTF-8, perhaps, of which encoding/json makes something else
		}
		var j struct {
			P    string
			D    bool
			S, M int64
		}
		if err := json.Unmarshal(line, &j); err != nil {
			t.Fatal(err)
		}
		if j.P != string(path) || j.D != dir || j.S != size || j.M != mod {
			t.Fatalf("%q: encoding/json reads %v", line, j)
		}
	})
}

// TestS16_MoreThanTheLimitOfLines begins near the limit: 128 MiB of lines would
// take their time.
func TestS16_MoreThanTheLimitOfLines(t *testing.T) {
	line := appendLine(nil, []byte("b"), false, 1, 0)
	for spare, want := range map[int64]bool{-1: false, 0: true, 1: true} {
		a := newAssembler()
		a.bytes = MaxBytes - int64(len(line)) - spare
		err := a.addLine(line, nil)
		if (err == nil) != want {
			t.Errorf("with %d bytes to spare: %v", spare, err)
		}

		var b Builder
		if err := b.Add(Entry{Path: "b", Size: 1}); err != nil {
			t.Fatal(err)
		}
		s := sorter{b: b, a: newAssembler()}
		s.a.bytes = MaxBytes - int64(len(line)) - spare
		s.group()
		if err := s.emit(-1); (err == nil) != want {
			t.Errorf("built with %d bytes to spare: %v", spare, err)
		}
	}
}

func TestNumbersAtTheEnds(t *testing.T) {
	for _, v := range []int64{0, 1, -1, 10, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, math.MinInt64 + 1} {
		line := appendLine(nil, []byte("x"), false, v, v)
		_, _, size, mod, ok := parseLine(line[:len(line)-1], nil)
		if !ok || size != v || mod != v {
			t.Errorf("%d: got %d, %d, %v", v, size, mod, ok)
		}
	}
}

func TestLegalNamesStayAsTheyAre(t *testing.T) {
	for _, traits := range []Traits{{}, {Windows: true}} {
		for _, name := range []string{"CON", "a. .", "$MFT", "A~1", "x:y", "\n", "ſ~", string(make([]byte, 255))} {
			once := traits.legal(name, false)
			if twice := traits.legal(once, false); twice != once {
				t.Errorf("%q became %q, and that %q", name, once, twice)
			}
		}
	}
}

// FuzzLegal shows that one change is enough.
func FuzzLegal(f *testing.F) {
	f.Add("CON", false, true)
	f.Add("LONGFI~1.TXT ", true, true)
	f.Fuzz(func(t *testing.T, name string, dir, windows bool) {
		if checkPath([]byte(name)) != "" {
			return
		}
		traits := Traits{Windows: windows}
		once := traits.legal(name, dir)
		if twice := traits.legal(once, dir); twice != once {
			t.Errorf("%q became %q, and that %q", name, once, twice)
		}
		if traits.length(once) > MaxName {
			t.Errorf("%q is too long", once)
		}
	})
}
