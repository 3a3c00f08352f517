package ui

import (
	"context"
	"errors"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/assets"
	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

// A Source is as much of the engine as the window shows and commands. Its
// methods are those of [sharing.Device].
type Source interface {
	Snapshot() sharing.Snapshot
	Watch() (changed <-chan struct{}, stop func())

	Send(ctx context.Context, paths []string, to []identity.ID) (sharing.ShareID, error)
	Accept(ctx context.Context, ref string, o sharing.AcceptOptions) (sharing.ShareID, error)
	Decline(ctx context.Context, ref string) (sharing.ShareID, error)
	Pause(ctx context.Context, ref string) (sharing.ShareID, error)
	Resume(ctx context.Context, ref string) (sharing.ShareID, error)
	Cancel(ctx context.Context, ref string) (sharing.ShareID, error)
}

// Options are what [New] needs.
type Options struct {
	App  fyne.App // required
	Take []string // paths that wait to be sent, as if they had been dropped
}

// A Window shows one device. Its methods are for the main goroutine, but for
// those that say otherwise.
type Window struct {
	window fyne.Window
	words  words

	sources chan Source   // takes the source, once
	poked   chan struct{} // holds one signal: the window itself has changed something
	acts    sync.WaitGroup

	mu     sync.Mutex // guards what follows
	local  view.Local
	source Source // nil until there is one
	ctx    context.Context

	me, hint, basket, problem, heading, nobody, nothing *widget.Label
	drop                                                *widget.Button
	neighbours                                          column[view.Neighbour]
	offers                                              column[view.Offer]
	transfers                                           column[view.Transfer]
}

// New makes the window; it is not shown yet. The person's language is the
// system's, if there is a translation, and English otherwise.
func New(o Options) (*Window, error) {
	if o.App == nil {
		return nil, errors.New("ui: no app")
	}
	words, err := loadWords()
	if err != nil {
		return nil, err
	}
	o.App.Settings().SetTheme(look{theme.DefaultTheme()})
	icon := fyne.NewStaticResource("icon.png", assets.Icon)
	o.App.SetIcon(icon)
	w := &Window{
		window:  o.App.NewWindow(words.L("Potluck")),
		words:   words,
		sources: make(chan Source, 1),
		poked:   make(chan struct{}, 1),
		local:   view.Local{Starting: true, Basket: o.Take},
		ctx:     context.Background(),
	}
	w.window.SetContent(w.build(icon))
	w.window.Resize(fyne.NewSize(900, 600))
	w.window.SetMaster()
	w.window.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) { w.take(uris) })
	w.show(view.Of(sharing.Snapshot{}, w.local, words))
	return w, nil
}

// ShowAndRun shows the window and returns when it is closed.
func (w *Window) ShowAndRun() { w.window.ShowAndRun() }

// Follow gives the window the engine to show. It may be called from any
// goroutine, once.
func (w *Window) Follow(s Source) { w.sources <- s }

// Fail shows a sentence in place of the engine that could not be started. It may
// be called from any goroutine.
func (w *Window) Fail(err error) {
	w.change(func(l *view.Local) { l.Problem = err.Error() })
}

// build makes what is in the window, in the order in which the keyboard walks
// through it.
func (w *Window) build(icon fyne.Resource) fyne.CanvasObject {
	w.me = styled(theme.SizeNameSubHeadingText, true)
	w.hint = muted()
	w.hint.Wrapping = fyne.TextWrapOff
	w.basket = styled(theme.SizeNameText, true)
	w.basket.Truncation = fyne.TextTruncateEllipsis
	w.problem = widget.NewLabel("")
	w.problem.Importance, w.problem.Wrapping = widget.DangerImportance, fyne.TextWrapWord
	w.heading = styled(theme.SizeNameSubHeadingText, true)
	w.nobody, w.nothing = muted(), muted()
	w.neighbours.make = w.newNeighbour
	w.offers.make = w.newOffer
	w.transfers.make = w.newTransfer

	w.drop = widget.NewButton(w.words.L("Cancel"), func() { w.change(func(l *view.Local) { l.Basket = nil }) })
	choose := widget.NewButtonWithIcon(w.words.L("Send a file…"), theme.MailSendIcon(), w.choose)
	choose.Importance = widget.HighImportance

	picture := canvas.NewImageFromResource(icon)
	picture.FillMode = canvas.ImageFillContain
	picture.SetMinSize(fyne.NewSquareSize(44))
	w.neighbours.box = container.NewGridWrap(fyne.NewSize(170, 128))
	header := container.NewBorder(nil, nil, picture, container.NewCenter(choose), w.me)
	basket := container.NewBorder(nil, nil, w.hint, w.drop, w.basket)
	page := container.NewBorder(
		container.NewVBox(header, w.problem, w.heading, w.nobody), basket, nil, nil,
		container.NewVScroll(w.neighbours.box))

	w.offers.box, w.transfers.box = container.NewVBox(), container.NewVBox()
	now := styled(theme.SizeNameSubHeadingText, true)
	now.SetText(w.words.L("Now"))
	list := container.NewVScroll(inset(0, 12, container.NewVBox(w.offers.box, w.transfers.box)))
	panel := container.New(atLeast{300}, container.NewBorder(container.NewVBox(now, w.nothing), nil, nil, nil, list))
	ground := canvas.NewRectangle(theme.Color(theme.ColorNameHeaderBackground))
	return container.NewBorder(nil, nil, nil, container.NewStack(ground, inset(12, 4, panel)), inset(16, 16, page))
}

// show assigns a view to what is in the window.
func (w *Window) show(v view.View) {
	w.window.SetTitle(v.Title)
	for label, text := range map[*widget.Label]string{
		w.me: v.Me, w.hint: v.Hint, w.basket: v.Basket, w.problem: v.Problem,
		w.heading: v.Heading, w.nobody: v.Nobody, w.nothing: v.Nothing,
	} {
		if label.Text != text {
			label.SetText(text)
		}
		visible(label, text != "")
	}
	visible(w.drop, v.Basket != "")
	w.neighbours.show(v.Neighbours)
	w.offers.show(v.Offers)
	w.transfers.show(v.Transfers)
}

// take puts what was dropped into the basket.
func (w *Window) take(uris []fyne.URI) {
	var paths []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			paths = append(paths, u.Path())
		}
	}
	if len(paths) > 0 {
		w.change(func(l *view.Local) { l.Basket = append(l.Basket, paths...) })
	}
}

// choose lets the person choose a file for the basket.
func (w *Window) choose() {
	dialog.ShowFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil || file == nil {
			return // nothing was chosen
		}
		_ = file.Close() // it was only chosen, not read
		w.take([]fyne.URI{file.URI()})
	}, w.window)
}

// send offers what is in the basket to a neighbour.
func (w *Window) send(to identity.ID) {
	var paths []string
	w.change(func(l *view.Local) { paths, l.Basket = l.Basket, nil })
	w.act(func(ctx context.Context, s Source) error {
		_, err := s.Send(ctx, paths, []identity.ID{to})
		return err
	})
}

// inset puts a margin around o, the same on opposite sides.
func inset(vertical, horizontal float32, o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(vertical, vertical, horizontal, horizontal), o)
}

func visible(o fyne.CanvasObject, on bool) {
	switch {
	case on && !o.Visible():
		o.Show()
	case !on && o.Visible():
		o.Hide()
	}
}

func styled(size fyne.ThemeSizeName, bold bool) *widget.Label {
	l := widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: bold})
	l.SizeName = size
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

func muted() *widget.Label {
	l := widget.NewLabel("")
	l.Importance = widget.LowImportance
	l.Wrapping = fyne.TextWrapWord
	return l
}

// atLeast is as wide as it says, or as what is in it needs.
type atLeast struct{ width float32 }

func (a atLeast) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(fyne.Max(a.width, o[0].MinSize().Width), o[0].MinSize().Height)
}

func (atLeast) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }
