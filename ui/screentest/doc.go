// Package screentest is a screen, a mouse, a keyboard and a file manager for tests
// of a real window.
//
//	s := screentest.New(t, 1280, 800)
//	cmd.Env = append(cmd.Env, s.Env()...)
//	… start the program …
//	w := s.WaitForWindow(t, "Potluck")
//	w.Focus(t)
//	s.Click(t, w.At(100, 200))
//	s.ClickText(t, "Accept")
//	d := s.Drag(t, "/tmp/file")  // the button is down, the file hangs at the pointer
//	d.Over(t, w.At(300, 200))
//	d.Drop(t)
//	s.Save(t, "dropped")
//
// The screen is a virtual one (Xvfb), with nothing on it but what a test puts
// there. Mouse and keyboard are those of the X server's test extension: a program
// sees no difference. A drag speaks XDND, as file managers do; while it lasts, the
// program hears of the pointer by the drag alone, as it does from them.
//
// Places are found by what is seen there: a text by its words, a card by its colour.
//
// Pictures go to the folder that POTLUCK_PICTURES names, or to that of artifacts. Where there is no Xvfb a test is skipped,
// and with CI=true it fails. It is for Linux only.
package screentest
