package view

import (
	"net/url"
	"strings"
)

// kinds say what files are, by their true extension.
var kinds = map[string]string{}

func init() {
	for kind, list := range map[string]string{
		"Picture":  "jpg jpeg png gif webp heic heif avif bmp tif tiff svg raw cr2 cr3 nef arw dng psd xcf",
		"Video":    "mp4 mkv mov avi webm m4v mpg mpeg wmv flv 3gp mts m2ts",
		"Sound":    "mp3 m4a aac flac ogg oga opus wav wma aiff mid midi",
		"Document": "pdf doc docx odt rtf txt md tex xls xlsx ods csv ppt pptx odp epub mobi pages numbers key html htm",
		"Archive":  "zip 7z rar tar gz tgz bz2 xz zst lz4 iso img",
	} {
		for _, ext := range strings.Fields(list) {
			kinds[ext] = kind
		}
	}
}

// kindOf says what a file is.
func kindOf(ext string, program bool, w Words) string {
	if program {
		return w.L("Program")
	}
	switch kinds[ext] {
	case "Picture":
		return w.L("Picture")
	case "Video":
		return w.L("Video")
	case "Sound":
		return w.L("Sound")
	case "Document":
		return w.L("Document")
	case "Archive":
		return w.L("Archive")
	}
	return w.L("Other file")
}

// link returns the first link of a text that a browser may open, and the host it
// leads to. There is none if the host is not to be seen for what it is.
func link(text string) (address, host string) {
	for _, word := range strings.Fields(text) {
		if !strings.HasPrefix(word, "https://") && !strings.HasPrefix(word, "http://") {
			continue
		}
		u, err := url.Parse(word)
		if err != nil || u.Hostname() == "" || u.User != nil || clean(word) != word {
			continue
		}
		return u.String(), u.Hostname()
	}
	return "", ""
}
