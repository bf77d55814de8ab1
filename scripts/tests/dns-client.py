#!/usr/bin/python3
"""Asks DNS servers, for tests:

    dns-client.py ask SERVER[%DEVICE]
        for each line of standard input, NAME TYPE [edns=SIZE] [do] [cd] [ad] [nord]:
        "hit" or "miss", as DEVICE, or vpn0, counts it (or nothing, where there is
        none), and addresses, "nodata", "nxdomain" or, if nobody says it, "nothing"
    dns-client.py compare SERVER FILE MORE
        whether all names of FILE (NAME TYPE per line), asked in each of several
        ways, and those of MORE, asked in one, have the same answers with and
        without the cache of vpn0
    dns-client.py many SERVER NUMBER DOMAIN
        so many names of a domain through the 256 entries of vpn0's cache
"""

import random
import socket
import sys
import time

import dnsmsg
from counters import DnsCounters

# How each is asked, and how a few of them are, too.
WAYS = ("", "edns=1232", "edns=512", "edns=4096 do")
OTHER_WAYS = ("nord", "cd", "ad", "cd edns=1232", "do edns=1232")
# Not to be outlasted, but by what does not come; and for what should not.
PATIENCE, IMPATIENCE = 30, 4


def fail(text):
    sys.exit("FAILED: " + text)


def option(name, value):
    with open("/sys/class/net/vpn0/virtualtap/" + name, "w") as file:
        file.write(str(value))


def client(server):
    address, _, device = server.partition("%")
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET,
                         socket.SOCK_DGRAM)
    if device:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
    sock.connect((address, 53))
    return sock


class Answer(dnsmsg.Message):
    """And between which times it was given."""

    def __init__(self, data, sent):
        super().__init__(data)
        self.sent, self.came = sent, time.monotonic()


def ask(server, query, patience=PATIENCE):
    """From a port of its own, as good resolvers do. None where nobody answers."""
    with client(server) as sock:
        sock.settimeout(patience)
        sent = time.monotonic()
        try:
            sock.send(query.encode())
            answer = Answer(sock.recv(65536), sent)
        except (socket.timeout, ConnectionRefusedError):
            return None
    if answer.id != query.id:
        fail("another id")
    if answer.question and answer.question != query.question:
        fail("not asked: %r, but %r" % (query.question, answer.question))
    return answer


def say(server, question, counted):
    answer = ask(server, dnsmsg.Query.of(question), IMPATIENCE)
    text = answer.text() if answer else "nothing"
    words = {(1, 1, 0): "hit ", (1, 0, 1): "miss ", (1, 0, 0): "neither "}
    if counted:
        text = words.get(tuple(counted.since()), "other ") + text
    print(text, flush=True)


def run_ask(server):
    try:
        counted = DnsCounters(server.partition("%")[2] or "vpn0")
    except OSError:
        counted = None
    for question in sys.stdin:
        say(server, question, counted)


class Model:
    """What a cache that is big enough should do."""

    def __init__(self):
        self.kept = {}

    def hit(self, query, answer):
        """What this answer is made of, if it is a hit. If not, it may be kept."""
        kept = self.kept.get(query.key)
        if kept and len(kept.data) <= query.size:
            return kept
        if answer.lifetime(query.kind):
            self.kept[query.key] = answer
        return None


class Comparison:
    def __init__(self, server, questions):
        self.server, self.model = server, Model()
        self.questions = questions
        self.counted = DnsCounters()
        self.failures = 0

    def check(self, what, condition):
        if not condition:
            print(what)
            self.failures += 1

    def ask_all(self, spell=lambda name: name):
        answers = []
        for question in self.questions:
            query = dnsmsg.Query.of(question)
            query.name = spell(query.name)
            answers.append((query, ask(self.server, query)))
            if answers[-1][1] is None:
                fail("no answer: " + question)
        return answers

    def same(self, title, asked):
        for question, (_, answer), (_, plain) in zip(self.questions, asked, self.plain):
            self.check("%s: %s: %r, without %r" % (
                title, question, answer.canonical(), plain.canonical()),
                       answer.canonical() == plain.canonical())

    def ages(self, title, asked, hits):
        """A hit is younger by its age, to the second, and nothing else is."""
        for question, (_, answer), (_, plain), first in zip(
                self.questions, asked, self.plain, hits):
            least = most = 0
            if first:
                least = answer.sent - first.came - 1
                most = answer.came - first.sent + 1
            for one, other in zip(sorted(answer.records(), key=self.order),
                                  sorted(plain.records(), key=self.order)):
                self.check("%s: %s: TTL %d of %d after %.1f to %.1f s" % (
                    title, question, one.ttl, other.ttl, least, most),
                           least <= other.ttl - one.ttl <= most)

    @staticmethod
    def order(record):
        return record.name.lower(), str(record.type), record.data.lower()

    def cached(self, title, spell=lambda name: name):
        self.counted.since()
        asked = self.ask_all(spell)
        counts = self.counted.since()
        hits = [self.model.hit(*one) for one in asked]
        misses = hits.count(None)
        wanted = [len(asked), len(asked) - misses, misses]
        print("%s: queries, hits, misses %s" % (title, counts))
        self.check("%s: queries, hits, misses %s, wanted %s" % (title, counts, wanted),
                   counts == wanted)
        self.same(title, asked)
        self.ages(title, asked, hits)
        return len(asked) - misses

    def run(self):
        option("dns_cache", 0)
        self.plain = self.ask_all()
        self.check("queries are counted while the cache is off",
                   self.counted.since() == [0, 0, 0])
        option("dns_max", 1024)
        option("dns_ttl_max", 86400)
        option("dns_cache", 1)
        self.cached("asked first")
        # So that TTLs have fallen.
        time.sleep(3)
        hits = self.cached("asked again")
        self.check("only %d of %d are hits" % (hits, len(self.questions)),
                   hits > len(self.questions) * .6)
        self.cached("asked in another case", dnsmsg.other_case)
        option("dns_cache", 0)
        self.counted.since()
        self.same("turned off", self.ask_all())
        self.check("hits while the cache is off", self.counted.since() == [0, 0, 0])
        return self.failures


def read_names(path):
    with open(path) as file:
        return [line.strip() for line in file]


def run_compare(server, path, more):
    names = read_names(path)
    questions = ["%s %s" % (name, way) for way in WAYS for name in names]
    questions += ["%s %s" % (name, way) for way in OTHER_WAYS for name in names[::6]]
    questions += read_names(more)
    failures = Comparison(server, questions).run()
    if failures:
        fail("%d differences" % failures)


class Crowd:
    """Names of which each has the address that a wildcard gives."""

    def __init__(self, server, domain):
        self.server = server
        self.domain = dnsmsg.to_name(domain)
        self.counted = DnsCounters()
        self.most = [0, 0]

    def query(self, number):
        label = b"n%d" % number
        return dnsmsg.Query(bytes([len(label)]) + label + self.domain,
                            dnsmsg.TYPES["A"])

    def look(self):
        self.most = [max(old, self.counted.value(name)) for old, name in
                     zip(self.most, ("entries", "bytes"))]

    def ask_many(self, numbers, window):
        """Several at a time, as many as the server's socket has room for."""
        with client(self.server) as sock:
            sock.settimeout(PATIENCE)
            for start in range(0, len(numbers), window):
                part = numbers[start:start + window]
                for number in part:
                    sock.send(self.query(number).encode(number))
                for _ in part:
                    sock.recv(65536)
                self.look()

    def expect(self, what, numbers, hits):
        self.counted.since()
        self.ask_many(numbers, 1)
        wanted = [len(numbers), hits, len(numbers) - hits]
        found = self.counted.since()
        if found != wanted:
            fail("%s: queries, hits, misses %s, wanted %s" % (what, found, wanted))


def run_many(server, number, domain):
    number, crowd = int(number), Crowd(server, domain)
    option("dns_max", 256)
    option("dns_cache", 1)
    crowd.ask_many(range(number - 512), 32)
    # One after the other: their order is known.
    crowd.ask_many(range(number - 512, number), 1)
    entries, size = crowd.most
    print("at most %d entries, %d bytes" % (entries, size))
    if entries != 256 or crowd.counted.value("entries") != 256:
        fail("at most %d entries, wanted 256" % entries)
    if not 256 * 64 < size < 256 * 512:
        fail("%d bytes for small answers" % size)
    if crowd.counted.value("evictions") != number - 256:
        fail("%d evictions" % crowd.counted.value("evictions"))
    crowd.expect("the last 256", range(number - 256, number), 256)
    crowd.expect("the first", [0], 0)
    # That took the place of the least recently used.
    crowd.expect("the oldest", [number - 256], 0)
    # Nor is it the oldest that goes, if somebody asked for it.
    crowd.expect("one of the older", [number - 254], 1)
    crowd.expect("another new one", [1], 0)
    crowd.expect("the older one", [number - 254], 1)
    crowd.expect("the one that was not asked for", [number - 253], 0)
    option("dns_max", 16)
    if crowd.counted.value("entries") != 16:
        fail("%d entries, wanted 16" % crowd.counted.value("entries"))
    if not 16 * 64 < crowd.counted.value("bytes") < 16 * 512:
        fail("%d bytes for 16" % crowd.counted.value("bytes"))
    crowd.expect("what was asked for last", [number - 253], 1)
    option("dns_cache", 0)
    left = crowd.counted.value("entries"), crowd.counted.value("bytes")
    if left != (0, 0):
        fail("%d entries, %d bytes are left" % left)


random.seed()
{"ask": run_ask, "compare": run_compare, "many": run_many}[sys.argv[1]](*sys.argv[2:])
