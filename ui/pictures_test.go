package ui

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
	"potluck/ui/view"
)

// The looks in which every screen is drawn.
var looks = []struct {
	name, theme, language, text string
	size                        fyne.Size
}{
	{"light", "light", "en", "100", fyne.NewSize(900, 600)},
	{"dark-vi", "dark", "vi", "100", fyne.NewSize(900, 600)},
	{"small-vi", "light", "vi", "100", fyne.NewSize(640, 480)},
	{"large-vi", "light", "vi", "150", fyne.NewSize(640, 480)},
	{"wide", "light", "en", "100", fyne.NewSize(1280, 720)},
	{"small-de", "dark", "de", "100", fyne.NewSize(640, 480)},
}

// Every screen in every look shows what it showed before. Pictures of them lie in
// the folder of artifacts, to be looked at.
func TestPictures(t *testing.T) {
	for name, scene := range screens() {
		t.Run(name, func(t *testing.T) {
			for _, l := range looks {
				t.Run(l.name, func(t *testing.T) {
					s := stage(t, busy(), settingsOf(l.theme, l.language, l.text), l.size)
					scene(s)
					for range 3 { // texts that wrap ask for more room
						s.draw()
					}
					keep(t, s, fmt.Sprintf("%s-%s.png", name, l.name))
					golden(t, s, name+"-"+l.name)
					if got := s.window.Canvas().Size(); got.Width > l.size.Width || got.Height > l.size.Height {
						t.Errorf("%s: the window grew from %v to %v", l.name, l.size, got)
					}
				})
			}
		})
	}
}

// screens are all that is to be seen.
func screens() map[string]func(*scene) {
	return map[string]func(*scene){
		"busy":    func(*scene) {},
		"nearby":  func(s *scene) { s.engine.snapshot.Offers, s.engine.snapshot.Transfers = nil, nil },
		"running": func(s *scene) { s.engine.snapshot.Offers = nil },
		"empty": func(s *scene) {
			s.engine.snapshot = sharing.Snapshot{Self: s.engine.snapshot.Self}
			s.draw()
			s.pass(time.Minute)
		},
		"offline": func(s *scene) {
			s.engine.snapshot = sharing.Snapshot{Self: s.engine.snapshot.Self}
			s.engine.snapshot.Self.Offline = true
			s.draw()
			s.pass(time.Minute)
		},
		"hidden": func(s *scene) {
			s.engine.snapshot = sharing.Snapshot{Self: s.engine.snapshot.Self}
			s.prefs.values["visible"] = "nobody"
			s.choose(s.prefs.Values())
			s.draw()
			s.pass(time.Minute)
		},
		"lingering": func(s *scene) { // who is in the middle of something still sees one who hides
			s.engine.snapshot.Neighbours = slices.Clone(s.engine.snapshot.Neighbours)
			s.engine.snapshot.Neighbours[4].Lingers, s.engine.snapshot.Offers = true, nil
			s.prefs.values["visible"] = "paired"
			s.choose(s.prefs.Values())
		},
		"closing": func(s *scene) { s.local.Question = view.AskHidden(s.words) },
		"broken":  func(s *scene) { s.local.Broken = "the state folder cannot be locked: permission denied" },
		"choosing": func(s *scene) {
			s.engine.amount = sharing.Amount{Files: 1205, Folders: 3, Bytes: 3_400_000_000}
			s.engine.snapshot.Offers = nil
			s.local.Choose(view.Basket{Paths: []string{"/home/lan/Ảnh Đà Lạt", "/home/lan/slides.pdf"}})
			s.local.Tick(anna)
			s.local.Tick(binh)
		},
		"holding": func(s *scene) {
			s.engine.amount = sharing.Amount{Files: 1, Bytes: 48_000_000}
			s.engine.snapshot.Offers = nil
			s.local.Dropped([]string{"/home/lan/slides.pdf"}, view.Target{Known: true, Card: true, ID: binh}, s.snapshot, s.clock, s.words)
		},
		"stranger": func(s *scene) { s.engine.snapshot.Offers = []sharing.Offer{program()} },
		"full": func(s *scene) {
			s.engine.snapshot.Offers[0].Free = 1_100_000_000
		},
		"message": func(s *scene) {
			s.engine.snapshot.Offers, s.engine.snapshot.Transfers = nil, nil
			s.engine.snapshot.Messages = []sharing.Message{{
				ID: "m1", From: anna, FromName: "Anna", Paired: true, At: s.clock,
				Text: "Ở đây có ảnh hôm qua: https://example.com/da-lat\nNhớ xem nhé!",
			}}
		},
		"inside": func(s *scene) {
			s.engine.contents = album()
			s.lookInto(s.engine.snapshot.Offers[0].Share)
		},
		"warned": func(s *scene) { // the same of a stranger
			o := &s.engine.snapshot.Offers[0]
			o.From, o.FromName, o.Paired, o.Programs, o.Renamed = room, "Phòng họp 3", false, 1, 1
			s.engine.contents = album()
			s.snapshot = s.engine.snapshot
			s.lookInto(o.Share)
		},
		"transfers": func(s *scene) { s.local.Go(view.Transfers) },
		"details": func(s *scene) {
			s.details("receiving" + sharing.ShareID{0x12, 0x34}.String())
		},
		"verify": func(s *scene) {
			s.engine.snapshot.Pairings = []sharing.Pairing{{
				Peer: room, Name: "Phòng họp 3", State: sharing.PairingComparing, Until: s.clock.Add(52e9),
				Dishes: [4]identity.Dish{identity.DishFromIndex(0), identity.DishFromIndex(361), identity.DishFromIndex(250), identity.DishFromIndex(947)},
			}}
			s.snapshot = s.engine.snapshot
			s.verify(room)
		},
		"open": func(s *scene) { // for some minutes; and a tip
			s.engine.snapshot.Offers, s.engine.snapshot.Transfers = nil, nil
			s.prefs.values["visible"], s.prefs.values["openUntil"] = "paired", s.clock.Add(9*time.Minute).Format(time.RFC3339)
			s.choose(s.prefs.Values())
			s.draw()
			s.window.Canvas().Focus(s.grid())
			s.grid().Point(khai.String())
			s.screen.tips.Tick(s.clock.Add(time.Second))
		},
		"address": func(s *scene) {
			s.enterAddress()
			s.local.Unreached = view.NoAddress(s.words)
		},
		"pick": func(s *scene) {
			s.desk.none, s.desk.tree = true, map[string][]Listed{"/home/lan/Downloads/Potluck": {
				{"Ảnh Đà Lạt 2026", true}, {"Bài giảng", true}, {"Dự án của lớp có một cái tên rất dài để xem nó bị cắt ở đâu", true}, {"ghi chú.txt", false},
			}}
			s.saveInto(photo)
			for range 3 {
				s.draw()
			}
		},
		"newfolder": func(s *scene) {
			s.desk.none, s.desk.tree = true, map[string][]Listed{"/home/lan/Downloads/Potluck": {{"Ảnh Đà Lạt 2026", true}, {"Bài giảng", true}}}
			s.saveInto(photo)
			for range 3 {
				s.draw()
			}
			p := s.pickPage()
			p.beginNaming()
			p.name.SetText("../Ảnh")
			p.makeFolder()
		},
		"mine": func(s *scene) { s.showMine() },
		"paused": func(s *scene) {
			s.engine.snapshot.Offers, s.engine.snapshot.Transfers = nil, pauses()
			s.local.Damaged = []string{"the settings were damaged (unexpected end); the defaults are used, and the damaged file is kept as /home/lan/x.damaged-1"}
			s.local.Go(view.Transfers)
		},
		"spread": func(s *scene) {
			s.engine.snapshot.Offers, s.engine.snapshot.Transfers = nil, []sharing.Transfer{spread()}
			s.snapshot = s.engine.snapshot
			s.details(string(sharing.Sending) + sharing.ShareID{5}.String())
		},
		"swarm": func(s *scene) {
			s.engine.snapshot.Offers, s.engine.snapshot.Transfers = nil, []sharing.Transfer{fromMany()}
			s.snapshot = s.engine.snapshot
			s.details(string(sharing.Receiving) + sharing.ShareID{6}.String())
		},
		"checked": func(s *scene) {
			s.engine.snapshot.Offers, s.engine.snapshot.Transfers = nil, pauses()[3:]
			s.snapshot = s.engine.snapshot
			s.details(string(sharing.Receiving) + sharing.ShareID{4}.String())
			s.hear(sharing.VerifiedEvent{Verified: found()})
		},
		"preparing": func(s *scene) {
			s.engine.snapshot.Transfers = nil
			s.local.Pack(view.Parcel{Number: 1, Hold: view.Hold{Basket: view.Basket{Paths: []string{"/home/lan/Ảnh Đà Lạt 2026"}}, To: []identity.ID{anna}}})
			s.local.Accept(photo)
		},
		"write":    func(s *scene) { s.write(anna) },
		"device":   func(s *scene) { s.openDevice(binh) },
		"settings": func(s *scene) { s.local.Go(view.Settings) },
		"keys":     func(s *scene) { s.local.Go(view.Keys) },
		"about":    func(s *scene) { s.local.Go(view.About) },
		"question": func(s *scene) { s.press(view.CancelTransfer, sharing.ShareID{0x12, 0x34}.String()) },
	}
}

// album is a folder of some photographs and a program.
func album() *manifest.Manifest {
	var b manifest.Builder
	for _, e := range []manifest.Entry{
		{Path: "Ảnh Đà Lạt 2026", Dir: true},
		{Path: "Ảnh Đà Lạt 2026/Ngày 1", Dir: true},
		{Path: "Ảnh Đà Lạt 2026/Ngày 1/IMG_2041.JPG", Size: 4_100_000},
		{Path: "Ảnh Đà Lạt 2026/Ngày 1/IMG_2042.JPG", Size: 3_900_000},
		{Path: "Ảnh Đà Lạt 2026/Ngày 2", Dir: true},
		{Path: "Ảnh Đà Lạt 2026/Ngày 2/IMG_3000.JPG", Size: 5_000_000},
		{Path: "Ảnh Đà Lạt 2026/ghi chú.txt", Size: 1200},
		{Path: "Ảnh Đà Lạt 2026/setup.pdf.exe", Size: 4_200_000},
	} {
		if err := b.Add(e); err != nil {
			panic(err)
		}
	}
	m, err := b.Build()
	if err != nil {
		panic(err)
	}
	return m
}

// keep keeps what the window looks like, to be looked at.
func keep(t *testing.T, s *scene, name string) {
	t.Helper()
	f, err := os.Create(filepath.Join(t.ArtifactDir(), name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, s.window.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}
