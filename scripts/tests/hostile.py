#!/usr/bin/python3
"""Hostile frames and packets, for tests:

    hostile.py rx STATION_MAC STATION_IP
    hostile.py tx STATION_IP

rx sends frames on vpn0-l2, tx packets on vpn0, one by one. Each must raise
exactly the drop counter that is given for it, of both ends' `ethtool -S`, and
no other; where none is given it must arrive whole at the other end. Prints a
line per case that does not behave, and fails if there was one.

rx wants an MTU of 65535 on vpn0-l2 and a frag_timeout that it does not outlast,
tx an MTU of 1280 on vpn0-l2.
"""

import itertools
import socket
import struct
import subprocess
import sys

from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import IPv6, in6_chksum
from scapy.layers.l2 import ARP, LLC, SNAP, Dot1AD, Dot1Q, Ether
from scapy.packet import Raw

from counters import Counters

A = "02:00:5e:00:01:02"
A_IP = "10.9.0.2"
OTHER = "02:00:5e:00:01:03"
BROADCAST = "ff:ff:ff:ff:ff:ff"
GROUP = "01:00:5e:00:00:01"
ZERO = "00:00:00:00:00:00"
PAYLOAD = Raw(b"hostile?")
ENDS = [Counters("vpn0"), Counters("vpn0-l2")]


def drops():
    """All drop counters of both ends."""
    found = {}
    for end in ENDS:
        for name, value in end.read():
            if "_drop_" in name:
                found[name] = found.get(name, 0) + value
    return found


def reassembly(value):
    with open("/sys/class/net/vpn0/virtualtap/reassembly", "w") as option:
        option.write(value)


def packet_socket(interface, protocol):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    s.setsockopt(263, 23, 1)  # PACKET_IGNORE_OUTGOING
    s.bind((interface, protocol))
    s.setblocking(False)
    return s


class Checker:
    """Sends on one end, and hears what arrives at the other."""

    def __init__(self, source, sink, sink_offset):
        self.source = packet_socket(source, 0)
        self.interface = source
        self.sink = packet_socket(sink, 3)
        self.offset = sink_offset
        self.before = drops()
        self.failures = 0

    def arrived(self, wanted):
        found = False
        while True:
            try:
                found |= self.sink.recv(1 << 17)[self.offset:] == wanted
            except BlockingIOError:
                return found

    def check(self, name, data, wanted, protocol=0):
        """wanted: a counter, or several and by how much, or the bytes that have
        to arrive, or None."""
        try:
            self.source.sendto(bytes(data), (self.interface, protocol))
        except OSError as error:
            return self.complain(name, "not sent: %s" % error)
        now = drops()
        raised = {counter: value - self.before.get(counter, 0)
                  for counter, value in now.items()
                  if value != self.before.get(counter, 0)}
        self.before = now
        drop = ({wanted: 1} if isinstance(wanted, str) else
                wanted if isinstance(wanted, dict) else {})
        if raised != drop:
            self.complain(name, "wanted %s, raised %s" % (drop or "no drop",
                                                          raised))
        elif isinstance(wanted, bytes) and not self.arrived(wanted):
            self.complain(name, "did not arrive as it should")

    def check_all(self, cases):
        self.before = drops()
        for case in cases:
            self.check(*case)

    def complain(self, name, what):
        print("%s: %s" % (name, what))
        self.failures += 1


def arp_cases(mac, ip):
    def arp(source=A, dest=BROADCAST, **fields):
        fields = {"op": 1, "hwsrc": A, "psrc": A_IP, "hwdst": ZERO,
                  "pdst": ip, **fields}
        return Ether(src=source, dst=dest) / ARP(**fields)

    invalid = "rx_drop_arp_invalid"
    yield "good ARP request", arp(), None
    # As the kernel's own ARP takes it.
    yield ("ARP of IEEE 802", bytes(arp())[:14] + b"\0\x06" + bytes(arp())[16:],
           None)
    yield "padded ARP request", bytes(arp()) + bytes(18), None
    for length in (0, 1, 7, 8, 27):
        yield ("ARP of %d bytes" % length,
               bytes(arp())[:14 + length], invalid)
    for field, values in {"hwtype": (0, 2, 24, 0xffff),
                          "ptype": (0, 0x86dd, 0x806),
                          "hwlen": (0, 5, 7, 255),
                          "plen": (0, 3, 5, 16, 255),
                          "op": (0, 3, 4, 8, 9, 0xffff)}.items():
        for value in values:
            # Lengths alone change: the fields stay where they are.
            frame = bytearray(bytes(arp()))
            at, size = {"hwtype": (14, 2), "ptype": (16, 2), "hwlen": (18, 1),
                        "plen": (19, 1), "op": (20, 2)}[field]
            frame[at:at + size] = value.to_bytes(size, "big")
            yield "ARP with %s %d" % (field, value), frame, invalid
    yield "ARP for another than its sender", arp(hwsrc=OTHER), invalid
    yield "ARP reply for another", arp(op=2, hwsrc=OTHER, dest=mac), invalid
    for what, bad in (("our", mac), ("no", ZERO), ("a group's", GROUP),
                      ("everybody's", BROADCAST)):
        yield "ARP with %s sender MAC" % what, arp(hwsrc=bad), invalid
    for bad in ("127.0.0.1", "224.0.0.1", "239.255.255.255",
                "255.255.255.255", "10.9.0.255"):
        yield "ARP from %s" % bad, arp(psrc=bad), invalid
    yield "ARP reply from 0.0.0.0", arp(op=2, psrc="0.0.0.0"), invalid
    for bad in ("127.0.0.1", "224.0.0.1"):
        yield "ARP for %s" % bad, arp(pdst=bad), invalid
    yield "ARP reply that nobody asked for", arp(op=2, hwdst=mac, dest=mac), None
    yield "ARP to another host", arp(dest=OTHER), "rx_drop_other_host"


def ethernet_cases(mac, ip):
    packet = IP(src=A_IP, dst=ip) / UDP(sport=9, dport=9) / PAYLOAD
    bad_source = "rx_drop_bad_source"
    for what, bad in (("a group", GROUP), ("everybody", BROADCAST),
                      ("nobody", ZERO), ("ourselves", mac),
                      ("an odd one", "03:00:00:00:00:01")):
        yield ("frame from " + what,
               Ether(src=bad, dst=mac, type=0x800) / packet, bad_source)
        yield ("ARP from " + what, Ether(src=bad, dst=BROADCAST) /
               ARP(hwsrc=bad, psrc=A_IP, pdst=ip), bad_source)
    yield ("frame for another", Ether(src=A, dst=OTHER, type=0x800) / packet,
           "rx_drop_other_host")
    for tag in (Dot1Q(vlan=1), Dot1Q(vlan=4095), Dot1Q(vlan=1) / Dot1Q(vlan=0),
                Dot1AD(vlan=5), Dot1AD(vlan=5) / Dot1Q(vlan=6)):
        yield ("frame with a tag", Ether(src=A, dst=mac) / tag /
               IP(src=A_IP, dst=ip), "rx_drop_unknown_vlan")
    for tag in (Dot1Q(vlan=0, prio=7), Dot1AD(vlan=0)):
        yield ("frame with a priority", Ether(src=A, dst=mac) / tag / packet,
               bytes(packet))
        yield ("frame with a priority and a tag", Ether(src=A, dst=mac) / tag /
               Dot1Q(vlan=0) / packet, "rx_drop_vlan_nested")
    tagged = bytes(Ether(src=A, dst=mac, type=0x8100)) + bytes.fromhex("00010800")
    for size in (14, 15, 16, 17):
        yield "%d bytes, with a tag" % size, tagged[:size], "rx_drop_runt"
    yield "nothing but a tag", tagged, "rx_drop_unknown_vlan"
    for kind in (0x0000, 0x05dc, 0x0600, 0x0805, 0x0842, 0x8035, 0x8863, 0x8847,
                 0x88cc, 0x88e5, 0x9100, 0xffff):
        yield ("EtherType 0x%04x" % kind,
               Ether(src=A, dst=mac, type=kind) / packet, "rx_drop_not_ip")
    yield ("spanning tree", Ether(src=A, dst="01:80:c2:00:00:00", type=39) /
           LLC() / SNAP() / PAYLOAD, "rx_drop_not_ip")
    yield ("no EtherType at all", bytes.fromhex((mac + A).replace(":", "")) +
           bytes(2), "rx_drop_not_ip")


def ipv4_cases(ethernet, ip):
    """ethernet: bytes in front of the packet."""
    good = IP(src=A_IP, dst=ip) / UDP(sport=9, dport=9) / PAYLOAD

    def edited(edit, **fields):
        packet = good.copy()
        for field, value in fields.items():
            setattr(packet, field, value)
        data = bytearray(bytes(packet))
        for at, value in edit.items():
            data[at] = value
        return ethernet + bytes(data)

    header, length = "rx_drop_ip_header", "rx_drop_ip_length"
    yield "good packet", ethernet + bytes(good), bytes(good)
    for padding in (1, 18, 1000):
        yield ("packet with %d bytes of padding" % padding,
               ethernet + bytes(good) + b"\xa5" * padding, bytes(good))
    options = bytes(IP(src=A_IP, dst=ip, options=[b"\x01\x01\x01\x00"]) /
                    UDP(sport=9, dport=9) / PAYLOAD)
    yield "packet with options", ethernet + options, options
    for version in (0, 1, 3, 5, 6, 15):
        yield "version %d" % version, edited({0: version << 4 | 5}), header
    for ihl in range(5):
        yield "IHL %d" % ihl, edited({0: 0x40 | ihl}), header
    yield "IHL 15", edited({0: 0x4f}), length
    for size in (0, 1, 10, 19):
        yield "packet cut to %d bytes" % size, (
            ethernet + bytes(good)[:size]), length
    yield "options cut", ethernet + options[:22], length
    yield "packet cut by one", ethernet + bytes(good)[:-1], length
    for size in (0, 1, 19, len(good) + 1, 0xffff):
        yield "length %d" % size, edited({}, len=size), length
    yield "padding short of the length", (
        edited({}, len=len(good) + 19) + bytes(18)), length
    yield "wrong checksum", edited({}, chksum=0x1234), "rx_drop_ip_checksum"
    yield "no checksum", edited({}, chksum=0), "rx_drop_ip_checksum"
    yield "changed TTL", edited({8: 1}), "rx_drop_ip_checksum"
    for source in ("224.0.0.1", "239.1.2.3", "255.255.255.255"):
        yield "from " + source, edited({}, src=source), "rx_drop_ip_source"
    # The host's own business.
    martian = bytes(IP(src="127.0.0.1", dst=ip) / UDP() / PAYLOAD)
    yield "from 127.0.0.1", ethernet + martian, martian
    tcp = bytes(IP(src=A_IP, dst=ip) / TCP(sport=9, dport=9, flags=0x3f))
    yield "christmas tree", ethernet + tcp, tcp


def ipv6_cases(ethernet):
    good = IPv6(src="fe80::2", dst="fe80::1") / UDP(sport=9, dport=9) / PAYLOAD
    data = bytes(good)

    def length(value):
        return ethernet + data[:4] + value.to_bytes(2, "big") + data[6:]

    yield "good IPv6 packet", ethernet + data, data
    yield "padded IPv6 packet", ethernet + data + bytes(20), data
    for size in (0, 1, 20, 39):
        yield ("IPv6 packet cut to %d" % size, ethernet + data[:size],
               "rx_drop_ip_length")
    yield "IPv6 packet cut by one", ethernet + data[:-1], "rx_drop_ip_length"
    for value in (17, 1400, 0xffff):
        yield ("IPv6 payload length %d" % value, length(value),
               "rx_drop_ip_length")
    for version in (0, 4, 5, 7):
        yield ("IPv6 of version %d" % version,
               ethernet + bytes([version << 4]) + data[1:], "rx_drop_ip_header")
    for source in ("ff02::1", "ff0e::1"):
        yield ("IPv6 from " + source, ethernet +
               bytes(IPv6(src=source, dst="fe80::1") / UDP()),
               "rx_drop_ip_source")


def to_ip6(text):
    return socket.inet_pton(socket.AF_INET6, text)


def to_mac(text):
    return bytes.fromhex(text.replace(":", ""))


def inet_checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ends(ip):
    """Of IPv4 to that address or, without one, of IPv6."""
    if ip:
        return socket.inet_aton(A_IP) + socket.inet_aton(ip)
    return to_ip6("fe80::2") + to_ip6("fe80::1")


def summed(ip, protocol, message, at, covered=None, spoil=0, options=b""):
    """A packet whose transport has its checksum at that place."""
    message = message[:at] + bytes(2) + message[at + 2:]
    pseudo = ends(ip) + struct.pack("!HH" if ip else "!II", protocol,
                                    len(message))
    if ip and protocol == 1:
        pseudo = b""
    total = inet_checksum(pseudo + message[:covered])
    if protocol in (17, 136):
        total = total or 0xffff
    return Datagram(ip, message[:at] + struct.pack("!H", total ^ spoil) +
                    message[at + 2:], protocol).whole(options=options)


def udp(data=b"hostile?", length=None, dport=9):
    return struct.pack("!HHHH", 9, dport, length or 8 + len(data), 0) + data


class Datagram:
    """Of IPv4 to `ip` or, without one, of IPv6; whole or in pieces."""

    identifications = itertools.count(1)

    def __init__(self, ip, payload=None, protocol=17):
        self.ip, self.protocol = ip, protocol
        self.payload = payload
        self.id = next(self.identifications)
        if payload is None:
            self.payload = summed(ip, 17, udp(bytes(range(56))), 6)[-64:]

    def packet(self, data, tos, options, field=None, protocol=None):
        """field: offset and more, if it is a piece."""
        protocol = protocol or self.protocol
        if self.ip:
            header = struct.pack(
                "!BBHHHBBH", 0x45 + len(options) // 4, tos,
                20 + len(options) + len(data), self.id,
                0 if field is None else field >> 3 | (field & 1) << 13,
                255, protocol, 0) + ends(self.ip) + options
            return (header[:10] + struct.pack("!H", inet_checksum(header)) +
                    header[12:] + data)
        chain = [60] if options else []
        if field is not None:
            chain.append(44)
            data = struct.pack("!BBHI", protocol, 0, field, self.id) + data
        chain.append(protocol)
        if options:
            data = bytes([chain[1]]) + options[1:] + data
        return (struct.pack("!IHBB", 6 << 28 | tos << 20, len(data), chain[0],
                            255) + ends(None) + data)

    def whole(self, tos=0, options=b""):
        return self.packet(self.payload, tos, options)

    def piece(self, start, end=None, more=None, data=None, tos=0, options=b"",
              protocol=None):
        if end is None:
            end = len(self.payload)
        if more is None:
            more = end < len(self.payload)
        return self.packet(self.payload[start:end] if data is None else data,
                           tos, options, start | more, protocol)


def pieces(name, ethernet, datagram, *steps):
    """Steps: where a piece begins and ends, what is wanted, or called for it,
    and what is odd about it."""
    for number, (start, end, wanted, *odd) in enumerate(steps):
        if callable(wanted):
            wanted = wanted(datagram)
        yield ("%s, IPv%d, piece %d" % (name, 4 if datagram.ip else 6, number),
               ethernet + datagram.piece(start, end, **(odd[0] if odd else {})),
               wanted)


WHOLE = Datagram.whole


def spoilt(packet):
    """The last byte is another one."""
    return packet[:-1] + bytes([packet[-1] ^ 1])


def icmp6(message, src="fe80::2", dst="fe80::1", hlim=255, code=0, spoil=0,
          fragment=b""):
    """An IPv6 packet with an ICMPv6 message, checksum and code are filled in."""
    message = bytes([message[0], code, 0, 0]) + message[4:]
    total = in6_chksum(58, IPv6(src=src, dst=dst), message) ^ spoil
    payload = fragment + message[:2] + struct.pack("!H", total) + message[4:]
    return (struct.pack("!IHBB", 6 << 28, len(payload), 44 if fragment else 58,
                        hlim) + to_ip6(src) + to_ip6(dst) + payload)


NS, NA, RS, RA, REDIRECT = 135, 136, 133, 134, 137
SLLA, TLLA = b"\1\1" + to_mac(A), b"\2\1" + to_mac(A)


def neighbour(kind, target="fe80::2", option=None, flags=0x60):
    """A neighbour solicitation or advertisement."""
    if option is None:
        option = SLLA if kind == NS else TLLA
    return (bytes([kind, 0, 0, 0, flags if kind == NA else 0]) + bytes(3) +
            to_ip6(target) + option)


def redirect(target="fe80::3", dest="2001:db8:ff::1"):
    return bytes([REDIRECT]) + bytes(7) + to_ip6(target) + to_ip6(dest) + TLLA


def ndp_cases(ethernet):
    """Against RFC 4861 6.1, 7.1 and 8.1, RFC 6980. What is good is consumed, or
    arrives."""
    prefix = (b"\3\4\x40\xc0" + struct.pack("!III", 3600, 3600, 0) +
              to_ip6("2001:db8:9::"))
    good = {"NS": neighbour(NS, "fe80::99"), "NA": neighbour(NA),
            "RS": bytes([RS]) + bytes(7) + SLLA,
            "RA": bytes([RA]) + bytes(5) + b"\7\x08" + bytes(8) + SLLA + prefix,
            "redirect": redirect()}
    shortest = {"NS": 24, "NA": 24, "RS": 8, "RA": 16, "redirect": 40}
    for kind, message in good.items():
        bare = message[:shortest[kind]]
        packet = icmp6(message)
        yield ("good " + kind, ethernet + packet,
               None if kind in ("NS", "NA") else packet)
        for name, bad in (
                ("hop limit 64", icmp6(message, hlim=64)),
                ("hop limit 254", icmp6(message, hlim=254)),
                ("code 1", icmp6(message, code=1)),
                ("one byte short", icmp6(bare[:-1])),
                ("nothing but a type", icmp6(bare[:4])),
                ("option of length 0", icmp6(bare + b"\x0e\0" + bytes(6))),
                ("good option, then one of length 0",
                 icmp6(message + b"\x0e\0" + bytes(6))),
                ("option past the end", icmp6(bare + b"\x0e\2" + bytes(6))),
                ("half an option", icmp6(bare + b"\x0e\1\0\0")),
                ("one byte of an option", icmp6(bare + b"\x0e")),
                ("in a fragment, whole",
                 icmp6(message, fragment=b"\x3a\0\0\0\0\0\0\1"))):
            yield "%s: %s" % (kind, name), ethernet + bad, "rx_drop_ndp_invalid"
        yield ("%s: wrong checksum" % kind, ethernet +
               icmp6(message, spoil=0x1234), "rx_drop_checksum")
        # RFC 6980; the first one has an ICMPv6 header.
        yield from pieces("%s: in fragments" % kind, ethernet,
                          Datagram(None, packet[40:], 58), (0, 8, None),
                          (8, None, "rx_drop_ndp_invalid"))
    group = bytes(Ether(src=A, dst="33:33:ff:00:00:99", type=0x86dd))
    everybody = bytes(Ether(src=A, dst="33:33:00:00:00:01", type=0x86dd))
    probe = neighbour(NS, "fe80::99", b"")
    yield ("good NS from ::", group +
           icmp6(probe, src="::", dst="ff02::1:ff00:99"), None)
    for name, front, bad in (
            ("NS for ff02::1", ethernet, icmp6(neighbour(NS, "ff02::1"))),
            ("NS from :: with SLLA", group,
             icmp6(good["NS"], src="::", dst="ff02::1:ff00:99")),
            ("NS from :: to everybody", everybody,
             icmp6(probe, src="::", dst="ff02::1")),
            ("NS from :: to one", ethernet, icmp6(probe, src="::")),
            ("RS from :: with SLLA", ethernet, icmp6(good["RS"], src="::")),
            ("RA from a global address", ethernet,
             icmp6(good["RA"], src="2001:db8:9::2")),
            ("RA from ::", ethernet, icmp6(good["RA"], src="::")),
            ("redirect from a global address", ethernet,
             icmp6(good["redirect"], src="2001:db8:9::2")),
            ("redirect to a global address", ethernet,
             icmp6(redirect(target="2001:db8:9::2"))),
            ("redirect of ff0e::1", ethernet, icmp6(redirect(dest="ff0e::1"))),
            ("NA of ff02::1", ethernet, icmp6(neighbour(NA, "ff02::1"))),
            ("NA of ::ffff:10.9.0.2", ethernet,
             icmp6(neighbour(NA, "::ffff:10.9.0.2"))),
            ("NA, solicited, to everybody", everybody,
             icmp6(good["NA"], dst="ff02::1"))):
        yield name, front + bad, "rx_drop_ndp_invalid"


def chain(*headers, last=17, payload=None, cut=0, dst="fe80::1"):
    """An IPv6 packet with extension headers: (number, what follows its first
    byte). dst: where it goes in the end."""
    if payload is None:
        payload = bytes(IPv6(src="fe80::2", dst=dst) / UDP(sport=9, dport=9) /
                        PAYLOAD)[40:]
    numbers = [number for number, _ in headers] + [last]
    data = b"".join(bytes([follows]) + body for (_, body), follows
                    in zip(headers, numbers[1:])) + payload
    data = data[:len(data) - cut]
    return (struct.pack("!IHBB", 6 << 28, len(data), numbers[0], 64) +
            to_ip6("fe80::2") + to_ip6("fe80::1") + data)


def extension_cases(ethernet):
    padding = b"\0\1\4\0\0\0\0"
    hop, dest = (0, padding), (60, padding)
    routing = b"\2%c\1\0\0\0\0" + to_ip6("fe80::3")
    first = (44, b"\0\0\1\0\0\0\7")
    nothing = {"payload": b""}
    for name, packet in (
            ("hop-by-hop", chain(hop)),
            ("hop-by-hop, then destination options", chain(hop, dest)),
            ("8 headers", chain(*[dest] * 8)),
            ("routing header of type 2", chain((43, routing % 2), dst="fe80::3")),
            ("authentication header", chain((51, b"\4" + bytes(22)))),
            ("nothing behind", chain(last=59, **nothing)),
            ("unknown next header", chain(dest, last=253)),
            ("ESP", chain(dest, last=50))):
        yield "good " + name, ethernet + packet, packet
    for name, packet in (
            ("routing header of type 0", chain((43, routing % 0))),
            ("routing header of type 0 behind another", chain(dest, (43, routing % 0))),
            ("9 headers", chain(*[dest] * 9)),
            ("hop-by-hop behind another", chain(dest, hop)),
            ("two hop-by-hop", chain(hop, hop)),
            ("options that are not there", chain(last=60, **nothing)),
            ("one byte of options", chain(last=60, payload=b"\x11")),
            ("options cut by one", chain(dest, cut=1, **nothing)),
            ("options past the end", chain((60, b"\7" + padding[1:]))),
            ("authentication header past the end", chain((51, b"\xff" + bytes(22)))),
            ("half a fragment header", chain(first, cut=4, **nothing)),
            ("first fragment cut in its options", chain(first, dest, cut=2, **nothing)),
            ("first fragment of nothing but headers",
             chain(first, dest, **nothing)),
            ("first fragment with type 0 routing", chain(first, (43, routing % 0)))):
        yield name, ethernet + packet, "rx_drop_ext_headers"


def multicast_cases(mac):
    """RFC 1112 6.4, RFC 2464 7; a group's packet to one station is fine, RFC
    6085."""
    for dst, to, good in (
            ("224.0.0.5", "01:00:5e:00:00:05", True),
            ("239.129.2.3", "01:00:5e:01:02:03", True),
            ("224.0.0.5", mac, True),
            ("224.0.0.5", "01:00:5e:00:00:06", False),
            ("239.129.2.3", "01:00:5e:81:02:03", False),
            ("224.0.0.1", "33:33:00:00:00:01", False),
            ("10.9.0.1", "01:00:5e:09:00:01", False),
            ("ff02::5", "33:33:00:00:00:05", True),
            ("ff0e::102:304", "33:33:01:02:03:04", True),
            ("ff02::5", mac, True),
            ("ff02::5", "33:33:00:00:00:06", False),
            ("ff02::5", "01:00:5e:00:00:05", False),
            ("fe80::1", "33:33:00:00:00:01", False)):
        ip = IPv6(src="fe80::2", dst=dst) if ":" in dst else IP(src=A_IP, dst=dst)
        packet = bytes(ip / UDP(sport=9, dport=9) / PAYLOAD)
        yield ("%s to %s" % (dst, to),
               bytes(Ether(src=A, dst=to, type=0x86dd if ":" in dst else 0x800)) +
               packet, packet if good else "rx_drop_multicast")


def fragment_cases(ethernet, ip):
    invalid, duplicate = "rx_drop_fragment_invalid", "rx_drop_fragment_duplicate"
    overlaps, disagree = {"rx_drop_fragment_overlap": 2}, {invalid: 2}
    more, last = {"more": True}, {"more": False}
    for name, *steps in (
            ("in order", (0, 32, None), (32, 64, WHOLE)),
            ("in reverse", (32, 64, None), (0, 32, WHOLE)),
            ("the middle last", (0, 16, None), (48, 64, None), (16, 48, WHOLE)),
            ("8 bytes first", (0, 8, None), (8, 64, WHOLE)),
            ("twice", (0, 32, None), (0, 32, duplicate), (32, 64, WHOLE)),
            ("twice, with other data", (0, 32, None),
             (0, 32, duplicate, {"data": bytes(32)}), (32, 64, WHOLE)),
            ("the end twice", (32, 64, None), (32, 64, duplicate), (0, 32, WHOLE)),
            ("inside another", (0, 32, None), (8, 24, duplicate), (32, 64, WHOLE)),
            ("overlap", (0, 32, None), (24, 64, overlaps)),
            ("overlap from below", (32, 64, None), (0, 40, overlaps)),
            ("around another", (16, 24, None), (8, 32, overlaps)),
            ("overlap of three", (0, 16, None), (32, 64, None),
             (8, 40, {"rx_drop_fragment_overlap": 3})),
            ("teardrop", (0, 40, None), (24, 32, disagree, last)),
            ("two ends", (32, 64, None), (32, 56, disagree, last)),
            ("beyond the end", (32, 64, None),
             (64, 72, disagree, {"more": True, "data": bytes(8)})),
            ("empty", (8, 8, invalid, more)),
            ("empty and last", (64, 64, invalid)),
            ("33 bytes and more", (0, 33, invalid)),
            ("15 bytes and more", (32, 47, invalid)),
            ("CE and ECT", (0, 32, None, {"tos": 2}),
             (32, 64, lambda datagram: datagram.whole(tos=3), {"tos": 3})),
            ("CE and not ECT", (0, 32, None), (32, 64, disagree, {"tos": 3}))):
        yield from pieces(name, ethernet, Datagram(ip), *steps)
    data = Datagram(ip).payload
    yield from pieces("wrong checksum", ethernet, Datagram(ip, spoilt(data)),
                      (0, 32, None), (32, 64, "rx_drop_checksum"))
    # It quotes a packet that came to us.
    quote = Datagram(ip).whole()
    error = summed(ip, 1 if ip else 58, bytes([11 if ip else 3]) + bytes(7) +
                   quote, 2)
    yield from pieces("ICMP error", ethernet,
                      Datagram(ip, error[20 if ip else 40:], 1 if ip else 58),
                      (0, 32, None), (32, None, "rx_drop_icmp_forged"))

    # As long as can be, and longer.
    most = 65515 if ip else 65535
    edge = most & ~7
    long, longer = Datagram(ip, bytes(most), 253), Datagram(ip, bytes(65544), 253)
    yield from pieces("the longest", ethernet, long, (32768, None, None),
                      (0, 32768, WHOLE))
    yield from pieces("at the very end", ethernet, longer,
                      (edge, most, None, last))
    for start, end in ((edge, most + 1), (edge, edge + 8), (65528, 65536)):
        yield from pieces("past the end", ethernet, Datagram(ip, bytes(65544), 253),
                          (start, end, invalid, last))
    yield from pieces("past the end, and more", ethernet, longer,
                      (65528, 65536, invalid))
    options = b"\1" * 8 if ip else b"\0\0\1\4\0\0\0\0"
    yield from pieces("too long by its first headers", ethernet,
                      Datagram(ip, bytes(most), 253), (32768, None, None),
                      (0, 32768, disagree, {"options": options}))
    yield from pieces("options at first", ethernet, Datagram(ip), (32, 64, None),
                      (0, 32, lambda datagram: datagram.whole(options=options),
                       {"options": options}))
    if not ip:
        yield from ipv6_fragment_cases(ethernet)


def ipv6_fragment_cases(ethernet):
    headers = "rx_drop_ext_headers"
    yield from pieces("another next header behind", ethernet, Datagram(None),
                      (0, 32, None), (32, 64, WHOLE, {"protocol": 6}))
    # RFC 7112
    yield from pieces("TCP without its header", ethernet,
                      Datagram(None, bytes(64), 6), (0, 16, headers))
    yield from pieces("nothing", ethernet, Datagram(None),
                      (0, 0, headers, {"more": True}))
    yield from pieces("a fragment", ethernet,
                      Datagram(None, b"\x11\0\0\1" + bytes(60), 44),
                      (0, 32, headers))


def unassembled_cases(ethernet, ip):
    """Without reassembly they arrive as they are."""
    for name, *steps in (
            ("in order", (0, 32), (32, 64)),
            ("overlap", (0, 32), (24, 64)),
            ("twice", (0, 32), (0, 32))):
        datagram = Datagram(ip)
        yield from pieces(name + ", unassembled", ethernet, datagram,
                          *((start, end, datagram.piece(start, end))
                            for start, end in steps))
    if ip:
        return
    first, dest = (44, b"\0\0\1\0\0\0\7"), (60, b"\0\1\4\0\0\0\0")
    for name, packet in (
            ("first fragment with options", chain(first, dest)),
            ("later fragment of options",
             chain((44, b"\0\5\x58\0\0\0\7"), last=60, payload=b"\x11\xff"))):
        yield name, ethernet + packet, packet
    yield ("NS in a first fragment", ethernet +
           icmp6(neighbour(NS, "fe80::99"), fragment=b"\x3a\0\0\1\0\0\0\1"),
           "rx_drop_ndp_invalid")


def transports(ip):
    """Name, protocol, message and where its checksum is."""
    yield ("TCP", 6, struct.pack("!HHIIHHHH", 9, 9, 1, 0, 0x5002, 99, 0, 0) +
           b"hostile?", 16)
    yield "UDP", 17, udp(), 6
    yield "UDP-Lite", 136, udp(), 6
    yield "ICMP", 1 if ip else 58, bytes([8 if ip else 128]) + bytes(15), 2


def checksum_cases(ethernet, ip):
    bad = "rx_drop_checksum"

    def family(name):
        return "%s, IPv%d" % (name, 4 if ip else 6)

    options = b"\1" * 4 if ip else b"\0\0\1\4\0\0\0\0"
    for name, protocol, message, at in transports(ip):
        for what, packet in (
                ("good", summed(ip, protocol, message, at)),
                ("good behind options",
                 summed(ip, protocol, message, at, options=options))):
            yield family(what + " " + name), ethernet + packet, packet
        for what, packet in (
                ("wrong sum of", summed(ip, protocol, message, at, spoil=0x1234)),
                ("flipped bit in", spoilt(summed(ip, protocol, message, at))),
                ("wrong sum behind options of",
                 summed(ip, protocol, message, at, spoil=1, options=options))):
            yield family(what + " " + name), ethernet + packet, bad
    odd = summed(ip, 6, struct.pack("!HHIIHHHH", 9, 9, 1, 0, 0x5002, 99, 0, 0) +
                 b"odd", 16)
    yield family("odd length"), ethernet + odd + b"\xa5", odd
    yield family("odd length, flipped"), ethernet + spoilt(odd), bad
    for name, message, covered, wanted in (
            ("8 bytes", udp(length=8), 8, "good"),
            ("all but one", udp(length=15), 15, "good"),
            ("7 bytes", udp(length=7), 7, bad),
            ("more than there is", udp(length=17), 16, bad)):
        packet = summed(ip, 136, message, 6, covered)
        if wanted == "good":
            packet = spoilt(packet)
        yield (family("UDP-Lite sum of " + name), ethernet + packet,
               packet if wanted == "good" else bad)
    lite = Datagram(ip, udp(), 136).whole()
    yield family("UDP-Lite without a sum"), ethernet + lite, bad
    lite = summed(ip, 136, udp()[:4] + bytes(4) + b"hostile?", 6)
    yield family("UDP-Lite sum of all"), ethernet + lite, lite
    yield family("UDP-Lite sum of all, flipped"), ethernet + spoilt(lite), bad
    # Of a sum of 0, RFC 768 makes 0xffff.
    zero = udp(summed(ip, 17, udp(bytes(2)), 6)[-4:-2])
    packet = summed(ip, 17, zero, 6)
    assert packet[-4:-2] == b"\xff\xff"
    yield family("UDP sum 0xffff"), ethernet + packet, packet
    short = summed(ip, 17, udp(length=12), 6, covered=12)
    # Its pseudo header has the length of UDP's own header.
    for what, length in (("7 bytes", 7), ("more than there is", 17)):
        packet = summed(ip, 17, udp(length=length), 6, spoil=1)
        yield family("UDP length of " + what), ethernet + packet, packet
    yield family("UDP length of less"), ethernet + short, bad
    for protocol in (58 if ip else 1, 253):
        packet = summed(ip, protocol, bytes([128]) + bytes(7), 2, spoil=1)
        yield family("protocol %d" % protocol), ethernet + packet, packet
    without = Datagram(ip, udp()).whole()
    yield family("UDP without a sum"), ethernet + without, without if ip else bad
    if not ip:
        yield from sockets_without_checksums(ethernet)


def sockets_without_checksums(ethernet):
    """RFC 6935, 6936: only for those that want it so."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
        s.bind(("::", 0))
        packet = Datagram(None, udp(dport=s.getsockname()[1])).whole()
        spoiled = summed(None, 17, udp(dport=s.getsockname()[1]), 6, spoil=1)
        yield "no sum, usual socket", ethernet + packet, "rx_drop_checksum"
        s.setsockopt(17, 102, 1)  # UDP_NO_CHECK6_RX
        yield "no sum, socket without", ethernet + packet, packet
        yield ("no sum, another port", ethernet + Datagram(None, udp()).whole(),
               "rx_drop_checksum")
        yield ("wrong sum, socket without", ethernet + spoiled,
               "rx_drop_checksum")


def unchecked_cases(ethernet, ip):
    """ethtool -K vpn0 rx off: wrong ones are the host's, but for what the
    driver itself believes."""
    for name, protocol, message, at in transports(ip):
        packet = summed(ip, protocol, message, at, spoil=1)
        yield "unchecked " + name, ethernet + packet, packet
    if ip:
        return
    without = Datagram(None, udp()).whole()
    yield "unchecked UDP without a sum", ethernet + without, without
    yield ("unchecked NS", ethernet + icmp6(neighbour(NS, "fe80::99"), spoil=1),
           "rx_drop_ndp_invalid")


def rechecked_cases(ethernet, ip):
    yield ("checked again", ethernet + summed(ip, 17, udp(), 6, spoil=1),
           "rx_drop_checksum")


def quote(ip, src=None, payload=b"\0\x07\0\x09\0\x10\0\0hostile?", protocol=17,
          field=0, length=None, options=b""):
    """A packet that we sent; or somebody else did. Its checksum is of no use
    any more."""
    length = len(payload) if length is None else length
    if ip:
        return struct.pack("!BBHHHBBH", 0x45 + len(options) // 4, 0,
                           20 + len(options) + length, 1, field, 9, protocol, 0
                           ) + socket.inet_aton(src or ip) + socket.inet_aton(
                               "192.0.2.1") + options + payload
    return struct.pack("!IHBB", 6 << 28, length + len(options),
                       60 if options else protocol, 9) + to_ip6(
                           src or "fe80::1") + to_ip6("2001:db8::1") + (
                               options + payload)


def icmp_cases(ethernet, ip):
    """RFC 792, 1191, 4443, 5927, 8201."""
    forged = "rx_drop_icmp_forged"
    header = 20 if ip else 40
    unreachable, too_big, exceeded = (
        ((3, 1), (3, 4), (11, 0)) if ip else ((1, 0), (2, 0), (3, 0)))
    others = ([(3, 0), (3, 3), (3, 13), (4, 0), (5, 1), (11, 1), (12, 0)] if ip
              else [(1, 4), (3, 1), (4, 0)])
    options = b"\1" * 8 if ip else b"\x11\0\1\4\0\0\0\0"
    least = 68 if ip else 1280
    own = quote(ip)

    def error(kind, quoted, mtu=0, cut=None):
        message = bytes(kind) + bytes(2) + struct.pack("!I", mtu) + quoted
        return summed(ip, 1 if ip else 58, message[:cut], 2)

    for name, packet in (
            [("%d/%d" % kind, error(kind, own))
             for kind in [unreachable, exceeded] + others] +
            [("MTU %d" % mtu, error(too_big, own, mtu))
             for mtu in (least, 1400, 1500, 65535)] +
            [("8 bytes quoted", error(exceeded, own[:header + 8])),
             ("less than 8 bytes sent",
              error(exceeded, quote(ip, payload=b"less", protocol=253))),
             ("options quoted", error(exceeded, quote(ip, options=options))),
             ("another kind", error((13, 0) if ip else (127, 0), b""))]):
        yield "ICMP error, good: " + name, ethernet + packet, packet
    for name, packet in (
            ("another's packet", error(unreachable, quote(
                ip, src="10.9.0.3" if ip else "fe80::3"))),
            ("another's packet, too big", error(too_big, quote(
                ip, src="10.9.0.3" if ip else "fe80::3"), 1400)),
            ("its own packet", error(exceeded, quote(
                ip, src=A_IP if ip else "fe80::2"))),
            ("MTU 0", error(too_big, own, 0)),
            ("MTU %d" % (least - 1), error(too_big, own, least - 1)),
            ("nothing quoted", error(unreachable, b"")),
            ("half of a header", error(unreachable, own, cut=4)),
            ("IP header cut", error(exceeded, own[:header - 1])),
            ("7 bytes quoted", error(exceeded, own[:header + 7])),
            ("3 of 4 bytes quoted", error(exceeded, quote(
                ip, payload=b"les", length=4, protocol=253))),
            ("options cut", error(exceeded, quote(
                ip, options=options, payload=b"", length=64)[:-1])),
            ("another version", error(exceeded, quote("" if ip else "10.9.0.1"))),
            ("no version", error(exceeded, b"\0" + own[1:]))):
        yield "ICMP error, forged: " + name, ethernet + packet, forged
    if ip:
        later = error(exceeded, quote(ip, field=100))
        yield "ICMP error about a fragment", ethernet + later, later
        yield ("ICMP error, forged: IHL 4",
               ethernet + error(exceeded, b"\x44" + own[1:]), forged)
    yield ("ICMP error, forged, wrong sum", ethernet + spoilt(
        error(too_big, own, least - 1)), "rx_drop_checksum")


def check_rx(mac, ip):
    def both(generator):
        for kind, address in ((0x800, ip), (0x86dd, None)):
            yield from generator(bytes(Ether(src=A, dst=mac, type=kind)), address)

    checker = Checker("vpn0-l2", "vpn0", 0)
    checker.check_all(itertools.chain(
        arp_cases(mac, ip), ethernet_cases(mac, ip),
        ipv4_cases(bytes(Ether(src=A, dst=mac, type=0x800)), ip),
        ipv6_cases(bytes(Ether(src=A, dst=mac, type=0x86dd))),
        ndp_cases(bytes(Ether(src=A, dst=mac, type=0x86dd))),
        extension_cases(bytes(Ether(src=A, dst=mac, type=0x86dd))),
        multicast_cases(mac), both(fragment_cases), both(checksum_cases),
        both(icmp_cases)))
    reassembly("off")
    checker.check_all(both(unassembled_cases))
    reassembly("on")
    subprocess.run(["ethtool", "-K", "vpn0", "rx", "off"], check=True)
    checker.check_all(both(unchecked_cases))
    subprocess.run(["ethtool", "-K", "vpn0", "rx", "on"], check=True)
    checker.check_all(both(rechecked_cases))
    return checker


def check_tx(ip):
    """Behind A_IP is a permanent neighbour."""
    good = bytes(IP(src=ip, dst=A_IP) / UDP(sport=9, dport=9) / PAYLOAD)
    header, length = "tx_drop_ip_header", "tx_drop_ip_length"
    too_big = "tx_drop_too_big"

    def sized(size):
        return bytes(IP(src=ip, dst=A_IP) / UDP(sport=9, dport=9) /
                     Raw(bytes(size - 28)))

    def sized6(size):
        return bytes(IPv6(src="fe80::1", dst="fe80::2") / UDP(sport=9, dport=9) /
                     Raw(bytes(size - 48)))

    checker = Checker("vpn0", "vpn0-l2", 14)
    for name, data, wanted, protocol in (
            ("good packet", good, good, 0x800),
            ("good packet by its version", good, good, 0),
            ("packet with a tail", good + bytes(9), good, 0x800),
            ("1280 bytes", sized(1280), sized(1280), 0x800),
            ("1280 bytes with a tail", sized(1280) + bytes(9), sized(1280), 0x800),
            # It has no route: whoever sent it is told, not served.
            ("1281 bytes", sized(1281), too_big, 0x800),
            ("1500 bytes of IPv6", sized6(1500), too_big, 0x86dd),
            ("1281 bytes of IPv6", sized6(1281), too_big, 0x86dd),
            ("ARP", bytes(28), "tx_drop_not_ip", 0x806),
            ("LLDP", good, "tx_drop_not_ip", 0x88cc),
            ("PPPoE", good, "tx_drop_not_ip", 0x8864),
            ("no version", b"\0" + good[1:], "tx_drop_not_ip", 0),
            ("version 15", b"\xff" + good[1:], "tx_drop_not_ip", 0),
            ("IPv4 of version 6", b"\x65" + good[1:], header, 0x800),
            ("IPv4 of IHL 4", b"\x44" + good[1:], header, 0x800),
            ("IPv6 of version 4", good + bytes(20), header, 0x86dd),
            ("one byte", good[:1], length, 0x800),
            ("19 bytes", good[:19], length, 0x800),
            ("options cut", b"\x4f" + good[1:], length, 0x800),
            ("cut by one", good[:-1], length, 0x800),
            ("length 0", good[:2] + bytes(2) + good[4:], length, 0x800),
            ("length 65535", good[:2] + b"\xff\xff" + good[4:], length, 0x800),
            ("39 bytes", b"\x60" + bytes(38), length, 0x86dd),
            ("IPv6 payload missing", b"\x60" + bytes(3) + b"\x01" + bytes(35),
             length, 0x86dd),
            ("to 0.0.0.0", IP(src=ip, dst="0.0.0.0") / UDP(),
             "tx_drop_next_hop", 0x800),
            ("to 127.0.0.1", IP(src=ip, dst="127.0.0.1") / UDP(),
             "tx_drop_next_hop", 0x800),
            ("to ::1", IPv6(src="fe80::1", dst="::1") / UDP(),
             "tx_drop_next_hop", 0x86dd),
            ("to ::", IPv6(src="fe80::1", dst="::") / UDP(),
             "tx_drop_next_hop", 0x86dd),
            ("to a mapped address",
             IPv6(src="fe80::1", dst="::ffff:10.9.0.2") / UDP(),
             "tx_drop_next_hop", 0x86dd)):
        checker.check(name, data, wanted, protocol)
    return checker


if __name__ == "__main__":
    RESULT = {"rx": check_rx, "tx": check_tx}[sys.argv[1]](*sys.argv[2:])
    sys.exit(1 if RESULT.failures else 0)
