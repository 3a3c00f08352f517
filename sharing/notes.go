package sharing

import "sync"

// notes are sentences for the person about what was found damaged at the start.
type notes struct {
	mu   sync.Mutex // guards list
	list []string
}

func (n *notes) add(sentence string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, sentence)
}

// Notes returns sentences about what of the device's own files was damaged when it
// started and has been set aside. All are there once [Device.Running] is closed.
func (d *Device) Notes() []string {
	d.notes.mu.Lock()
	defer d.notes.mu.Unlock()
	return append([]string(nil), d.notes.list...)
}
