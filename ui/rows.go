package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/sharing"
	"potluck/ui/view"
)

// A column shows a list of values, one row for each.
type column[V comparable] struct {
	box  *fyne.Container
	make func() row[V]
	rows []row[V]
	last []V
}

// A row shows one value of a column.
type row[V comparable] struct {
	object fyne.CanvasObject
	set    func(V)
}

// show assigns the values to the rows. A row whose value is the same is left
// alone.
func (c *column[V]) show(values []V) {
	for len(c.rows) < len(values) {
		var zero V
		r := c.make()
		r.set(zero)
		c.rows, c.last = append(c.rows, r), append(c.last, zero)
		c.box.Add(r.object)
	}
	for len(c.rows) > len(values) {
		end := len(c.rows) - 1
		c.box.Remove(c.rows[end].object)
		c.rows, c.last = c.rows[:end], c.last[:end]
	}
	for i, v := range values {
		if v != c.last[i] {
			c.last[i] = v
			c.rows[i].set(v)
		}
	}
}

func (w *Window) newNeighbour() row[view.Neighbour] {
	var now view.Neighbour
	name, note := styled(theme.SizeNameText, true), muted()
	name.Alignment, note.Alignment = fyne.TextAlignCenter, fyne.TextAlignCenter
	picture := widget.NewIcon(theme.ComputerIcon())
	send := widget.NewButton("", func() { w.send(now.ID) })
	send.Importance = widget.HighImportance
	return row[view.Neighbour]{card(container.NewBorder(picture, send, nil, nil, container.NewVBox(name, note))), func(v view.Neighbour) {
		now = v
		name.SetText(v.Name)
		note.SetText(v.Note)
		send.SetText(v.Send)
		visible(send, v.Send != "")
		visible(note, v.Send == "")
	}}
}

func (w *Window) newOffer() row[view.Offer] {
	var now view.Offer
	who, what, amount, into := muted(), styled(theme.SizeNameText, true), muted(), muted()
	into.Truncation, into.Wrapping = fyne.TextTruncateEllipsis, fyne.TextWrapOff
	warning := widget.NewLabel("")
	warning.Importance, warning.Wrapping = widget.WarningImportance, fyne.TextWrapWord
	accept := widget.NewButton(w.words.L("Accept"), func() {
		ref := now.Ref
		w.act(func(ctx context.Context, s Source) error {
			_, err := s.Accept(ctx, ref, sharing.AcceptOptions{})
			return err
		})
	})
	accept.Importance = widget.HighImportance
	decline := widget.NewButton(w.words.L("Decline"), func() { w.command(Source.Decline, now.Ref) })
	rows := container.NewVBox(who, what, amount, into, warning, container.NewGridWithColumns(2, accept, decline))
	return row[view.Offer]{card(rows), func(v view.Offer) {
		now = v
		who.SetText(v.Who)
		what.SetText(v.What)
		amount.SetText(v.Amount)
		into.SetText(v.Into)
		warning.SetText(v.Warning)
		visible(warning, v.Warning != "")
		enabled(accept, v.Accept)
	}}
}

func (w *Window) newTransfer() row[view.Transfer] {
	var now view.Transfer
	icon := widget.NewIcon(nil)
	title, what, line := styled(theme.SizeNameText, true), muted(), muted()
	title.Truncation, title.Wrapping = fyne.TextTruncateOff, fyne.TextWrapWord
	what.Truncation, what.Wrapping = fyne.TextTruncateEllipsis, fyne.TextWrapOff
	bar := &bar{track: canvas.NewRectangle(nil), done: canvas.NewRectangle(nil)}
	bar.track.CornerRadius, bar.done.CornerRadius = 3, 3
	bars := container.New(bar, bar.track, bar.done)
	hold := widget.NewButton("", func() {
		if now.Resume != "" {
			w.command(Source.Resume, now.Ref)
		} else {
			w.command(Source.Pause, now.Ref)
		}
	})
	cancel := widget.NewButton("", func() { w.command(Source.Cancel, now.Ref) })
	buttons := container.NewHBox(hold, cancel)
	head := container.NewBorder(nil, nil, icon, nil, title)
	return row[view.Transfer]{card(container.NewVBox(head, what, bars, line, buttons)), func(v view.Transfer) {
		now = v
		icon.SetResource(moodIcon(v.Mood))
		title.SetText(v.Title)
		what.SetText(v.What)
		line.SetText(v.Line)
		visible(line, v.Line != "")
		bar.show(v.Part)
		visible(bars, v.Part >= 0)
		bars.Refresh()
		hold.SetText(v.Pause + v.Resume)
		cancel.SetText(v.Cancel)
		visible(hold, v.Pause+v.Resume != "")
		visible(cancel, v.Cancel != "")
		visible(buttons, v.Cancel != "")
	}}
}

// command has the engine do something with a transfer.
func (w *Window) command(do func(Source, context.Context, string) (sharing.ShareID, error), ref string) {
	w.act(func(ctx context.Context, s Source) error {
		_, err := do(s, ctx, ref)
		return err
	})
}

// moodIcon is what stands beside the words, since colour alone says nothing to
// many.
func moodIcon(m view.Mood) fyne.Resource {
	switch m {
	case view.Moving:
		return theme.NewPrimaryThemedResource(theme.DownloadIcon())
	case view.Done:
		return theme.NewSuccessThemedResource(theme.ConfirmIcon())
	case view.Trouble:
		return theme.NewErrorThemedResource(theme.ErrorIcon())
	}
	return theme.HistoryIcon()
}

// card puts an object on a card of its own.
func card(o fyne.CanvasObject) fyne.CanvasObject {
	ground := canvas.NewRectangle(theme.Color(theme.ColorNameInputBackground))
	ground.CornerRadius = theme.Size(theme.SizeNameCardRadius)
	ground.StrokeColor, ground.StrokeWidth = theme.Color(theme.ColorNameSeparator), 1
	return container.NewStack(ground, inset(8, 8, o))
}

func enabled(b *widget.Button, on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}

// A bar is two rectangles: cheaper to draw than a widget.ProgressBar.
type bar struct {
	track, done *canvas.Rectangle
	part        float64
}

func (b *bar) show(part float64) {
	b.part = part
	b.track.FillColor = theme.Color(theme.ColorNameDisabledButton)
	b.done.FillColor = theme.Color(theme.ColorNamePrimary)
}

// MinSize implements fyne.Layout.
func (b *bar) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(40, 6) }

// Layout implements fyne.Layout.
func (b *bar) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	b.track.Resize(s)
	b.done.Resize(fyne.NewSize(s.Width*float32(max(b.part, 0)), s.Height))
}
