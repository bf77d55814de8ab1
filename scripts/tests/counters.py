"""What `ethtool -S` shows, without starting it each time: for the other programs
here."""

import array
import fcntl
import socket
import struct


class Counters:
    SIOCETHTOOL, GSTRINGS, GSTATS, GSSET_INFO, STATS = 0x8946, 0x1b, 0x1d, 0x37, 1

    def __init__(self, interface):
        self.interface = interface.encode()
        self.socket = socket.socket()
        info = self.call(struct.pack("=IIQI", self.GSSET_INFO, 0,
                                     1 << self.STATS, 0))
        self.number = struct.unpack("=I", info[16:20])[0]
        names = self.call(struct.pack("=III", self.GSTRINGS, self.STATS,
                                      self.number) + bytes(32 * self.number))
        self.names = [names[12 + 32 * i:44 + 32 * i].split(b"\0")[0].decode()
                      for i in range(self.number)]

    def call(self, data):
        buffer = array.array("B", data)
        fcntl.ioctl(self.socket, self.SIOCETHTOOL, struct.pack(
            "16sP16x", self.interface, buffer.buffer_info()[0]))
        return buffer.tobytes()

    def read(self):
        data = self.call(struct.pack("=II", self.GSTATS, self.number) +
                         bytes(8 * self.number))
        return zip(self.names, struct.unpack("=%dQ" % self.number, data[8:]))


class DnsCounters:
    """Queries, hits and misses of a host end, between two looks."""

    def __init__(self, interface="vpn0"):
        self.counters = Counters(interface)
        self.last = self.now()

    def now(self):
        all_of_them = dict(self.counters.read())
        return [all_of_them["dns_" + name] for name in
                ("queries", "cache_hits", "cache_misses")]

    def since(self):
        before, self.last = self.last, self.now()
        return [new - old for new, old in zip(self.last, before)]

    def value(self, name):
        return dict(self.counters.read())["dns_cache_" + name]
