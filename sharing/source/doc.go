// Package source reads the files that are shared.
//
// [Scan] walks the given files and folders once and knows afterwards what an
// offer needs: the manifest. Nothing is read or hashed by then, so that a
// folder is offered in the time it takes to walk it:
//
//	src, err := source.Scan(ctx, []string{"/home/anna/Photos"}, source.ScanOptions{})
//	if err != nil {
//		return err // the sentence names the path that could not be shared
//	}
//	defer src.Close()
//	offer(src.Manifest(), src.LeftOut())
//
// Then [Source.Hash] reads everything in the order of the stream, on all cores,
// and [Source.ReadAt] serves any part of it.
//
// # What is shared
//
// Regular files and folders. Symbolic links are not followed and not sent, nor
// are sockets, devices and pipes; [Source.LeftOut] lists them. Only a path that
// somebody named may be a link: it stands for what it leads to, under the name
// of the link. A path inside another given one, or given twice, travels once. A
// name that is not valid UTF-8 travels with its odd bytes written as %XX and is
// listed by [Source.Renamed].
//
// What was received is shared again without a scan: [Place] makes a source of it,
// [Source.SaveStamps] and [LoadPlaced] keep it.
//
// # What is trusted
//
// Nothing that happens on disk after the scan. Every file is reached from the
// open folder that was given, without following a link, and has to be the very
// file that the scan saw: the same inode (file index on Windows), size and time
// of change, when it is opened and again after each read. Bytes of any other
// file are never handed out, whoever puts a link where.
//
// An entry that is no longer what was offered fails, once and for good: the
// read that noticed it returns an [EntryError], and from then on the entry reads
// as zeros. So every piece has a definite content at any time, and what is good
// in it still arrives. The rest of the share goes on. Whoever has passed on
// hashes of the entry's pieces has to hash them anew, see [Source.NotifyFail].
//
// A change that keeps size and time of change goes unnoticed here; the hash of
// the piece does not let it pass at the receiver.
//
// # What is kept
//
// Beside the manifest eight bytes an entry. At most 64 files are open, none
// after [Source.Release]; nothing is locked or mapped, and on Windows files can be
// renamed and deleted while they are read. [Source.Save] and [Load] carry a
// source over a restart without another walk. [Memory] keeps the hashes of what
// was shared before.
package source
