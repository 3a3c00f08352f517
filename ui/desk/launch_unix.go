//go:build !windows

package desk

import (
	"os/exec"
	"syscall"
	"time"
)

// launchTime is how long a program that was started is watched: what ends with an
// error by then has not done what it was started for.
const launchTime = 2 * time.Second

// launch starts a program that goes on when Potluck ends, and may stay open for as
// long as the person likes.
func launch(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }() // ends with the program
	late := time.NewTimer(launchTime)
	defer late.Stop()
	select {
	case err := <-ended:
		return err
	case <-late.C:
		return nil
	}
}
