package view_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/template"
	"time"

	"potluck/assets"
	"potluck/sharing"
	"potluck/ui/view"
)

// english shows the words as they are written.
type english struct{}

func (english) L(text string, data ...any) string { return fill(text, data) }

func (english) N(text string, _ int, data ...any) string { return fill(text, data) }

func fill(text string, data []any) string {
	var d any
	if len(data) > 0 {
		d = data[0]
	}
	var b strings.Builder
	if err := template.Must(template.New("").Parse(text)).Execute(&b, d); err != nil {
		return err.Error()
	}
	return b.String()
}

func of(s sharing.Snapshot, l view.Local) view.View { return view.Of(s, l, english{}) }

func TestNobodyThere(t *testing.T) {
	v := of(sharing.Snapshot{}, view.Local{})
	if v.Heading != "Nobody nearby yet" || v.Nobody == "" || v.Nothing == "" {
		t.Errorf("an empty window shows %+v", v)
	}
	if v := of(sharing.Snapshot{}, view.Local{Starting: true}); v.Nobody != "Starting…" || v.Hint != "" {
		t.Errorf("while it starts, it shows %+v", v)
	}
}

func TestSendIsOfferedOnlyWithSomethingToSend(t *testing.T) {
	s := sharing.Snapshot{Neighbours: []sharing.Neighbour{{Name: "Anna"}, {Name: "Bình", Paired: true}}}
	for _, n := range of(s, view.Local{}).Neighbours {
		if n.Send != "" {
			t.Errorf("%s can be sent nothing", n.Name)
		}
	}
	v := of(s, view.Local{Basket: []string{"/home/me/a.txt", "/b", "/c", "/d"}})
	if v.Basket != "a.txt, b, c, …" || v.Hint != "Who is it for?" || v.Heading != "2 nearby" {
		t.Errorf("with a basket, it shows %+v", v)
	}
	for i, note := range []string{"Not verified", "Verified"} {
		if n := v.Neighbours[i]; n.Send != "Send" || n.Note != note {
			t.Errorf("%+v", n)
		}
	}
}

func TestOffer(t *testing.T) {
	plain := sharing.Offer{FromName: "{{.Evil}}", Title: "Photos", Files: 1204, Bytes: 3_400_000_000, Free: 5_000_000_000, Into: "/home/me", Paired: true}
	tests := map[string]struct {
		change  func(*sharing.Offer)
		warning string
		accept  bool
	}{
		"fits":     {func(*sharing.Offer) {}, "", true},
		"too big":  {func(o *sharing.Offer) { o.Free = 1_000_000 }, "Needs 3.4 GB, only 1.0 MB free here.", false},
		"unknown":  {func(o *sharing.Offer) { o.Free = -1 }, "", true},
		"stranger": {func(o *sharing.Offer) { o.Paired = false }, "Not verified: nobody has checked that this is really their device.", true},
		"program":  {func(o *sharing.Offer) { o.Programs = 1 }, "Programs can harm this computer. Accept only if you asked for it.", true},
	}
	for name, tt := range tests {
		o := plain
		tt.change(&o)
		v := of(sharing.Snapshot{Offers: []sharing.Offer{o}}, view.Local{})
		got := v.Offers[0]
		if got.Warning != tt.warning || got.Accept != tt.accept {
			t.Errorf("%s: %+v", name, got)
		}
		if got.Who != "{{.Evil}} wants to send you" || got.Amount != "1,204 files · 3.4 GB" || v.Title != "(1) Potluck" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestTransfer(t *testing.T) {
	anna := sharing.Peer{Name: "Anna", Done: 1_500_000_000, Total: 3_400_000_000, Rate: 84_000_000, Left: 22 * time.Second, Connected: true}
	away := anna
	away.Connected = false
	ben := sharing.Peer{Name: "Ben", Total: 3_400_000_000, Connected: true, Left: -1}
	done := ben
	done.State = sharing.Delivered

	tests := []struct {
		t                           sharing.Transfer
		title, line                 string
		mood                        view.Mood
		pause, resume, cancel, bars bool
	}{
		{sharing.Transfer{State: sharing.Preparing}, "Preparing…", "", view.Waiting, false, false, true, false},
		{sharing.Transfer{State: sharing.Waiting, Peers: []sharing.Peer{anna}}, "Waiting for Anna to answer", "", view.Waiting, false, false, true, false},
		{
			sharing.Transfer{State: sharing.Running, Direction: sharing.Receiving, Peers: []sharing.Peer{anna}},
			"Receiving from Anna", "44 % · 1.5 GB of 3.4 GB · 84 MB/s · about 20 s left", view.Moving, true, false, true, true,
		},
		{
			sharing.Transfer{State: sharing.Running, Direction: sharing.Sending, Peers: []sharing.Peer{away}},
			"Sending to Anna", "44 % · 1.5 GB of 3.4 GB · Waiting for Anna to come back", view.Moving, true, false, true, true,
		},
		{
			sharing.Transfer{State: sharing.Running, Direction: sharing.Sending, Peers: []sharing.Peer{anna, ben, done}},
			"Sending to 3 people", "0 % · 0 B of 3.4 GB", view.Moving, true, false, true, true,
		},
		{
			sharing.Transfer{State: sharing.Stuck, Error: "The disk is full.", Peers: []sharing.Peer{anna}},
			"Needs you", "The disk is full.", view.Trouble, false, true, true, true,
		},
		{sharing.Transfer{State: sharing.Paused, Peers: []sharing.Peer{anna}}, "Paused", "44 % · 1.5 GB of 3.4 GB", view.Waiting, false, true, true, true},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Sending, Files: 3, Bytes: 7000, Peers: []sharing.Peer{anna}},
			"Delivered: Anna has everything", "3 files · 7.0 kB", view.Done, false, false, false, false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Receiving, Failures: []sharing.Note{{}, {}}, Peers: []sharing.Peer{anna}},
			"Received from Anna", "2 files could not be read and were left out.", view.Trouble, false, false, false, false,
		},
		{sharing.Transfer{State: sharing.Declined, Direction: sharing.Sending, Peers: []sharing.Peer{anna}}, "Anna declined", "", view.Trouble, false, false, false, false},
		{sharing.Transfer{State: sharing.Failed, Error: "why", Peers: []sharing.Peer{anna}}, "Failed", "why", view.Trouble, false, false, false, false},
	}
	for _, tt := range tests {
		got := of(sharing.Snapshot{Transfers: []sharing.Transfer{tt.t}}, view.Local{}).Transfers[0]
		if got.Title != tt.title || got.Line != tt.line || got.Mood != tt.mood {
			t.Errorf("%s: shows %q, %q, mood %d; want %q, %q, %d", tt.t.State, got.Title, got.Line, got.Mood, tt.title, tt.line, tt.mood)
		}
		if got.Pause != "" != tt.pause || got.Resume != "" != tt.resume || got.Cancel != "" != tt.cancel || got.Part >= 0 != tt.bars {
			t.Errorf("%s: %+v", tt.t.State, got)
		}
	}
}

// Every word of the program is translated into every language, and no
// translation is left of words that are gone.
func TestEveryWordIsTranslated(t *testing.T) {
	words := wordsIn(t, ".", "..")
	files, err := assets.Translations.ReadDir("translations")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d languages, %v", len(files), err)
	}
	for _, f := range files {
		if strings.HasPrefix(f.Name(), "dishes.") {
			continue // see TestDishesHaveNamesInEveryLanguage
		}
		text, err := assets.Translations.ReadFile("translations/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		var known map[string]any
		if err := json.Unmarshal(text, &known); err != nil {
			t.Fatalf("%s: %v", f.Name(), err)
		}
		for word := range words {
			if _, ok := known[word]; !ok {
				t.Errorf("%s: no translation of %q", f.Name(), word)
			}
		}
		for word := range known {
			if !words[word] {
				t.Errorf("%s: nothing says %q any more", f.Name(), word)
			}
		}
	}
}

// wordsIn returns the first arguments of the calls of L and N in the folders.
func wordsIn(t *testing.T, dirs ...string) map[string]bool {
	t.Helper()
	words := map[string]bool{}
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) == 0 {
					return true
				}
				method, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || method.Sel.Name != "L" && method.Sel.Name != "N" {
					return true
				}
				literal, ok := call.Args[0].(*ast.BasicLit)
				if !ok {
					return true // passes on what somebody else wrote
				}
				word, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				words[word] = true
				return true
			})
		}
	}
	return words
}
