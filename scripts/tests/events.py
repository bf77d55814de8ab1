#!/usr/bin/python3
"""Prints the driver's events of this network namespace, a line each, as they
come: "listening" first, then

    router INTERFACE ADDRESS unreachable|reachable
    conflict INTERFACE ADDRESS
"""

import socket
import struct

from netlink import NETLINK_GENERIC, attributes, family

SOL_NETLINK, ADD_MEMBERSHIP = 270, 1
MCAST_GROUPS, GROUP_NAME, GROUP_ID = 7, 1, 2
# Of <linux/virtualtap.h>.
COMMANDS = {1: "router", 2: "conflict"}
IFINDEX, ADDRESS, ROUTER_STATE = 1, 2, 3
STATES = ["unreachable", "reachable"]


def find_group(sock, group):
    """Number of a multicast group of the driver's."""
    for entry in attributes(family(sock, "virtualtap")[MCAST_GROUPS]).values():
        entry = attributes(entry)
        if entry[GROUP_NAME] == group.encode() + b"\0":
            return struct.unpack("=I", entry[GROUP_ID])[0]
    raise KeyError(group)


def text(message):
    fields = attributes(message[20:])
    address = fields[ADDRESS]
    words = [COMMANDS[message[16]],
             socket.if_indextoname(struct.unpack("=I", fields[IFINDEX])[0]),
             socket.inet_ntop(socket.AF_INET if len(address) == 4 else
                              socket.AF_INET6, address)]
    if ROUTER_STATE in fields:
        words.append(STATES[fields[ROUTER_STATE][0]])
    return " ".join(words)


def main():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    sock.bind((0, 0))
    group = find_group(sock, "events")
    sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, group)
    print("listening", flush=True)
    while True:
        print(text(sock.recv(65536)), flush=True)


main()
