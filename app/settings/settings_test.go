package settings

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"potluck/sharing"
)

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "settings.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNoFileMeansDefaults(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "settings.json")
	s := open(t, path)
	if got := s.Current(); !reflect.DeepEqual(got, Defaults()) {
		t.Errorf("got %+v, want the defaults", got)
	}
	if len(s.Notes()) > 0 {
		t.Errorf("notes %q", s.Notes())
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("reading wrote a file")
	}
}

func TestChangesAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "settings.json")
	downloads := t.TempDir()
	want := map[string]string{
		"name": "Änna ✨", "downloads": downloads, "accept": "paired", "offers": "paired", "visible": "nobody",
		"listen": "127.0.0.1:0", "interfaces": "eth0,wlan0", "language": "vi",
	}
	s := open(t, path)
	for k, v := range want {
		if _, err := s.Set(k, v); err != nil {
			t.Errorf("Set(%s): %v", k, err)
		}
	}
	again := open(t, path)
	for k, v := range want {
		got, err := again.Get(k)
		if err != nil || got.Value != v || !got.Changed {
			t.Errorf("%s: got %+v, %v", k, got, err)
		}
	}
	if info, _ := os.Stat(path); info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others can read the settings: %v", info.Mode())
	}

	if got, err := again.Reset("accept"); err != nil || got.Value != "ask" || got.Changed {
		t.Errorf("Reset: %+v, %v", got, err)
	}
	if got := open(t, path).Current().Accept; got != sharing.AcceptAsk {
		t.Errorf("accept is %q after a reset", got)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.tmp")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestRefusedValuesChangeNothing(t *testing.T) {
	file := write(t, "{}")
	s := open(t, file)
	before := s.Current()
	for _, c := range [][2]string{
		{"name", ""},
		{"name", "   "},
		{"name", strings.Repeat("ä", 33)},
		{"name", "a\x1b[2Jb"},
		{"name", "a\u202eb"},
		{"name", "\xff"},
		{"downloads", ""},
		{"downloads", "relative/folder"},
		{"downloads", file},
		{"downloads", "/a\x00b"},
		{"accept", "all"},
		{"offers", "ask"},
		{"offers", ""},
		{"visible", "all"},
		{"accept", ""},
		{"listen", "1023"},
		{"listen", ":80"},
		{"listen", "-1"},
		{"listen", "27420 or so"},
		{"listen", "host.example:1"},
		{"listen", ":65536"},
		{"listen", ":x"},
		{"listen", ""},
		{"interfaces", "eth0,,wlan\x07"},
		{"interfaces", strings.Repeat("e,", 65)},
		{"openUntil", "61"},
		{"openUntil", "-1"},
		{"openUntil", "for ever"},
		{"openUntil", "2999-01-01T00:00:00Z"},
		{"language", "a b"},
		{"language", "../../x"},
	} {
		if got, err := s.Set(c[0], c[1]); err == nil {
			t.Errorf("Set(%s, %q) was accepted as %q", c[0], c[1], got.Value)
		} else if strings.ContainsAny(err.Error(), "\x1b\x00\x07\n") || strings.Contains(err.Error(), "\u202e") {
			t.Errorf("Set(%s): the error %q is not fit for a terminal", c[0], err)
		}
	}
	if _, err := s.Set("colour", "red"); err == nil || !strings.Contains(err.Error(), "downloads") {
		t.Errorf("an unknown key: %v", err)
	}
	if got := s.Current(); !reflect.DeepEqual(got, before) {
		t.Errorf("changed to %+v", got)
	}
}

// What cannot be applied is not changed, and what cannot be written down is taken back.
func TestChangesAreAppliedFirst(t *testing.T) {
	path := write(t, "{}")
	s := open(t, path)
	usual := s.Current().Name
	var names []string
	s.Apply(func(next Settings) error {
		if next.Name == "taken" {
			return errors.New("somebody has that name")
		}
		names = append(names, next.Name)
		return nil
	})
	if _, err := s.Set("name", "anna"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Set("name", "taken"); err == nil || err.Error() != "somebody has that name" {
		t.Errorf("refused with %v", err)
	}
	if s.Current().Name != "anna" || open(t, path).Current().Name != "anna" {
		t.Errorf("after the refusal the name is %q, and %q in the file", s.Current().Name, open(t, path).Current().Name)
	}
	if _, err := s.Reset("name"); err != nil {
		t.Fatal(err)
	}
	if err := s.Override("name", "for a while"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Set("language", "vi"); err != nil {
		t.Fatal(err)
	}
	if err := s.ResetAll(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Dir(path), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Set("name", "bea"); err == nil {
		t.Error("it was written nowhere")
	}
	if want := []string{"anna", usual, "for a while", usual, "bea", usual}; !slices.Equal(names, want) {
		t.Errorf("applied %q, want %q", names, want)
	}
}

func TestOverrideIsForThisRun(t *testing.T) {
	path := write(t, `{"accept": "paired"}`)
	s := open(t, path)
	if err := s.Override("accept", "everyone"); err != nil {
		t.Fatal(err)
	}
	if err := s.Override("accept", "all"); err == nil {
		t.Error("a value that makes no sense was accepted")
	}
	if got := s.Current().Accept; got != sharing.AcceptEveryone {
		t.Errorf("accept is %q", got)
	}
	if _, err := s.Set("name", "bea"); err != nil {
		t.Fatal(err)
	}
	if got := open(t, path).Current().Accept; got != sharing.AcceptPaired {
		t.Errorf("the override was written: %q", got)
	}
	if _, err := s.Set("accept", "nobody"); err != nil {
		t.Fatal(err)
	}
	if got := s.Current().Accept; got != sharing.AcceptNobody {
		t.Errorf("what was set later does not count: %q", got)
	}
}

func TestDamagedFileIsSetAside(t *testing.T) {
	for name, text := range map[string]string{
		"garbage": "\x00\x01 garbage", "cut": `{"name": "an`, "empty": "", "null": "null", "list": "[]",
		"huge": `{"name": "` + strings.Repeat("x", maxFile) + `"}`, "format": `{"format": "two"}`,
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, text)
			for n, aside := range []string{path + ".damaged-1", path + ".damaged-2"} {
				s := open(t, path)
				if len(s.Notes()) != 1 || !strings.Contains(s.Notes()[0], aside) {
					t.Errorf("notes %q do not name %s", s.Notes(), aside)
				}
				if kept, err := os.ReadFile(aside); err != nil || string(kept) != text {
					t.Errorf("time %d: the damaged file was not kept: %v", n, err)
				}
				if _, err := s.Set("name", "anna"); err != nil {
					t.Error(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestOneWrongValueIsReportedAndKept(t *testing.T) {
	path := write(t, `{"name": "anna", "accept": "all", "listen": 7}`)
	s := open(t, path)
	if len(s.Notes()) != 2 {
		t.Errorf("notes %q", s.Notes())
	}
	if got := s.Current(); got.Name != "anna" || got.Accept != sharing.AcceptAsk || got.Listen != Defaults().Listen {
		t.Errorf("got %+v", got)
	}
	if _, err := s.Set("name", "bea"); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(path); !strings.Contains(string(text), `"all"`) {
		t.Errorf("what a person wrote was lost: %s", text)
	}
}

func TestNewerVersions(t *testing.T) {
	path := write(t, `{"format": 1, "name": "anna", "colour": {"red": 7, "deep": [1, 2]}}`)
	s := open(t, path)
	if _, err := s.Set("accept", "paired"); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(path)
	if !strings.Contains(string(text), `"colour"`) || !strings.Contains(string(text), `"deep"`) {
		t.Errorf("a key of a newer version was lost: %s", text)
	}

	newer := `{"format": 2, "name": "anna"}`
	path = write(t, newer)
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("a newer format: %v", err)
	}
	if text, _ := os.ReadFile(path); string(text) != newer {
		t.Errorf("a newer file was touched: %s", text)
	}
}

func TestWatchSignalsChanges(t *testing.T) {
	s := open(t, write(t, "{}"))
	changed, stop := s.Watch()
	defer stop()
	for range 3 {
		if _, err := s.Set("name", "anna"); err != nil {
			t.Fatal(err)
		}
	}
	<-changed
	select {
	case <-changed:
		t.Error("changes were queued")
	default:
	}
}

func TestUnwritableFolder(t *testing.T) {
	blocked := write(t, "a file where a folder should be")
	s := open(t, filepath.Join(t.TempDir(), "settings.json"))
	s.path = filepath.Join(blocked, "settings.json")
	if _, err := s.Set("name", "anna"); err == nil {
		t.Error("no error")
	}
	if got := s.Current().Name; got != Defaults().Name {
		t.Errorf("name is %q although it was not saved", got)
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ login, host, want string }{
		{"anna", "x1.example.org", "anna-x1"},
		{"anna", "annas-laptop", "annas-laptop"},
		{"root", "server7", "server7"},
		{`HOME\Anna`, "DESKTOP-1", "Anna-DESKTOP-1"},
		{"anna", "localhost", "anna"},
		{"", "", "potluck"},
		{"root", "", "potluck"},
	} {
		if got := nameFor(c.login, c.host); got != c.want {
			t.Errorf("nameFor(%q, %q) = %q, want %q", c.login, c.host, got, c.want)
		}
	}
}

func TestPlaces(t *testing.T) {
	p, err := PlacesFor("some/where")
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(p.State) || p.State != p.Config || filepath.Dir(p.KeyFile()) != p.State || filepath.Dir(p.SettingsFile()) != p.State {
		t.Errorf("places %+v", p)
	}
	if p, err := PlacesFor(""); err == nil && !filepath.IsAbs(p.Config) {
		t.Errorf("places %+v", p)
	}
}

// Whatever text is given: an accepted value survives writing and reading, and
// a file of it is never damaged.
func TestAcceptedValuesSurvive(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		path := filepath.Join(dir, "settings.json")
		s, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		name := rapid.SampledFrom(Keys()).Draw(t, "key")
		value := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"ask", ":0", "[::1]:7", "/tmp/x", "eth0, wlan0", "10", "no"})).Draw(t, "value")
		set, err := s.Set(name, value)
		if err != nil {
			return
		}
		again, err := Open(path)
		if err != nil || len(again.Notes()) > 0 {
			t.Fatalf("reading it back: %v, %q", err, again.Notes())
		}
		if got, _ := again.Get(name); got != set {
			t.Fatalf("%q became %+v, want %+v", value, got, set)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"format": 1, "name": "anna", "interfaces": ["eth0"]}`))
	f.Add([]byte(`{"format": 99}`))
	f.Add([]byte(`{"NAME": "x", "listen": null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "settings.json")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path)
		if err != nil {
			return
		}
		if _, err := s.Set("name", "anna"); err != nil {
			t.Fatal(err)
		}
		if again, err := Open(path); err != nil || again.Current().Name != "anna" {
			t.Fatalf("after a change: %v", err)
		}
	})
}

// A folder is tried before it is taken over, and one that was is kept while its
// disk is away.
func TestDownloadsAreTried(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, filepath.Join(dir, "settings.json"))
	before := s.Current()
	for _, folder := range []string{filepath.Join(file, "sub"), filepath.Join(dir, "no", "such"), file} {
		if _, err := s.Set("downloads", folder); err == nil || strings.Contains(err.Error(), "mkdir") {
			t.Errorf("%s: %v", folder, err)
		}
		if err := s.Override("downloads", folder); err == nil {
			t.Errorf("%s overrides", folder)
		}
		if err := Check("downloads", folder); err == nil {
			t.Errorf("%s passes", folder)
		}
	}
	if got := s.Current(); !reflect.DeepEqual(got, before) {
		t.Errorf("what was refused has changed something: %+v", got)
	}
	usb := filepath.Join(dir, "usb")
	if err := os.Mkdir(usb, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Set("downloads", filepath.Join(usb, "new")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(usb); err != nil {
		t.Fatal(err)
	}
	again := open(t, filepath.Join(dir, "settings.json"))
	if got := again.Current().Downloads; got != filepath.Join(usb, "new") || len(again.Notes()) > 0 {
		t.Errorf("without the disk: %s, %q", got, again.Notes())
	}
}
