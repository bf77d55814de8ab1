#!/usr/bin/python3
"""Stations on an Ethernet segment, for tests: station.py INTERFACE STATION_MAC

Reads a command per line, answers each with a line. Whatever it hears it writes
to its standard error, a line per frame, and keeps for `count` and `wait`:

    SOURCE > DEST arp request|reply SHA SIP > THA TIP
    SOURCE > DEST ip SIP > TIP PROTOCOL [icmp TYPE SEQUENCE] [length LENGTH]
    SOURCE > DEST type 0xTYPE

followed by FLOODED where a packet for one host went to many, and by FOREIGN
where the source is not STATION_MAC, that of the host end under test.

    host IP MAC             be a host: answer ARP, and every ping to that MAC
    gone IP                 be it no more
    station MAC             the host end has a new MAC
    arp request|reply SHA SIP THA TIP [DEST [SOURCE]]
                            send this; DEST is broadcast for a request, else THA
    ask SHA SIP TIP         send a usual ARP request
    gratuitous MAC IP       send a gratuitous ARP request
    ping MAC IP TO_MAC TO_IP SEQUENCE
                            send an ICMP echo request
    count REGEX             how many frames heard match
    wait NUMBER REGEX       until so many match; `ok`, or `in vain`
    clear                   forget what was heard
"""

import re
import select
import socket
import struct
import sys
import time

ETH_P_ALL = 3
SOL_PACKET = 263
PACKET_IGNORE_OUTGOING = 23
BROADCAST = "ff:ff:ff:ff:ff:ff"
ZERO = "00:00:00:00:00:00"
PATIENCE = 60


def to_mac(text):
    return bytes.fromhex(text.replace(":", ""))


def mac_of(data):
    return data.hex(":")


def ip_of(data):
    return socket.inet_ntoa(data)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def arp_frame(op, sha, sip, tha, tip, dest=None, source=None):
    if dest is None:
        dest = BROADCAST if op == "request" else tha
    return (to_mac(dest) + to_mac(source or sha) + b"\x08\x06" +
            struct.pack("!HHBBH", 1, 0x800, 6, 4, 1 if op == "request" else 2) +
            to_mac(sha) + socket.inet_aton(sip) +
            to_mac(tha) + socket.inet_aton(tip))


def ip_frame(source, dest, sip, dip, protocol, payload):
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64,
                         protocol, 0)
    header += socket.inet_aton(sip) + socket.inet_aton(dip)
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return to_mac(dest) + to_mac(source) + b"\x08\x00" + header + payload


def icmp_message(kind, rest):
    message = bytes([kind, 0, 0, 0]) + rest
    return message[:2] + struct.pack("!H", checksum(message)) + message[4:]


class Segment:
    def __init__(self, interface, station):
        self.station = station
        self.hosts = {}
        self.heard = []
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)  # SO_RCVBUFFORCE
        self.socket.bind((interface, ETH_P_ALL))

    def hear(self, frame):
        dest, source = mac_of(frame[:6]), mac_of(frame[6:12])
        kind = struct.unpack("!H", frame[12:14])[0]
        line = "%s > %s " % (source, dest)
        if kind == 0x806 and len(frame) >= 42:
            line += self.hear_arp(dest, frame)
        elif kind == 0x800 and len(frame) >= 34:
            line += self.hear_ip(source, dest, frame)
        else:
            line += "type 0x%04x" % kind
        if source != self.station:
            line += " FOREIGN"
        self.heard.append(line)
        print(line, file=sys.stderr)

    def hear_arp(self, dest, frame):
        op = struct.unpack("!H", frame[20:22])[0]
        sha, sip = mac_of(frame[22:28]), ip_of(frame[28:32])
        tha, tip = mac_of(frame[32:38]), ip_of(frame[38:42])
        mac = self.hosts.get(tip)
        if op == 1 and mac and dest in (mac, BROADCAST):
            self.send(arp_frame("reply", mac, tip, sha, sip))
        return "arp %s %s %s > %s %s" % ("request" if op == 1 else "reply",
                                         sha, sip, tha, tip)

    def hear_ip(self, source, dest, frame):
        sip, dip = ip_of(frame[26:30]), ip_of(frame[30:34])
        line = "ip %s > %s %d" % (sip, dip, frame[23])
        payload = frame[14 + (frame[14] & 15) * 4:]
        if frame[23] == 1 and len(payload) >= 8:
            line += " icmp %d %d" % (payload[0],
                                     struct.unpack("!H", payload[6:8])[0])
            if payload[0] == 8 and dest in self.hosts.values():
                self.send(ip_frame(dest, source, dip, sip, 1,
                                   icmp_message(0, payload[4:])))
        line += " length %d" % (len(frame) - 14)
        to_one = int(dip.split(".")[0]) < 224 and not dip.endswith(".255")
        if to_one and frame[0] & 1:
            line += " FLOODED"
        return line

    def send(self, frame):
        self.socket.send(frame)

    def drain(self):
        while True:
            try:
                self.hear(self.socket.recv(65536, socket.MSG_DONTWAIT))
            except BlockingIOError:
                return
            except OSError:  # the interface went down or away
                return

    def count(self, pattern):
        self.drain()
        return sum(1 for line in self.heard if re.search(pattern, line))

    def wait(self, number, pattern):
        end = time.monotonic() + PATIENCE
        while self.count(pattern) < number:
            left = end - time.monotonic()
            if left <= 0:
                return "in vain"
            select.select([self.socket], [], [], min(left, 1))
        return "ok"

    def command(self, line):
        name, *words = line.split()
        if name == "host":
            self.hosts[words[0]] = words[1]
        elif name == "gone":
            self.drain()
            del self.hosts[words[0]]
        elif name == "station":
            self.drain()
            self.station = words[0]
        elif name == "arp":
            self.send(arp_frame(*words))
        elif name == "ask":
            self.send(arp_frame("request", words[0], words[1], ZERO, words[2]))
        elif name == "gratuitous":
            self.send(arp_frame("request", words[0], words[1], ZERO, words[1]))
        elif name == "ping":
            mac, ip, to_mac_, to_ip, sequence = words
            self.send(ip_frame(mac, to_mac_, ip, to_ip, 1, icmp_message(
                8, struct.pack("!HH", 77, int(sequence)) + bytes(32))))
        elif name == "count":
            return self.count(line.split(None, 1)[1])
        elif name == "wait":
            return self.wait(int(words[0]), line.split(None, 2)[2])
        elif name == "clear":
            self.drain()
            self.heard = []
        else:
            return "what?"
        return "ok"

    def run(self):
        commands = open(0, "rb", buffering=0)
        buffer = b""
        while True:
            ready = select.select([self.socket, commands], [], [])[0]
            if self.socket in ready:
                self.drain()
            if commands in ready:
                data = commands.read(65536)
                if not data:
                    return
                buffer += data
                *lines, buffer = buffer.split(b"\n")
                for line in lines:
                    print(self.command(line.decode()), flush=True)


if __name__ == "__main__":
    Segment(sys.argv[1], sys.argv[2]).run()
