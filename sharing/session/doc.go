// Package session keeps the connections between this device and its
// neighbours: mutually authenticated, at most one for each of them, and open to
// requests from either side.
//
// A [Hub] listens on one TCP port, dials when asked to, and keeps what comes of
// both:
//
//	hub, err := session.New(session.Options{Identity: self, Handler: mux})
//	if err != nil {
//		return err
//	}
//	go hub.Run(ctx)
//	id, err := hub.Connect(ctx, bea, "192.168.1.7:27420", "[fe80::1%eth0]:27420")
//	...
//	resp, err := hub.Do(ctx, id, req) // GET http://device/v1/...
//
// # Who is there
//
// A session is alive exactly as long as the device at its other end: a device
// that quits or is killed is gone at once, one whose cable was pulled within 15
// seconds. [Hub.Live] is therefore the list of neighbours that are there, and
// [Hub.Watch] tells when it changes. While a device stays, [Peer.Since] stays,
// even if another connection takes over; a device that was restarted has
// another.
//
// # Requests
//
// Either side makes requests of the other, whoever dialled, so it is enough if
// the network lets one of them reach the other. They are plain HTTP. [Hub.Do]
// makes one, and Options.Handler answers those of the other side; [PeerOf] says
// who is asking. Each must be safe to repeat: a session that ends, or gives way
// to a better one, takes the requests on it along.
//
// A request body is cut off at 1 MiB, unless the handler calls [AllowBody]. A
// response body is for its reader to bound. Up to 48 requests to one device run
// at once, further ones wait; one that waits at the other side for news takes
// its place all the while.
//
// # Pieces
//
// The BitTorrent wire has connections of its own, [Hub.DialPieces] and
// Options.Pieces, to the same port and with the same keys. They exist only
// beside a session, and are closed when it ends.
//
// # What is trusted
//
// The key, which TLS proves, and nothing else. An address is wherever the
// device answered; what a [Hello] says is what its owner wrote, cut and cleaned
// so that it can be shown. Not a byte is sent to a device with another key than
// the one asked for.
//
// # Not to be found
//
// While Options.Open says no, a caller must show that it knows our ID: the server
// name that it sends is a MAC of the hour. Else the connection is closed without
// a word, so that whoever tries all addresses of a network learns no key. Callers
// that know the ID always send that name. See knock.go.
//
// # One session in particular
//
// A [Channel] is one session and never the one that comes after it, for what must
// not be carried over from one to the other. [Channel.Export] gives both ends a
// secret that nobody else has, and no other session.
//
// # On the wire
//
// TLS 1.3 with both certificates; ALPN tells the two kinds of connection apart.
// On potluck/1 the side that dialled sends its hello, the other answers with its
// own: four bytes of length, most significant first, and so many of JSON. Then
// both speak yamux, each stream one HTTP/1.1 request. PUT /v1/hello is
// answered by this package: a hello that has changed. On potluck-pieces/1 the
// BitTorrent wire begins at once.
//
// Two devices that dial each other at the same time get two connections. Both
// sides keep the same one, by these rules: a device that has been started anew
// has no other session than its latest; an old connection that does not answer
// within a second is dead; of two that are alive the one dialled by the smaller
// ID stays, and of two dialled by the same side the first. The other takes no
// new requests and is closed when those on it are done, after 10 seconds at
// most.
package session
