package main

import (
	"bytes"
	"io"
	"log"
	"os"
	"slices"
	"sync"
)

// calmToolkit keeps the toolkit from complaining where nothing is wrong.
//
// It makes its folder in that of the person's caches, and not that one itself, which
// somebody new to the computer does not have. And it says so where there is no message
// bus that tells of day and night: then the colours do not change by themselves, and
// nobody can do anything about it. And it writes its preferences, which nothing here
// uses, anew at each end, while a Potluck that has just been started again reads them.
func calmToolkit(stderr io.Writer) {
	if dir, err := os.UserCacheDir(); err == nil {
		_ = os.MkdirAll(dir, 0o700) // without it pictures are made anew each time
	}
	log.SetOutput(&complaints{to: stderr})
}

// complaints passes on what the toolkit logs, except that it cannot watch the theme,
// or read its own preferences.
type complaints struct {
	to io.Writer

	mu   sync.Mutex
	hush bool // what follows belongs to what is left away
}

var (
	needless = [][]byte{[]byte("failed to watch theme settings"), []byte("Preferences load error:")}

	details = [][]byte{[]byte("  Cause: "), []byte("  At: ")}
)

// Write implements [io.Writer]. It is called with one line at a time.
func (c *complaints) Write(line []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	in := func(word []byte) bool { return bytes.Contains(line, word) }
	if c.hush = slices.ContainsFunc(needless, in) || c.hush && slices.ContainsFunc(details, in); c.hush {
		return len(line), nil
	}
	return c.to.Write(line)
}
