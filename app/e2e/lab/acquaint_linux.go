package lab

import (
	"fmt"
	"net"
	"os/exec"
	"strings"
)

// few is how many hosts may find each other's Ethernet addresses as computers do.
// The kernel has room for a thousand such pairs, in all networks of the machine
// together, and forgets those that are in use when there are more.
const few = 30

// acquaint tells every host the Ethernet addresses of all others, for good: what
// is written down so takes no room in the kernel's table.
func (l *LAN) acquaint() error {
	lines := make([]string, len(l.hosts))
	for i, h := range l.hosts {
		err := h.Do(func() error {
			cable, err := net.InterfaceByName("eth0")
			if err != nil {
				return err
			}
			addrs, err := cable.Addrs()
			if err != nil {
				return err
			}
			for _, a := range addrs {
				if n, ok := a.(*net.IPNet); ok {
					lines[i] += fmt.Sprintf("neigh replace %s lladdr %s nud permanent dev eth0\n", n.IP, cable.HardwareAddr)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for i, h := range l.hosts {
		var others strings.Builder
		for k, line := range lines {
			if k != i {
				others.WriteString(line)
			}
		}
		cmd := exec.Command("ip", "-n", h.space(), "-batch", "-")
		cmd.Stdin = strings.NewReader(others.String())
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("writing down all addresses: %w: %s", err, out)
		}
	}
	return nil
}
