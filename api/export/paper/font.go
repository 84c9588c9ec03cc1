package paper

import _ "embed" // the fonts

// Noto Sans, under the SIL Open Font License: see font/OFL.txt.
var (
	//go:embed font/NotoSans-Regular.ttf
	regular []byte
	//go:embed font/NotoSans-Bold.ttf
	bold []byte
)

const family = "noto"
