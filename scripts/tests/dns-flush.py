#!/usr/bin/python3
"""Asks the driver to forget the DNS answers that a host end keeps, for tests:

    dns-flush.py [INTERFACE]

Prints "ok", or what kind of error it was. No interface: names none.
"""

import errno
import socket
import struct
import sys

NETLINK_GENERIC, NLM_F_REQUEST, NLM_F_ACK, NLMSG_ERROR = 16, 1, 4, 2
CTRL, GETFAMILY, FAMILY_ID, FAMILY_NAME = 16, 3, 1, 2
# Of <linux/virtualtap.h>.
DNS_FLUSH, IFINDEX = 3, 1


def attribute(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def request(sock, kind, command, flags, attributes):
    sock.send(struct.pack("=IHHIIBBH", 20 + len(attributes), kind,
                          NLM_F_REQUEST | flags, 1, 0, command, 1, 0) + attributes)
    return sock.recv(65536)


def family(sock, name):
    data = request(sock, CTRL, GETFAMILY, 0,
                   attribute(FAMILY_NAME, name.encode() + b"\0"))[20:]
    while data:
        length, kind = struct.unpack("=HH", data[:4])
        if kind == FAMILY_ID:
            return struct.unpack("=H", data[4:6])[0]
        data = data[(length + 3) & ~3:]
    raise KeyError(name)


def main():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    names = b"".join(attribute(IFINDEX, struct.pack("=I", socket.if_nametoindex(name)))
                     for name in sys.argv[1:])
    answer = request(sock, family(sock, "virtualtap"), DNS_FLUSH, NLM_F_ACK, names)
    error = -struct.unpack("=i", answer[16:20])[0]
    print(errno.errorcode[error] if error else "ok")


main()
