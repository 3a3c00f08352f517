package ui

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/sharing/source"
	"potluck/ui/focus"
	"potluck/ui/look"
	"potluck/ui/neighbour"
	"potluck/ui/view"
	"potluck/ui/words"
)

// ErrNoChooser says that the system has no way to choose files that the window
// can use; Fyne's own then takes its place.
var ErrNoChooser = errors.New("this desktop has no way to choose files")

// Options are what [New] needs.
type Options struct {
	App     fyne.App     // required
	Desktop Desktop      // required
	Take    []string     // paths that wait to be sent, as if they had been dropped
	Hidden  bool         // does not show itself, if the person can get it back
	Version string       // of the program
	Mute    bool         // the desktop has nothing that shows notifications
	Told    bool         // the person knows that closing the window keeps Potluck running
	OnTold  func() error // remembers that, if not nil; called from a goroutine of its own
	Log     *slog.Logger // hears what went wrong in the words of the system; nil for silence
	Fonts   FontFinder   // nil for the fonts of this computer
	Now     func() time.Time
}

// A Window shows one device. Its methods are for the main goroutine, but for
// those that say otherwise; so is all that it holds, but for what stands behind
// its mutex.
type Window struct {
	o       Options
	window  fyne.Window
	book    *words.Book
	words   *words.Words
	screen  *screen
	tray    *tray
	hidden  bool
	focused bool
	acted   time.Time // when the person last did something here
	quit    bool      // closing the window ends everything

	source    Source // nil until there is one
	prefs     Preferences
	snapshot  sharing.Snapshot
	choices   view.Choices
	local     view.Local
	memory    view.Memory
	shown     view.View
	parts     partsReader
	languages []view.Option // that can be drawn
	drawn     names
	drafts    map[identity.ID]string // texts that were begun and not sent
	measures  map[string]measure     // by folder
	search    int                    // counts searches, so that a late one is known
	listing   int                    // counts the folders that are listed, for the same reason
	reaching  func()                 // gives up the address that is being connected to; nil if there was none
	over      chan struct{}
	ending    sync.Once
	packing   map[int]func() // give up what is gone through before it can be offered, by its number
	packed    int            // the last of these numbers
	weighing  func()         // ends the weighing of what is to be sent; nil if there was none
	chosen    func([]string) // takes what is chosen on the page for that

	given chan given    // the engine, once
	poked chan struct{} // holds one signal: there are tasks, or the time of the next view has changed
	acts  sync.WaitGroup

	mu    sync.Mutex // guards what follows
	ctx   context.Context
	tasks []func() // for the main goroutine
	next  time.Time
	check time.Time // when a light goes out that nothing keeps on, or a tip is shown
	ended bool      // Run waits for what was begun, and nothing more begins
}

// What Follow gives.
type given struct {
	source Source
	prefs  Preferences
}

// New makes the window; it is not shown yet. The person's language is the
// system's, if there is a translation, and English otherwise, until the settings
// are known.
func New(o Options) (*Window, error) {
	switch {
	case o.App == nil:
		return nil, errors.New("ui: no app")
	case o.Desktop == nil:
		return nil, errors.New("ui: no desktop")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Fonts == nil {
		o.Fonts = installed
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	book, err := words.Load()
	if err != nil {
		return nil, err
	}
	home, _ := os.UserHomeDir() // without one, paths are shown in full
	w := &Window{
		o: o, book: book, words: book.In(words.System()...),
		given: make(chan given, 1), poked: make(chan struct{}, 1), ctx: context.Background(), packing: map[int]func(){}, drafts: map[identity.ID]string{}, measures: map[string]measure{}, over: make(chan struct{}),
		local:   view.Local{Starting: true, Began: o.Now(), Wide: true, Home: home},
		choices: view.Choices{Theme: "system", TextSize: 100}, // most people's: then nothing is made anew when theirs are known
	}
	o.App.Settings().SetTheme(look.New(look.Options{}))
	o.App.SetIcon(appIcon)
	w.window = o.App.NewWindow(w.words.L("Potluck"))
	w.window.SetMaster()
	w.window.SetOnDropped(w.dropped)
	w.window.SetCloseIntercept(w.closing)
	w.window.SetPadded(false)
	w.translateToolkit()
	variant := o.App.Settings().ThemeVariant()
	o.App.Settings().AddListener(func(now fyne.Settings) {
		if v := now.ThemeVariant(); v != variant { // day and night change with the desktop's
			variant = v
			w.later(w.build)
		}
	})
	w.window.Resize(fyne.NewSize(900, 600))
	w.build()
	w.window.Canvas().AddShortcut(alsoSettings, func(fyne.Shortcut) { w.turn(view.Settings) })
	return w, nil
}

// Follow gives the window the engine to show and the settings. It may be called
// from any goroutine, once.
func (w *Window) Follow(s Source, p Preferences) { w.given <- given{s, p} }

// Fail shows a sentence in place of the engine that could not be started. It may
// be called from any goroutine.
func (w *Window) Fail(err error) {
	w.later(func() { w.local.Broken = err.Error() })
}

// Tell shows sentences about what of Potluck's own was found damaged, until somebody
// has seen them. It may be called from any goroutine.
func (w *Window) Tell(damaged []string) {
	w.later(func() { w.local.Damaged = append(w.local.Damaged, damaged...) })
}

// Raise brings the window to the front, and has what came with the wish chosen
// for. It may be called from any goroutine.
func (w *Window) Raise(paths []string) {
	w.later(w.show)
	w.take(paths)
}

// take has somebody chosen for what was named outside the window, and tells what of
// it does not exist. It may be called from any goroutine.
func (w *Window) take(paths []string) {
	if len(paths) == 0 {
		return
	}
	w.begin(func(context.Context) error {
		var there, missing []string
		for _, path := range paths {
			if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
				missing = append(missing, path)
			} else {
				there = append(there, path)
			}
		}
		w.later(func() {
			w.local.Choose(view.Basket{Paths: there})
			if len(missing) > 0 {
				w.local.Tell(view.Missing(missing, w.o.Now(), w.words), w.o.Now())
			}
		})
		return nil
	})
}

// ShowAndRun shows the window, and returns when the program is to end.
func (w *Window) ShowAndRun() {
	life := w.o.App.Lifecycle()
	life.SetOnEnteredForeground(func() { w.setFocused(true) })
	life.SetOnExitedForeground(func() { w.setFocused(false) })
	if w.o.Hidden {
		w.hidden = true
		w.o.App.Run()
		return
	}
	w.window.ShowAndRun()
}

// setFocused notes whether the window is the one in use.
func (w *Window) setFocused(on bool) {
	w.focused = on
	w.watch()
	w.later(func() {}) // the time of a notice passes from now on, or not
}

// atHand is how long after the person did something here they are taken to look on,
// though another window is in use: the one that files were dragged from, say.
const atHand = time.Minute

// looked reports whether somebody can see the window.
func (w *Window) looked(now time.Time) bool {
	return !w.hidden && (w.focused || now.Sub(w.acted) < atHand)
}

// show brings the window to the front.
func (w *Window) show() {
	w.hidden = false
	w.window.Show()
	w.window.RequestFocus()
	w.render()
}

// closing is asked for when the person closes the window.
func (w *Window) closing() {
	if !w.choices.KeepOn || w.quit || w.source == nil {
		w.end()
		return
	}
	if w.o.Mute && w.tray == nil && !w.o.Told && w.local.Question.Do != view.QuitPotluck { // nothing else could tell
		w.do(func(l *view.Local) { l.Question = view.AskHidden(w.words) })
		return
	}
	w.local.Question = view.Question{}
	w.goOn()
}

// goOn hides the window; the rest goes on.
func (w *Window) goOn() {
	w.hidden = true
	w.window.Hide()
	w.sayHidden()
}

// end ends the program.
func (w *Window) end() {
	w.quit = true
	w.ending.Do(func() { close(w.over) })
	w.o.App.Quit()
}

// Over is closed when the person has ended the program, which is a moment before
// [Window.ShowAndRun] returns, if the toolkit lets it.
func (w *Window) Over() <-chan struct{} { return w.over }

// build makes everything that is in the window, in the language and size that
// count now.
func (w *Window) build() {
	old, seen := w.screen, float32(0) // how far the settings were scrolled: what was changed there stays in sight
	var at focus.Place
	if old != nil {
		seen = old.pages[view.Settings].(*settingsPage).scrolled()
		at, _ = focus.PlaceOf(old.root, old.focused())
	}
	w.screen = newScreen(w)
	w.window.SetMainMenu(w.mainMenu())
	w.window.SetContent(w.screen.root)
	w.window.Canvas().SetOnTypedKey(w.typedKey)
	w.render()
	w.screen.pages[view.Settings].(*settingsPage).scrollTo(seen)
	if old != nil {
		w.screen.takeOver(old, at)
	}
}

// render shows what there is now.
func (w *Window) render() {
	now := w.o.Now()
	w.finish(now)
	w.weigh()
	w.lookForRoom()
	w.stopReaching()
	w.local.Attend(w.snapshot, w.looked(now), now)
	if w.screen != nil {
		w.local.Aiming = w.grid().Hovering()
	}
	v := view.Of(w.snapshot, w.local, w.choices, &w.memory, now, w.words)
	w.local.Page = v.Page
	if w.local.Tree != nil && !w.local.Looking() { // that of a million files is large
		w.local.LookAway(w.snapshot)
		w.screen.pages[view.Inside].(*insidePage).forget()
	}
	w.local.Asking = w.local.Asking && v.Verify.Asking
	w.shown = v
	if !w.hidden {
		w.screen.show(v)
		w.screen.moved.Look(w.screen.root)
	}
	if w.window.Title() != v.Title {
		w.window.SetTitle(v.Title)
	}
	w.tray.show(v.Tray)
	w.mu.Lock()
	w.next = v.Again
	w.mu.Unlock()
	w.poke()
}

// grid returns the cards of those nearby.
func (w *Window) grid() *neighbour.Grid { return w.screen.pages[view.Nearby].(*nearbyPage).grid }

// finish sends what need not be held back any longer.
func (w *Window) finish(now time.Time) {
	for _, h := range w.local.Due(now) {
		w.deliver(h)
	}
}

// deliver has the engine send something.
func (w *Window) deliver(h view.Hold) {
	if len(h.To) == 0 || w.source == nil {
		return
	}
	w.acted = w.o.Now()
	if h.Again != "" {
		w.act(func(ctx context.Context, s Source) error {
			_, err := s.Retry(ctx, h.Again)
			return err
		})
		return
	}
	if h.Text != "" {
		w.say(h.Text, h.To, nil)
		return
	}
	w.packed++
	number := w.packed
	ctx, stop := context.WithCancel(context.Background())
	w.packing[number] = stop
	w.local.Pack(view.Parcel{Number: number, Hold: h})
	w.act(func(working context.Context, s Source) error {
		defer stop()
		defer context.AfterFunc(working, stop)()
		_, err := s.Send(ctx, h.Paths, h.To)
		given := ctx.Err() != nil // up
		snapshot := s.Snapshot()
		w.later(func() {
			delete(w.packing, number)
			w.local.Packed(number)
			w.snapshot = snapshot
			if inTheWay := (*source.PathError)(nil); errors.As(err, &inTheWay) {
				w.local.Return(h, inTheWay.Path)
			}
		})
		if given {
			return nil
		}
		return err
	})
}

// do changes what the window knows by something the person did, and shows it at
// once.
func (w *Window) do(change func(l *view.Local)) {
	w.acted = w.o.Now()
	change(&w.local)
	w.render()
}

// idOf reads the key of a card.
func idOf(key string) identity.ID {
	id, _ := identity.ParseID(key) // keys are made of IDs
	return id
}
