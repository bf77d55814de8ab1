#!/usr/bin/python3
"""Traffic that does not care whether there is anything to take it, for tests. Until
it is killed:

    storm.py host                   packets out of vpn0, that has 10.9.0.5, and of
                                    vpn0.10: to neighbours that do not answer and
                                    to one that does, queries of DNS, fragments
    storm.py segment ETHERNET_END HOST_MAC
                                    frames to vpn0 and vpn0.10: datagrams, first
                                    fragments, ARP, NDP, answers of DNS
    storm.py dumps                  asks for all that netlink and files tell of vpn0

A batch at a time, on one CPU after the other; then it sleeps, as those who make
and end the devices have work to do, too.
"""

import itertools
import os
import random
import socket
import struct
import sys
import time

import dnsmsg
import netlink
import rtnl
import station

BATCH, PAUSE = 32, 0.05
HOST, PEER, HOST6 = "10.9.0.5", "10.9.0.2", "2001:db8:9::5"
RTM_GETLINK = 18
OPTIONS = "/sys/class/net/vpn0/virtualtap/"


def udp(sport, dport, data):
    return struct.pack("!HHHH", sport, dport, 8 + len(data), 0) + data


def fragment(frame):
    """The first one of a datagram, which are all different."""
    header = bytearray(frame[14:34])
    header[4:8] = struct.pack("!HH", random.randrange(65536), 0x2000)
    header[10:12] = bytes(2)
    header[10:12] = struct.pack("!H", station.checksum(bytes(header)))
    return frame[:14] + header + frame[34:]


def dns(number, flags=dnsmsg.RD):
    return dnsmsg.Query(dnsmsg.to_name("name%d.example" % number), dnsmsg.TYPES["A"],
                        flags).encode()


def host():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock6 = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    for number in itertools.count():
        low = number % 200 + 20
        yield sock.sendto, b"x", ("10.9.0.%d" % low, 9)
        yield sock.sendto, b"x", ("10.10.0.%d" % low, 9)
        yield sock6.sendto, b"x", ("2001:db8:9::%x" % low, 9)
        yield sock.sendto, b"x", (PEER, 9)
        yield sock.sendto, bytes(3000), (PEER, 9)
        yield sock.sendto, dns(number), (PEER, 53)


def segment(device, host_mac):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    for number in itertools.count():
        mac = "02:00:5e:00:02:%02x" % (number % 200 + 20)
        near, near6 = "10.9.0.%d" % (number % 200 + 20), "2001:db8:9::%x" % (number % 200 + 20)
        for frame in (
                station.arp_frame("request", mac, near, station.ZERO, HOST),
                station.ns_frame(mac, near6, HOST6),
                station.ip_frame(mac, host_mac, near, HOST, 17, udp(9, 9, bytes(18))),
                fragment(station.ip_frame(mac, host_mac, near, HOST, 17, udp(9, 9, bytes(800)))),
                station.ip_frame(mac, host_mac, PEER, HOST, 17, udp(53, 1024 + number % 60000,
                                                                    dns(number, dnsmsg.QR)))):
            for tag in b"", b"\x81\x00\x00\x0a":
                yield sock.sendto, frame[:12] + tag + frame[12:], (device, 0)


def links():
    sock = rtnl.connect()
    sock.send(struct.pack("=IHHIIBxHiII", 32, RTM_GETLINK, netlink.NLM_F_REQUEST |
                          netlink.NLM_F_DUMP, 1, 0, 0, 0, 0, 0, 0))
    while struct.unpack("=H", sock.recv(1 << 20)[4:6])[0] != netlink.NLMSG_DONE:
        pass


def files():
    for name in os.listdir(OPTIONS):
        with open(OPTIONS + name, "rb") as file:
            file.read()


def ask(command, *words):
    for _ in netlink.Family().request(command, words, netlink.NLM_F_DUMP):
        pass


def dumps():
    while True:
        yield (links,)
        yield (files,)
        yield ask, "dev-get"
        yield ask, "neigh-get", "ifindex=vpn0"
        yield ask, "dns-get", "ifindex=vpn0"


def rage(steps):
    cpus = sorted(os.sched_getaffinity(0))
    for batch in itertools.count():
        os.sched_setaffinity(0, {cpus[batch % len(cpus)]})
        for call, *arguments in itertools.islice(steps, BATCH):
            try:
                call(*arguments)
            except (OSError, KeyError, struct.error):
                # There is no such device, or no such family, just now.
                pass
        time.sleep(PAUSE)


if __name__ == "__main__":
    rage({"host": host, "segment": segment, "dumps": dumps}[sys.argv[1]](*sys.argv[2:]))
