//go:build linux

package main

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"potluck/app/e2e/lab"
)

// A program moves source, a file or a folder, from one host into the folder
// target on another, and with synced leaves it on the disk and not in a cache.
type program struct {
	name  string
	needs []string // commands that must be installed
	move  func(t *task, source, target string, synced bool) sample
}

var programs = []program{
	{"potluck", nil, movePotluck},
	{"again", nil, moveAgain},
	{"curl", []string{"curl", "nginx", "openssl"}, moveCurl},
	{"rsync", []string{"rsync"}, moveRsync},
	{"cp", []string{"cp"}, moveCopy},
	{"croc", []string{"croc"}, moveCroc},
	{"qbittorrent", []string{"qbittorrent-nox", "transmission-create"}, moveQBittorrent},
}

func programNames() []string {
	var names []string
	for _, p := range programs {
		names = append(names, p.name)
	}
	return names
}

// moveCopy is what the machine can do without a network.
func moveCopy(t *task, source, target string, synced bool) sample {
	lan := lab.New(t, lab.Options{Hosts: 1})
	used := t.command(lan.Host(1), "cp", "-a", source, target)
	return sample{took: used.took + flushed(t, lan.Host(1), target, synced), recv: used.memory, cpu: used.cpu}
}

// moveRsync talks to rsync's own daemon: no encryption, no hash.
func moveRsync(t *task, source, target string, synced bool) sample {
	lan := lab.New(t, lab.Options{Hosts: 2})
	conf := filepath.Join(lab.Folder(t, "rsync"), "rsyncd.conf")
	write(t, conf, fmt.Sprintf("use chroot = no\nreverse lookup = no\nuid = %d\ngid = %d\n[from]\npath = %s\n", os.Getuid(), os.Getgid(), filepath.Dir(source)))
	stop := t.server(lan.Host(1), lan.Host(1).Addr()+":8730", "rsync", "--daemon", "--no-detach", "--port=8730", "--config="+conf)
	used := t.command(lan.Host(2), "rsync", "-a",
		"rsync://"+lan.Host(1).Addr()+":8730/from/"+filepath.Base(source), target+"/")
	return served(t, used, stop, lan.Host(2), target, synced)
}

// moveCurl fetches by HTTPS with TLS 1.3 from nginx: encrypted, not verified,
// without times. Of a folder it fetches every file, over connections it keeps.
func moveCurl(t *task, source, target string, synced bool) sample {
	lan := lab.New(t, lab.Options{Hosts: 2})
	dir := lab.Folder(t, "nginx")
	key, cert := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
	t.command(lan.Host(1), "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
		"-nodes", "-days", "1", "-subj", "/CN=bench", "-keyout", key, "-out", cert)
	addr := lan.Host(1).Addr() + ":8443"
	write(t, filepath.Join(dir, "nginx.conf"), fmt.Sprintf(`
daemon off; user root; worker_processes 1; pid %[1]s/pid; error_log /dev/null;
events {}
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
  server { listen %[2]s ssl; ssl_protocols TLSv1.3; ssl_certificate %[3]s; ssl_certificate_key %[4]s; root "%[5]s"; }
}`, dir, addr, cert, key, filepath.Dir(source)))
	stop := t.server(lan.Host(1), addr, "nginx", "-c", filepath.Join(dir, "nginx.conf"), "-p", dir)

	args := []string{"-sSfk", "--tlsv1.3"}
	list := urls(t, source, "https://"+addr, target)
	if len(list) > 1 {
		args = append(args, "--create-dirs", "--parallel", "--parallel-max", "8")
	}
	config := filepath.Join(dir, "urls")
	write(t, config, strings.Join(list, "\n"))
	used := t.command(lan.Host(2), "curl", append(args, "-K", config)...)
	return served(t, used, stop, lan.Host(2), target, synced)
}

// served is what a run has shown in which a command fetched from a server.
func served(t *task, used usage, stop func() usage, h *lab.Host, target string, synced bool) sample {
	took := used.took + flushed(t, h, target, synced)
	server := stop()
	return sample{took: took, sender: server.memory, recv: used.memory, cpu: used.cpu + server.cpu}
}

// urls returns lines for curl's configuration, one for each file of source.
func urls(t *task, source, server, target string) []string {
	var lines []string
	err := filepath.WalkDir(source, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel, err := filepath.Rel(filepath.Dir(source), path)
		lines = append(lines, fmt.Sprintf("url = \"%s/%s\"\noutput = \"%s\"",
			server, strings.ReplaceAll(rel, " ", "%20"), filepath.Join(target, rel)))
		return err
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return lines
}

// moveCroc goes through a relay on the sender's host, as croc does on a LAN.
func moveCroc(t *task, source, target string, synced bool) sample {
	lan := lab.New(t, lab.Options{Hosts: 2})
	relay := lan.Host(1).Addr() + ":9009"
	t.server(lan.Host(1), relay, "croc", "--pass", "bench", "relay", "--ports", "9009,9010,9011,9012,9013")
	common := []string{"CROC_SECRET=1234-bench-code", "croc", "--yes", "--ignore-stdin", "--relay", relay, "--pass", "bench"}
	sent := make(chan error, 1)
	go func() {
		sent <- attempt(func(t *task) {
			t.command(lan.Host(1), "env", append(common[:len(common):len(common)], "send", "--no-local", source)...)
		})
	}()
	// Whoever comes to the relay first is the sender.
	lab.Eventually(t, 10*time.Second, "the sender is there", func() bool { return len(lan.Host(1).Connections(t)) > 0 })
	time.Sleep(time.Second)
	used := t.command(lan.Host(2), "env", append(common[:len(common):len(common)], "--out", target)...)
	if err := <-sent; err != nil {
		t.Fatalf("%v", err)
	}
	return sample{took: used.took + flushed(t, lan.Host(2), target, synced), recv: used.memory}
}

// flushed brings what is in target to the disk, if that is asked for, and
// returns how long it took.
func flushed(t *task, h *lab.Host, target string, asked bool) time.Duration {
	if !asked {
		return 0
	}
	return t.command(h, "sync", "-f", target).took
}

func reachable(h *lab.Host, addr string) bool {
	var c net.Conn
	err := h.Do(func() (err error) {
		c, err = net.DialTimeout("tcp", addr, time.Second)
		return err
	})
	if err == nil {
		_ = c.Close()
	}
	return err == nil
}

func write(t *task, path, text string) {
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatalf("%v", err)
	}
}
