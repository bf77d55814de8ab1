#!/usr/bin/python3
"""Stations on an Ethernet segment, for tests: station.py INTERFACE STATION_MAC

INTERFACE is one that a packet socket listens on, or tap:NAME for a tap to be
behind of: what a program sees that has the tags in its frames.

Reads a command per line, answers each with a line. Whatever it hears it writes
to its standard error, a line per frame, and keeps for `count` and `wait`:

    SOURCE > DEST [vlan PROTOCOL:TCI...] what follows
    SOURCE > DEST arp request|reply SHA SIP > THA TIP
    SOURCE > DEST ip SIP > TIP PROTOCOL [icmp TYPE SEQUENCE] [length LENGTH]
    SOURCE > DEST ns SIP > TIP TARGET [source MAC] [nonce HEX]
    SOURCE > DEST na SIP > TIP TARGET FLAGS [target MAC]
    SOURCE > DEST rs|ra|mld SIP > TIP
    SOURCE > DEST type 0xTYPE

(PROTOCOL in hexadecimal, the outer tag first; FLAGS: of R, S and O those that are set, or -; where the hop limit is not 255
as it should be, it follows)
followed by FLOODED where a packet for one host went to many, and by FOREIGN
where the source is not STATION_MAC, that of the host end under test. An answer
has the tags of what it answers.

    host IP MAC             be a host: answer ARP or NS, and every ping to that MAC
    router IP MAC           be one that says it is a router when it answers NS
    gone IP                 be it no more
    station MAC             the host end has a new MAC
    tags [PROTOCOL:TCI]...  what is sent from now on has these in the frame
    arp request|reply SHA SIP THA TIP [DEST [SOURCE]]
                            send this; DEST is broadcast for a request, else THA
    ask SHA SIP TIP         send a usual ARP request
    gratuitous MAC IP       send a gratuitous ARP request
    ping MAC IP TO_MAC TO_IP SEQUENCE
                            send an ICMP or ICMPv6 echo request
    too-big MAC IP TO_MAC TO_IP MTU SOURCE DEST
                            send an ICMP or ICMPv6 error: an answer of SOURCE to
                            a ping of DEST was too big for that MTU
    ns MAC SIP TARGET [FIELD=VALUE]...
                            send a usual neighbour solicitation, but for what
                            is said of these: dest (MAC), to (IP), option
                            (MAC, or none), nonce (hex)
    na MAC SIP TARGET FLAGS [FIELD=VALUE]...
                            send a neighbour advertisement, to everybody
                            unless it is said to whom
    ra MAC SIP LIFETIME [FIELD=VALUE]...
                            send a router advertisement; also: prefix
                            (ADDRESS/LENGTH, on-link, for an hour), preference
                            (high, medium, low)
    redirect MAC SIP TO_MAC TO_IP TARGET DEST
                            send a redirect: TARGET is a better hop to DEST
    count REGEX             how many frames heard match
    wait NUMBER REGEX       until so many match; `ok`, or `in vain`
    clear                   forget what was heard
    ours MAC                be deaf, from now on, to what is for one station whose
                            MAC does not begin with these four bytes (not a tap)
"""

import ctypes
import fcntl
import os
import re
import select
import socket
import struct
import sys
import time

ETH_P_ALL = 3
SOL_PACKET = 263
PACKET_AUXDATA, PACKET_IGNORE_OUTGOING = 8, 23
TP_STATUS_VLAN_VALID = 1 << 4
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454ca, 2, 0x1000
VLAN_PROTOCOLS = b"\x81\x00", b"\x88\xa8"
BROADCAST = "ff:ff:ff:ff:ff:ff"
ZERO = "00:00:00:00:00:00"
ECHO_REQUEST, ECHO_REPLY, RS, RA, NS, NA, REDIRECT, MLD2 = (
    128, 129, 133, 134, 135, 136, 137, 143)
FLAGS = {"R": 0x80, "S": 0x40, "O": 0x20}
PREFERENCE = {"high": 0x08, "medium": 0, "low": 0x18}
PATIENCE = 60


def to_mac(text):
    return bytes.fromhex(text.replace(":", ""))


def mac_of(data):
    return data.hex(":")


def ip_of(data):
    return socket.inet_ntoa(data)


def to_ip6(text):
    return socket.inet_pton(socket.AF_INET6, text)


def ip6_of(data):
    return socket.inet_ntop(socket.AF_INET6, data)


def group_of(target):
    """The solicited-node group of an address."""
    return to_ip6("ff02::1:ff00:0")[:13] + target[13:]


def group_mac(group):
    return mac_of(b"\x33\x33" + group[12:])


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


def ip6_frame(source, dest, sip, dip, payload, hop_limit=255):
    """Around an ICMPv6 message without its checksum; addresses are bytes."""
    pseudo = sip + dip + struct.pack("!II", len(payload), 58)
    payload = (payload[:2] + struct.pack("!H", checksum(pseudo + payload)) +
               payload[4:])
    header = struct.pack("!IHBB", 6 << 28, len(payload), 58, hop_limit)
    return to_mac(dest) + to_mac(source) + b"\x86\xdd" + header + sip + dip + payload


def lladdr(kind, mac):
    return b"" if mac == "none" else bytes([kind, 1]) + to_mac(mac)


def ns_frame(mac, sip, target, dest=None, to=None, option=None, nonce=""):
    """RFC 4861 4.3; a probe of RFC 4862 5.4.2 if it comes from ::."""
    target = to_ip6(target)
    to = to_ip6(to) if to else group_of(target)
    option = option or ("none" if sip == "::" else mac)
    message = (bytes([NS]) + bytes(7) + target + lladdr(1, option) +
               (b"\x0e\x01" + bytes.fromhex(nonce) if nonce else b""))
    if dest is None:
        dest = group_mac(to) if to[0] == 0xff else BROADCAST
    return ip6_frame(mac, dest, to_ip6(sip), to, message)


def na_frame(mac, sip, target, flags, dest=None, to="ff02::1", option=None):
    message = (bytes([NA, 0, 0, 0, sum(FLAGS.get(flag, 0) for flag in flags)]) +
               bytes(3) + to_ip6(target) + lladdr(2, option or mac))
    dest = dest or group_mac(to_ip6(to))
    return ip6_frame(mac, dest, to_ip6(sip), to_ip6(to), message)


def ra_frame(mac, sip, lifetime, prefix=None, preference="medium", option=None,
             dest=None, to="ff02::1"):
    message = struct.pack("!BBHBBHII", RA, 0, 0, 64, PREFERENCE[preference],
                          int(lifetime), 0, 0) + lladdr(1, option or mac)
    if prefix:
        address, length = prefix.split("/")
        message += struct.pack("!BBBBIII", 3, 4, int(length), 0xc0, 3600, 3600,
                               0) + to_ip6(address)
    dest = dest or group_mac(to_ip6(to))
    return ip6_frame(mac, dest, to_ip6(sip), to_ip6(to), message)


def redirect_frame(mac, sip, to_mac, to, target, dest):
    message = bytes([REDIRECT]) + bytes(7) + to_ip6(target) + to_ip6(dest)
    return ip6_frame(mac, to_mac, to_ip6(sip), to_ip6(to), message)


def fields(words):
    return dict(word.split("=", 1) for word in words)


class PacketSocket:
    """The tag is beside what it receives, in what it sends."""

    def __init__(self, interface):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        self.socket.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)  # SO_RCVBUFFORCE
        self.socket.bind((interface, ETH_P_ALL))
        self.fileno = self.socket.fileno
        self.send = self.socket.send

    def hear_only(self, start):
        """The kernel drops the rest: whoever plays it would be too slow."""
        program = b"".join(struct.pack("=HBBI", *instruction) for instruction in (
            (0x20, 0, 0, 0),            # ld [0]
            (0x15, 2, 0, start),        # jeq start, accept
            (0x30, 0, 0, 0),            # ldb [0]
            (0x45, 0, 1, 1),            # jset 1, accept, drop
            (0x06, 0, 0, 0xffffffff),   # accept: ret everything
            (0x06, 0, 0, 0)))           # drop: ret 0
        buffer = ctypes.create_string_buffer(program, len(program))
        self.socket.setsockopt(socket.SOL_SOCKET, 26, struct.pack(  # SO_ATTACH_FILTER
            "HL", len(program) // 8, ctypes.addressof(buffer)))

    def receive(self):
        frame, auxdata = self.socket.recvmsg(65536, socket.CMSG_SPACE(20),
                                             socket.MSG_DONTWAIT)[:2]
        status, tci, protocol = struct.unpack("=I12xHH", auxdata[0][2])
        if not status & TP_STATUS_VLAN_VALID:
            return frame
        return frame[:12] + struct.pack("!HH", protocol, tci) + frame[12:]


class Tap:
    def __init__(self, name):
        self.fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.fd, TUNSETIFF, struct.pack(
            "16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))

    def fileno(self):
        return self.fd

    def send(self, frame):
        os.write(self.fd, frame)

    def receive(self):
        return os.read(self.fd, 65536)


def untag(frame):
    """Its tags, and it without."""
    end = 12
    while frame[end:end + 2] in VLAN_PROTOCOLS:
        end += 4
    return frame[12:end], frame[:12] + frame[end:]


def tags_of(data):
    return " ".join("%x:%d" % tag for tag in struct.iter_unpack("!HH", data))


def to_tags(words):
    return b"".join(struct.pack("!HH", int(protocol, 16), int(tci, 0))
                    for protocol, tci in (word.split(":") for word in words))


class Segment:
    def __init__(self, interface, station):
        self.station = station
        self.tags = b""
        self.hosts = {}
        self.routers = set()
        self.heard = []
        self.wire = (Tap(interface[4:]) if interface.startswith("tap:") else
                     PacketSocket(interface))

    def hear(self, frame):
        mine = self.tags
        self.tags, frame = untag(frame)
        self.hear_untagged(frame)
        self.tags = mine

    def hear_untagged(self, frame):
        dest, source = mac_of(frame[:6]), mac_of(frame[6:12])
        kind = struct.unpack("!H", frame[12:14])[0]
        line = "%s > %s " % (source, dest)
        if self.tags:
            line += "vlan %s " % tags_of(self.tags)
        if kind == 0x806 and len(frame) >= 42:
            line += self.hear_arp(dest, frame)
        elif kind == 0x800 and len(frame) >= 34:
            line += self.hear_ip(source, dest, frame)
        elif kind == 0x86dd and len(frame) >= 54:
            line += self.hear_ip6(source, dest, frame)
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

    def hear_ip6(self, source, dest, frame):
        sip, dip, protocol = frame[22:38], frame[38:54], frame[20]
        message, line = frame[54:], ""
        ends = "%s > %s" % (ip6_of(sip), ip6_of(dip))
        if protocol == 58 and len(message) >= 24 and message[0] in (NS, NA):
            line = self.hear_neighbour(source, dest, sip, ends, message)
        elif protocol == 58 and message[0] in (RS, RA):
            line = ("rs " if message[0] == RS else "ra ") + ends
        elif protocol == 0 and frame[54] == 58 and frame[62] == MLD2:
            line = "mld " + ends
        if line:
            return line + (" hop limit %d" % frame[21]
                           if frame[21] != 255 and protocol else "")
        line = "ip %s %d" % (ends, protocol)
        if protocol == 58 and len(message) >= 8:
            line += " icmp %d %d" % (message[0],
                                     struct.unpack("!H", message[6:8])[0])
            if message[0] == ECHO_REQUEST and dest in self.hosts.values():
                self.send(ip6_frame(dest, source, dip, sip, bytes(
                    [ECHO_REPLY, 0, 0, 0]) + message[4:], 64))
        line += " length %d" % (len(frame) - 14)
        if dip[0] != 0xff and frame[0] & 1:
            line += " FLOODED"
        return line

    def hear_neighbour(self, source, dest, sip, ends, message):
        target = ip6_of(message[8:24])
        mac = self.hosts.get(target)
        if message[0] == NS:
            line = "ns %s %s" % (ends, target)
            if mac and dest in (mac, group_mac(group_of(message[8:24]))):
                router = "R" if target in self.routers else ""
                self.send(na_frame(mac, target, target, router + "SO", source,
                                   ip6_of(sip)) if any(sip) else
                          na_frame(mac, target, target, router + "O"))
        else:
            line = "na %s %s %s" % (ends, target, "".join(
                flag for flag, bit in FLAGS.items() if message[4] & bit) or "-")
        options = message[24:]
        while len(options) >= 8 and options[1]:
            value, kind = options[2:options[1] * 8], options[0]
            if kind in (1, 2):
                line += " %s %s" % ("source" if kind == 1 else "target",
                                    mac_of(value))
            elif kind == 14:
                line += " nonce " + value.hex()
            options = options[options[1] * 8:]
        return line

    def send(self, frame):
        self.wire.send(frame[:12] + self.tags + frame[12:])

    def ping(self, mac, ip, dest, to, sequence):
        echo = struct.pack("!HH", 77, int(sequence)) + bytes(32)
        if ":" in ip:
            self.send(ip6_frame(mac, dest, to_ip6(ip), to_ip6(to),
                                bytes([ECHO_REQUEST, 0, 0, 0]) + echo, 64))
        else:
            self.send(ip_frame(mac, dest, ip, to, 1, icmp_message(8, echo)))

    def too_big(self, mac, ip, dest, to, mtu, source, far):
        echo = struct.pack("!HH", 77, 1) + bytes(32)
        if ":" in ip:
            quoted = ip6_frame(mac, dest, to_ip6(source), to_ip6(far), bytes(
                [ECHO_REPLY, 0, 0, 0]) + echo)[14:]
            self.send(ip6_frame(mac, dest, to_ip6(ip), to_ip6(to), struct.pack(
                "!BBHI", 2, 0, 0, int(mtu)) + quoted, 64))
        else:
            quoted = ip_frame(mac, dest, source, far, 1, icmp_message(0, echo))[14:]
            message = b"\3\4\0\0" + struct.pack("!I", int(mtu)) + quoted
            message = (message[:2] + struct.pack("!H", checksum(message)) +
                       message[4:])
            self.send(ip_frame(mac, dest, ip, to, 1, message))

    def drain(self, most=20000):
        # A flood may have no end.
        for _ in range(most):
            try:
                self.hear(self.wire.receive())
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
            select.select([self.wire], [], [], min(left, 1))
        return "ok"

    def command(self, line):
        name, *words = line.split()
        if name in ("host", "router"):
            self.hosts[words[0]] = words[1]
            if name == "router":
                self.routers.add(words[0])
        elif name == "gone":
            self.drain()
            del self.hosts[words[0]]
            self.routers.discard(words[0])
        elif name == "station":
            self.drain()
            self.station = words[0]
        elif name == "tags":
            self.tags = to_tags(words)
        elif name == "arp":
            self.send(arp_frame(*words))
        elif name == "ask":
            self.send(arp_frame("request", words[0], words[1], ZERO, words[2]))
        elif name == "gratuitous":
            self.send(arp_frame("request", words[0], words[1], ZERO, words[1]))
        elif name == "ns":
            self.send(ns_frame(*words[:3], **fields(words[3:])))
        elif name == "na":
            self.send(na_frame(*words[:4], **fields(words[4:])))
        elif name == "ra":
            self.send(ra_frame(*words[:3], **fields(words[3:])))
        elif name == "redirect":
            self.send(redirect_frame(*words))
        elif name == "ping":
            self.ping(*words)
        elif name == "too-big":
            self.too_big(*words)
        elif name == "count":
            return self.count(line.split(None, 1)[1])
        elif name == "wait":
            return self.wait(int(words[0]), line.split(None, 2)[2])
        elif name == "clear":
            self.drain()
            self.heard = []
        elif name == "ours":
            self.wire.hear_only(int.from_bytes(to_mac(words[0]), "big"))
        else:
            return "what?"
        return "ok"

    def run(self):
        commands = open(0, "rb", buffering=0)
        buffer = b""
        while True:
            ready = select.select([self.wire, commands], [], [])[0]
            if self.wire in ready:
                self.drain(1000)
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
