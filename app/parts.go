package app

import (
	"context"
	"errors"
	"fmt"
)

// A part is something that works until its context is done.
type part struct {
	name string
	run  func(context.Context) error
}

// runInOrder starts the parts, calls started, and waits until ctx is done or a
// part ends by itself. Then it stops them one after another, the last one first,
// and returns what went wrong.
func runInOrder(ctx context.Context, parts []part, started func()) error {
	type running struct {
		part
		cancel context.CancelFunc
		result chan error
	}
	ended := make(chan struct{}, len(parts))
	all := make([]running, len(parts))
	for i, p := range parts {
		own, cancel := context.WithCancel(context.WithoutCancel(ctx))
		defer cancel()
		all[i] = running{p, cancel, make(chan error, 1)}
		go func() {
			all[i].result <- p.run(own)
			ended <- struct{}{}
		}()
	}
	started()
	select {
	case <-ctx.Done():
	case <-ended:
	}
	var errs []error
	for i := len(all) - 1; i >= 0; i-- {
		all[i].cancel()
		if err := <-all[i].result; err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", all[i].name, err))
		}
	}
	return errors.Join(errs...)
}
