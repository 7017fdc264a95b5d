package main

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
	"gvisor.dev/gvisor/pkg/bufferv2"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/rawfile"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
)

const (
	vnetHeader = 10
	mtu        = 1500
	needsCsum  = 1         // VIRTIO_NET_HDR_F_NEEDS_CSUM
	gsoTCPv4   = 1         // VIRTIO_NET_HDR_GSO_TCPV4
	offloads   = 1 | 2 | 8 // TUN_F_CSUM, TUN_F_TSO4, TUN_F_TSO_ECN
)

// What a frame is read into: small ones leave the large views for the next.
var sizes = []int{256, 2048, 8192, 24576, 32768}

// tap is a link endpoint on a TAP with the virtio header. The package's own gives host GSO to sockets alone.
type tap struct {
	fd         int
	address    tcpip.LinkAddress
	dispatcher stack.NetworkDispatcher
}

var _ stack.GSOEndpoint = (*tap)(nil)

func openTap(name string, address tcpip.LinkAddress) (*tap, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("/dev/net/tun: %w", err)
	}
	request, err := unix.NewIfreq(name)
	if err != nil {
		return nil, err
	}
	request.SetUint16(unix.IFF_TAP | unix.IFF_NO_PI | unix.IFF_VNET_HDR)
	if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, request); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TUNSETVNETHDRSZ, vnetHeader); err != nil {
		return nil, fmt.Errorf("%s: virtio header: %w", name, err)
	}
	if err := unix.IoctlSetInt(fd, unix.TUNSETOFFLOAD, offloads); err != nil {
		return nil, fmt.Errorf("%s: offloads: %w", name, err)
	}
	return &tap{fd: fd, address: address}, nil
}

func (t *tap) MTU() uint32                      { return mtu }
func (t *tap) MaxHeaderLength() uint16          { return header.EthernetMinimumSize }
func (t *tap) LinkAddress() tcpip.LinkAddress   { return t.address }
func (t *tap) IsAttached() bool                 { return t.dispatcher != nil }
func (t *tap) Wait()                            {}
func (t *tap) GSOMaxSize() uint32               { return 65535 - 100 }
func (t *tap) SupportedGSO() stack.SupportedGSO { return stack.HostGSOSupported }

func (t *tap) ARPHardwareType() header.ARPHardwareType { return header.ARPHardwareEther }

func (t *tap) Capabilities() stack.LinkEndpointCapabilities {
	// What is sent with host GSO has a partial checksum by that alone.
	return stack.CapabilityRXChecksumOffload | stack.CapabilityResolutionRequired
}

func (t *tap) Attach(dispatcher stack.NetworkDispatcher) {
	t.dispatcher = dispatcher
	if dispatcher != nil {
		go t.read()
	}
}

func (t *tap) AddHeader(pkt stack.PacketBufferPtr) {
	header.Ethernet(pkt.LinkHeader().Push(header.EthernetMinimumSize)).Encode(&header.EthernetFields{
		SrcAddr: pkt.EgressRoute.LocalLinkAddress,
		DstAddr: pkt.EgressRoute.RemoteLinkAddress,
		Type:    pkt.NetworkProtocolNumber,
	})
}

func (t *tap) WritePackets(pkts stack.PacketBufferList) (int, tcpip.Error) {
	for i, pkt := range pkts.AsSlice() {
		if err := t.write(pkt); err != nil {
			return i, err
		}
	}
	return pkts.Len(), nil
}

func (t *tap) write(pkt stack.PacketBufferPtr) tcpip.Error {
	gso := &pkt.GSOOptions
	var h [vnetHeader]byte
	if gso.Type != stack.GSONone {
		put(h[2:], uint16(pkt.HeaderSize()))
		if gso.NeedsCsum {
			h[0] = needsCsum
			put(h[6:], header.EthernetMinimumSize+gso.L3HdrLen)
			put(h[8:], gso.CsumOffset)
		}
		if pkt.Data().Size() > int(gso.MSS) {
			h[1] = gsoTCPv4
			put(h[4:], gso.MSS)
		}
	}
	slices := pkt.AsSlices()
	most := len(slices) + 1
	if most > rawfile.MaxIovs {
		most = rawfile.MaxIovs
	}
	var few [8]unix.Iovec
	iovecs := rawfile.AppendIovecFromBytes(few[:0], h[:], most)
	for _, s := range slices {
		iovecs = rawfile.AppendIovecFromBytes(iovecs, s, most)
	}
	return rawfile.NonBlockingWriteIovec(t.fd, iovecs)
}

// put writes a field of the header, which the kernel of a little-endian machine has in its own order.
func put(to []byte, value uint16) {
	*(*uint16)(unsafe.Pointer(&to[0])) = value
}

func (t *tap) read() {
	var h [vnetHeader]byte
	views := make([]*bufferv2.View, len(sizes))
	iovecs := make([]unix.Iovec, len(sizes)+1)
	iovecs[0] = rawfile.IovecFromBytes(h[:])
	for {
		for i := range views {
			if views[i] == nil {
				views[i] = bufferv2.NewViewSize(sizes[i])
				iovecs[i+1] = rawfile.IovecFromBytes(views[i].AsSlice())
			}
		}
		n, err := rawfile.BlockingReadvUntilStopped(-1, t.fd, iovecs)
		if err != nil {
			fail(fmt.Errorf("reading: %s", err))
		}
		if n > vnetHeader {
			t.deliver(pull(views, n-vnetHeader))
		}
	}
}

// pull takes the views that hold a frame.
func pull(views []*bufferv2.View, n int) bufferv2.Buffer {
	frame := bufferv2.Buffer{}
	for i := 0; n > 0 && i < len(views); i++ {
		v := views[i]
		if v.Size() > n {
			v.CapLength(n)
		}
		n -= v.Size()
		views[i] = nil
		frame.Append(v)
	}
	return frame
}

func (t *tap) deliver(frame bufferv2.Buffer) {
	pkt := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: frame})
	defer pkt.DecRef()
	link, ok := pkt.LinkHeader().Consume(header.EthernetMinimumSize)
	if ok {
		t.dispatcher.DeliverNetworkPacket(header.Ethernet(link).Type(), pkt)
	}
}
