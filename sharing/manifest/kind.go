package manifest

import "strings"

// Kind returns the true extension of a file, in lower case and without its dot,
// and whether opening it can run something, on any system. It looks at what a
// system would, not at what the name looks like: "invoice.pdf .exe. " is "exe".
// What runs only when it is made executable first is no program, for nothing that
// arrives is.
func Kind(name string) (ext string, program bool) {
	name = strings.Map(func(r rune) rune {
		if isInvisible(r) || r < 0x20 {
			return -1
		}
		return r
	}, name)
	name = strings.TrimRight(name, ". ")
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return "", false
	}
	ext = strings.ToLower(strings.TrimSpace(name[dot+1:]))
	_, program = programs[ext]
	if dot == 0 && !program {
		return "", false // a hidden file, such as .profile
	}
	return ext, program
}

var programs = set(
	// Windows
	"ade adp app appinstaller application appref-ms appx appxbundle bat chm cmd com cpl crt diagcab",
	"dll exe gadget grp hlp hta inf ins isp jar jnlp job js jse library-ms lnk mde msc msh msh1 msh2",
	"mshxml msh1xml msh2xml msi msix msixbundle msp mst ocx ops pif ps1 ps1xml ps2 ps2xml psc1 psc2",
	"psd1 psdm1 psm1 reg scf scr sct search-ms settingcontent-ms shb shs theme url vb vbe vbs",
	"vsmacros website ws wsc wsf wsh xbap xll xnk",
	// documents that carry programs
	"docm dotm potm ppam ppsm pptm sldm xla xlam xlm xlsb xlsm xltm iqy slk",
	// macOS
	"action command dmg mobileconfig mpkg pkg prefpane scpt scptd term terminal tool workflow webloc inetloc fileloc",
	// Linux and others
	"apk appimage bash csh deb desktop fish flatpakref ksh lua pl py pyc pyw pyz pyzw rb rpm run sh snap tcl",
	"tcsh zsh",
)

func set(words ...string) map[string]struct{} {
	m := make(map[string]struct{})
	for _, line := range words {
		for _, w := range strings.Fields(line) {
			m[w] = struct{}{}
		}
	}
	return m
}
