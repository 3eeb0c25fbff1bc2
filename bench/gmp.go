package main

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

//go:embed gmp/fibonacci.c
var gmpSource string

// buildGMP compiles the program that calculates with GMP into dir. If that fails, it
// installs a C compiler and libgmp-dev from Debian and tries again.
func buildGMP(dir string) (string, error) {
	source, program := filepath.Join(dir, "fibonacci.c"), filepath.Join(dir, "gmp")
	if err := os.WriteFile(source, []byte(gmpSource), 0o600); err != nil {
		return "", err
	}
	compile := func() ([]byte, error) {
		return exec.Command("cc", "-O2", "-o", program, source, "-lgmp").CombinedOutput()
	}
	if _, err := compile(); err == nil {
		return program, nil
	}
	install := exec.Command("apt-get", "install", "--yes", "--no-install-recommends", "gcc", "libc6-dev", "libgmp-dev")
	install.Stdout, install.Stderr = os.Stderr, os.Stderr
	if err := install.Run(); err != nil {
		return "", fmt.Errorf("GMP for comparison: install a C compiler and libgmp-dev: %w", err)
	}
	if out, err := compile(); err != nil {
		return "", fmt.Errorf("GMP for comparison: %w\n%s", err, out)
	}
	return program, nil
}
