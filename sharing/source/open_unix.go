//go:build unix && !linux

package source

// openFile opens a file below the folder, following no link on the way.
func (d *folder) openFile(rel string) (int, error) { return d.openStepwise(rel) }
