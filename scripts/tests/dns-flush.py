#!/usr/bin/python3
"""Asks the driver to forget the DNS answers that a host end keeps, for tests:

    dns-flush.py [INTERFACE]

Prints "ok", or what kind of error it was. No interface: names none.
"""

import errno
import socket
import struct
import sys

import netlink

# Of <linux/virtualtap.h>.
DNS_FLUSH, IFINDEX = 3, 1


def main():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, netlink.NETLINK_GENERIC)
    names = b"".join(netlink.attribute(IFINDEX, struct.pack("=I", socket.if_nametoindex(name)))
                     for name in sys.argv[1:])
    number, = struct.unpack("=H", netlink.family(sock, "virtualtap")[netlink.FAMILY_ID])
    answer = netlink.request(sock, number, DNS_FLUSH, names, netlink.NLM_F_ACK)
    error = -struct.unpack("=i", answer[16:20])[0]
    print(errno.errorcode[error] if error else "ok")


main()
