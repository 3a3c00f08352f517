package instance

import (
	"time"

	"github.com/Microsoft/go-winio"
	"golang.org/x/sys/windows"
)

// underWine reports whether this is not Windows but Wine.
func underWine() bool {
	return windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
}

// occupyFirst makes a new pipe of go-winio usable under Wine. The library keeps a
// first instance of the pipe that Windows lets nobody connect to. Wine does, and
// whoever comes first would talk to nobody. So that is us.
func occupyFirst(name string) error {
	timeout := time.Second
	c, err := winio.DialPipe(name, &timeout)
	if err != nil {
		return err
	}
	return c.Close()
}
