// Package hashlist keeps the hashes of the pieces of a share, which become
// known one after another while the sharer reads its files.
//
// The sharer appends hashes as it computes them and passes on the [Run] that
// each [List.Append] returns. A receiver adds the runs in order:
//
//	list := hashlist.New(share, stream, sharer)
//	for _, run := range received {
//		if err := list.Add(run); err != nil {
//			return err // ErrGap: ask again from list.Known()
//		}
//	}
//
// Anybody who has a run can pass it on, and nobody needs to trust whoever did:
// it is signed by the sharer, for this share and this place in it, and bound to
// all hashes before it by their running digest ([Run.Prev]). The digest does
// not depend on where one run ends and the next begins, so a sharer that lost
// its newest runs in a crash may sign the same hashes again in other portions.
// What it cannot do unnoticed is to tell one receiver this hash and another that
// one: whoever hears both has its signature under both ([ErrConflict]).
//
// A hash that was signed stays signed. When a shared file changes, the pieces
// that hold bytes of other files too get a new hash by an [Amendment]: signed as
// well, and numbered, so that all who know the same number of amendments agree
// on the hash of every piece.
//
// A sharer has to keep ([List.Save]) what it signed before it passes it on, lest
// it sign something else after a crash.
package hashlist
