package sharing

import "sync"

// subscriberBuffer is how many events a subscriber may lag behind before it is
// cut off. It bounds what a stuck window costs (and never stops the engine).
const subscriberBuffer = 1024

// A notifier hands out change signals and events. Its zero value is ready.
type notifier struct {
	mu       sync.Mutex // guards the rest
	watchers map[chan struct{}]struct{}
	readers  map[chan Event]struct{}
}

// watch returns a channel that holds at most one signal, and a function that
// ends the watching.
func (n *notifier) watch() (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.watchers == nil {
		n.watchers = make(map[chan struct{}]struct{})
	}
	n.watchers[ch] = struct{}{}
	return ch, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.watchers, ch)
	}
}

// subscribe returns a channel of events, and a function that ends the
// subscription. The channel is closed when the reader falls behind too far.
func (n *notifier) subscribe() (<-chan Event, func()) {
	ch := make(chan Event, subscriberBuffer)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.readers == nil {
		n.readers = make(map[chan Event]struct{})
	}
	n.readers[ch] = struct{}{}
	return ch, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.readers, ch)
	}
}

// changed signals every watcher.
func (n *notifier) changed() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for ch := range n.watchers {
		select {
		case ch <- struct{}{}:
		default: // one is waiting already
		}
	}
}

// tell gives e to every subscriber, and signals the change that it is.
func (n *notifier) tell(e Event) {
	n.mu.Lock()
	for ch := range n.readers {
		select {
		case ch <- e:
		default:
			delete(n.readers, ch)
			close(ch)
		}
	}
	n.mu.Unlock()
	n.changed()
}
