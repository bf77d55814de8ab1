#!/usr/bin/python3
"""Segments of one TCP connection, from a tap device as fast as they can be written,
for tests: segments.py TAP MAC IP SOURCE

MAC and IP are whose the connection is, SOURCE is the other side of it. The device's
socket is closed at the end.
"""

import sys

from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether

from station import Tap

ROUNDS, BATCH, SIZE = 20, 16, 1000


def main():
    name, mac, ip, source = sys.argv[1:]
    frames = [bytes(Ether(src="02:00:5e:00:00:02", dst=mac) /
                    IP(src=source, dst=ip, flags="DF") /
                    TCP(sport=5001, dport=5002, seq=1 + i * SIZE, ack=1, flags="A") /
                    bytes(SIZE)) for i in range(BATCH)]
    tap = Tap(name)
    for _ in range(ROUNDS):
        for frame in frames:
            tap.send(frame)


if __name__ == "__main__":
    main()
