package controltest

import (
	"context"
	"slices"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

// Holds lets [Engine.Contents] return that.
func (e *Engine) Holds(m *manifest.Manifest) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.contents = m
}

// Contents returns what the engine was told that everything holds.
func (e *Engine) Contents(_ context.Context, ref string) (*manifest.Manifest, error) {
	_, err := e.command("contents", ref)
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.contents, err
}

// SendText notes the command: to whom, and what.
func (e *Engine) SendText(_ context.Context, text string, to []identity.ID) error {
	for _, id := range to {
		if err := e.note("text", id.Short()+" "+text); err != nil {
			return err
		}
	}
	return nil
}

// CloseMessage notes the command, and takes the message away.
func (e *Engine) CloseMessage(_ context.Context, id string) error {
	if err := e.note("close", id); err != nil {
		return err
	}
	err := sharing.ErrNotFound
	e.Change(func(s *sharing.Snapshot) {
		s.Messages = slices.DeleteFunc(s.Messages, func(m sharing.Message) bool {
			if m.ID == id {
				err = nil
			}
			return m.ID == id
		})
	})
	return err
}

// Retry notes the command.
func (e *Engine) Retry(_ context.Context, ref string) (sharing.ShareID, error) {
	return e.command("retry", ref)
}

// MoveTo notes the command.
func (e *Engine) MoveTo(_ context.Context, ref, folder string) error {
	if err := e.note("move to "+folder, ""); err != nil {
		return err
	}
	_, err := e.command("move", ref)
	return err
}

// Forget notes the command.
func (e *Engine) Forget(_ context.Context, ref string) error {
	_, err := e.command("forget", ref)
	return err
}

// ForgetAll notes the command.
func (e *Engine) ForgetAll(context.Context) error { return e.note("forget", "all") }

// PauseAll notes the command.
func (e *Engine) PauseAll(context.Context) error { return e.note("pause", "all") }

// ResumeAll notes the command.
func (e *Engine) ResumeAll(context.Context) error { return e.note("resume", "all") }
