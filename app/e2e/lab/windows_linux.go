package lab

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// windowsVar names the command built for Windows, and windowsLibraryVar a
// library that old versions of Wine lack. [BuildWindows] makes both where it can.
const (
	windowsVar        = "POTLUCK_WINDOWS_BINARY"
	windowsLibraryVar = "POTLUCK_WINDOWS_LIBRARY"
)

// librarySource is the source of the library, seen from the top of the module.
const librarySource = "packaging/windows/wine/bcryptprimitives.c"

// BuildWindows builds the command for Windows into dir, unless POTLUCK_WINDOWS_BINARY
// names one, if there is a Wine to run it with; where there is none, [Host.Windows]
// says why. Outside the lab only.
func BuildWindows(dir string) {
	if err := buildWindows(dir); err != nil {
		_ = os.Setenv(noWindowsVar, err.Error())
	}
}

func buildWindows(dir string) error {
	for tool, from := range map[string]string{"wine": "wine", "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64"} {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("%s is not installed (Debian package %s)", tool, from)
		}
	}
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "potluck").Output()
	if err != nil {
		return fmt.Errorf("where is the module: %w", err)
	}
	exe, library := os.Getenv(windowsVar), filepath.Join(dir, "bcryptprimitives.dll")
	made := exe != ""
	if !made {
		exe = filepath.Join(dir, "potluck.exe")
	}
	build := exec.Command("go", "build", "-trimpath", "-tags", tags, "-o", exe, "potluck/cmd/potluck")
	build.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	compile := exec.Command("x86_64-w64-mingw32-gcc", "-shared", "-O2", "-o", library,
		filepath.Join(strings.TrimSpace(string(module)), librarySource), "-ladvapi32")
	for _, cmd := range []*exec.Cmd{build, compile} {
		if made && cmd == build {
			continue
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", cmd.Path, err, out)
		}
	}
	return errors.Join(os.Setenv(windowsVar, exe), os.Setenv(windowsLibraryVar, library))
}

// Windows is like [Host.Device], but the device is Potluck for Windows, run by
// Wine, with a Windows of its own, which has the screen that DISPLAY names, if one.
// It cannot be told to stop: kill it. Where
// there is no Wine it skips t, or fails it under CI=true.
func (h *Host) Windows(t T, name string, flags ...string) *Device {
	t.Helper()
	exe := os.Getenv(windowsVar)
	switch {
	case exe != "" && os.Getenv(windowsLibraryVar) != "":
	case os.Getenv("CI") == "true":
		t.Fatalf("no Windows: %s", os.Getenv(noWindowsVar))
	default:
		t.Skipf("no Windows: %s", os.Getenv(noWindowsVar))
	}
	prefix := Folder(t, name+"-windows")
	environment := []string{"WINEPREFIX=" + prefix, "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml,winemenubuilder.exe="}
	wine := func(name string, args ...string) error {
		cmd := exec.Command(name, args...)
		cmd.Env = append(os.Environ(), environment...)
		return h.Do(cmd.Run)
	}
	t.Cleanup(func() { _ = wine("wineserver", "-k") }) // it may have ended by itself
	if err := wine("wine", "wineboot", "-i"); err != nil {
		t.Fatalf("lab: making a Windows: %v", err)
	}
	library, err := os.ReadFile(os.Getenv(windowsLibraryVar))
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	// Newer ones have it, and are left alone.
	if path := filepath.Join(prefix, "drive_c/windows/system32/bcryptprimitives.dll"); missingFile(path) {
		if err := os.WriteFile(path, library, 0o755); err != nil {
			t.Fatalf("lab: %v", err)
		}
	}
	d := h.Device(t, name, flags...)
	d.program = []string{"wine", exe}
	d.environment = environment
	d.path = WindowsPath
	return d
}

// Program returns what runs another program as the devices of this kind run, with
// the same home and on the same system; it is to be started on the host.
func (d *Device) Program(path string, args ...string) *exec.Cmd {
	other := &Device{Home: d.Home, State: d.State, BootID: d.BootID, environment: d.environment, path: d.path}
	other.program = append(slices.Clone(d.program[:len(d.program)-1]), path)
	return other.command(args...)
}

// WindowsPath returns the name that Windows programs know a file by.
func WindowsPath(path string) string { return "Z:" + strings.ReplaceAll(path, "/", `\`) }

func missingFile(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, os.ErrNotExist)
}
