package main

import (
	"bytes"
	"io"
	"log"
	"os"
	"sync"
)

// calmToolkit keeps the toolkit from complaining where nothing is wrong.
//
// It makes its folder in that of the person's caches, and not that one itself, which
// somebody new to the computer does not have. And it says so where there is no message
// bus that tells of day and night: then the colours do not change by themselves, and
// nobody can do anything about it.
func calmToolkit(stderr io.Writer) {
	if dir, err := os.UserCacheDir(); err == nil {
		_ = os.MkdirAll(dir, 0o700) // without it pictures are made anew each time
	}
	log.SetOutput(&complaints{to: stderr})
}

// complaints passes on what the toolkit logs, except that it cannot watch the theme.
type complaints struct {
	to io.Writer

	mu   sync.Mutex
	hush bool // what follows belongs to what is left away
}

var (
	noBus   = []byte("failed to watch theme settings")
	details = [][]byte{[]byte("  Cause: "), []byte("  At: ")}
)

// Write implements [io.Writer]. It is called with one line at a time.
func (c *complaints) Write(line []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	detail := bytes.Contains(line, details[0]) || bytes.Contains(line, details[1])
	if c.hush = bytes.Contains(line, noBus) || c.hush && detail; c.hush {
		return len(line), nil
	}
	return c.to.Write(line)
}
