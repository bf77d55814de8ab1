#!/usr/bin/python3
"""A DHCPv6 server that answers as a test says, on an Ethernet device.

    dhcp6-peer.py DEVICE [--first ANSWER]...
    dhcp6-peer.py DEVICE --unasked --station MAC

It gives the address 2001:db8:9::50, the prefix 2001:db8:5000::/56, the name
server 2001:db8:9::53 and the domain vpn.example, as far as it is asked for them.
Before each good Reply it sends those of --first, all of it ending in
::666, in 2001:db8:6660::/56 or in evil.example: of another transaction (xid), to
another client (client) or to none (anybody). With --unasked it sends one Reply
to --station and ends. A server prints a line for each message.

None has a wrong UDP checksum: dhcpcd 9.4 does not get over such a datagram.
"""
import argparse
import socket
import struct

MAC = bytes.fromhex("020000000001")
SERVER = socket.inet_pton(socket.AF_INET6, "fe80::1")
SOLICIT, ADVERTISE, REPLY, RELEASE, INFORMATION_REQUEST = 1, 2, 7, 8, 11
CLIENT_ID, SERVER_ID, IA_NA, IA_ADDRESS = 1, 2, 3, 5
PREFERENCE, RAPID_COMMIT, DNS, SEARCH, IA_PD, IA_PREFIX = 7, 14, 23, 24, 25, 26


def address(text):
    return socket.inet_pton(socket.AF_INET6, text)


def checksum(data):
    data += b"\0" * (len(data) & 1)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def frame(payload, to_mac, to):
    """Ethernet, IPv6 and UDP around a message to a client."""
    udp = struct.pack("!HHHH", 547, 546, 8 + len(payload), 0) + payload
    pseudo = SERVER + to + struct.pack("!II", len(udp), 17)
    udp = udp[:6] + struct.pack("!H", checksum(pseudo + udp) or 0xffff) + udp[8:]
    return (to_mac + MAC + b"\x86\xdd" + struct.pack("!IHBB", 6 << 28, len(udp), 17, 64) +
            SERVER + to + udp)


def option(kind, data):
    return struct.pack("!HH", kind, len(data)) + data


def options_of(message):
    """{kind: data} of the last option of each kind."""
    found, at = {}, 4
    while at + 4 <= len(message):
        kind, length = struct.unpack("!HH", message[at:at + 4])
        found[kind] = message[at + 4:at + 4 + length]
        at += 4 + length
    return found


def answer(kind, xid, asked, evil=False):
    """A message to who sent these options."""
    last, domain = (":666", b"\x04evil") if evil else ("", b"\x03vpn")
    reply = option(SERVER_ID, b"\0\3\0\1" + MAC) + option(PREFERENCE, b"\xff")
    if CLIENT_ID in asked:
        reply += option(CLIENT_ID, asked[CLIENT_ID])
    if IA_NA in asked:
        gives = option(IA_ADDRESS, address("2001:db8:9:" + (last or ":50")) +
                       struct.pack("!II", 1800, 3600))
        reply += option(IA_NA, asked[IA_NA][:4] + struct.pack("!II", 900, 1440) + gives)
    if IA_PD in asked:
        prefix = "2001:db8:6660::" if evil else "2001:db8:5000::"
        gives = option(IA_PREFIX, struct.pack("!IIB", 1800, 3600, 56) + address(prefix))
        reply += option(IA_PD, asked[IA_PD][:4] + struct.pack("!II", 900, 1440) + gives)
    reply += option(DNS, address("2001:db8:9:" + (last or ":53")))
    reply += option(SEARCH, domain + b"\x07example\0")
    return struct.pack("!I", kind << 24 | xid) + reply


def parse(data):
    """(kind, xid, options, MAC, address) of a client's message, or None."""
    if len(data) < 66 or data[12:14] != b"\x86\xdd" or data[20] != 17:
        return None
    if data[56:58] != b"\x02\x23":
        return None
    message = data[62:]
    first, = struct.unpack("!I", message[:4])
    return first >> 24, first & 0xffffff, options_of(message), data[6:12], data[22:38]


def lie(name, xid, asked, mac, to):
    asked = dict(asked)
    if name == "xid":
        xid ^= 1
    if name == "client":
        asked[CLIENT_ID] = asked[CLIENT_ID][:-1] + bytes([asked[CLIENT_ID][-1] ^ 1])
    if name == "anybody":
        del asked[CLIENT_ID]
    return frame(answer(REPLY, xid, asked, True), mac, to)


def serve(sock, args):
    while True:
        request = parse(sock.recv(2048))
        if not request:
            continue
        kind, xid, asked, mac, to = request
        print("received", kind, flush=True)
        if kind == SOLICIT:
            sock.send(frame(answer(ADVERTISE, xid, asked), mac, to))
            continue
        for name in args.first:
            sock.send(lie(name, xid, asked, mac, to))
        sock.send(frame(answer(REPLY, xid, asked), mac, to))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("device")
    parser.add_argument("--first", action="append", default=[])
    parser.add_argument("--unasked", action="store_true")
    parser.add_argument("--station", type=lambda text: bytes.fromhex(text.replace(":", "")))
    args = parser.parse_args()
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.bind((args.device, 0))
    if args.unasked:
        asked = {CLIENT_ID: b"\0\3\0\1" + args.station, IA_NA: bytes(12), IA_PD: bytes(12)}
        sock.send(frame(answer(REPLY, 1, asked, True), args.station, address("fe80::5")))
        return
    print("listening", flush=True)
    serve(sock, args)


main()
