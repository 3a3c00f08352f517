package lab

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	// binaryVar names the command to test. Unset, [Main] builds it.
	binaryVar = "POTLUCK_BINARY"

	// raceVar set to 1 makes [Main] build it with the race detector.
	raceVar = "POTLUCK_RACE"

	// insideVar is set in the environment of the process inside the lab. Its
	// value is the folder of the lab's tmpfs.
	insideVar = "POTLUCK_LAB"

	// noWindowsVar says why there is no Windows to test on.
	noWindowsVar = "POTLUCK_NO_WINDOWS"

	// tags are those of the Makefile, so that builds are shared with it.
	tags = "nosqlite,migrated_fynedo"
)

// missing says why there is no lab.
var missing error

// Missing returns nil inside the lab, and otherwise why there is none.
func Missing() error { return missing }

// A T is as much of a [testing.T] as the lab needs, so that programs can use it
// as well as tests.
type T interface {
	Helper()
	Name() string
	Failed() bool
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
	Cleanup(func())
}

// Main builds the command, runs the tests of m in a lab and returns the exit
// code, for a TestMain. What else the tests need, such as [BuildLiar], is built
// into the same folder.
func Main(m *testing.M, more ...func(dir string) error) int {
	if os.Getenv(insideVar) != "" {
		return Enter(m.Run) // all is built
	}
	dir, err := os.MkdirTemp("", "potluck-build-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	if os.Getenv(binaryVar) == "" {
		if err := Build(filepath.Join(dir, "potluck")); err != nil {
			fmt.Fprintln(os.Stderr, "lab:", err)
			return 1
		}
		BuildWindows(dir)
	}
	for _, build := range more {
		if err := build(dir); err != nil {
			fmt.Fprintln(os.Stderr, "lab:", err)
			return 1
		}
	}
	return Enter(m.Run)
}

// Build builds the command at path and makes it the one that devices run.
// Outside the lab only: inside there is no network to fetch modules from.
func Build(path string) error {
	if err := build(path); err != nil {
		return err
	}
	return os.Setenv(binaryVar, path)
}

func build(path string, flags ...string) error {
	args, cgo := []string{"build", "-trimpath", "-tags", tags, "-o", path}, "0" // as it is given to people
	if os.Getenv(raceVar) == "1" {
		args, cgo = append(args, "-race"), "1"
	}
	cmd := exec.Command("go", append(append(args, flags...), "potluck/cmd/potluck")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED="+cgo)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building potluck: %w\n%s", err, out)
	}
	return nil
}

// Use makes the command at path the one that devices run.
func Use(path string) error {
	full, err := filepath.Abs(path)
	if err == nil {
		err = os.Setenv(binaryVar, full)
	}
	return err
}

// Binary returns the command that devices run.
func Binary() string { return os.Getenv(binaryVar) }

// require skips t, or fails it where a skipped lab would go unnoticed.
func require(t T) {
	t.Helper()
	switch {
	case missing == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("no lab: %v", missing)
	default:
		t.Skipf("no lab: %v", missing)
	}
}

// Folder makes a folder of t's own in the lab's memory. It is removed when t
// is done.
func Folder(t T, name string) string {
	t.Helper()
	plain := strings.NewReplacer("/", "-", " ", "-").Replace(t.Name() + "-" + name)
	dir, err := os.MkdirTemp("", plain+"-")
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("left behind: %v", err)
		}
	})
	return dir
}
