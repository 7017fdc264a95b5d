// The servers of the benchmark on gVisor's netstack.
//
//	gvisor DEVICE ADDRESS PREFIX
//
// Reads commands, one a line: "mark" is answered with what was done so far, "stop" with "ok". Ends with its standard input.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"

	"golang.org/x/sys/unix"
	"gvisor.dev/gvisor/pkg/log"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/network/arp"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/icmp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

const (
	nic  = 1
	mac  = "\x02\x00\x00\x00\x00\x67"
	most = 8 << 20 // of a buffer; it begins with the half
)

var read, written int64

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func check(err tcpip.Error) {
	if err != nil {
		fail(fmt.Errorf("%s", err))
	}
}

func main() {
	// The package warns of each connection that its client has ended by a reset.
	log.SetTarget(log.GoogleEmitter{Writer: &log.Writer{Next: io.Discard}})
	if len(os.Args) != 4 {
		fail(fmt.Errorf("usage: gvisor DEVICE ADDRESS PREFIX"))
	}
	prefix, err := strconv.Atoi(os.Args[3])
	ip := net.ParseIP(os.Args[2]).To4()
	if err != nil || ip == nil {
		fail(fmt.Errorf("not an address: %s/%s", os.Args[2], os.Args[3]))
	}
	link, err := openTap(os.Args[1], mac)
	if err != nil {
		fail(err)
	}
	s := start(link, tcpip.Address(ip), prefix)
	listen(s, 7, echo)
	listen(s, 9, discard)
	listen(s, 19, source)
	listen(s, 21, echo)
	answer()
}

func start(link stack.LinkEndpoint, address tcpip.Address, prefix int) *stack.Stack {
	s := stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol, arp.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol, icmp.NewProtocol4},
	})
	sack := tcpip.TCPSACKEnabled(true)
	cubic := tcpip.CongestionControlOption("cubic")
	moderate := tcpip.TCPModerateReceiveBufferOption(true)
	in := tcpip.TCPReceiveBufferSizeRangeOption{Min: 4096, Default: 4 << 20, Max: most}
	out := tcpip.TCPSendBufferSizeRangeOption{Min: 4096, Default: 4 << 20, Max: most}
	for _, option := range []tcpip.SettableTransportProtocolOption{&sack, &cubic, &moderate, &in, &out} {
		check(s.SetTransportProtocolOption(tcp.ProtocolNumber, option))
	}
	check(s.CreateNIC(nic, link))
	own := tcpip.AddressWithPrefix{Address: address, PrefixLen: prefix}
	check(s.AddProtocolAddress(nic, tcpip.ProtocolAddress{
		Protocol: ipv4.ProtocolNumber, AddressWithPrefix: own,
	}, stack.AddressProperties{}))
	s.SetRouteTable([]tcpip.Route{{Destination: own.Subnet(), NIC: nic}, {Destination: header.IPv4EmptySubnet, NIC: nic}})
	return s
}

func listen(s *stack.Stack, port uint16, serve func(net.Conn)) {
	l, err := gonet.ListenTCP(s, tcpip.FullAddress{NIC: nic, Port: port}, ipv4.ProtocolNumber)
	if err != nil {
		fail(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				fail(err)
			}
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
}

func echo(c net.Conn) {
	chunk := make([]byte, 16<<10)
	for {
		n, err := c.Read(chunk)
		if err != nil {
			return
		}
		if _, err := c.Write(chunk[:n]); err != nil {
			return
		}
	}
}

func discard(c net.Conn) {
	chunk := make([]byte, 256<<10)
	for {
		n, err := c.Read(chunk)
		atomic.AddInt64(&read, int64(n))
		if err != nil {
			return
		}
	}
}

func source(c net.Conn) {
	chunk := make([]byte, 128<<10)
	for {
		n, err := c.Write(chunk)
		atomic.AddInt64(&written, int64(n))
		if err != nil {
			return
		}
	}
}

func answer() {
	fmt.Println("ready")
	for commands := bufio.NewScanner(os.Stdin); commands.Scan(); {
		switch commands.Text() {
		case "mark":
			fmt.Println(mark())
		case "stop":
			fmt.Println("ok")
		default:
			fmt.Println("failed: no command " + commands.Text())
		}
	}
}

// mark is the moment, bytes read and written, operations (the client counts them), nanoseconds of processor, bytes allocated.
func mark() string {
	var now unix.Timespec
	var used unix.Rusage
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		fail(err)
	}
	if err := unix.Getrusage(unix.RUSAGE_SELF, &used); err != nil {
		fail(err)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return fmt.Sprintf("%d %d %d 0 %d %d", now.Nano(), atomic.LoadInt64(&read), atomic.LoadInt64(&written),
		used.Utime.Nano()+used.Stime.Nano(), memory.TotalAlloc)
}
