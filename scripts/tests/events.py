#!/usr/bin/python3
"""Prints the driver's events of this network namespace, a line each, as they
come: "listening" first, then

    router INTERFACE ADDRESS unreachable|reachable
    conflict INTERFACE ADDRESS
"""

import socket
import struct

NETLINK_GENERIC = 16
SOL_NETLINK, ADD_MEMBERSHIP = 270, 1
CTRL, GETFAMILY, FAMILY_NAME, MCAST_GROUPS = 16, 3, 2, 7
GROUP_NAME, GROUP_ID = 1, 2
# Of <linux/virtualtap.h>.
COMMANDS = {1: "router", 2: "conflict"}
IFINDEX, ADDRESS, ROUTER_STATE = 1, 2, 3
STATES = ["unreachable", "reachable"]


def attributes(data):
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack("=HH", data[:4])
        found[kind & 0x3fff] = data[4:length]
        data = data[(length + 3) & ~3:]
    return found


def find_group(sock, family, group):
    """Number of a multicast group of a generic netlink family."""
    name = family.encode() + b"\0"
    body = (struct.pack("=BBH", GETFAMILY, 1, 0) +
            struct.pack("=HH", 4 + len(name), FAMILY_NAME) + name)
    body += bytes(-len(body) % 4)
    sock.send(struct.pack("=IHHII", 16 + len(body), CTRL, 1, 1, 0) + body)
    answer = attributes(sock.recv(65536)[20:])
    for entry in attributes(answer[MCAST_GROUPS]).values():
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
    group = find_group(sock, "virtualtap", "events")
    sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, group)
    print("listening", flush=True)
    while True:
        print(text(sock.recv(65536)), flush=True)


main()
