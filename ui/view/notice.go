package view

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

// A Do is something that a button of a notice or a question does.
type Do int

// What buttons do. They need the reference or the device that comes with them.
const (
	Nothing Do = iota
	UndoBlock
	CancelTransfer
	BlockDevice
	UnpairDevice
	ClearHistory
	ResetSettings
	OpenLink
	ChooseFolder
	TryAgain
	PauseTransfer
	ResumeTransfer
	WithdrawTransfer
	WithdrawFrom // from one of several; see [TakerRef]
	ShowInFolder
	OpenReceived
	ShowKept
	CloseNotice
	RemoveFromHistory
	VerifyDevice
	CancelParcel
	CheckFiles
	RestoreFiles
	StopChecking
	ShowChecked
	GoOnHidden
	QuitPotluck
)

// A Notice is a line that tells something; it needs no answer.
type Notice struct {
	Tone   Tone
	Text   string
	Button string // "" for none
	Do     Do
	Ref    string    // what Do is done to
	Until  time.Time // when it goes away by itself; zero if it does not
	About  string    // the setting that was refused; see [Local.Mended]

	seen time.Time     // since when it can be seen; see [Local.Attend]
	on   Page          // where that was
	life time.Duration // how long it stays from then on; 0 if it does not go by itself
}

// at returns the notice if its time is not over.
func (n Notice) at(now time.Time) Notice {
	if !n.Until.IsZero() && !n.Until.After(now) {
		return Notice{}
	}
	return n
}

// A Question stands before what cannot be undone. The verb is on its button, and
// what happens without an answer is nothing.
type Question struct {
	Text   string
	Verb   string
	Cancel string
	Keep   Do // what the button Cancel does besides; mostly nothing
	Do     Do
	Ref    string
	Danger bool
}

// Problem is the notice of something that went wrong.
func Problem(text string, now time.Time) Notice {
	return Notice{Tone: Bad, Text: text, Until: now.Add(problemTime)}
}

// Missing is the notice that some of what was to be sent does not exist.
func Missing(paths []string, now time.Time, w Words) Notice {
	if len(paths) == 1 {
		return Problem(w.L("{{.Name}} is not there any more.", "Name", inText(manifest.DisplayName(filepath.Base(paths[0]), 64), w)), now)
	}
	return Problem(w.N("{{.N}} of these files are not there any more.", len(paths)), now)
}

// ProblemWith is the notice of something that went wrong with an offer or a
// transfer, with the one button that helps.
func ProblemWith(ref string, err error, now time.Time, w Words) Notice {
	n := Problem(Sentence(err, w), now)
	if aboutFolder(err.Error()) {
		n.Button, n.Do, n.Ref, n.Until = w.L("Choose another folder"), ChooseFolder, ref, time.Time{}
	}
	return n
}

// Blocked is the notice that somebody was blocked, which can be undone at once.
func Blocked(who, ref string, now time.Time, w Words) Notice {
	return Notice{
		Tone: Warn, Text: w.L("{{.Name}} is blocked.", "Name", inText(who, w)), Button: w.L("Undo"),
		Do: UndoBlock, Ref: ref, Until: now.Add(undoTime),
	}
}

// invited is the notice that somebody nearby wants to compare the four dishes: it
// takes the place of others, since that has to be done within a minute.
func invited(s sharing.Snapshot, l Local, w Words) (Notice, bool) {
	for _, p := range s.Pairings {
		if !p.Ours && p.State == sharing.PairingComparing && (l.Page != Verify || l.With != p.Peer) {
			return Notice{
				Tone: Active, Text: w.L("{{.Name}} wants to verify together with you.", "Name", inText(p.Name, w)),
				Button: w.L("Verify together…"), Do: VerifyDevice, Ref: p.Peer.String(),
			}, true
		}
	}
	return Notice{}, false
}

// TookBack is the notice that somebody took an offer back.
func TookBack(from identity.ID, s sharing.Snapshot, now time.Time, w Words) Notice {
	return Notice{Text: w.L("{{.Name}} took the offer back.", "Name", inText(NameOf(from, s), w)), Until: now.Add(noticeTime)}
}

// BadHolder is the notice that somebody who passed something on has passed on
// damaged data. Nothing of it was kept, and it comes from others.
func BadHolder(e sharing.BadHolderEvent, s sharing.Snapshot, now time.Time, w Words) Notice {
	who := NameOf(e.Peer, s)
	if who == "" {
		who = e.PeerName
	}
	return Notice{
		Tone: Warn, Until: now.Add(4 * noticeTime),
		Text: w.L("{{.Name}} passed on damaged data and is left out; what it sent was thrown away.", "Name", inText(who, w)),
	}
}

// AskCancel asks before a running transfer is cancelled. It says which, and with whom:
// the question may stand far from its button.
func AskCancel(t sharing.Transfer, s sharing.Snapshot, w Words) Question {
	q := Question{Verb: w.L("Cancel transfer"), Do: CancelTransfer, Ref: t.Share.String()}
	what := inText(manifest.DisplayFile(t.Title, maxAsked), w)
	who := named(t, namesakesIn(s), w)
	if t.Direction == sharing.Sending {
		q.Text = w.L("Withdraw \"{{.What}}\" for {{.Names}}? Whoever does not have all of it yet gets nothing.", "What", what, "Names", who)
		q.Verb = w.L("Withdraw")
	} else {
		q.Text = w.L("Cancel \"{{.What}}\" from {{.Name}}? What has arrived so far is removed.", "What", what, "Name", who)
	}
	return q.asked(w)
}

// TakerRef is the reference of what is done to a transfer for one of those who are to
// get it. [ReadTakerRef] takes it apart.
func TakerRef(share string, who identity.ID) string { return share + "/" + who.String() }

// ReadTakerRef returns the transfer and the person of a [TakerRef].
func ReadTakerRef(ref string) (share string, who identity.ID, ok bool) {
	share, device, _ := strings.Cut(ref, "/")
	who, err := identity.ParseID(device)
	return share, who, err == nil
}

// AskWithdraw asks before something is withdrawn from one of several to whom it goes. It
// asks nothing of somebody who has not said yes: there is nothing to lose.
func AskWithdraw(ref string, s sharing.Snapshot, w Words) (Question, bool) {
	share, who, _ := ReadTakerRef(ref)
	t, _ := transferOf(s, string(sharing.Sending)+share)
	i := slices.IndexFunc(t.Peers, func(p sharing.Peer) bool { return p.ID == who })
	if i < 0 || t.Peers[i].State == sharing.Offering || t.Peers[i].State == sharing.Waiting {
		return Question{}, false
	}
	return Question{
		Text: w.L("Withdraw \"{{.What}}\" for {{.Name}} alone? Nothing changes for the others.",
			"What", inText(manifest.DisplayFile(t.Title, maxAsked), w), "Name", inText(namesakesIn(s).tell(who, t.Peers[i].Name), w)),
		Verb: w.L("Withdraw"), Do: WithdrawFrom, Ref: ref,
	}.asked(w), true
}

// maxAsked bounds what a question names, in bytes.
const maxAsked = 64

// named names those with whom a transfer is not over, or all where it is.
func named(t sharing.Transfer, shared namesakes, w Words) string {
	var people []sharing.Peer
	for _, p := range t.Peers {
		p.Name = shared.tell(p.ID, p.Name)
		if !p.State.Final() || t.State.Final() {
			people = append(people, p)
		}
	}
	switch len(people) {
	case 0:
		return inText("", w)
	case 1:
		return inText(people[0].Name, w)
	}
	return namesOf(people, w)
}

// AskBlock asks before somebody is blocked with whom something is under way.
func AskBlock(who, ref string, w Words) Question {
	return Question{
		Text: w.L("Block {{.Name}}? What is under way between you is cancelled, and what has arrived of it is removed.", "Name", inText(who, w)),
		Verb: w.L("Block"), Do: BlockDevice, Ref: ref,
	}.asked(w)
}

// AskUnpair asks before a device is no longer verified.
func AskUnpair(who, ref string, w Words) Question {
	return Question{
		Text: w.L("Forget that {{.Name}} is verified? To know this device again, you have to verify together again.", "Name", inText(who, w)),
		Verb: w.L("Forget"), Do: UnpairDevice, Ref: ref,
	}.asked(w)
}

// AskClear asks before the history is cleared: all of it, also what a search leaves out.
func (l *Local) AskClear(w Words) Question {
	text := w.L("Clear the history? The files stay.")
	if len(wordsOf(l.Search)) > 0 {
		text = w.L("Clear all of the history, and not only what was found? The files stay.")
	}
	return Question{Text: text, Verb: w.L("Clear"), Do: ClearHistory}.asked(w)
}

// AskReset asks before all settings are put back.
func AskReset(w Words) Question {
	return Question{
		Text: w.L("Put everything back as it was at first? Files and verified devices stay."), Verb: w.L("Reset"), Do: ResetSettings,
	}.asked(w)
}

// AskLink asks before a link is opened that somebody has sent.
func AskLink(link, host string, w Words) Question {
	q := Question{Text: w.L("Open {{.Host}} in the browser?", "Host", isolate+clean(host)+endIsolate), Verb: w.L("Open"), Do: OpenLink, Ref: link}
	return q.asked(w)
}

// AskHidden asks before the window is closed for the first time where nothing else
// could tell that Potluck goes on.
func AskHidden(w Words) Question {
	return Question{
		Text: w.L("Potluck keeps running when its window is closed, and nothing here shows it. Start it again to see it."),
		Verb: w.L("Quit"), Do: QuitPotluck, Cancel: w.L("Keep running"), Keep: GoOnHidden,
	}
}

func (q Question) asked(w Words) Question {
	q.Cancel, q.Danger = w.L("Keep as it is"), q.Do != OpenLink
	return q
}
