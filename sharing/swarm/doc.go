// Package swarm moves the pieces of shares between devices: each device that
// has a piece serves it to those that may have it.
//
// A share is one torrent, described by a [Spec] that both sides know before
// anything is hashed. Add it with the [Storage] that holds its bytes, say which
// pieces are wanted as their hashes become known, and whom to fetch them from:
//
//	s, err := swarm.New(swarm.Options{Self: id, Dial: hub.DialPieces, May: may})
//	if err != nil {
//		return err
//	}
//	go s.Run(ctx)
//	t, err := s.Add(swarm.Spec{Length: n, PieceLength: p, Salt: salt}, sharer, storage)
//	if err != nil {
//		return err
//	}
//	t.SetHolders(holders)
//	t.Want(0, 1, 2)
//
// The sharer brings the same torrent with [Swarm.Share], names the takers with
// [Torrent.SetTakers], and calls [Torrent.Changed] for each piece that is hashed.
// Connections that others make are given to [Swarm.Accept].
//
// # From one to many
//
// Everybody passes on what it has, from the first piece. So that there is
// something to pass on, the sharer does not tell all takers of the same pieces:
// package spread plans whom it tells of which. What the library would tell is not
// let through on these connections, see spread.go. [Torrent.Free] says when the
// takers can finish by themselves.
//
// # What is trusted
//
// A connection is trusted to lead to the device it is said to lead to, no more.
// Every byte received is checked by [Storage.Verify] before it counts, every
// message is checked before the BitTorrent library sees it, and what a device
// may have is asked again for each connection. Before that nothing is sent, so
// a device that may not have a share does not learn whether it is here.
//
// A device that twice delivers a bad piece all by itself is cut off from that
// torrent; [Options.Bad] tells the caller, who can find out whether the sharer
// changed the file before anybody is named.
//
// # On the wire
//
// The BitTorrent protocol with the Fast extension and nothing else: no DHT, no
// trackers, no peer exchange, no metadata, no hole punching, no sockets but
// those it is given. The info dictionary has a constant name, a salt and, where
// the hashes of pieces would be, placeholders. A device calls itself by the
// first bytes of its ID, and is refused under any other name. Requests are for
// 128 KiB, 64 of them on a connection or fewer where there are many holders.
// Either side may dial: of two connections both keep the same one.
//
// # The library
//
// This is the only package that imports anacrolix/torrent, and its one client
// does the exchange itself. Its rules are kept here and nowhere else: nothing
// calls into it from its callbacks, from a storage call that it makes under a
// lock, or with a lock of ours held; connections are cut at the connection, not
// by asking it; a piece that fails is reported to it as an error, since it bans
// addresses for good otherwise.
package swarm
