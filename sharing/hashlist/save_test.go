package hashlist_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"potluck/sharing/hashlist"
)

func save(t testing.TB, l *hashlist.List) string {
	t.Helper()
	var b bytes.Buffer
	if err := l.Save(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func load(text string) (*hashlist.List, error) {
	return hashlist.Load(strings.NewReader(text), share, pieces(3000), anna.Public())
}

func TestSavedAndLoaded(t *testing.T) {
	l := hashlist.New(share, pieces(3000), anna.Public())
	for step := 0; ; step++ {
		back, err := load(save(t, l))
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, back, l)
		if l.Known() == l.Len() {
			break
		}
		n := min(l.Len()-l.Known(), 1+step*500, hashlist.MaxRun)
		if _, err := back.Append(anna, hashes(l.Known(), l.Known()+n)); err != nil {
			t.Fatal(err)
		}
		amend(t, back, step, hash(1000+step))
		l = back // as after a restart
	}
}

func wantSame(t testing.TB, a, b *hashlist.List) {
	t.Helper()
	if a.Known() != b.Known() || a.AmendSeq() != b.AmendSeq() {
		t.Fatalf("%d and %d hashes, %d and %d amendments", a.Known(), b.Known(), a.AmendSeq(), b.AmendSeq())
	}
	for i := range a.Len() {
		x, known := a.Get(i)
		y, alsoKnown := b.Get(i)
		if x != y || known != alsoKnown {
			t.Fatalf("piece %d differs", i)
		}
	}
}

func TestLoadChecksAgain(t *testing.T) {
	l, _ := signedRuns(t, share, pieces(3000), 10, 1024)
	amend(t, l, 7, hash(107))
	good := save(t, l)
	lines := strings.SplitAfter(good, "\n")
	for name, text := range map[string]string{
		"cut off":          good[:len(good)-1],
		"cut in a line":    good[:100],
		"in another order": lines[1] + lines[0] + lines[2],
		"a line missing":   lines[1],
		"a changed hash":   strings.Replace(good, `"hashes":"`, `"hashes":"AAAA`, 1),
		"a changed number": strings.Replace(good, `"first":0`, `"first":1`, 1),
		"no JSON":          "rubbish\n",
		"an empty line":    "\n",
		"an empty object":  "{}\n",
		"null":             "null\n",
		"endless":          strings.Repeat("x", 1<<20),
	} {
		if text == good {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := load(text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := hashlist.Load(strings.NewReader(good), otherShare, pieces(3000), anna.Public()); !errors.Is(err, hashlist.ErrForged) {
		t.Errorf("as another share: %v", err)
	}
	if _, err := hashlist.Load(strings.NewReader(good), share, pieces(3000), mallory.Public()); !errors.Is(err, hashlist.ErrForged) {
		t.Errorf("as somebody else's: %v", err)
	}
	if _, err := hashlist.Load(strings.NewReader(good), share, pieces(100), anna.Public()); !errors.Is(err, hashlist.ErrInvalid) {
		t.Errorf("as a shorter share: %v", err)
	}
	_, err := hashlist.Load(io.MultiReader(strings.NewReader(good), broken{}), share, pieces(3000), anna.Public())
	wantErr(t, err, errBroken)
	if err := l.Save(broken{}); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}

var errBroken = errors.New("broken")

type broken struct{}

func (broken) Read([]byte) (int, error)  { return 0, errBroken }
func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestJSON(t *testing.T) {
	l, runs := signedRuns(t, share, pieces(3000), 1024)
	for _, want := range runs {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got hashlist.Run
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		taker := hashlist.New(share, pieces(3000), anna.Public())
		if err := taker.Add(got); err != nil {
			t.Error(err)
		}
	}
	want := amend(t, l, 5, hash(1))
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got hashlist.Amendment
	if err := json.Unmarshal(text, &got); err != nil || got.Seq != 1 || got.Piece != 5 || got.Hash != hash(1) || !bytes.Equal(got.Sig, want.Sig) {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestS39_JSONThatIsNoRun keeps what Add must not even see.
func TestS39_JSONThatIsNoRun(t *testing.T) {
	_, runs := signedRuns(t, share, pieces(3000), 1)
	text, err := json.Marshal(runs[0])
	if err != nil {
		t.Fatal(err)
	}
	good := string(text)
	for _, bad := range []string{
		`{}`, `null`, `7`, `"x"`, `[]`,
		strings.Replace(good, `"first":0`, `"first":1e99`, 1),
		strings.Replace(good, `"first":0`, `"first":99999999999999999999`, 1),
		strings.Replace(good, `"first":0`, `"first":0.5`, 1),
		strings.Replace(good, `"hashes":"`, `"hashes":"!`, 1),
		strings.Replace(good, `"hashes":"`, `"hashes":"AAAA`, 1),
		strings.Replace(good, `"hashes":"`, `"hashes":"`+strings.Repeat("A", 44*2000), 1),
		strings.Replace(good, `"prev":"`, `"prev":"AAAA`, 1),
		strings.Replace(good, `"sig":"`, `"sig":"AAAA`, 1),
		strings.Replace(good, `"sig"`, `"sign"`, 1),
	} {
		var r hashlist.Run
		if err := json.Unmarshal([]byte(bad), &r); err == nil {
			t.Errorf("%.100s was taken", bad)
		}
		var a hashlist.Amendment
		if err := json.Unmarshal([]byte(bad), &a); err == nil {
			t.Errorf("%.100s was taken for an amendment", bad)
		}
	}
	if _, err := load(`{"run":null}` + "\n"); err == nil {
		t.Error("a run that is null was taken")
	}
}

func FuzzRun(f *testing.F) {
	_, runs := signedRuns(f, share, pieces(3000), 2, 3)
	for _, r := range runs {
		text, err := json.Marshal(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"first":-1,"hashes":"","prev":"","sig":""}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var r hashlist.Run
		if json.Unmarshal(text, &r) != nil {
			return
		}
		back, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var again hashlist.Run
		if json.Unmarshal(back, &again) != nil {
			t.Fatalf("%s cannot be read again", back)
		}
		l := hashlist.New(share, pieces(3000), mallory.Public())
		if l.Add(r) == nil || l.Known() != 0 {
			t.Fatalf("%s has a signature of a key that was made just now", text)
		}
	})
}

func FuzzAmendment(f *testing.F) {
	l, _ := signedRuns(f, share, pieces(3000), 2)
	text, err := json.Marshal(amend(f, l, 1, hash(7)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		var a hashlist.Amendment
		if json.Unmarshal(text, &a) != nil {
			return
		}
		l := hashlist.New(share, pieces(3000), mallory.Public())
		if l.AddAmendment(a) == nil || l.AmendSeq() != 0 {
			t.Fatalf("%s has a signature of a key that was made just now", text)
		}
	})
}

func FuzzLoad(f *testing.F) {
	l, _ := signedRuns(f, share, pieces(3000), 2)
	f.Add(save(f, l))
	f.Add("{\"run\":{}}\n{\"amendment\":{}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := hashlist.Load(strings.NewReader(text), share, pieces(3000), mallory.Public())
		if err == nil && text != "" {
			t.Fatalf("%d hashes came of %q", l.Known(), text)
		}
	})
}
