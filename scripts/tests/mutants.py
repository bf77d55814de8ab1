#!/usr/bin/python3
"""Throws what no decent peer sends at a host end, for tests. The same each time.

    mutants.py frames ETHERNET_END HOST_MAC NUMBER PCAP...
    mutants.py packets HOST_END HOST_MAC NUMBER PCAP...

Frames of the captures, or the packets in them, with mistakes. Most have their
lengths and checksums mended, so that they get further.

    mutants.py requests HOST_END NUMBER

Requests to the generic netlink family, and options of this link and of some that
come and go, with mistakes.

Prints how many were sent, and how many of them were refused on the way: by the
socket, or by the netlink family.
"""

import random
import socket
import struct
import sys

import netlink
import rtnl
from station import checksum

IPV4, IPV6 = 0x0800, 0x86dd
TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
# Where a checksum is, from where the transport's header begins.
SUM_AT = {TCP: 16, UDP: 6, ICMP: 2, ICMPV6: 2}
ODD = (0, 1, 2, 7, 8, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xfe, 0xff)
choice = random.Random(1)

# An option each, as it should be, but for what is about devices of their own.
OPTIONS = [rtnl.option(word) for word in (
    "resolve:u8=1", "announce:u8=2", "defend:u8=1", "learning:u8=1", "gateway4:ip=10.9.0.1",
    "neigh_max:u32=64", "neigh_timeout:u32=300", "gateway6:ip6=fe80::1",
    "trusted:hex=02005e00000102005e000002", "reassembly:u8=1", "frag_max:u32=64",
    "frag_timeout:u32=2", "vlan:u16=10", "vlan_protocol:hex=8100", "mode:u8=0", "dscp:u8=46",
    "dscp_map:hex=2e000a08", "vlan_qos:u8=1", "gateway_probe:u32=1", "carrier:u8=0",
    "dns_cache:u8=1", "dns_max:u32=16", "dns_ttl_max:u32=300", "conntrack:u8=1",
    "ct_zone:u16=7")]


def frames_of(path):
    """Those of a capture as tcpdump writes it, without their Ethernet padding."""
    data = open(path, "rb").read()
    at = 24
    while at + 16 <= len(data):
        size, = struct.unpack("=I", data[at + 8:at + 12])
        yield data[at + 16:at + 16 + size]
        at += 16 + size


def flip(data):
    data[choice.randrange(len(data))] ^= 1 << choice.randrange(8)


def set_byte(data):
    data[choice.randrange(len(data))] = choice.choice(ODD)


def set_word(data):
    at = choice.randrange(len(data))
    word = choice.choice((0, 1, 0x7fff, 0x8000, 0xffff, len(data), len(data) - at))
    data[at:at + 2] = (word & 0xffff).to_bytes(2, "big")


def cut(data):
    del data[choice.randrange(1, len(data) + 1):]


def grow(data):
    data += choice.randbytes(choice.randrange(1, 65))


def repeat(data):
    start = choice.randrange(len(data))
    part = data[start:start + choice.randrange(1, 33)]
    at = choice.randrange(len(data))
    data[at:at] = part


def leave_out(data):
    start = choice.randrange(len(data))
    if start:
        del data[start:start + choice.randrange(1, 33)]


def mutate(data, others):
    """Up to four mistakes, or the head of one and the tail of another."""
    data = bytearray(data)
    if choice.random() < 0.1:
        other = choice.choice(others)
        data[choice.randrange(len(data)):] = other[choice.randrange(len(other)):]
    for _ in range(choice.randrange(5)):
        if data:
            choice.choice((flip, set_byte, set_byte, set_word, cut, grow, repeat, leave_out))(data)
    return data


def mend_transport(packet, at, protocol, pseudo):
    place = at + SUM_AT.get(protocol, len(packet))
    if place + 2 > len(packet):
        return
    packet[place:place + 2] = b"\0\0"
    if protocol == ICMP:
        pseudo = b""
    packet[place:place + 2] = checksum(pseudo + bytes(packet[at:])).to_bytes(2, "big")


def mend_ipv4(packet):
    header = (packet[0] & 15) * 4
    if len(packet) < 20 or not 20 <= header <= len(packet):
        return
    packet[2:4] = len(packet).to_bytes(2, "big")
    pseudo = packet[12:20] + struct.pack(">HH", packet[9], len(packet) - header)
    mend_transport(packet, header, packet[9], bytes(pseudo))
    packet[10:12] = b"\0\0"
    packet[10:12] = checksum(bytes(packet[:header])).to_bytes(2, "big")


def mend_ipv6(packet):
    if len(packet) < 40:
        return
    packet[4:6] = (len(packet) - 40).to_bytes(2, "big")
    pseudo = packet[8:40] + struct.pack(">II", len(packet) - 40, packet[6])
    mend_transport(packet, 40, packet[6], bytes(pseudo))


def mend(frame, host_mac):
    if len(frame) < 15:
        return
    if choice.random() < 0.8:
        frame[0:6] = choice.choice((host_mac, host_mac, b"\xff" * 6, frame[0:6]))
    packet = frame[14:]
    kind, = struct.unpack(">H", frame[12:14])
    {IPV4: mend_ipv4, IPV6: mend_ipv6}.get(kind, lambda _: None)(packet)
    frame[14:] = packet


def tag(frame):
    """Of VLAN 10, which has a host end; or of another one, or two of them."""
    for _ in range(choice.choice((1, 1, 1, 2))):
        tci = choice.choice((10, 10, 10, choice.randrange(65536)))
        frame[12:12] = struct.pack(">HH", choice.choice((0x8100, 0x8100, 0x88a8)), tci)


def mutants(host_mac, number, pcaps):
    originals = [frame for pcap in pcaps for frame in frames_of(pcap)]
    host_mac = bytes.fromhex(host_mac.replace(":", ""))
    for _ in range(int(number)):
        frame = mutate(choice.choice(originals), originals)
        if choice.random() < 0.8:
            mend(frame, host_mac)
        if choice.random() < 0.1:
            tag(frame)
        yield frame


def throw(send, host_mac, number, pcaps):
    refused = 0
    for frame in mutants(host_mac, number, pcaps):
        try:
            send(frame)
        except OSError:
            refused += 1
    print("%s sent, %d refused" % (number, refused))


def frames(device, host_mac, number, *pcaps):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    wire.bind((device, 0))
    throw(wire.send, host_mac, number, pcaps)


def packets(device, host_mac, number, *pcaps):
    host = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
    throw(lambda frame: host.sendto(frame[14:], (device, int.from_bytes(frame[12:14], "big") or IPV4)),
          host_mac, number, pcaps)


def good_requests(host_end):
    """A body of each command, with what it may have."""
    for command in netlink.COMMANDS:
        space = netlink.space_of(command)
        for address in "addr4=10.9.0.7", "addr6=2001:db8:9::7":
            words = ["ifindex=" + host_end]
            if command.startswith("neigh"):
                words += [address, "mac=02:00:5e:00:01:07"]
            yield command, b"".join(netlink.encode(space, word) for word in words)


def link_request(host_end):
    """The options of a link, or the beginning or end of one."""
    kind, flags, name, peer = rtnl.RTM_NEWLINK, 0, host_end, b""
    if choice.random() < 0.3:
        name = "mutant%d" % choice.randrange(3)
        flags = rtnl.NLM_F_CREATE
        peer = rtnl.attribute(rtnl.PEER, rtnl.link([]))
        if choice.random() < 0.3:
            kind = rtnl.RTM_DELLINK
    options = mutate(b"".join(choice.sample(OPTIONS, 3)), OPTIONS)
    info = (rtnl.attribute(rtnl.IFLA_INFO_KIND, b"virtualtap\0") +
            rtnl.attribute(rtnl.IFLA_INFO_DATA | rtnl.NLA_F_NESTED, bytes(options) + peer))
    return kind, flags, (rtnl.link(["name=" + name]) +
                         rtnl.attribute(rtnl.IFLA_LINKINFO | rtnl.NLA_F_NESTED, info))


def answers(sock):
    """How many refusals have come."""
    refused = 0
    try:
        while True:
            for message in netlink.messages(sock):
                kind, = struct.unpack("=H", message[4:6])
                refused += kind == netlink.NLMSG_ERROR and message[16:20] != bytes(4)
    except BlockingIOError:
        return refused


def requests(host_end, number):
    generic = netlink.generic()
    found = netlink.family(generic, "virtualtap")
    family, = struct.unpack("=H", found[netlink.FAMILY_ID])
    bodies = list(good_requests(host_end))
    route = rtnl.connect()
    for sock in generic, route:
        sock.setblocking(False)
    refused = 0
    for _ in range(int(number)):
        command, body = choice.choice(bodies)
        netlink.send(generic, family, netlink.COMMANDS[command],
                     bytes(mutate(body, [body for _, body in bodies])),
                     choice.choice((netlink.NLM_F_ACK, netlink.NLM_F_DUMP)))
        kind, flags, body = link_request(host_end)
        rtnl.send(route, kind, body, flags)
        refused += answers(generic) + answers(route)
    print("%d sent, %d refused" % (2 * int(number), refused))


if __name__ == "__main__":
    {"frames": frames, "packets": packets, "requests": requests}[sys.argv[1]](*sys.argv[2:])
