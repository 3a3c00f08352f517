package desk

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	comdlg32 = windows.NewLazySystemDLL("comdlg32.dll")
	shell32  = windows.NewLazySystemDLL("shell32.dll")
	user32   = windows.NewLazySystemDLL("user32.dll")
	ole32    = windows.NewLazySystemDLL("ole32.dll")

	getOpenFileName     = comdlg32.NewProc("GetOpenFileNameW")
	browseForFolder     = shell32.NewProc("SHBrowseForFolderW")
	pathFromList        = shell32.NewProc("SHGetPathFromIDListW")
	dragQueryFile       = shell32.NewProc("DragQueryFileW")
	openClipboard       = user32.NewProc("OpenClipboard")
	closeClipboard      = user32.NewProc("CloseClipboard")
	getClipboardData    = user32.NewProc("GetClipboardData")
	coInitialize        = ole32.NewProc("CoInitializeEx")
	coUninitialize      = ole32.NewProc("CoUninitialize")
	coTaskMemFree       = ole32.NewProc("CoTaskMemFree")
	sendMessage         = user32.NewProc("SendMessageW")
	getForegroundWindow = user32.NewProc("GetForegroundWindow")
)

// openFileName is OPENFILENAMEW.
type openFileName struct {
	size            uint32
	owner, instance uintptr
	filter, custom  *uint16
	maxCustom       uint32
	filterIndex     uint32
	file            *uint16
	maxFile         uint32
	fileTitle       *uint16
	maxFileTitle    uint32
	initialDir      *uint16
	title           *uint16
	flags           uint32
	fileOffset      uint16
	fileExtension   uint16
	defExt          *uint16
	custData, hook  uintptr
	templateName    *uint16
	reserved        uintptr
	reserved2       uint32
	flagsEx         uint32
}

// browseInfo is BROWSEINFOW.
type browseInfo struct {
	owner, root uintptr
	displayName *uint16
	title       *uint16
	flags       uint32
	callback    uintptr
	param       uintptr
	image       int32
}

const (
	allowMultiSelect = 0x00000200
	explorer         = 0x00080000
	fileMustExist    = 0x00001000
	noChangeDir      = 0x00000008

	onlyFolders    = 0x0001
	newDialogStyle = 0x0040

	dialogInitialized = 1
	setSelection      = 0x400 + 103

	apartment = 0x2
	cfHDrop   = 15
)

func choose(_ context.Context, q question) ([]string, error) {
	runtime.LockOSThread() // a dialog belongs to the thread that opened it
	defer runtime.UnlockOSThread()
	if r, _, _ := coInitialize.Call(0, apartment); int32(r) >= 0 {
		defer coUninitialize.Call()
	}
	text, err := windows.UTF16PtrFromString(q.title)
	if err != nil {
		return nil, err
	}
	owner, _, _ := getForegroundWindow.Call()
	if q.folder {
		return chooseFolder(owner, text, q.at), nil
	}
	buffer := make([]uint16, 1<<16)
	o := openFileName{
		owner: owner, file: &buffer[0], maxFile: uint32(len(buffer)), title: text,
		flags: allowMultiSelect | explorer | fileMustExist | noChangeDir,
	}
	o.size = uint32(unsafe.Sizeof(o))
	if ok, _, _ := getOpenFileName.Call(uintptr(unsafe.Pointer(&o))); ok == 0 {
		return nil, nil // nothing was chosen
	}
	return split(buffer), nil
}

// split reads what the dialog returns: one path, or a folder and names in it.
func split(buffer []uint16) []string {
	var parts []string
	for len(buffer) > 0 && buffer[0] != 0 {
		part := windows.UTF16ToString(buffer)
		parts = append(parts, part)
		end := 0
		for end < len(buffer) && buffer[end] != 0 {
			end++
		}
		buffer = buffer[min(end+1, len(buffer)):]
	}
	if len(parts) < 2 {
		return parts
	}
	var paths []string
	for _, name := range parts[1:] {
		paths = append(paths, filepath.Join(parts[0], name))
	}
	return paths
}

// began is called by the dialog for folders: when it is there, it shows the folder
// that it is to begin with.
var began = windows.NewCallback(func(dialog, message, _, at uintptr) uintptr {
	if message == dialogInitialized && at != 0 {
		sendMessage.Call(dialog, setSelection, 1, at)
	}
	return 0
})

func chooseFolder(owner uintptr, title *uint16, at string) []string {
	name := make([]uint16, windows.MAX_PATH)
	b := browseInfo{owner: owner, displayName: &name[0], title: title, flags: onlyFolders | newDialogStyle, callback: began}
	if start, err := windows.UTF16PtrFromString(at); err == nil && at != "" {
		b.param = uintptr(unsafe.Pointer(start))
		defer runtime.KeepAlive(start)
	}
	list, _, _ := browseForFolder.Call(uintptr(unsafe.Pointer(&b)))
	if list == 0 {
		return nil
	}
	defer coTaskMemFree.Call(list)
	path := make([]uint16, windows.MAX_PATH)
	if ok, _, _ := pathFromList.Call(list, uintptr(unsafe.Pointer(&path[0]))); ok == 0 {
		return nil
	}
	return []string{windows.UTF16ToString(path)}
}

// copied returns the files that were copied in the Explorer.
func copied(context.Context) []string {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if ok, _, _ := openClipboard.Call(0); ok == 0 {
		return nil
	}
	defer closeClipboard.Call()
	drop, _, _ := getClipboardData.Call(cfHDrop)
	if drop == 0 {
		return nil
	}
	n, _, _ := dragQueryFile.Call(drop, 0xFFFFFFFF, 0, 0)
	var paths []string
	for i := range min(n, maxPasted) {
		length, _, _ := dragQueryFile.Call(drop, i, 0, 0)
		buffer := make([]uint16, length+1)
		dragQueryFile.Call(drop, i, uintptr(unsafe.Pointer(&buffer[0])), length+1)
		paths = append(paths, windows.UTF16ToString(buffer))
	}
	return paths
}

// show has the Explorer mark the file. No path has a quotation mark here.
func show(ctx context.Context, path string) error {
	if strings.ContainsRune(path, '"') {
		return errors.New("this folder cannot be shown")
	}
	cmd := exec.CommandContext(ctx, "explorer.exe")
	cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: `explorer.exe /select,"` + path + `"`}
	if err := cmd.Start(); err != nil {
		return err
	}
	_ = cmd.Wait() // it ends with 1 when all went well
	return nil
}

// open does what a click in the Explorer does, which asks about what came from
// elsewhere.
func open(_ context.Context, path string) error {
	file, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	verb, err := windows.UTF16PtrFromString("open")
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, verb, file, nil, nil, windows.SW_SHOWNORMAL)
}

// Tray reports whether the desktop has a place for an icon.
func Tray() bool { return true }

// Notifies reports whether the desktop has something that shows notifications.
func Notifies() bool { return true }
