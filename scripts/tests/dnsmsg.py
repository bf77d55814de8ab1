"""DNS messages, made and read: for the other programs here. What it says of an
answer it says independently of the driver."""

import collections
import random
import struct

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16,
         "AAAA": 28, "SRV": 33, "NAPTR": 35, "DNAME": 39, "OPT": 41, "RRSIG": 46,
         "HTTPS": 65, "TSIG": 250, "IXFR": 251, "AXFR": 252, "ANY": 255,
         "CAA": 257}
NAMED = {number: name for name, number in TYPES.items()}
# Bytes in front of the names that a record's data has, and how many there are.
NAMES_IN_DATA = {"NS": (0, 1), "CNAME": (0, 1), "SOA": (0, 2), "PTR": (0, 1),
                 "MX": (2, 1), "SRV": (6, 1), "DNAME": (0, 1)}
IN = 1
QR, AA, TC, RD, AD, CD = 0x8000, 0x400, 0x200, 0x100, 0x20, 0x10
DO = 0x8000
NXDOMAIN, SERVFAIL = 3, 2
ANSWER_MAX = 1232

Record = collections.namedtuple("Record", "name type klass ttl data")


def to_name(text):
    """The bytes of a name; \\DDD and \\C are as in zone files."""
    labels, label, i = [], bytearray(), 0
    while i < len(text):
        c = text[i]
        if c == "\\" and text[i + 1].isdigit():
            label.append(int(text[i + 1:i + 4]))
            i += 3
        elif c == "\\":
            i += 1
            label += text[i].encode()
        elif c == ".":
            labels.append(bytes(label))
            label = bytearray()
        else:
            label += c.encode()
        i += 1
    labels.append(bytes(label))
    return b"".join(bytes([len(one)]) + one for one in labels if one) + b"\0"


def other_case(name):
    """With the case of each letter chosen at random."""
    # No length of a label is a letter's: 63 at most.
    return bytes(c ^ 0x20 if chr(c).isalpha() and c < 128 and random.getrandbits(1)
                 else c for c in name)


class Query:
    """Of a name in bytes; edns is the size that the asker takes."""

    def __init__(self, name, kind, flags=RD, edns=None, do=False, klass=IN):
        self.name, self.kind, self.klass = name, kind, klass
        self.flags, self.edns, self.do = flags, edns, do
        self.id = 0

    @classmethod
    def of(cls, text):
        """NAME TYPE [edns=SIZE] [do] [cd] [ad] [nord]"""
        name, kind, *words = text.split()
        query = cls(to_name(name), TYPES.get(kind) or int(kind[4:]))
        for word in words:
            if word.startswith("edns="):
                query.edns = int(word[5:])
            elif word == "do":
                query.do = True
            elif word == "nord":
                query.flags &= ~RD
            else:
                query.flags |= {"cd": CD, "ad": AD}[word]
        return query

    @property
    def question(self):
        return self.name + struct.pack("!HH", self.kind, self.klass)

    @property
    def size(self):
        return max(self.edns or 512, 512)

    @property
    def key(self):
        """What its answer depends on, besides the server."""
        return (self.name.lower(), self.kind, self.klass, self.flags,
                self.edns is not None, self.do)

    def encode(self, number=None):
        self.id = random.randrange(65536) if number is None else number
        opt = b"" if self.edns is None else opt_record(self.edns, self.do)
        return struct.pack("!HHHHHH", self.id, self.flags, 1, 0, 0,
                           bool(opt)) + self.question + opt


def opt_record(size, do=False, options=b"", version=0):
    return b"\0" + struct.pack("!HHBBHH", TYPES["OPT"], size, 0, version,
                               DO if do else 0, len(options)) + options


def record(kind, ttl, data, name=b"\xc0\x0c", klass=IN):
    """Of the question's name, unless there is another."""
    return name + struct.pack("!HHIH", kind, klass, ttl, len(data)) + data


def soa(ttl, minimum):
    return record(TYPES["SOA"], ttl, b"\0\0" + struct.pack("!5I", 1, 2, 3, 4, minimum))


def read_name(message, at):
    """The name and what is behind it."""
    labels, end = b"", None
    while message[at]:
        if message[at] >= 0xc0:
            end = end or at + 2
            at = struct.unpack_from("!H", message, at)[0] & 0x3fff
        else:
            labels += message[at:at + 1 + message[at]]
            at += 1 + message[at]
    return labels + b"\0", end or at + 1


def read_data(message, at, kind, length):
    """A record's data, with whole names."""
    end = at + length
    if kind not in NAMES_IN_DATA:
        return message[at:end]
    fixed, names = NAMES_IN_DATA[kind]
    data = message[at:at + fixed]
    at += fixed
    for _ in range(names):
        name, at = read_name(message, at)
        data += name
    return data + message[at:end]


class Message:
    """An answer, taken apart."""

    def __init__(self, data):
        self.data = data
        self.id, self.flags, questions, *counts = struct.unpack_from("!6H", data)
        at = 12
        for _ in range(questions):
            at = read_name(data, at)[1] + 4
        self.question = data[12:at]
        self.sections = []
        for count in counts:
            section = []
            for _ in range(count):
                name, at = read_name(data, at)
                kind, klass, ttl, length = struct.unpack_from("!HHIH", data, at)
                at += 10
                kind = NAMED.get(kind, kind)
                section.append(Record(name, kind, klass, ttl,
                                      read_data(data, at, kind, length)))
                at += length
            self.sections.append(section)

    @property
    def rcode(self):
        return self.flags & 15

    def records(self):
        """All but those of EDNS, whose TTL is none."""
        return [one for section in self.sections for one in section
                if one.type != "OPT"]

    def canonical(self):
        """All but id, TTLs and order, in small letters where they do not matter."""
        return (self.flags, self.question.lower(), [
            sorted((one.name.lower(), str(one.type), one.klass,
                    one.ttl if one.type == "OPT" else 0,
                    one.data.lower() if one.type in NAMES_IN_DATA else one.data)
                   for one in section) for section in self.sections])

    def lifetime(self, kind):
        """For how long an answer to a question for that type may be kept."""
        answer, authority, additional = self.sections
        ends = [one.ttl for one in self.records()]
        ends += [struct.unpack("!I", one.data[-4:])[0] for one in authority
                 if one.type == "SOA"]
        negative = self.rcode == NXDOMAIN or not any(
            one.type == NAMED.get(kind, kind) for one in answer)
        if (self.flags & TC or self.rcode not in (0, NXDOMAIN) or
                len(self.data) > ANSWER_MAX or not ends or
                any(one.type == "OPT" and one.data for one in additional) or
                negative and not any(one.type == "SOA" for one in authority)):
            return 0
        return min(ends)

    def text(self):
        """Its error, or its addresses."""
        if self.rcode:
            return {NXDOMAIN: "nxdomain", SERVFAIL: "servfail"}.get(
                self.rcode, "error %d" % self.rcode)
        return " ".join(".".join(map(str, one.data)) if one.type == "A" else
                        one.data.hex() for one in self.sections[0]
                        if one.type in ("A", "AAAA")) or "nodata"
