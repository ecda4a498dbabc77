package port

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// listed asks the kernel for the sockets that listen, as sock_diag(7) has it: unlike
// /proc/net/tcp that takes no time on a machine with many connections. known is false
// where the kernel does not tell.
func listed(host string, number uint16) (id string, ok, known bool) {
	var found []string
	err := sockets(func(s socket) {
		if s.port == number && meant(host, s.ip) {
			found = append(found, strconv.FormatUint(uint64(s.inode), 10))
		}
	})
	slices.Sort(found) // several may share a port
	return strings.Join(found, " "), len(found) > 0, err == nil
}

// A socket listens.
type socket struct {
	ip    netip.Addr
	port  uint16
	uid   uint32 // its owner
	inode uint32
}

// sockets calls each for every socket that listens.
func sockets(each func(socket)) error {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_INET_DIAG)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 1}); err != nil {
		return err
	}
	if err := listening(fd, unix.AF_INET, each); err != nil {
		return err
	}
	_ = listening(fd, unix.AF_INET6, each) // without IPv6 there may be no answer for that
	return nil
}

const (
	dumpByFamily = 20 // SOCK_DIAG_BY_FAMILY
	tcpListen    = 10 // TCP_LISTEN
)

// request is struct nlmsghdr and struct inet_diag_req_v2 of linux/inet_diag.h.
type request struct {
	unix.NlMsghdr
	family, protocol, ext, _ byte
	states                   uint32
	_                        [48]byte // the socket that is meant: all
}

// The places of struct inet_diag_msg.
const (
	placePort  = 4
	placeIP    = 8
	placeUID   = 64
	placeInode = 68
	placeEnd   = 72
)

var errNoAnswer = errors.New("the kernel does not report listening sockets")

// listening is sockets for one family of addresses.
func listening(fd int, family byte, each func(socket)) error {
	q := request{family: family, protocol: unix.IPPROTO_TCP, states: 1 << tcpListen}
	q.Len, q.Type, q.Flags = uint32(unsafe.Sizeof(q)), dumpByFamily, unix.NLM_F_REQUEST|unix.NLM_F_DUMP
	if err := unix.Sendto(fd, unsafe.Slice((*byte)(unsafe.Pointer(&q)), q.Len), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	buffer := make([]byte, 32<<10) // as large as the kernel makes an answer
	for {
		n, _, err := unix.Recvfrom(fd, buffer, 0)
		if err != nil {
			return err
		}
		for b := buffer[:n]; len(b) >= unix.SizeofNlMsghdr; {
			length, kind := int(binary.NativeEndian.Uint32(b)), binary.NativeEndian.Uint16(b[4:])
			if length < unix.SizeofNlMsghdr || length > len(b) {
				return errNoAnswer
			}
			switch body := b[unix.SizeofNlMsghdr:length]; {
			case kind == unix.NLMSG_DONE:
				return nil
			case kind != dumpByFamily || len(body) < placeEnd:
				return errNoAnswer
			default:
				ip := netip.AddrFrom4([4]byte(body[placeIP:]))
				if body[0] == unix.AF_INET6 {
					ip = netip.AddrFrom16([16]byte(body[placeIP:]))
				}
				each(socket{
					ip: ip, port: binary.BigEndian.Uint16(body[placePort:]),
					uid: binary.NativeEndian.Uint32(body[placeUID:]), inode: binary.NativeEndian.Uint32(body[placeInode:]),
				})
			}
			b = b[min((length+3)&^3, len(b)):]
		}
	}
}
