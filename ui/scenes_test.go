package ui

import (
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

var (
	anna  = identity.ID{0xAA}
	binh  = identity.ID{0xBB, 2}
	room  = identity.ID{0xCC, 7}
	khai  = identity.ID{0xDD, 4}
	ken   = identity.ID{0xEE, 1}
	twin  = identity.ID{0xFF, 3}
	photo = sharing.ShareID{0x0F, 0xFE}
	exe   = sharing.ShareID{0x0E, 0x0E}
)

// around are six people.
func around() []sharing.Neighbour {
	return []sharing.Neighbour{
		{ID: binh, Name: "Bình's ThinkPad", Kind: "laptop", Paired: true},
		{ID: anna, Name: "Anna", Kind: "laptop", Paired: true, Trusted: true},
		{ID: room, Name: "Phòng họp 3", Kind: "desktop"},
		{ID: khai, Name: "Nguyễn Thị Minh Khai's very long MacBook Pro name", Kind: "laptop"},
		{ID: ken, Name: "Jürgen-Büro", Kind: "desktop"},
		{ID: twin, Name: "Anna", Kind: "laptop", Twin: true},
	}
}

func photos() sharing.Offer {
	return sharing.Offer{
		Share: photo, From: binh, FromName: "Bình's ThinkPad", Paired: true, Title: "Ảnh Đà Lạt 2026", Files: 1204, Folders: 1,
		Bytes: 3_400_000_000, Into: "/home/lan/Downloads/Potluck", Free: 212_000_000_000, At: now, Connected: true,
	}
}

func program() sharing.Offer {
	return sharing.Offer{
		Share: exe, From: room, FromName: "Phòng họp 3", Title: "invoice_2026_final.pdf.exe", Files: 1, Programs: 1,
		Bytes: 4_200_000, Into: "/home/lan/Downloads/Potluck", Free: 212_000_000_000, At: now, Connected: true,
	}
}

func moving() []sharing.Transfer {
	return []sharing.Transfer{
		{
			Share: sharing.ShareID{0xD0}, Direction: sharing.Sending, State: sharing.Delivered, Title: "slides.pdf", Files: 1, Bytes: 48_000_000,
			Started: now.Add(-3 * time.Minute), Ended: now.Add(-2 * time.Minute),
			Peers: []sharing.Peer{{ID: binh, Name: "Bình's ThinkPad", State: sharing.Delivered}},
		},
		{
			Share: sharing.ShareID{0xD1}, Direction: sharing.Sending, State: sharing.Waiting, Title: "notes.odt", Files: 1, Bytes: 120_000, Started: now,
			Peers: []sharing.Peer{{ID: ken, Name: "Jürgen-Büro", State: sharing.Waiting, Connected: true}},
		},
		{
			Share: sharing.ShareID{0x12, 0x34}, Direction: sharing.Receiving, State: sharing.Running, Title: "Video Tết 2026.mp4", Files: 1,
			Bytes: 3_400_000_000, Started: now, Slowest: "network",
			Peers: []sharing.Peer{{
				ID: anna, Name: "Anna", State: sharing.Running, Done: 1_500_000_000, Total: 3_400_000_000, Rate: 84_000_000,
				Left: 22 * time.Second, Connected: true,
			}},
		},
		{
			Share: sharing.ShareID{0x56}, Direction: sharing.Receiving, State: sharing.Stuck, Title: "Film.mkv", Files: 1, Bytes: 9_000_000_000, Started: now,
			Error: "not enough space in /home/lan/Downloads/Potluck: 3.4 GB needed, 1.1 GB free; make room and try again",
			Peers: []sharing.Peer{{ID: anna, Name: "Anna", State: sharing.Stuck, Done: 2_000_000_000, Total: 9_000_000_000, Connected: true}},
		},
	}
}

// pauses are transfers that somebody has paused, and what has just arrived.
func pauses() []sharing.Transfer {
	peer := func(here, there bool) []sharing.Peer {
		return []sharing.Peer{{
			ID: anna, Name: "Anna", State: sharing.Paused, PausedHere: here, PausedThere: there, Done: 1_500_000_000, Total: 3_400_000_000, Connected: true,
		}}
	}
	list := []sharing.Transfer{
		{Share: sharing.ShareID{1}, Direction: sharing.Receiving, Title: "Video Tết 2026.mp4", Peers: peer(true, false)},
		{Share: sharing.ShareID{2}, Direction: sharing.Sending, Title: "slides.pdf", Peers: peer(false, true)},
		{Share: sharing.ShareID{3}, Direction: sharing.Receiving, Title: "notes.odt", Peers: peer(true, true)},
	}
	for i := range list {
		list[i].State, list[i].Files, list[i].Bytes, list[i].Started = sharing.Paused, 1, 3_400_000_000, now
	}
	return append(list, sharing.Transfer{
		Share: sharing.ShareID{4}, Direction: sharing.Receiving, State: sharing.Delivered, Title: "thư.pdf", Files: 1, Bytes: 48_000_000,
		Started: now.Add(-3 * time.Minute), Ended: now.Add(-2 * time.Minute), Paths: []string{"/home/lan/Downloads/Potluck/thư.pdf"},
		Peers: []sharing.Peer{{ID: anna, Name: "Anna", State: sharing.Delivered}},
	})
}

// busy is a device with something of everything going on.
func busy() *engine {
	e := &engine{snapshot: sharing.Snapshot{
		Self: sharing.Self{ID: identity.ID{1}, Name: "Lan's laptop"}, Neighbours: around(), Offers: []sharing.Offer{photos()}, Transfers: moving(),
	}}
	for _, n := range e.snapshot.Neighbours {
		e.snapshot.Known = append(e.snapshot.Known, sharing.KnownDevice{
			ID: n.ID, Name: n.Name, Kind: n.Kind, Paired: n.Paired, Trusted: n.Trusted, PairedAt: now.AddDate(0, 0, -3), Seen: now, Here: true,
		})
	}
	return e
}

// quiet is a device with people around and nothing going on.
func quiet() *engine {
	e := busy()
	e.snapshot.Offers, e.snapshot.Transfers = nil, nil
	return e
}

// spread is something whose takers have it all between them.
func spread() sharing.Transfer {
	const total = 3_400_000_000
	self := sharing.Source{ID: identity.ID{1}, Name: "Lan's laptop", Bytes: 1_100_000_000, Connected: true}
	return sharing.Transfer{
		Share: sharing.ShareID{5}, Direction: sharing.Sending, State: sharing.Running, Title: "Video Tết 2026.mp4", Files: 1, Bytes: total, Started: now, Free: true,
		Peers: []sharing.Peer{
			{ID: anna, Name: "Anna", State: sharing.Delivered, Done: total, Total: total, Connected: true},
			{
				ID: binh, Name: "Bình's ThinkPad", State: sharing.Running, Done: 2_100_000_000, Total: total, Rate: 42_000_000, Connected: true,
				Sources: []sharing.Source{self, {ID: anna, Name: "Anna", Bytes: 900_000_000, Connected: true}},
			},
			{
				ID: room, Name: "Phòng họp 3", State: sharing.Running, Done: 1_700_000_000, Total: total, Rate: 30_000_000, Connected: true,
				Sources: []sharing.Source{{ID: binh, Name: "Bình's ThinkPad", Bytes: 1_500_000_000, Connected: true}, {ID: khai, Name: "Khải", Bytes: 4_000_000, Refused: true}},
			},
		},
	}
}

// fromMany is something that comes from several people.
func fromMany() sharing.Transfer {
	const total = 3_400_000_000
	return sharing.Transfer{
		Share: sharing.ShareID{6}, Direction: sharing.Receiving, State: sharing.Running, Title: "Video Tết 2026.mp4", Files: 1, Bytes: total, Started: now, Slowest: "network",
		Peers: []sharing.Peer{{
			ID: anna, Name: "Anna", State: sharing.Running, Done: 2_100_000_000, Total: total, Rate: 84_000_000, Connected: true,
			Sources: []sharing.Source{
				{ID: anna, Name: "Anna", Bytes: 1_200_000_000, Connected: true},
				{ID: binh, Name: "Bình's ThinkPad", Bytes: 880_000_000, Connected: true},
				{ID: room, Name: "Phòng họp 3", Bytes: 20_000_000},
				{ID: khai, Name: "Khải", Bytes: 4_000_000, Connected: true, Refused: true},
			},
		}},
	}
}

// found is what a check has found.
func found() sharing.Verified {
	return sharing.Verified{
		Share: sharing.ShareID{4}, Title: "thư.pdf", Files: 12, Bytes: 48_000_000,
		Damaged: sharing.Entries{Count: 1, Paths: []string{"thư.pdf"}}, Repaired: sharing.Entries{Count: 1, Paths: []string{"thư.pdf"}},
		Changed: sharing.Entries{Count: 102, Paths: []string{"ghi chú.txt", "kế hoạch.odt"}},
	}
}
