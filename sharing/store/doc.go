// Package store puts the bytes of a share that is being received on disk, so
// that nothing is lost, nothing is overwritten, and nothing half done ever
// stands under a final name.
//
// An [Item] is one share on its way. It is made after the person has said yes,
// and opened again after a restart:
//
//	item, err := store.Create(store.Options{Folder: downloads, State: state, Share: id, Manifest: m, Hashes: list})
//	...
//	go item.Run(ctx)
//	item.WriteAt(piece, block, offset)  // as blocks arrive, from any goroutine
//	item.Verify(piece)                  // once all of a piece is there
//	...
//	result, err := item.Finish(ctx)     // once all wanted pieces are complete
//
// # Where the bytes are
//
// Until the end everything is in a staging folder of our own inside the download
// folder, named .potluck- and a part of the share's ID:
//
//	.potluck-0123456789abcdef/about.txt  says what this is, and holds our mark
//	.potluck-0123456789abcdef/tree/...   what is wanted, under its local names
//	.potluck-0123456789abcdef/edge       bytes of what is not wanted, but shares a piece with it
//
// A folder of that name that does not hold our mark is left alone and another
// name is used. A piece is put together in memory, checked against its hash, and
// written once; a [Pool] bounds that memory for the whole process, and when
// it is used up, blocks go to the staging folder at once and are read back.
//
// # What survives what
//
// A journal in the state folder records each verified piece when it has been
// written (that survives the end of the process), and records it again as synced
// once the disk has confirmed it (that survives a power failure; [Item.Run] does
// this every two seconds). When an item is opened in the boot in which it was
// written, verified pieces count. After another
// boot only the synced ones count; the others are [Item.Suspect] and are
// hashed again with [Item.Recheck], not fetched again.
//
// What counts may be passed on at once, and fetching goes on at once. But a disk, or
// somebody, may have spoiled it meanwhile without a trace: before it gets its final
// name all that was there when the item was opened is hashed once more, beside
// everything else ([Item.Doubt]).
//
// The journal's records carry checksums. A torn end is what a crash leaves, and
// is dropped. Damage before the end makes every piece suspect.
//
// # Final names
//
// [Item.Finish] checks that what was written is still there, sets times, syncs,
// and moves each top-level item to a name in the download folder that nobody
// has: the system is asked to rename only if the name is free, and where it
// cannot, names are taken by other exclusive means (see move.go). A name that is
// taken becomes "name (2).ext". The journal holds what is intended before, and
// what was done after; Open finishes or undoes what a crash interrupted.
//
// # Afterwards
//
// The journal stays, and tells where everything was put ([ReadDelivered]). What has
// been damaged or lost since is received once more by another item, of which a
// [Mender] puts one file after another among the others.
//
// # What is trusted
//
// Names come from a [manifest.Plan], which leads nowhere outside. Every folder is
// opened from the one above it without following links, files are made
// exclusively and, when opened again, must be plain files with no other
// name. So somebody who swaps a folder for a link during the transfer leads
// nothing astray, and what was swapped or deleted is noticed and fetched again.
// Files are not executable, and carry the mark that Windows and macOS put on
// what came from elsewhere. Nothing is deleted but what the journal says was made here.
package store
