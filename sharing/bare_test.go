package sharing

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write makes a file, or replaces what is in it.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A file without content that has changed since it was offered, or is gone, is
// told like any other, and the rest arrives.
func TestAnEmptyFileThatChangesMeanwhile(t *testing.T) {
	for name, all := range map[string]bool{"beside others": false, "nothing else": true} {
		t.Run(name, func(t *testing.T) {
			ben, anna := pair(t, AcceptAsk)
			root := filepath.Join(t.TempDir(), "notes")
			if err := os.Mkdir(root, 0o700); err != nil {
				t.Fatal(err)
			}
			grows, vanishes, stays := filepath.Join(root, "grows"), filepath.Join(root, "vanishes"), filepath.Join(root, "stays")
			for _, path := range []string{grows, vanishes, stays} {
				write(t, path, "")
			}
			if !all {
				write(t, filepath.Join(root, "text"), "some content")
			}
			share := send(t, ben, anna, root)
			next[OfferedEvent](anna, nil)
			write(t, grows, "not empty any more")
			if err := os.Remove(vanishes); err != nil {
				t.Fatal(err)
			}
			if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
				t.Fatal(err)
			}
			got := next[DeliveredEvent](anna, nil)
			sent := next[DeliveredEvent](ben, nil)
			for who, failures := range map[string][]Note{"the receiver": got.Failures, "the sharer": sent.Failures} {
				if len(failures) != 2 || failures[0].Path != "notes/grows" || !strings.Contains(failures[0].Text, "changed") ||
					failures[1].Path != "notes/vanishes" || !strings.Contains(failures[1].Text, "no longer there") {
					t.Errorf("%s heard %+v", who, failures)
				}
			}
			if all {
				onlyIn(t, got.Path, "stays")
			} else {
				onlyIn(t, got.Path, "stays", "text")
			}
		})
	}
}

// When the only thing offered has changed, there is nothing to deliver.
func TestTheOnlyFileIsEmptyNoMore(t *testing.T) {
	ben, anna := pair(t, AcceptAsk)
	file := filepath.Join(t.TempDir(), "nothing.txt")
	write(t, file, "")
	share := send(t, ben, anna, file)
	next[OfferedEvent](anna, nil)
	write(t, file, "something")
	if _, err := anna.Accept(t.Context(), share.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*party{anna, ben} {
		e := next(p, func(e FailedEvent) bool { return e.Final })
		if !strings.Contains(e.Error, "nothing.txt") || !strings.Contains(e.Error, "changed") {
			t.Errorf("%s: %q", p.Snapshot().Self.Name, e.Error)
		}
	}
	anna.until("it is cleared away", func(Snapshot) bool {
		anna.mu.Lock()
		defer anna.mu.Unlock()
		return anna.incoming[share].settled
	})
	onlyIn(t, anna.downloads)
}

// Content that was exchanged without a trace in size and time is noticed by the
// receiver; what is sent next has hashes of what is there.
func TestAChangeWithoutATrace(t *testing.T) {
	ben, anna := pair(t, AcceptEveryone)
	root := filepath.Join(t.TempDir(), "notes")
	if err := os.Mkdir(root, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "diary")
	write(t, file, "it rained")
	send(t, ben, anna, root)
	next[DeliveredEvent](anna, nil)
	next[DeliveredEvent](ben, nil)

	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, "it snowed")
	if err := os.Chtimes(file, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	send(t, ben, anna, root) // with the hashes of before
	got := next[DeliveredEvent](anna, nil)
	sent := next[DeliveredEvent](ben, nil)
	if len(got.Failures) != 1 || len(sent.Failures) != 1 || got.Failures[0].Path != "notes/diary" {
		t.Errorf("failures: %+v, %+v", got.Failures, sent.Failures)
	}

	send(t, ben, anna, root)
	got = next[DeliveredEvent](anna, nil)
	next[DeliveredEvent](ben, nil)
	same(t, root, got.Path)
	if len(got.Failures) != 0 {
		t.Errorf("the next time: %+v", got.Failures)
	}
}
