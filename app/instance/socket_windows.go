package instance

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net"

	"github.com/Microsoft/go-winio"
	"golang.org/x/sys/windows"
)

// pipeName is the pipe of a state folder. All users share the names of pipes,
// so it holds the user's ID as well.
func pipeName(folder string, user *windows.SID) string {
	hash := sha256.Sum256([]byte(user.String() + "\x00" + folder))
	return fmt.Sprintf(`\\.\pipe\potluck-%x`, hash[:16])
}

// thisUser returns the user that this process runs as.
func thisUser() (*windows.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	return user.User.Sid, nil
}

// listen opens the pipe of a state folder whose lock is held. It fails if
// somebody else has a pipe of that name.
func listen(folder string) (net.Listener, error) {
	user, err := thisUser()
	if err != nil {
		return nil, err
	}
	// Owned by the user, and all rights for the user alone. "P": nothing is
	// inherited.
	name := pipeName(folder, user)
	l, err := winio.ListenPipe(name, &winio.PipeConfig{
		SecurityDescriptor: fmt.Sprintf("O:%[1]sD:P(A;;GA;;;%[1]s)", user),
		InputBufferSize:    64 << 10,
		OutputBufferSize:   64 << 10,
	})
	if err != nil {
		return nil, err
	}
	if underWine() {
		if err := occupyFirst(name); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	return l, nil
}

// Dial connects to the device that runs on the state folder. The error is
// [ErrNotRunning] if there is none.
func Dial(ctx context.Context, folder string) (net.Conn, error) {
	folder, err := canonical(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotRunning
	}
	if err != nil {
		return nil, err
	}
	user, err := thisUser()
	if err != nil {
		return nil, err
	}
	c, err := winio.DialPipeContext(ctx, pipeName(folder, user))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotRunning
	}
	if err != nil {
		return nil, err
	}
	if err := ownedBy(c, user); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// ownedBy returns an error unless the pipe belongs to user: anybody can make a
// pipe of any name before we do.
func ownedBy(c net.Conn, user *windows.SID) error {
	pipe, ok := c.(interface{ Fd() uintptr })
	if !ok {
		return errors.New("the local pipe has no handle")
	}
	sd, err := windows.GetSecurityInfo(windows.Handle(pipe.Fd()), windows.SE_KERNEL_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return fmt.Errorf("the owner of the local pipe: %w", err)
	}
	owner, _, err := sd.Owner()
	if err != nil {
		return fmt.Errorf("the owner of the local pipe: %w", err)
	}
	if !owner.Equals(user) {
		return fmt.Errorf("the local pipe belongs to another user (%s)", owner)
	}
	return nil
}
