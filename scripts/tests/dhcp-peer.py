#!/usr/bin/python3
"""A DHCP server that answers as a test says, on an Ethernet device.

    dhcp-peer.py DEVICE [--lease SECONDS] [--first ANSWER]...
    dhcp-peer.py DEVICE --unasked --station MAC
    dhcp-peer.py DEVICE --discover

It has the address 10.9.0.1 and gives 10.9.0.50/24. Before each good ACK it
sends those of --first, whose gateway is 10.9.0.66: of another transaction
(xid), to another station (chaddr), by another server (server), with another
address than offered (address), or with a wrong UDP checksum (checksum). With --unasked it sends one ACK to --station and ends, with --discover
a DISCOVER to all.
A server
prints a line for each message.
"""
import argparse
import socket
import struct

SERVER = "10.9.0.1"
OTHER_SERVER = "10.9.0.3"
ADDRESS, OTHER_ADDRESS = "10.9.0.50", "10.9.0.60"
OTHER_GATEWAY = "10.9.0.66"
MAC = bytes.fromhex("020000000001")
DISCOVER, OFFER, REQUEST, ACK = 1, 2, 3, 5


def address(text):
    return socket.inet_aton(text)


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data[:len(data) & ~1]))
    total += data[-1] << 8 if len(data) & 1 else 0
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def frame(payload, to=b"\xff" * 6, spoil=False, source=SERVER, ports=(67, 68)):
    """Ethernet, IPv4 and UDP around a DHCP message to the broadcast address."""
    ends = address(source) + address("255.255.255.255")
    udp = struct.pack("!HHHH", *ports, 8 + len(payload), 0)
    check = checksum(ends + struct.pack("!HH", 17, len(udp) + len(payload)) + udp + payload)
    udp = udp[:6] + struct.pack("!H", check ^ spoil or 0xffff)
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp) + len(payload), 0, 0, 64, 17, 0) + ends
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    return to + MAC + b"\x08\x00" + ip + udp + payload


def answer(kind, xid, chaddr, lease, gives=ADDRESS, server=SERVER, gateway=SERVER):
    options = (struct.pack("!BBB", 53, 1, kind) + b"\x36\x04" + address(server) +
               struct.pack("!BBI", 51, 4, lease) + b"\x01\x04" + address("255.255.255.0") +
               b"\x03\x04" + address(gateway) + b"\xff")
    return (struct.pack("!BBBBIHH", 2, 1, 6, 0, xid, 0, 0x8000) + bytes(4) + address(gives) +
            bytes(8) + chaddr.ljust(16, b"\0") + bytes(192) + b"\x63\x82\x53\x63" + options)


def discover():
    return frame(struct.pack("!BBBBI", 1, 1, 6, 0, 1) + bytes(20) + MAC.ljust(16, b"\0") +
                 bytes(192) + b"\x63\x82\x53\x63" + b"\x35\x01\x01\xff",
                 source="0.0.0.0", ports=(68, 67))


def parse(data):
    """(type, xid, chaddr) of a DHCP request in a frame, or None."""
    if len(data) < 42 + 240 or data[12:14] != b"\x08\x00" or data[23] != 17:
        return None
    bootp = data[34 + 8:]
    if data[36:38] != b"\x00\x43" or bootp[0] != 1:
        return None
    options, at = bootp[240:], 0
    while at + 2 < len(options) and options[at] not in (53, 255):
        at += 1 if options[at] == 0 else 2 + options[at + 1]
    return options[at + 2], struct.unpack("!I", bootp[4:8])[0], bootp[28:34]


def lie(kind, xid, chaddr, lease):
    if kind == "xid":
        xid ^= 1
    if kind == "chaddr":
        chaddr = chaddr[:5] + bytes([chaddr[5] ^ 1])
    gives = OTHER_ADDRESS if kind == "address" else ADDRESS
    server = OTHER_SERVER if kind == "server" else SERVER
    return frame(answer(ACK, xid, chaddr, lease, gives, server, OTHER_GATEWAY),
                 spoil=kind == "checksum")


def serve(sock, args):
    while True:
        request = parse(sock.recv(2048))
        if not request:
            continue
        kind, xid, chaddr = request
        print("received", kind, flush=True)
        if kind == DISCOVER:
            sock.send(frame(answer(OFFER, xid, chaddr, args.lease)))
        if kind == REQUEST:
            for name in args.first:
                sock.send(lie(name, xid, chaddr, args.lease))
            sock.send(frame(answer(ACK, xid, chaddr, args.lease)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("device")
    parser.add_argument("--lease", type=int, default=3600)
    parser.add_argument("--first", action="append", default=[])
    parser.add_argument("--unasked", action="store_true")
    parser.add_argument("--discover", action="store_true")
    parser.add_argument("--station", type=lambda text: bytes.fromhex(text.replace(":", "")))
    args = parser.parse_args()
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.bind((args.device, 0))
    if args.unasked:
        sock.send(frame(answer(ACK, 1, args.station, args.lease, gateway=OTHER_GATEWAY),
                        to=args.station))
        return
    if args.discover:
        sock.send(discover())
        return
    print("listening", flush=True)
    serve(sock, args)


main()
