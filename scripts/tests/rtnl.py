#!/usr/bin/python3
"""Makes and changes links by rtnetlink, for tests: what a stock `ip` cannot say.

    rtnl.py add|set LINK_ATTRIBUTE... [data DATA_ATTRIBUTE...] [peer LINK_ATTRIBUTE...]

    LINK_ATTRIBUTE   name=NAME, mac=MAC, netns=NAME, mtu=NUMBER, index=NUMBER,
                     link=NAME or its index
    DATA_ATTRIBUTE   TYPE:u8=NUMBER, TYPE:u16=NUMBER, TYPE:u32=NUMBER,
                     TYPE:ip=ADDRESS, TYPE:ip6=ADDRESS, TYPE:hex=BYTES, colons
                     between them or not, TYPE a number or an option's name

    rtnl.py -         a request per line of standard input

Prints `ok`, or the error and the kernel's own message; fails with the last one.
"""

import os
import socket
import struct
import sys

from netlink import (NETLINK_CAP_ACK, NETLINK_EXT_ACK, NLM_F_ACK, NLM_F_REQUEST, SOL_NETLINK,
                     attribute, extack)

RTM_NEWLINK, RTM_DELLINK = 16, 17
NLM_F_EXCL, NLM_F_CREATE = 0x200, 0x400
IFLA_ADDRESS, IFLA_IFNAME, IFLA_MTU, IFLA_LINK = 1, 3, 4, 5
IFLA_LINKINFO, IFLA_NET_NS_FD = 18, 28
IFLA_INFO_KIND, IFLA_INFO_DATA = 1, 2
NLA_F_NESTED = 0x8000
PEER = 1
OPTIONS = {"resolve": 2, "announce": 3, "defend": 4, "learning": 5,
           "gateway4": 6, "neigh_max": 7, "neigh_timeout": 8, "gateway6": 9,
           "trusted": 10, "reassembly": 11, "frag_max": 12, "frag_timeout": 13,
           "vlan": 14, "vlan_protocol": 15, "mode": 16, "dscp": 17,
           "dscp_map": 18, "vlan_qos": 19, "gateway_probe": 20, "carrier": 21,
           "dns_cache": 22, "dns_max": 23, "dns_ttl_max": 24,
           "conntrack": 25, "ct_zone": 26}


def link(words):
    """struct ifinfomsg and what follows it."""
    index, attributes = 0, b""
    for word in words:
        name, value = word.split("=", 1)
        if name == "index":
            index = int(value)
        elif name == "name":
            attributes += attribute(IFLA_IFNAME, value.encode() + b"\0")
        elif name == "mac":
            attributes += attribute(IFLA_ADDRESS,
                                    bytes.fromhex(value.replace(":", "")))
        elif name == "mtu":
            attributes += attribute(IFLA_MTU, struct.pack("=I", int(value)))
        elif name == "link":
            on = int(value) if value.isdigit() else socket.if_nametoindex(value)
            attributes += attribute(IFLA_LINK, struct.pack("=I", on))
        elif name == "netns":
            # Left open until the message is sent.
            fd = os.open("/run/netns/" + value, os.O_RDONLY)
            attributes += attribute(IFLA_NET_NS_FD, struct.pack("=I", fd))
        else:
            sys.exit("no link attribute " + name)
    return struct.pack("=BxHiII", 0, 0, index, 0, 0) + attributes


def option(word):
    kind, value = word.split("=", 1)
    kind, form = kind.split(":")
    kind = OPTIONS[kind] if kind in OPTIONS else int(kind)
    return attribute(kind, {
        "u8": lambda: struct.pack("=B", int(value)),
        "u16": lambda: struct.pack("=H", int(value)),
        "u32": lambda: struct.pack("=I", int(value)),
        "ip": lambda: socket.inet_aton(value),
        "ip6": lambda: socket.inet_pton(socket.AF_INET6, value),
        "hex": lambda: bytes.fromhex(value.replace(":", "")),
    }[form]())


def split(words):
    parts = {"link": [], "data": [], "peer": None}
    current = "link"
    for word in words:
        if word in ("data", "peer"):
            current = word
            parts[current] = parts[current] or []
        else:
            parts[current].append(word)
    return parts


def message(words):
    parts = split(words)
    data = b"".join(map(option, parts["data"]))
    if parts["peer"] is not None:
        data += attribute(PEER, link(parts["peer"]))
    info = attribute(IFLA_INFO_KIND, b"virtualtap\0")
    if data:
        info += attribute(IFLA_INFO_DATA | NLA_F_NESTED, data)
    return link(parts["link"]) + attribute(IFLA_LINKINFO | NLA_F_NESTED, info)


def connect():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    sock.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
    sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
    return sock


def send(sock, kind, body, flags=0):
    sock.send(struct.pack("=IHHII", 16 + len(body), kind, NLM_F_REQUEST | NLM_F_ACK | flags,
                          1, 0) + body)


def request(command, words):
    s = connect()
    send(s, RTM_NEWLINK, message(words), NLM_F_CREATE | NLM_F_EXCL if command == "add" else 0)
    answer = s.recv(65536)
    error, = struct.unpack("=i", answer[16:20])
    if error:
        print("%s: %s" % (os.strerror(-error), extack(answer)))
    else:
        print("ok")
    return error


def main(words):
    if words != ["-"]:
        return request(words[0], words[1:])
    for line in sys.stdin:
        words = line.split()
        status = request(words[0], words[1:])
    return status


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
