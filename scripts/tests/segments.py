#!/usr/bin/python3
"""Segments of one TCP connection, from a tap device as fast as they can be written,
for tests: segments.py TAP MAC IP SOURCE

MAC and IP are whose the connection is, SOURCE is the other side of it. The device's
socket is closed at the end.
"""

import socket
import struct
import sys

from station import Tap, checksum, ip_frame

ROUNDS, BATCH, SIZE = 20, 16, 1000
ACK = 0x10
DONT_FRAGMENT = 0x4000


def segment(source, ip, sequence):
    message = struct.pack("!HHIIHHHH", 5001, 5002, sequence, 1,
                          5 << 12 | ACK, 65535, 0, 0) + bytes(SIZE)
    pseudo = (socket.inet_aton(source) + socket.inet_aton(ip) +
              struct.pack("!HH", socket.IPPROTO_TCP, len(message)))
    return (message[:16] + struct.pack("!H", checksum(pseudo + message)) +
            message[18:])


def main():
    name, mac, ip, source = sys.argv[1:]
    frames = [ip_frame("02:00:5e:00:00:02", mac, source, ip, socket.IPPROTO_TCP,
                       segment(source, ip, 1 + i * SIZE), DONT_FRAGMENT)
              for i in range(BATCH)]
    tap = Tap(name)
    for _ in range(ROUNDS):
        for frame in frames:
            tap.send(frame)


if __name__ == "__main__":
    main()
