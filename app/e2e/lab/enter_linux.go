package lab

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// noLab is the exit code of a process that could not enter the lab.
const noLab = 99

// Enter runs main inside a new lab and returns its exit code. To do so it starts
// this program once more, with the same arguments, in namespaces of its own.
// Where that is not possible, it runs main here, and [Missing] tells why.
//
// It is to be called first thing in a program, and once.
func Enter(main func() int) int {
	if dir := os.Getenv(insideVar); dir != "" {
		if err := furnish(dir); err != nil {
			fmt.Fprintln(os.Stderr, "lab:", err)
			return noLab
		}
		return main()
	}
	if missing = enterable(); missing != nil {
		return main()
	}
	code, err := again()
	switch {
	case err != nil:
		missing = fmt.Errorf("no namespaces: %w", err)
		return main()
	case code == noLab:
		missing = errors.New("the namespaces of this system cannot be furnished (see above)")
		return main()
	}
	return code
}

// enterable reports what a lab needs and this machine has not.
func enterable() error {
	if err := os.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin:/sbin"); err != nil {
		return err
	}
	for tool, from := range map[string]string{"ip": "iproute2", "tc": "iproute2", "ss": "iproute2", "setpriv": "util-linux"} {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("%s is not installed (Debian package %s)", tool, from)
		}
	}
	return nil
}

// again starts this program in new namespaces and waits for it.
func again() (int, error) {
	dir, err := os.MkdirTemp("", "potluck-lab-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)

	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Args[0] = os.Args[0]
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), insideVar+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWPID,
		Pdeathsig:  unix.SIGKILL,
	}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= unix.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}

	// The death signal is tied to the thread that starts the process. And an
	// interrupt from the terminal is for the process inside, which ends this one.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)

	if err := cmd.Start(); err != nil {
		return 0, err
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil // -1: ended by a signal
	} else if err != nil {
		return 0, err
	}
	return 0, nil
}

// furnish makes the namespaces this process was started in fit for use.
func furnish(dir string) error {
	mounts := []struct {
		what, where, kind, options string
		flags                      uintptr
	}{
		{"none", "/", "", "", unix.MS_REC | unix.MS_PRIVATE},
		{"proc", "/proc", "proc", "", 0},
		{"tmpfs", "/run", "tmpfs", "mode=755", 0}, // for the names of network namespaces
		{"tmpfs", dir, "tmpfs", "size=90%,mode=755", 0},
	}
	for _, m := range mounts {
		if err := unix.Mount(m.what, m.where, m.kind, m.flags, m.options); err != nil {
			return fmt.Errorf("mount %s: %w", m.where, err)
		}
	}
	if err := os.Mkdir("/run/netns", 0o755); err != nil {
		return err
	}
	for _, variable := range []string{"TMPDIR", "HOME"} {
		folder := filepath.Join(dir, variable)
		if err := os.Mkdir(folder, 0o755); err != nil {
			return err
		}
		if err := os.Setenv(variable, folder); err != nil {
			return err
		}
	}
	return ip("link", "set", "lo", "up")
}

// ip runs iproute2's ip.
func ip(args ...string) error { return run("ip", args...) }

func run(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %q: %w: %s", name, args, err, out)
	}
	return nil
}
