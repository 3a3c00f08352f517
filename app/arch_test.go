package app_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The picture of the house is in docs/decisions/0001-the-house.md. These tests
// keep it: whoever has a reason to change a rule changes it here, in sight.

// root is the top of the repository, seen from this package.
const root = ".."

// rooms says what each part of the house may import of our own. A room is the
// longest name here that a package's path begins with. "x/..." stands for x and
// everything below it.
var rooms = map[string][]string{
	"cmd/potluck":         {"app/...", "sharing/...", "discovery/..."},
	"cmd/potluck-desktop": {"app/...", "sharing/...", "discovery/...", "ui/...", "assets"},

	"app":       {"app/...", "sharing/...", "discovery/..."},
	"app/e2e":   {"app/...", "sharing/manifest"},
	"app/bench": {"app/e2e/...", "sharing/hashlist"},

	"ui":      {"ui/...", "sharing/...", "discovery", "assets"},
	"ui/dish": {"sharing/identity", "assets"},
	"ui/view": {"ui/view/...", "ui/words", "sharing/...", "discovery", "assets"}, // words in its tests alone: words know it

	// What the window is made of knows neither the engine nor a word of what it
	// shows.
	"ui/look":      {},
	"ui/flow":      {"ui/look"},
	"ui/calm":      {"ui/flow", "ui/focus"},
	"ui/focus":     {"ui/look"},
	"ui/tip":       {"ui/look"},
	"ui/elide":     {"ui/look", "ui/tip"},
	"ui/bar":       {"ui/look"},
	"ui/parts":     {"ui/look"},
	"ui/graph":     {"ui/look"},
	"ui/press":     {"ui/look", "ui/focus", "ui/elide", "ui/tip"},
	"ui/rail":      {"ui/look", "ui/focus", "ui/elide", "ui/tip"},
	"ui/field":     {"ui/look", "ui/focus"},
	"ui/list":      {"ui/look", "ui/focus", "ui/tip", "ui/calm"},
	"ui/banner":    {"ui/look", "ui/flow", "ui/elide", "ui/press", "ui/calm"},
	"ui/hold":      {"ui/look", "ui/elide", "ui/press", "ui/bar", "ui/calm"},
	"ui/neighbour": {"ui/look", "ui/focus", "ui/elide", "ui/list", "ui/tip"},
	"ui/tree":      {"ui/look", "ui/focus", "ui/elide", "ui/list", "ui/tip"},
	"ui/history":   {"ui/look", "ui/focus", "ui/elide", "ui/list", "ui/tip"},
	"ui/transfer":  {"ui/look", "ui/flow", "ui/elide", "ui/press", "ui/bar", "ui/calm"},
	"ui/request":   {"ui/look", "ui/focus", "ui/flow", "ui/elide", "ui/press", "ui/banner", "ui/tip", "ui/calm"},
	"ui/uitest":    {"ui/look", "ui/flow"},

	"ui/screentest": {},
	"ui/qrcode":     {},

	// The engine joins its parts, and the parts do not know each other beyond
	// identities, names, hashes.
	"sharing":           {"sharing/..."},
	"sharing/identity":  {},
	"sharing/manifest":  {},
	"sharing/hashlist":  {"sharing/identity"},
	"sharing/source":    {"sharing/manifest", "sharing/hashlist", "sharing/pace"},
	"sharing/store":     {"sharing/manifest", "sharing/hashlist", "sharing/pace"},
	"sharing/pace":      {},
	"sharing/session":   {"sharing/identity", "sharing/manifest", "sharing/pace"},
	"sharing/swarm":     {"sharing/identity", "sharing/pace", "sharing/spread"},
	"sharing/spread":    {},
	"sharing/pairing":   {"sharing/identity"},
	"discovery":         {"discovery/..."},
	"discovery/portmap": {},
	"assets":            {},
}

// guests says where alone a library may be used: its types must not spread.
var guests = map[string][]string{
	"fyne.io/":                       {"ui", "cmd/potluck-desktop"},
	"github.com/anacrolix/":          {"sharing/swarm"},
	"github.com/grandcat/zeroconf":   {"discovery"},
	"github.com/miekg/dns":           {"discovery"},
	"github.com/huin/goupnp":         {"discovery/portmap"},
	"github.com/hashicorp/yamux":     {"sharing/session"},
	"github.com/urfave/cli":          {"cmd/potluck", "cmd/potluck-desktop"},
	"github.com/schollz/progressbar": {"cmd/potluck"},
	"github.com/Microsoft/go-winio":  {"app/instance"},
	"github.com/adrg/xdg":            {"app", "cmd/potluck", "cmd/potluck-desktop"},
	"github.com/godbus/":             {"ui/desk"},
	"github.com/rymdport/":           {"ui/desk"},
	"github.com/go-text/":            {"ui/glyphs"},
	"github.com/gofrs/flock":         {"app/instance"},
	"github.com/klauspost/compress":  {"sharing/manifest", "sharing/hashlist", "sharing/source", "sharing"},
	"github.com/rivo/uniseg":         {"ui"},
	"golang.org/x/text/unicode/norm": {"sharing/manifest", "ui/view"},
	"github.com/jezek/xgb":           {"ui/screentest"},
	"lukechampine.com/blake3":        {"sharing/hashlist"},
	"rsc.io/qr":                      {"ui/qrcode"},
}

// topLevel is everything that may lie at the top of the repository, besides
// names that begin with a dot and what .gitignore names.
var topLevel = []string{
	"CHANGELOG.md", "CONTRIBUTING.md", "FyneApp.toml", "LICENSE", "Makefile", "README.md",
	"app", "assets", "cmd", "discovery", "docs", "go.mod", "go.sum", "packaging", "sharing", "ui",
}

// maxLines is where a file stops being short and asks to be divided.
const maxLines = 500

// standIn is a module of its own, in place of a library: see its README.
const standIn = "sharing/swarm/go-utp"

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	for _, file := range goFiles(t) {
		room := longest(rooms, path.Dir(file.name))
		if room == "" {
			t.Errorf("%s is in no room of the house: name its package in rooms", file.name)
			continue
		}
		for _, imported := range file.imports {
			own, isOwn := strings.CutPrefix(imported, "potluck/")
			switch {
			case !isOwn || own == path.Dir(file.name):
			case strings.HasSuffix(file.name, "_test.go") && strings.HasSuffix(own, "test"):
				// A fake is for any test.
			case strings.HasSuffix(file.name, "_test.go") && within([]string{"ui"}, room) && within([]string{"ui"}, own):
				// A picture shows a widget beside others.
			case !allowed(rooms[room], own):
				t.Errorf("%s: %s must not import %s", file.name, room, imported)
			}
		}
	}
}

func TestLibrariesStayInTheirRooms(t *testing.T) {
	for _, file := range goFiles(t) {
		for _, imported := range file.imports {
			for library, where := range guests {
				if strings.HasPrefix(imported, library) && !within(where, path.Dir(file.name)) {
					t.Errorf("%s: %s is only for %s", file.name, imported, strings.Join(where, ", "))
				}
			}
			if strings.HasPrefix(imported, "fyne.io/") && within([]string{"ui/view"}, path.Dir(file.name)) {
				t.Errorf("%s: ui/view is pure, without %s", file.name, imported)
			}
		}
	}
}

// One goroutine reaches the window, at one place in the code.
func TestOneFollowerReachesTheWindow(t *testing.T) {
	var places []string
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file.name, "_test.go") || !within([]string{"ui", "cmd/potluck-desktop"}, path.Dir(file.name)) {
			continue
		}
		n := bytes.Count(file.text, []byte("fyne.Do(")) + bytes.Count(file.text, []byte("fyne.DoAndWait("))
		for range n {
			places = append(places, file.name)
		}
	}
	if len(places) > 1 {
		t.Errorf("fyne.Do and fyne.DoAndWait are called in %v: the follower alone does that, once", places)
	}
}

func TestFilesAreShort(t *testing.T) {
	for _, file := range goFiles(t) {
		if n := bytes.Count(file.text, []byte("\n")); n > maxLines {
			t.Errorf("%s has %d lines: more than %d hold more than one subject", file.name, n, maxLines)
		}
	}
}

func TestPackagesSayWhatTheyAre(t *testing.T) {
	documented := map[string]bool{}
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file.name, "_test.go") {
			continue
		}
		dir := path.Dir(file.name)
		documented[dir] = documented[dir] || file.manual
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}

func TestTopLevelHoldsOnlyWhatItShould(t *testing.T) {
	ignored := append(ignoredNames(t), topLevel...)
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(ignored, e.Name()) {
			t.Errorf("%s does not belong at the top of the repository", e.Name())
		}
	}
}

// A goFile is one file of ours, seen by its text alone: the files of other
// systems are held to the same rules.
type goFile struct {
	name    string // slash separated, from the top of the repository
	text    []byte
	imports []string
	manual  bool // has a package comment
}

func goFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(name, root), string(filepath.Separator)))
		switch {
		case e.IsDir() && (rel == standIn || rel == "bin" || rel == "dist" || e.Name() == "testdata" || strings.HasPrefix(rel, ".")):
			return filepath.SkipDir
		case e.IsDir() || path.Ext(rel) != ".go":
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		file := goFile{name: rel, text: text, manual: parsed.Doc != nil}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			file.imports = append(file.imports, imported)
		}
		files = append(files, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// longest returns the longest key of m that is dir or a folder above it.
func longest[V any](m map[string]V, dir string) string {
	for ; dir != "."; dir = path.Dir(dir) {
		if _, ok := m[dir]; ok {
			return dir
		}
	}
	return ""
}

// within reports whether dir is one of the folders or below one of them.
func within(folders []string, dir string) bool {
	return slices.ContainsFunc(folders, func(f string) bool {
		return dir == f || strings.HasPrefix(dir, f+"/")
	})
}

// allowed reports whether the package may be imported under the patterns.
func allowed(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		below, tree := strings.CutSuffix(p, "/...")
		return p == pkg || tree && within([]string{below}, pkg)
	})
}

// ignoredNames returns the plain top-level names of .gitignore.
func ignoredNames(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		if name := strings.Trim(strings.TrimSpace(line), "/"); name != "" && !strings.ContainsAny(name, "*#/") {
			names = append(names, name)
		}
	}
	return names
}
