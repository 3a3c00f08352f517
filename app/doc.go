// Package app puts the parts of Potluck together: it builds them, runs them, and
// stops them in order. The command line and the window both start here.
//
//	places, err := settings.PlacesFor("")
//	if err != nil {
//		return err
//	}
//	a, err := app.New(app.Options{Places: places, Version: version})
//	if err != nil {
//		return err
//	}
//	go func() {
//		<-a.Ready()
//		use(a.Device())
//	}()
//	return a.Run(ctx)
//
// What is started, each when the one before it works:
//
//  1. the lock of the state folder (package instance): from here on this is the
//     only device on it;
//  2. settings and key;
//  3. the device (package sharing), with its port;
//  4. discovery, which tells others that port, and tells the device whom it
//     hears of;
//  5. the local socket (package control), by which other processes of this user
//     command the device.
//
// They stop the other way round. The device and discovery do not know each
// other: the only words between them are where somebody might be reached, that
// somebody is gone, and whether there is a network.
package app
