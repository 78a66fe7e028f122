// Command gopacket-count counts the packets of an interface by gopacket's afpacket: the peer of ring-count, with the
// same options and the same result. With -copy each packet is copied into memory of its own (ReadPacketData), as
// programs do that keep packets.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/afpacket"
)

const (
	blockTimeout = 50 * time.Millisecond
	frameBytes   = 2048
)

func main() {
	interfaceName := flag.String("interface", "", "interface to count on")
	seconds := flag.Int("seconds", 0, "length of the run")
	blockBytes := flag.Int("block-bytes", 1<<20, "bytes of a block")
	blocks := flag.Int("blocks", 64, "count of blocks")
	copied := flag.Bool("copy", false, "copy each packet")
	flag.Parse()
	if *interfaceName == "" || *seconds < 1 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "-interface and -seconds are needed, and nothing but options")
		os.Exit(2)
	}

	ring, err := afpacket.NewTPacket(
		afpacket.OptInterface(*interfaceName),
		afpacket.OptFrameSize(frameBytes),
		afpacket.OptBlockSize(*blockBytes),
		afpacket.OptNumBlocks(*blocks),
		afpacket.OptBlockTimeout(blockTimeout),
		afpacket.OptPollTimeout(2*blockTimeout),
		afpacket.TPacketVersion3)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	read := ring.ZeroCopyReadPacketData
	if *copied {
		read = ring.ReadPacketData
	}
	stopped := stopAfter(time.Duration(*seconds) * time.Second)
	fmt.Fprintln(os.Stderr, "listening")
	startedNs := cpuNs()
	packets, bytes, err := count(read, stopped)
	usedNs := cpuNs() - startedNs
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_, statistics, err := ring.SocketStats()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("{\"packets\":%d,\"bytes\":%d,\"drops\":%d,\"freezes\":%d,\"cpuNs\":%d}\n",
		packets, bytes, statistics.Drops(), statistics.QueueFreezes(), usedNs)
}

// count reads until the run is over and then what is left, until a read times out.
func count(read func() ([]byte, gopacket.CaptureInfo, error), stopped *atomic.Bool) (packets, bytes int, err error) {
	for {
		last := stopped.Load()
		_, info, err := read()
		switch {
		case err == nil:
			packets++
			bytes += info.Length
		case err != afpacket.ErrTimeout:
			return packets, bytes, err
		case last:
			return packets, bytes, nil
		}
	}
}

// stopAfter returns what becomes true after that time, or at SIGINT or SIGTERM.
func stopAfter(limit time.Duration) *atomic.Bool {
	stopped := new(atomic.Bool)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		select {
		case <-signals:
		case <-time.After(limit):
		}
		stopped.Store(true)
	}()
	return stopped
}

// cpuNs is the user and system time of all threads.
func cpuNs() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}
