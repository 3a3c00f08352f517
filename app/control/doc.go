// Package control lets other processes of the same user see and command the
// device that runs on a state folder: the command line, and a second start of
// the window.
//
// A [Server] answers HTTP with JSON bodies on the local socket of package
// instance, in front of an [Engine] and its settings. A [Client] is the other
// end; its methods are those of the engine:
//
//	client, err := control.Connect(ctx, folder)
//	if errors.Is(err, instance.ErrNotRunning) {
//		// start a device, and connect to that
//	}
//	defer client.Close()
//	who, err := client.Find(ctx, "anna", 30*time.Second)
//	share, err := client.Send(ctx, paths, who.ID)
//
// What goes wrong comes back as an [*Error]: a [Code] to branch on and a
// sentence for the person. [Client.Events] is a stream of what happens, with a
// tick whenever a new snapshot would differ.
//
// Everything here is for one user on one machine, which package instance sees
// to; there is no other authentication. Requests are bounded in size, and in
// time where they do not by nature take as long as a disk or a person does.
package control
