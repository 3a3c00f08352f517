package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"syscall"
)

// profileVar names a folder where the measured window leaves profiles of what it
// did in each part of a measurement. They are of the program in the test binary.
const profileVar = "POTLUCK_PROFILE"

// profile writes a profile of what happens between two signals, and of the memory
// in use at the second.
func profile(dir string) {
	again := make(chan os.Signal, 1)
	signal.Notify(again, syscall.SIGUSR1)
	for n := 1; ; n++ {
		<-again
		cpu, err := os.Create(filepath.Join(dir, fmt.Sprintf("cpu-%02d.prof", n)))
		if err != nil {
			panic(err)
		}
		if err := pprof.StartCPUProfile(cpu); err != nil {
			panic(err)
		}
		<-again
		pprof.StopCPUProfile()
		cpu.Close()
		heap, err := os.Create(filepath.Join(dir, fmt.Sprintf("heap-%02d.prof", n)))
		if err != nil {
			panic(err)
		}
		runtime.GC()
		if err := pprof.WriteHeapProfile(heap); err != nil {
			panic(err)
		}
		heap.Close()
	}
}
