// Package instance sees to it that one device at most runs on a state folder,
// and lets other processes of the same user reach it.
//
// Whoever is to run the device takes the lock first, and only then opens the
// local socket:
//
//	one, err := instance.Acquire(folder)
//	if errors.Is(err, instance.ErrRunning) {
//		conn, err := instance.Dial(ctx, folder) // talk to the one that runs
//		...
//	}
//	defer one.Release()
//	listener, err := one.Listen()
//
// The lock belongs to the process: the system gives it back however the process
// ends. A socket that a crash has left behind is removed only by the holder of
// the lock, so two processes that start at the same moment never take each
// other's away. Between lock and socket there is a moment in which [Acquire]
// says [ErrRunning] and [Dial] says [ErrNotRunning]: try again a little later.
//
// The socket is for the same user alone. On Unix it is a socket of mode 0600 in
// a folder of mode 0700, and the system tells both sides which user the other
// one is: the listener closes the connections of others, and Dial does not talk
// to a socket that another user has put there. If the state folder's path is too
// long for a socket, the socket lies in a folder of ours below XDG_RUNTIME_DIR or
// the temporary folder, and a symbolic link in the state folder leads to it. On
// Windows it is a named pipe whose owner, checked by Dial, is the only one who
// may open it.
package instance
