//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"potluck/app/e2e/lab"
)

// moveQBittorrent makes a torrent, which hashes everything as potluck does, and
// gives it to a seeder and a leecher that know each other's address. Nothing is
// encrypted.
func moveQBittorrent(t *task, source, target string, synced bool) sample {
	lan := lab.New(t, lab.Options{Hosts: 2})
	torrent := filepath.Join(lab.Folder(t, "torrent"), "x.torrent")
	seeder, stopSeeder := startQBittorrent(t, lan.Host(1))
	leecher, stopLeecher := startQBittorrent(t, lan.Host(2))

	begun := time.Now()
	t.command(lan.Host(1), "transmission-create", "-o", torrent, source)
	seeder.add(t, torrent, filepath.Dir(source), "true")
	leecher.add(t, torrent, target, "false")
	var hash string
	lab.Eventually(t, 10*time.Second, "the leecher has the torrent", func() bool {
		hash, _ = leecher.progress(t)
		return hash != ""
	})
	leecher.post(t, "torrents/addPeers", url.Values{"hashes": {hash}, "peers": {lan.Host(1).Addr() + ":6881"}})
	for part := 0.0; part < 1; _, part = leecher.progress(t) {
		time.Sleep(100 * time.Millisecond) // it answers from the thread that also works
	}
	took := time.Since(begun) + flushed(t, lan.Host(2), target, synced)
	return sample{took: took, sender: stopSeeder().memory, recv: stopLeecher().memory}
}

// A qBittorrent is one that is running, commanded over its web interface.
type qBittorrent struct{ client *http.Client }

func startQBittorrent(t *task, h *lab.Host) (q qBittorrent, stop func() usage) {
	dir := lab.Folder(t, "qbittorrent")
	config := filepath.Join(dir, "qBittorrent", "config")
	if err := os.MkdirAll(config, 0o755); err != nil {
		t.Fatalf("%v", err)
	}
	write(t, filepath.Join(config, "qBittorrent.conf"), `[LegalNotice]
Accepted=true
[BitTorrent]
Session\Port=6881
Session\DHTEnabled=false
Session\LSDEnabled=false
Session\PeXEnabled=false
Session\Preallocation=false
Session\BTProtocol=TCP
Session\Encryption=2
[Preferences]
WebUI\Address=*
WebUI\Port=8080
WebUI\LocalHostAuth=false
WebUI\CSRFProtection=false
WebUI\HostHeaderValidation=false
`)
	stop = t.server(h, "127.0.0.1:8080", "qbittorrent-nox", "--profile="+dir)
	return qBittorrent{&http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(context.Context, string, string) (c net.Conn, err error) {
			err = h.Do(func() (err error) {
				c, err = net.Dial("tcp", "127.0.0.1:8080")
				return err
			})
			return c, err
		},
	}}}, stop
}

// add gives it a torrent whose content is to lie in folder. With skip it
// believes that all of it is there.
func (q qBittorrent) add(t *task, torrent, folder, skip string) {
	content, err := os.ReadFile(torrent)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("torrents", "x.torrent")
	if err != nil {
		t.Fatalf("%v", err)
	}
	_, _ = part.Write(content) // into memory
	for field, value := range map[string]string{"savepath": folder, "skip_checking": skip} {
		_ = form.WriteField(field, value)
	}
	_ = form.Close()
	q.do(t, "torrents/add", form.FormDataContentType(), &body)
}

func (q qBittorrent) post(t *task, path string, values url.Values) {
	q.do(t, path, "application/x-www-form-urlencoded", bytes.NewBufferString(values.Encode()))
}

// progress returns the hash of the only torrent and how much of it is there,
// from 0 to 1.
func (q qBittorrent) progress(t *task) (string, float64) {
	var list []struct {
		Hash     string
		Progress float64
	}
	if err := json.Unmarshal(q.do(t, "torrents/info", "", nil), &list); err != nil {
		t.Fatalf("qbittorrent: %v", err)
	}
	if len(list) == 0 {
		return "", 0
	}
	return list[0].Hash, list[0].Progress
}

func (q qBittorrent) do(t *task, path, kind string, body io.Reader) []byte {
	answer, err := q.client.Post("http://127.0.0.1:8080/api/v2/"+path, kind, body)
	if err != nil {
		t.Fatalf("qbittorrent: %v", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("qbittorrent: %s: %s, %v", path, answer.Status, err)
	}
	return text
}
