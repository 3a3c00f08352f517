package session

import (
	"context"
	"errors"
	"time"
)

// raceDelay is how long an address has before the next one is tried beside it.
const raceDelay = 250 * time.Millisecond

// race calls try for each address, best first: the next one when the last has
// failed, or has taken raceDelay. It returns the first success, and waits for the
// others, which are cancelled and given to drop if they succeed all the same. If
// all fail it returns their errors.
func race[T any](ctx context.Context, addrs []string, try func(ctx context.Context, addr string) (T, error), drop func(T)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	outcomes := make(chan outcome)
	begin := func(addr string) {
		go func() {
			value, err := try(ctx, addr)
			outcomes <- outcome{value, err}
		}()
	}

	var won T
	var errs []error
	next, going, done := 0, 0, false
	delay := time.NewTimer(0)
	defer delay.Stop()
	for going > 0 || !done && next < len(addrs) {
		select {
		case <-delay.C:
			if !done && next < len(addrs) {
				begin(addrs[next])
				next++
				going++
				delay.Reset(raceDelay)
			}
		case o := <-outcomes:
			going--
			switch {
			case o.err == nil && done:
				drop(o.value)
			case o.err == nil:
				won, done = o.value, true
				cancel()
			default:
				errs = append(errs, o.err)
				delay.Reset(0)
			}
		}
	}
	if done {
		return won, nil
	}
	return won, errors.Join(errs...)
}
