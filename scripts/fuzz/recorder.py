#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Listens on all devices of its network namespace, and of those that are made
after it, and adds what it hears to a file, as seeds of the fuzzing targets: a
line `TARGET HEX` for each.

    recorder.py FILE

Of a target so many at most, and none twice."""
import ctypes
import os
import select
import socket
import struct
import sys

MOST = 150
LONGEST = 1300
ETHER = 1		# ARPHRD_ETHER
NONE = 65534		# ARPHRD_NONE
PACKET_AUXDATA = 8
VLAN_VALID = 1 << 4	# TP_STATUS_VLAN_VALID
# Of targets that are given a packet: what the world says; no flags, and ten words
# of it are linear.
WORLD = bytes([0x35, 0x8b, 0x62, 0xd1])
CONTROL = bytes([0, 10])
DHCP, DHCP6, DNS = {67, 68}, {546, 547}, {53}
DHCP6_DOMAINS, RA_DOMAINS = 24, 31


def dhcp6(message):
    """The lists of domains in it."""
    at = 4
    while at + 4 <= len(message):
        option, length = struct.unpack("!HH", message[at:at + 4])
        if option == DHCP6_DOMAINS:
            yield "domain", message[at + 4:at + 4 + length]
        at += 4 + length


def udp(message):
    ports = set(struct.unpack("!HH", message[:4]))
    for target, wanted in (("dhcp", DHCP), ("dhcp6", DHCP6), ("dns", DNS)):
        if ports & wanted:
            yield target, message[8:]
    if ports & DHCP6:
        yield from dhcp6(message[8:])


def icmp6(message):
    if message[0] != 134:
        return
    yield "ra", message
    at = 16
    while at + 8 <= len(message) and message[at + 1]:
        length = message[at + 1] * 8
        if message[at] == RA_DOMAINS:
            yield "domain", message[at + 8:at + length]
        at += length


def ip(packet):
    yield "packet", CONTROL + packet
    yield "csum", WORLD + CONTROL + packet
    yield "ndp", WORLD + CONTROL + packet
    if packet[0] >> 4 == 4:
        length, protocol = (packet[0] & 15) * 4, packet[9]
    else:
        length, protocol = 40, packet[6]
    carried = packet[length:]
    if len(carried) < 8:
        return
    if protocol == socket.IPPROTO_UDP:
        yield from udp(carried)
    elif protocol == socket.IPPROTO_ICMPV6:
        yield from icmp6(carried)
    if protocol in (socket.IPPROTO_ICMP, socket.IPPROTO_ICMPV6):
        yield "icmp", CONTROL + packet


def ethernet(frame):
    yield "vlan", CONTROL + frame
    kind = struct.unpack("!H", frame[12:14])[0]
    if kind == 0x0806:
        yield "arp", WORLD + CONTROL[1:] + frame
    elif kind in (0x0800, 0x86dd):
        yield from ip(frame[14:])


def tagged(frame, ancillary):
    """The tag may be beside the frame."""
    for _, _, data in ancillary:
        status, tci, kind = struct.unpack("=I12xHH", data)
        if status & VLAN_VALID:
            return frame[:12] + struct.pack("!HH", kind, tci) + frame[12:]
    return frame


def seeds(frame, ancillary, hardware):
    if hardware == ETHER and len(frame) > 14:
        yield from ethernet(frame)
        whole = tagged(frame, ancillary)
        if whole != frame:
            yield "vlan", CONTROL + whole
    elif hardware == NONE and len(frame) >= 20:
        yield from ip(frame)


def listener():
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.setsockopt(263, PACKET_AUXDATA, 1)
    return sock


def listen_in(namespace):
    """A listener there. It stays there when this process leaves again."""
    libc = ctypes.CDLL(None)
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(namespace, os.O_RDONLY)
    try:
        if libc.setns(there, 0) != 0:
            return None
        return listener()
    finally:
        libc.setns(home, 0)
        os.close(home)
        os.close(there)


def follow(folder, listeners):
    if os.path.isdir(folder):
        for name in os.listdir(folder):
            if name not in listeners:
                try:
                    listeners[name] = listen_in(f"{folder}/{name}")
                except OSError:
                    pass  # not made yet, or gone again


def main():
    seen = {}
    listeners = {None: listener()}
    with open(sys.argv[1], "a", buffering=1) as out:
        while True:
            follow("/run/netns", listeners)
            ready = select.select([s for s in listeners.values() if s], [], [], 0.2)[0]
            for sock in ready:
                frame, ancillary, _, address = sock.recvmsg(LONGEST + 1, 256)
                for target, data in seeds(frame, ancillary, address[3]):
                    known = seen.setdefault(target, set())
                    if len(frame) <= LONGEST and len(known) < MOST and data not in known:
                        known.add(data)
                        out.write(f"{target} {data.hex()}\n")


if __name__ == "__main__":
    main()
