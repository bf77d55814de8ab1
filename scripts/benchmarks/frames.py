#!/usr/bin/python3
"""Frames for scripts/benchmarks/send.c: frames.py CASE [ARGUMENT]...

a0 is the host end, b0 its Ethernet end, with the addresses that path.sh gives
them."""

import os
import socket
import struct
import sys

sys.path.insert(1, os.path.join(os.path.dirname(__file__), "../tests"))
import dnsmsg  # noqa: E402
import station  # noqa: E402

HOST_END, ETHERNET_END = socket.if_nametoindex("a0"), socket.if_nametoindex("b0")
HOST_MAC, PEER_MAC = "02:00:00:00:00:01", "02:00:00:00:00:02"
HOST, PEER = {4: "10.1.0.1", 6: "fd00:1::1"}, {4: "10.1.0.2", 6: "fd00:1::2"}
ROUTER = "fe80::2"
EVENTS = 600
# A source gets 32 answers in a second of ARP and NDP.
BURST = 30


def from_segment(kind, data):
    print(kind, ETHERNET_END, data[12:14].hex(), data.hex())


def from_host(kind, packet):
    print(kind, HOST_END, "0800" if packet[0] >> 4 == 4 else "86dd", packet.hex())


def address(text):
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


def ip(source, dest, protocol, payload):
    if ":" not in source:
        return station.ip_frame(PEER_MAC, HOST_MAC, source, dest, protocol, payload)[14:]
    return (struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64) +
            address(source) + address(dest) + payload)


def datagram(source, dest, ports, data):
    """UDP, with its checksum."""
    udp = struct.pack("!HHHH", *ports, 8 + len(data), 0) + data
    total = station.checksum(address(source) + address(dest) +
                             struct.pack("!HH", 17, len(udp)) + udp) or 0xffff
    return udp[:6] + struct.pack("!H", total) + data


def udp(source, dest, ports, data):
    return ip(source, dest, 17, datagram(source, dest, ports, data))


def frame(packet):
    kind = b"\x08\x00" if packet[0] >> 4 == 4 else b"\x86\xdd"
    return station.to_mac(HOST_MAC) + station.to_mac(PEER_MAC) + kind + packet


def bursts(kind, one):
    for i in range(EVENTS):
        from_segment(kind, one)
        if i % BURST == BURST - 1:
            print("s 1000")


def arp():
    bursts("t", station.arp_frame("request", PEER_MAC, "10.1.0.3", station.ZERO, HOST[4]))


def ns():
    bursts("t", station.ns_frame(PEER_MAC, "fd00:1::3", HOST[6]))


def ra():
    for _ in range(EVENTS):
        from_segment("t", station.ra_frame(PEER_MAC, ROUTER, 1800, "fd00:9::/64"))


def dhcp_message(op, number, gives, options):
    return (struct.pack("!BBBBI", op, 1, 6, 0, number) + bytes(8) + address(gives) +
            bytes(8) + station.to_mac(HOST_MAC).ljust(16, b"\0") + bytes(192) +
            b"\x63\x82\x53\x63" + options + b"\xff")


def dhcp():
    """A renewed lease: the request, and what answers it."""
    server, lease = address(PEER[4]), "10.1.0.9"
    for i in range(EVENTS):
        request = dhcp_message(1, i, "0.0.0.0", b"\x35\x01\x03\x36\x04" + server +
                               b"\x32\x04" + address(lease))
        ack = dhcp_message(2, i, lease, b"\x35\x01\x05\x36\x04" + server +
                           b"\x33\x04" + struct.pack("!I", 3600) +
                           b"\x01\x04\xff\xff\xff\0\x03\x04" + server + b"\x06\x04" + server)
        from_host("-", udp("0.0.0.0", "255.255.255.255", (68, 67), request))
        from_segment("t", frame(udp(PEER[4], lease, (67, 68), ack)))


def dns_label(number):
    """All of them have the same checksum."""
    digits = f"{number:06x}{0xffffff - number:06x}"
    return digits.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop")).encode()


def dns(measured, first, last, step="1"):
    """Names that are not known yet: miss, answer, or neither is measured; or that
    are: hit."""
    query = dnsmsg.Query(dnsmsg.to_name(dns_label(0).decode() + ".example.com"), 1)
    question = udp(HOST[4], PEER[4], (40000, 53), query.encode(1))
    answer = frame(udp(PEER[4], HOST[4], (53, 40000), struct.pack(
        "!6H", 1, dnsmsg.QR | dnsmsg.RD, 1, 1, 0, 0) + query.question +
        dnsmsg.record(1, 3600, address("192.0.2.1"))))
    for number in range(int(first), int(last), int(step)):
        label = dns_label(number)
        from_host("t" if measured in ("hit", "miss") else "-",
                  question.replace(dns_label(0), label))
        if measured != "hit":
            from_segment("t" if measured == "answer" else "-",
                         answer.replace(dns_label(0), label))


def neighbour(family, number):
    """10.64.0.2 and up, which are on the segment as long as there is no gateway."""
    return (socket.inet_ntoa(struct.pack("!I", 0x0a400002 + number)) if family == "4" else
            f"fd00:1::1:{number:x}")


def resolve(measured, family, first, last):
    """Packets to ever other neighbours, and the answers to what is asked then."""
    host = HOST[int(family)]
    for number in range(int(first), int(last)):
        peer = neighbour(family, number)
        from_host("t" if measured == "packet" else "-", udp(host, peer, (9, 9), bytes(18)))
        from_segment("t" if measured == "answer" else "-",
                     station.arp_frame("reply", PEER_MAC, peer, HOST_MAC, host)
                     if family == "4" else
                     station.na_frame(PEER_MAC, peer, peer, "SO", HOST_MAC, host))


def fragments_of(number, source, dest, data, at):
    """The two parts of a datagram."""
    whole = datagram(source, dest, (9, 9), data)
    for part, offset, more in ((whole[:at], 0, 1), (whole[at:], at, 0)):
        if ":" in source:
            yield frame(ip(source, dest, 44, struct.pack(
                "!BBHI", 17, 0, offset | more, number) + part))
            continue
        packet = bytearray(ip(source, dest, 17, part))
        packet[4:8] = struct.pack("!HH", number & 0xffff, more << 13 | offset // 8)
        packet[10:12] = bytes(2)
        packet[10:12] = struct.pack("!H", station.checksum(bytes(packet[:20])))
        yield frame(bytes(packet))


def fragments(family):
    for number in range(EVENTS):
        first, last = fragments_of(number, PEER[int(family)], HOST[int(family)], bytes(1392), 704)
        from_segment("t", first)
        from_segment("+", last)


def open_fragments(family, count):
    """First parts, from ever other sources, that nothing follows."""
    for number in range(int(count)):
        first, _ = fragments_of(number, neighbour(family, number), HOST[int(family)],
                                bytes(32), 8)
        from_segment("-", first)


def plain(way):
    """A datagram that nothing is done with."""
    for _ in range(EVENTS):
        if way == "sent":
            from_host("t", udp(HOST[4], PEER[4], (9, 9), bytes(18)))
        else:
            from_segment("t", frame(udp(PEER[4], HOST[4], (9, 9), bytes(18))))


CASES = {case.__name__: case for case in (
    arp, ns, ra, dhcp, dns, resolve, fragments, open_fragments, plain)}
CASES[sys.argv[1]](*sys.argv[2:])
