package lab

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// A HangingDisk is an empty folder on a drive that stops answering when it is told
// to, as one on another computer does when its network is gone: whoever asks it
// anything then waits, until the test is done.
//
// It speaks the protocol of the kernel's file systems in user space (FUSE), as far
// as an empty folder needs it.
type HangingDisk struct {
	Dir string

	device int
	hang   chan struct{} // closed when it is to hang
	hung   chan struct{} // closed when nobody answers any more
	once   sync.Once
}

// NewHangingDisk mounts one at a folder that it makes, which answers until
// [HangingDisk.Hang].
func NewHangingDisk(t T, dir string) *HangingDisk {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatalf("lab: %v", err)
	}
	d := &HangingDisk{Dir: dir, hang: make(chan struct{}), hung: make(chan struct{})}
	var err error
	if d.device, err = unix.Open("/dev/fuse", unix.O_RDWR|unix.O_CLOEXEC, 0); err != nil {
		t.Fatalf("lab: opening /dev/fuse: %v", err)
	}
	options := fmt.Sprintf("fd=%d,rootmode=%o,user_id=%d,group_id=%d", d.device, unix.S_IFDIR|0o755, unix.Getuid(), unix.Getgid())
	if err := unix.Mount("hanging", d.Dir, "fuse", unix.MS_NOSUID|unix.MS_NODEV, options); err != nil {
		t.Fatalf("lab: mounting a drive: %v", err)
	}
	failed := make(chan error, 1)
	go func() { failed <- d.serve() }()
	t.Cleanup(func() {
		d.Hang()
		err := <-failed
		// Whoever waits is told that the drive is gone.
		err = errors.Join(err, unix.Close(d.device), unix.Unmount(d.Dir, unix.MNT_DETACH))
		if err != nil {
			t.Errorf("lab: the drive: %v", err)
		}
	})
	return d
}

// Hang has it answer no more.
func (d *HangingDisk) Hang() {
	d.once.Do(func() { close(d.hang) })
	<-d.hung
}

// serve answers what is asked. A question that was read and not answered could not
// be given up by who asked, even by being killed; so none is read after the end.
func (d *HangingDisk) serve() error {
	defer close(d.hung)
	question := make([]byte, 1<<17)
	for {
		select {
		case <-d.hang:
			return nil
		default:
		}
		ready := []unix.PollFd{{Fd: int32(d.device), Events: unix.POLLIN}}
		if n, err := unix.Poll(ready, int((20 * time.Millisecond).Milliseconds())); n == 0 || errors.Is(err, unix.EINTR) {
			continue
		} else if err != nil {
			return err
		}
		n, err := unix.Read(d.device, question)
		if errors.Is(err, unix.EINTR) || errors.Is(err, unix.ENOENT) { // given up before it was read
			continue
		} else if err != nil {
			return err
		}
		if n < headerIn {
			return fmt.Errorf("a question of %d bytes", n)
		}
		if err := d.answer(question[:n]); err != nil {
			return err
		}
	}
}

const (
	headerIn  = 40
	headerOut = 16

	// Of the questions, those that are answered in their own way.
	askLookup      = 1
	askForget      = 2
	askGetattr     = 3
	askStatfs      = 17
	askInit        = 26
	askReaddir     = 28
	askInterrupt   = 36
	askBatchForget = 42

	// protocol is the version that is spoken, after 7.
	protocol = 31
)

// answer writes the answer to a question: that there is an empty folder, with 64 GiB
// of room.
func (d *HangingDisk) answer(question []byte) error {
	order := binary.NativeEndian
	out := make([]byte, headerOut)
	add32 := func(all ...uint32) {
		for _, v := range all {
			out = order.AppendUint32(out, v)
		}
	}
	add64 := func(all ...uint64) {
		for _, v := range all {
			out = order.AppendUint64(out, v)
		}
	}
	trouble := unix.Errno(0)
	switch order.Uint32(question[4:]) {
	case askForget, askBatchForget, askInterrupt:
		return nil // nobody waits for an answer
	case askInit:
		add32(7, protocol, 0, 0, 0, 4096)
		out = append(out, make([]byte, 40)...)
	case askGetattr:
		now := uint64(time.Now().Unix())
		add64(0, 0)
		add64(1, 0, 0, now, now, now)
		add32(0, 0, 0, unix.S_IFDIR|0o755, 2, uint32(unix.Getuid()), uint32(unix.Getgid()), 0, 4096, 0)
	case askStatfs:
		const blocks = 64 << 30 / 4096
		add64(blocks, blocks, blocks, 1<<20, 1<<20)
		add32(4096, 255, 4096, 0, 0, 0, 0, 0, 0, 0)
	case askReaddir:
	case askLookup:
		trouble = unix.ENOENT
	default:
		trouble = unix.ENOSYS
	}
	order.PutUint32(out, uint32(len(out)))
	order.PutUint32(out[4:], uint32(-int32(trouble)))
	copy(out[8:16], question[8:16]) // which question it was
	_, err := unix.Write(d.device, out)
	if errors.Is(err, unix.ENOENT) {
		err = nil // who asked has given up
	}
	return err
}
