"""Netlink messages: for the other programs here."""

import struct

NETLINK_GENERIC = 16
NLM_F_REQUEST, NLM_F_ACK = 1, 4
CTRL, GETFAMILY, FAMILY_ID, FAMILY_NAME = 16, 3, 1, 2


def attribute(kind, data):
    length = 4 + len(data)
    return struct.pack("=HH", length, kind) + data + bytes(-length % 4)


def attributes(data):
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack("=HH", data[:4])
        found[kind & 0x3fff] = data[4:length]
        data = data[(length + 3) & ~3:]
    return found


def request(sock, family, command, body, flags=0):
    """What a generic netlink family answers."""
    sock.send(struct.pack("=IHHIIBBH", 20 + len(body), family,
                          NLM_F_REQUEST | flags, 1, 0, command, 1, 0) + body)
    return sock.recv(65536)


def family(sock, name):
    """The attributes of a generic netlink family."""
    return attributes(request(sock, CTRL, GETFAMILY,
                              attribute(FAMILY_NAME, name.encode() + b"\0"))[20:])
