package e2e_test

import (
	"os"
	"testing"

	"potluck/app/e2e/lab"
)

func TestMain(m *testing.M) { os.Exit(lab.Main(m)) }
