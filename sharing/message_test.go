package sharing

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/session"
)

// say sends a text from one party to others.
func say(t *testing.T, from *party, text string, to ...*party) error {
	t.Helper()
	var ids []identity.ID
	for _, p := range to {
		ids = append(ids, p.id())
	}
	return from.SendText(t.Context(), text, ids)
}

func TestATextArrivesAndStaysUntilItIsClosed(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	text := "Xin chào\nhttps://example.org/ảnh?a=1&b=2"
	if err := say(t, ben, text, anna); err != nil {
		t.Fatal(err)
	}
	e := next[MessageEvent](anna, nil)
	if e.Text != text || e.FromName != "Ben" || e.From != ben.id() || e.Paired || e.Twin || e.At.IsZero() {
		t.Errorf("told %+v", e)
	}
	got := anna.Snapshot().Messages
	if len(got) != 1 || got[0] != e.Message {
		t.Errorf("kept %+v, told %+v", got, e.Message)
	}
	anna.stop()
	anna = start(t, "Anna", anna.state, AcceptAsk)
	got = anna.Snapshot().Messages
	if len(got) != 1 || got[0].Text != text || got[0].FromName != "Ben" || !got[0].At.Equal(e.At) {
		t.Errorf("after a restart: %+v", got)
	}
	if err := anna.CloseMessage(t.Context(), e.ID); err != nil {
		t.Fatal(err)
	}
	if err := anna.CloseMessage(t.Context(), e.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("closed twice: %v", err)
	}
	anna.stop()
	if got := start(t, "Anna", anna.state, AcceptAsk).Snapshot().Messages; len(got) != 0 {
		t.Errorf("a closed text is back: %+v", got)
	}
}

func TestTextsThatCannotBeSent(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	for name, text := range map[string]string{
		"empty": "", "white": " \n\t ", "invisible": "\u200b\u202e", "long": strings.Repeat("x", MaxText+1),
	} {
		if err := say(t, ben, text, anna); err == nil {
			t.Errorf("an %s text was sent", name)
		}
	}
	if err := ben.SendText(t.Context(), "x", nil); err == nil {
		t.Error("a text was sent to nobody")
	}
	if err := say(t, ben, "x", ben); err == nil {
		t.Error("a text was sent to this device itself")
	}
	if err := say(t, ben, strings.Repeat("ß", MaxText/2), anna); err != nil {
		t.Errorf("the longest text: %v", err)
	}
}

// One text to several: who has it is not sent it again because of who has not.
func TestATextForOneWhoIsNotHere(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	carl := start(t, "Carl", t.TempDir(), AcceptAsk)
	meet(ben, carl)
	ben.until("Carl is here", func(s Snapshot) bool { return len(s.Neighbours) == 2 })
	carl.stop()
	err := say(t, ben, "hello", anna, carl)
	if err == nil || !strings.Contains(err.Error(), "Carl") || strings.Contains(err.Error(), "Anna") {
		t.Errorf("the error is %v", err)
	}
	next[MessageEvent](anna, nil)
	if got := anna.Snapshot().Messages; len(got) != 1 {
		t.Errorf("%d texts came", len(got))
	}
}

func TestTextsAreTakenFromWhoMayOffer(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	s := anna.settings
	s.Offers = AudiencePaired
	anna.SetSettings(s)
	if err := say(t, ben, "hello", anna); !errors.Is(err, ErrState) {
		t.Errorf("a stranger's text: %v", err)
	}
	s.Offers = AudienceEveryone
	anna.SetSettings(s)
	if err := say(t, ben, "hello", anna); err != nil {
		t.Fatal(err)
	}
	next[MessageEvent](anna, nil)
	anna.Block(ben.id())
	if got := anna.Snapshot().Messages; len(got) != 0 {
		t.Errorf("texts of a blocked device are shown: %+v", got)
	}
	anna.Unblock(ben.id())
	if got := anna.Snapshot().Messages; len(got) != 1 || got[0].Text != "hello" {
		t.Errorf("undoing the block brings back %+v", got)
	}
}

// A device cannot fill the screen, nor the memory, with its texts.
func TestTextsAreBounded(t *testing.T) {
	_, anna := pair(t, AcceptAsk)
	mallory := newRogue(t, anna, session.Hello{Name: "Mallory"})
	put := func(id, body string) int {
		t.Helper()
		status, _ := mallory.do(anna, http.MethodPut, "/v1/messages/"+id, body)
		return status
	}
	id := func(n int) string { return fmt.Sprintf("%032x", n) }
	if got := put(id(0), `{"text":"one"}`); got != http.StatusOK {
		t.Fatalf("a text: %d", got)
	}
	written, err := os.Stat(anna.messagesFile())
	if err != nil {
		t.Fatal(err)
	}
	for range 20 { // the same one, whose answers were lost
		if got := put(id(0), `{"text":"one"}`); got != http.StatusOK {
			t.Fatalf("the same text again: %d", got)
		}
	}
	if now, err := os.Stat(anna.messagesFile()); err != nil || !os.SameFile(now, written) {
		t.Errorf("each repetition is written down: %v", err)
	}
	if got := put(strings.ToUpper(id(0xabc)), `{"text":"two"}`); got != http.StatusOK {
		t.Fatalf("another text: %d", got)
	}
	if got := put(id(0xabc), `{"text":"two"}`); got != http.StatusOK {
		t.Fatalf("the same in small letters: %d", got)
	}
	if got := anna.Snapshot().Messages; len(got) != 2 {
		t.Errorf("%d texts are shown, 2 were sent", len(got))
	}
	for n := range 50 {
		put(id(100+n), `{"text":"spam"}`)
	}
	if got := anna.Snapshot().Messages; len(got) != maxMessagesOfPeer {
		t.Errorf("%d texts of one device are shown", len(got))
	}
	for _, m := range anna.Snapshot().Messages { // closing them does not open the gates
		if err := anna.CloseMessage(t.Context(), m.ID); err != nil {
			t.Fatal(err)
		}
	}
	shown := 0
	for n := range 50 {
		if put(id(1000+n), `{"text":"spam"}`) == http.StatusOK {
			shown++
		}
	}
	if shown > 3 {
		t.Errorf("%d more texts at once after %d had been closed", shown, maxMessagesOfPeer)
	}
	for name, c := range map[string]struct{ id, body string }{
		"no text":    {id(9001), `{}`},
		"nothing":    {id(9002), `{"text":"\u202e"}`},
		"too long":   {id(9003), `{"text":"` + strings.Repeat("x", MaxText+1) + `"}`},
		"far longer": {id(9004), `{"text":"` + strings.Repeat("x", 1<<20) + `"}`},
		"no JSON":    {id(9005), `text`},
		"short ID":   {"abc", `{"text":"x"}`},
		"long ID":    {id(1) + "00", `{"text":"x"}`},
		"wrong ID":   {strings.Repeat("z", 32), `{"text":"x"}`},
	} {
		if got := put(c.id, c.body); got != http.StatusBadRequest {
			t.Errorf("%s: %d", name, got)
		}
	}
}

func TestAllTextsTogetherAreBounded(t *testing.T) {
	_, anna := pair(t, AcceptAsk)
	now := time.Now()
	taken := 0
	for n := range 40 {
		peer := session.Peer{ID: identity.ID{byte(n), 1}, Hello: session.Hello{Name: "X"}}
		for i := range 4 {
			m := Message{ID: fmt.Sprint(n, i), From: peer.ID, At: now}
			anna.mu.Lock()
			if anna.admitMessageLocked(m) == nil {
				anna.messages.open = append(anna.messages.open, m)
				taken++
			}
			anna.mu.Unlock()
		}
	}
	if taken != maxMessages-maxMessagesOfPeer {
		t.Errorf("%d texts of strangers were taken", taken)
	}
	anna.mu.Lock()
	defer anna.mu.Unlock()
	friend := identity.ID{200}
	anna.known[friend] = &knownDevice{Paired: true}
	for i := range maxMessagesOfPeer + 1 {
		m := Message{ID: fmt.Sprint("friend", i), From: friend, At: now}
		if err := anna.admitMessageLocked(m); (err == nil) != (i < maxMessagesOfPeer) {
			t.Errorf("text %d of a paired device: %v", i, err)
		}
		anna.messages.open = append(anna.messages.open, m)
	}
	anna.messages.open = nil
	_ = anna.admitMessageLocked(Message{From: identity.ID{9}, At: now.Add(time.Hour)})
	if n := len(anna.messages.limits); n > 1 {
		t.Errorf("%d devices are remembered an hour later", n)
	}
}

func TestTextsAreCleaned(t *testing.T) {
	_, anna := pair(t, AcceptAsk)
	mallory := newRogue(t, anna, session.Hello{Name: "Mal\u202elory\x1b[2J"})
	body := `{"text":"a\u0000b\u001b[31mc\r\nd\u202ee\rf\u2028g\tπ 日本 👨‍👩‍👧  "}`
	if status, _ := mallory.do(anna, http.MethodPut, "/v1/messages/"+strings.Repeat("0", 32), body); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	m := anna.Snapshot().Messages[0]
	if want := "ab[31mc\nde\nf\ng π 日本 👨‍👩‍👧"; m.Text != want {
		t.Errorf("shown %q, want %q", m.Text, want)
	}
	if strings.ContainsAny(m.FromName, "\u202e\x1b") {
		t.Errorf("from %q", m.FromName)
	}
}

func TestDamagedTextsAreSetAside(t *testing.T) {
	for name, text := range map[string]string{
		"garbage": "\x00", "newer": `{"format":99,"open":[]}`, "list": "[]", "long": strings.Repeat(" ", maxMessagesFile+1),
	} {
		t.Run(name, func(t *testing.T) {
			anna := start(t, "Anna", t.TempDir(), AcceptAsk)
			file := anna.messagesFile()
			anna.stop()
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			anna = start(t, "Anna", anna.state, AcceptAsk)
			if kept, err := os.ReadFile(file + ".damaged-1"); err != nil || !bytes.Equal(kept, []byte(text)) {
				t.Errorf("it was not kept: %v", err)
			}
			if len(anna.Snapshot().Messages) != 0 {
				t.Error("there are texts")
			}
		})
	}
}

// What is read from the disk is bounded and cleaned like what comes from the network.
func TestManyTextsOnDisk(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	file := anna.messagesFile()
	anna.stop()
	one := `{"id":"a","from":"` + strings.Repeat("ab", 32) + `","fromName":"x","text":"a\u202eb","at":"2999-01-01T00:00:00Z"}`
	list := strings.Join(slices.Repeat([]string{one}, 500), ",")
	if err := os.WriteFile(file, []byte(`{"format":1,"open":[`+list+`],"heard":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	got := start(t, "Anna", anna.state, AcceptAsk).Snapshot().Messages
	if len(got) != maxMessages || got[0].Text != "ab" || got[0].At.After(time.Now()) {
		t.Errorf("%d texts, the first %+v", len(got), got[0])
	}
}
