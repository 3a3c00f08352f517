package hashlist

import (
	"bufio"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine is longer than any line that Save writes.
const maxLine = 64 << 10

// A line is one of those that Save writes.
type line struct {
	Run       *Run       `json:"run,omitempty"`
	Amendment *Amendment `json:"amendment,omitempty"`
}

// Save writes all that is known, one JSON object a line, for [Load]. It may be
// called while the list changes; what is written was true at some moment in
// between.
func (l *List) Save(w io.Writer) error {
	l.mu.Lock()
	runs, amendments := l.runs[:len(l.runs):len(l.runs)], l.amendments[:len(l.amendments):len(l.amendments)]
	l.mu.Unlock()

	buf := bufio.NewWriter(w)
	enc := json.NewEncoder(buf)
	for _, s := range runs {
		l.mu.Lock()
		r := l.runLocked(s)
		l.mu.Unlock()
		if err := enc.Encode(line{Run: &r}); err != nil {
			return fmt.Errorf("saving hashes: %w", err)
		}
	}
	for i := range amendments {
		if err := enc.Encode(line{Amendment: &amendments[i]}); err != nil {
			return fmt.Errorf("saving hashes: %w", err)
		}
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("saving hashes: %w", err)
	}
	return nil
}

// Load returns the list that Save wrote to r. Everything is checked again, as if
// it came from the network; on an error nothing is returned, and it has to come
// from there once more.
func Load(r io.Reader, share [32]byte, stream int64, sharer ed25519.PublicKey) (*List, error) {
	l := New(share, stream, sharer)
	lines := bufio.NewReaderSize(r, maxLine)
	for n := 1; ; n++ {
		text, err := lines.ReadSlice('\n')
		if err == io.EOF && len(text) == 0 {
			return l, nil
		}
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err == nil {
			err = l.load(text)
		}
		if err != nil {
			return nil, fmt.Errorf("saved hashes, line %d: %w", n, err)
		}
	}
}

func (l *List) load(text []byte) error {
	var in line
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	switch {
	case in.Run != nil:
		return l.Add(*in.Run)
	case in.Amendment != nil:
		return l.AddAmendment(*in.Amendment)
	default:
		return errors.New("neither a run nor an amendment")
	}
}
