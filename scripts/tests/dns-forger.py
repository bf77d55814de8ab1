#!/usr/bin/python3
"""Answers DNS queries of vpn0 as it should not, for tests:

    dns-forger.py forged|sums|twice|late|unfit|queries FAMILY HOST_MAC

It is the client, on vpn0, and the servers, on vpn0-l2. What it sends there is
through the driver when it is sent. Prints a line per case that does not behave,
and fails if there was one.

  forged    answers that differ from what was asked do not enter
  sums      nor do corrupt ones
  twice     nor a second one
  late      nor one after 10 s
  unfit     what should not be kept is not, or for so long
  queries   what should be asked each time is
"""

import os
import select
import socket
import struct
import sys
import time

import dnsmsg
import station
from counters import DnsCounters
from dnsmsg import TYPES

SERVER_MAC = "02:00:5e:00:01:35"
PATIENCE = 30
# By family: two servers, two addresses of the host.
ADDRESSES = {"4": ("10.9.0.53", "10.9.0.54", "10.9.0.1", "10.9.0.7"),
             "6": ("2001:db8:9::53", "2001:db8:9::54", "2001:db8:9::1",
                   "2001:db8:9::7")}
GOOD, EVIL = bytes([192, 0, 2, 1]), bytes([203, 0, 113, 66])
TTL = 3600


def udp_frame(source, dest, sip, dip, sport, dport, data, summed="good"):
    """summed: good, bad or none."""
    udp = struct.pack("!HHHH", sport, dport, 8 + len(data), 0) + data
    family = socket.AF_INET6 if ":" in sip else socket.AF_INET
    ends = socket.inet_pton(family, sip) + socket.inet_pton(family, dip)
    total = station.checksum(ends + struct.pack("!HH", 17, len(udp)) + udp) or 0xffff
    total = {"good": total, "bad": total ^ 0x100, "none": 0}[summed]
    udp = udp[:6] + struct.pack("!H", total) + data
    if family == socket.AF_INET:
        return station.ip_frame(source, dest, sip, dip, 17, udp)
    return (station.to_mac(dest) + station.to_mac(source) + b"\x86\xdd" +
            struct.pack("!IHBB", 6 << 28, len(udp), 17, 64) + ends + udp)


class Asked:
    """A query as it came to a server."""

    def __init__(self, sip, dip, udp):
        self.host, self.server = sip, dip
        self.port = struct.unpack("!H", udp[:2])[0]
        self.data = udp[8:]
        self.id, self.flags = struct.unpack("!HH", self.data[:4])
        end = dnsmsg.read_name(self.data, 12)[1]
        self.name, self.kind = self.data[12:end], self.data[end:end + 4]
        self.edns = self.data[10:12] != b"\0\0"


class Servers(station.Segment):
    """All that is behind vpn0-l2."""

    def __init__(self, host_mac, addresses):
        super().__init__("vpn0-l2", host_mac)
        self.host_mac = host_mac
        self.asked = []
        for address in addresses:
            self.hosts[address] = SERVER_MAC

    def hear_ip(self, source, dest, frame):
        if frame[23] == 17 and frame[36:38] == b"\0\x35":
            self.asked.append(Asked(socket.inet_ntoa(frame[26:30]),
                                    socket.inet_ntoa(frame[30:34]), frame[34:]))
        return super().hear_ip(source, dest, frame)

    def hear_ip6(self, source, dest, frame):
        if frame[20] == 17 and frame[56:58] == b"\0\x35":
            self.asked.append(Asked(station.ip6_of(frame[22:38]),
                                    station.ip6_of(frame[38:54]), frame[54:]))
        return super().hear_ip6(source, dest, frame)


class Reply:
    """The right answer to a query, until something of it is changed."""

    def __init__(self, asked, address=GOOD):
        self.id = asked.id
        self.flags = dnsmsg.QR | dnsmsg.AA | asked.flags & ~dnsmsg.AD
        self.name, self.kind = asked.name, asked.kind
        self.questions, self.counted = 1, None
        self.answer = [dnsmsg.record(TYPES["A"], TTL, address)]
        self.authority, self.additional, self.tail = [], [], b""
        self.opt = [dnsmsg.opt_record(1232)] if asked.edns else []
        self.sip, self.sport = asked.server, 53
        self.dip, self.dport = asked.host, asked.port
        self.dest, self.summed = None, "good"

    def data(self):
        sections = self.answer, self.authority, self.additional + self.opt
        counted = self.questions if self.counted is None else self.counted
        return (struct.pack("!6H", self.id, self.flags, counted,
                            *map(len, sections)) +
                (self.name + self.kind) * self.questions +
                b"".join(map(b"".join, sections)) + self.tail)

    def frame(self, host_mac):
        return udp_frame(SERVER_MAC, self.dest or host_mac, self.sip, self.dip,
                         self.sport, self.dport, self.data(), self.summed)


class Tester:
    def __init__(self, family, host_mac):
        self.server, self.other_server, self.host, self.other_host = ADDRESSES[family]
        self.family = socket.AF_INET if family == "4" else socket.AF_INET6
        self.servers = Servers(host_mac, ADDRESSES[family][:2])
        self.counters = DnsCounters()
        self.failures = 0
        self.names = 0

    def complain(self, *words):
        print(*words)
        self.failures += 1

    def check(self, title, what, got, wanted):
        if got != wanted:
            self.complain("%s: %s: %s, wanted %s" % (title, what, got, wanted))

    def new_name(self):
        self.names += 1
        return dnsmsg.to_name("Name%d.%d.Example." % (self.names, os.getpid()))

    def query(self, name):
        return dnsmsg.Query(name, TYPES["A"], edns=4096).encode()

    def client(self):
        sock = socket.socket(self.family, socket.SOCK_DGRAM)
        sock.bind((self.host, 0))
        sock.connect((self.server, 53))
        return sock

    def ask(self, data, sock=None):
        """What comes of it: a query at the servers, or an answer."""
        self.servers.drain()
        self.servers.asked.clear()
        self.counters.since()
        sock = sock or self.client()
        sock.send(data)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            ready = select.select([self.servers.wire, sock], [], [], 1)[0]
            if sock in ready:
                return dnsmsg.Message(sock.recv(65536))
            self.servers.drain()
            if self.servers.asked:
                return self.servers.asked.pop()
        sys.exit("FAILED: a query is gone")

    def goes_out(self, title, name, counts=(1, 0, 1), query=None):
        """The query for it, which the cache does not answer."""
        asked = self.ask(query or self.query(name))
        self.check(title, "queries, hits, misses", tuple(self.counters.since()), counts)
        if isinstance(asked, Asked):
            return asked
        self.complain(title + ": the cache says", asked.text())
        return None

    def is_hit(self, title, name, reply):
        found = self.ask(self.query(name))
        self.check(title, "queries, hits, misses", tuple(self.counters.since()),
                   (1, 1, 0))
        if isinstance(found, Asked):
            self.complain(title + ": not in the cache")
        else:
            wanted = dnsmsg.Message(reply.data())
            self.check(title, "hit", found.canonical(), wanted.canonical())

    def send(self, reply):
        self.servers.send(reply.frame(self.servers.host_mac))

    def is_asked_again(self, title, name):
        """And kept, when it is answered well."""
        asked = self.goes_out(title + ", asked again", name)
        if asked:
            reply = Reply(asked)
            self.send(reply)
            self.is_hit(title + ", then well", name, reply)

    def rejected(self, title, change, address=EVIL):
        """An answer, changed like this, does not enter."""
        name = self.new_name()
        reply = Reply(self.goes_out(title, name), address)
        change(reply)
        entries = self.counters.value("entries")
        self.send(reply)
        self.check(title, "entries", self.counters.value("entries"), entries)
        self.is_asked_again(title, name)

    def accepted(self, title, change):
        """Nor does all else keep one from doing so. Returns its name."""
        name = self.new_name()
        reply = Reply(self.goes_out(title, name))
        change(reply)
        self.send(reply)
        self.is_hit(title, name, reply)
        return name

    def passed_on(self, title, query, counts=(1, 0, 0)):
        """A query whose answer nobody should keep."""
        asked = self.goes_out(title, None, counts, query)
        entries = self.counters.value("entries")
        self.send(Reply(asked))
        self.check(title, "entries", self.counters.value("entries"), entries)
        self.goes_out(title + ", again", None, counts, query)

    def forged(self):
        for title, changes in {
                "an id too high": lambda r: {"id": (r.id + 1) & 0xffff},
                "the low half of an id": lambda r: {"id": r.id ^ 0x100},
                "the high half of an id": lambda r: {"id": r.id ^ 0x80},
                "another port": lambda r: {"dport": r.dport ^ 1},
                "not from port 53": lambda r: {"sport": 54},
                "another server": lambda r: {"sip": self.other_server},
                "another host address": lambda r: {"dip": self.other_host},
                "for everybody": lambda r: {"dest": station.BROADCAST},
                "another name": lambda r: {"name": dnsmsg.to_name("name.example.")},
                "a longer name": lambda r: {"name": b"\1x" + r.name},
                "other case": lambda r: {"name": r.name.lower()},
                "another type": lambda r: {"kind": b"\0\x1c\0\1"},
                "another class": lambda r: {"kind": b"\0\1\0\3"},
                "no question": lambda r: {"questions": 0},
                "two questions": lambda r: {"questions": 2},
                "one question, counted as none": lambda r: {"counted": 0},
                "one question, counted as two": lambda r: {"counted": 2},
                "a query": lambda r: {"flags": r.flags & ~dnsmsg.QR},
                "an update": lambda r: {"flags": r.flags | 5 << 11}}.items():
            self.rejected(title, lambda r, c=changes: r.__dict__.update(c(r)))
        self.unasked()
        self.forgotten()
        self.not_discouraged()
        self.accepted("nothing wrong", lambda r: None)

    def unasked(self):
        name, entries = self.new_name(), self.counters.value("entries")
        with self.client() as sock:
            data = self.query(name)
            reply = Reply(Asked(self.host, self.server, struct.pack(
                "!HHHH", sock.getsockname()[1], 53, 0, 0) + data), EVIL)
            self.send(reply)
        self.check("unasked", "entries", self.counters.value("entries"), entries)
        self.is_asked_again("unasked", name)

    def forgotten(self):
        """What was asked before all was forgotten is, too."""
        self.rejected("asked before a flush", lambda r: switch("0") or switch("1"))

    def not_discouraged(self):
        """Who guesses wrong does not keep the right answer out."""
        title, name = "the right one after wrong ones", self.new_name()
        reply = Reply(self.goes_out(title, name))
        for guess in range(1, 20):
            reply.id ^= guess
            self.send(reply)
            reply.id ^= guess
        self.send(reply)
        self.is_hit(title, name, reply)

    def sums(self):
        for summed in "bad", "none":
            self.rejected("checksum " + summed,
                          lambda r, s=summed: r.__dict__.update(summed=s))
        self.accepted("checksum good", lambda r: None)

    def twice(self):
        for title, flags in (("twice", 0), ("after an error", dnsmsg.SERVFAIL)):
            name = self.new_name()
            asked = self.goes_out(title, name)
            first, second = Reply(asked), Reply(asked, EVIL)
            first.flags |= flags
            if flags:
                first.answer = []
            self.send(first)
            self.send(second)
            if flags:
                self.is_asked_again(title, name)
            else:
                self.is_hit(title, name, first)
        # A client that got nothing asks again by the same port and id.
        title, name = "sent again", self.new_name()
        data, sock = self.query(name), self.client()
        self.ask(data, sock)
        asked = self.ask(data, sock)
        first, second = Reply(asked), Reply(asked, EVIL)
        self.send(first)
        self.send(second)
        self.is_hit(title, name, first)

    def late(self):
        names = [self.new_name() for _ in range(4)]
        asked = [self.goes_out("late", name) for name in names]
        start = time.monotonic()
        time.sleep(5)
        early = Reply(asked[0])
        self.send(early)
        if time.monotonic() - start < 9:
            self.is_hit("after 5 s", names[0], early)
        time.sleep(7)
        entries = self.counters.value("entries")
        for one in asked[1:]:
            self.send(Reply(one, EVIL))
        self.check("late", "entries", self.counters.value("entries"), entries)
        for name in names[1:]:
            self.is_asked_again("late", name)

    def unfit(self):
        def pad(r, to):
            r.answer = [dnsmsg.record(16, TTL, b"")] + r.answer
            more = to - len(r.data())
            r.answer[0] = dnsmsg.record(16, TTL, bytes(more))

        def fields(**changes):
            return lambda r: r.__dict__.update(changes)

        def flag(bits):
            return lambda r: r.__dict__.update(flags=r.flags | bits)

        a = dnsmsg.record(1, TTL, EVIL)
        cname = dnsmsg.record(5, TTL, b"\1x\xc0\x0c")
        ns = dnsmsg.record(2, TTL, b"\2ns\xc0\x0c")
        opt = dnsmsg.opt_record
        for title, change in {
                "truncated": flag(dnsmsg.TC),
                "format error": flag(1), "server failure": flag(2),
                "not implemented": flag(4), "refused": flag(5),
                "NXDOMAIN without SOA": fields(flags=0x8583, answer=[]),
                "no data, no SOA": fields(answer=[]),
                "SOA in the wrong section": fields(
                    answer=[], additional=[dnsmsg.soa(TTL, TTL)]),
                "SOA cut": fields(answer=[], authority=[
                    dnsmsg.record(TYPES["SOA"], TTL, bytes(21))]),
                "an alias of nothing": fields(answer=[cname]),
                "only other servers": fields(answer=[], authority=[ns]),
                "TTL 0": fields(answer=[dnsmsg.record(1, 0, EVIL)]),
                "TTL 0 of one": fields(answer=[a, dnsmsg.record(1, 0, EVIL)]),
                "TTL 0 of an additional one": fields(additional=[
                    dnsmsg.record(1, 0, EVIL)]),
                "TTL below 0": fields(answer=[dnsmsg.record(1, 0x80000e10, EVIL)]),
                "minimum 0": fields(answer=[], authority=[dnsmsg.soa(TTL, 0)]),
                "1233 bytes": lambda r: pad(r, 1233),
                "a cookie": fields(opt=[opt(1232, options=bytes(
                    [0, 10, 0, 8]) + bytes(8))]),
                "a subnet": fields(opt=[opt(1232, options=bytes(
                    [0, 8, 0, 4, 0, 1, 0, 0]))]),
                "BADVERS": fields(opt=[b"\0\0\x29\x04\xd0\1\0\0\0\0\0"]),
                "two OPT": fields(opt=[opt(1232), opt(1232)]),
                "OPT in the wrong section": fields(authority=[opt(1232)], opt=[]),
                "no EDNS": fields(opt=[]),
                "DO": fields(opt=[opt(1232, do=True)]),
                "CD": flag(dnsmsg.CD),
                "no RD": lambda r: r.__dict__.update(flags=r.flags & ~dnsmsg.RD),
                "TSIG": fields(additional=[dnsmsg.record(
                    TYPES["TSIG"], TTL, bytes(30), klass=255)]),
                "SIG(0)": fields(additional=[dnsmsg.record(24, TTL, bytes(30))]),
                "something behind": fields(tail=b"x"),
                "a record too few": fields(answer=[a, b""]),
                "data too short": fields(answer=[a[:-5] + b"\5" + EVIL]),
                "a pointer to itself": lambda r: r.__dict__.update(answer=[
                    dnsmsg.record(1, TTL, EVIL, name=struct.pack(
                        "!H", 0xc000 | 12 + len(r.name) + 4))]),
                "a label of 64 bytes": fields(answer=[dnsmsg.record(
                    1, TTL, EVIL, name=b"\x40" + bytes(64) + b"\0")])}.items():
            self.rejected(title, change)
        self.accepted("1232 bytes", lambda r: pad(r, 1232))
        self.accepted("no data", fields(answer=[], authority=[dnsmsg.soa(TTL, TTL)]))
        self.accepted("NXDOMAIN", fields(flags=0x8583, answer=[],
                                         authority=[dnsmsg.soa(TTL, TTL)]))
        self.accepted("an alias", fields(answer=[cname, dnsmsg.record(
            1, TTL, GOOD, name=b"\1x\xc0\x0c")]))
        # The least of all.
        names = {self.accepted(title, change): title for title, change in {
            "minimum 10": fields(answer=[], authority=[dnsmsg.soa(TTL, 10)]),
            "SOA for 10": fields(answer=[], authority=[dnsmsg.soa(10, TTL)]),
            "10 of one": fields(answer=[a, dnsmsg.record(1, 10, GOOD)]),
            "10 of an additional one": fields(
                additional=[dnsmsg.record(1, 10, GOOD)])}.items()}
        time.sleep(11)
        for name, title in names.items():
            self.is_asked_again(title + ", after 11", name)

    def queries(self):
        def query(kind=1, klass=1, flags=dnsmsg.RD, options=b"", questions=1,
                  answers=b"", more=b"", version=0):
            question = (dnsmsg.to_name("passed.on.example.") +
                        struct.pack("!HH", kind, klass))
            additional = dnsmsg.opt_record(1232, False, options, version)
            return (struct.pack("!6H", 4711, flags, questions, bool(answers), 0,
                                1 + bool(more)) +
                    question * questions + answers + additional + more)

        # It would be, if nothing were wrong with it.
        asked = self.goes_out("plain", None, query=query(klass=4))
        self.send(Reply(asked))
        found = self.ask(query(klass=4))
        self.check("plain", "queries, hits, misses", self.counters.since(), [1, 1, 0])
        if isinstance(found, Asked):
            self.complain("plain: not in the cache")
        for title, data in {
                "ANY": query(255), "AXFR": query(252), "IXFR": query(251),
                "MAILB": query(253), "TSIG": query(250), "OPT": query(41),
                "SIG": query(24), "type 0": query(0),
                "class ANY": query(klass=255), "class NONE": query(klass=254),
                "notify": query(flags=4 << 11), "update": query(flags=5 << 11),
                "status": query(flags=2 << 11),
                "Z": query(flags=dnsmsg.RD | 0x40),
                "truncated": query(flags=dnsmsg.RD | dnsmsg.TC),
                "cookie": query(options=b"\0\x0a\0\x08" + bytes(8)),
                "subnet": query(options=b"\0\x08\0\x08\0\1\x18\0\xc0\0\2\0"[:11]),
                "NSID": query(options=b"\0\3\0\0"),
                "EDNS 1": query(version=1),
                "two questions": query(questions=2),
                "with an answer": query(answers=dnsmsg.record(1, TTL, GOOD)),
                "signed": query(more=dnsmsg.record(TYPES["TSIG"], 0, bytes(30),
                                                   klass=255)),
                "two OPT": query(more=dnsmsg.opt_record(1232)),
                "something behind": query() + b"x"}.items():
            self.passed_on(title, data)
        self.passed_on("an answer", query(flags=dnsmsg.QR | dnsmsg.RD), (0, 0, 0))


def switch(value):
    with open("/sys/class/net/vpn0/virtualtap/dns_cache", "w") as option:
        option.write(value)


def main():
    case, family, host_mac = sys.argv[1:]
    switch("1")
    tester = Tester(family, host_mac)
    getattr(tester, case)()
    if tester.failures:
        sys.exit("FAILED: %d complaints, IPv%s" % (tester.failures, family))


main()
