#!/usr/bin/python3
"""UDP flows of numbered datagrams, for tests.

    flows.py send ADDRESS FLOWS COUNT   to the ports from 5001 on, in turn, 40 of
                                        a flow in one piece (UDP_SEGMENT)
    flows.py receive ADDRESS FLOWS      until a datagram says that it is the last
                                        of its flow, of each: prints how many came,
                                        and of those how many before an earlier one
"""

import select
import socket
import struct
import sys

PORT = 5001
SIZE, BATCH = 100, 40
NUMBER = struct.Struct(f"!IB{SIZE - 5}x")
PATIENCE = 30
SO_RCVBUFFORCE = 33
SOL_UDP, UDP_SEGMENT = 17, 103


def send(address, flows, count):
    sockets = []
    for flow in range(flows):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.setsockopt(SOL_UDP, UDP_SEGMENT, SIZE)
        s.connect((address, PORT + flow))
        sockets.append(s)
    for first in range(0, count, BATCH):
        batch = b"".join(NUMBER.pack(number, number == count - 1)
                         for number in range(first, min(first + BATCH, count)))
        for s in sockets:
            s.send(batch)


def receive(address, flows):
    waiting = {}
    for flow in range(flows):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
        s.bind((address, PORT + flow))
        waiting[s] = -1
    print("ready", flush=True)
    came = late = 0
    while waiting:
        ready = select.select(waiting, [], [], PATIENCE)[0]
        if not ready:
            sys.exit(f"{len(waiting)} flows did not end")
        for s in ready:
            number, last = NUMBER.unpack(s.recv(SIZE))
            came += 1
            late += number < waiting[s]
            waiting[s] = number
            if last:
                del waiting[s]
    print(came, late)


if sys.argv[1] == "send":
    send(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
else:
    receive(sys.argv[2], int(sys.argv[3]))
