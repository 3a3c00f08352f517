// Package pairing is what two devices do so that two people can see, by comparing
// four pictures, that nobody stands between them.
//
// TLS proves to each device which key the other one has, but not that this key
// belongs to the device on the table over there. Somebody in between could have a
// session with each and pass everything on. So both devices make four numbers out
// of all that belongs to their session alone, and show them; whoever stands in
// between has two sessions, and the numbers of one are not those of the other.
//
// # One handshake
//
// The leader, which begins, and the follower each make a [Handshake], with the
// secret that TLS exports at both ends of the session, and a name for this try
// that the leader chose at random:
//
//	leader                         follower
//	  commitment  ───────────────▶
//	              ◀───────────────  commitment
//	  number      ───────────────▶
//	              ◀───────────────  number
//	  dishes                         dishes
//
// The number is random. The commitment is a hash of it, and of the try, both IDs,
// the exported secret and the side that makes it. Each side gives its number away
// only when it has the other's commitment, so neither can choose a number to suit
// the other's: whoever stands in between has one chance in 960^4, which is about
// 2^39, in each try, and a try takes two people who look at their screens.
//
// # What is refused
//
// Another commitment after the first, a number that does not fit its commitment,
// one that comes before the commitment, and a commitment that is our own sent
// back. Any of these breaks the handshake for good; the next begins with new
// numbers. To repeat what was said before changes nothing.
//
// The package has no goroutine and no network. A Handshake is not safe for use by
// several goroutines at once.
package pairing
