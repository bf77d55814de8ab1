#!/usr/bin/python3
"""Netlink messages, for the other programs here; and requests to the driver's
generic netlink family, for tests:

    netlink.py COMMAND [ATTRIBUTE...]       do it
    netlink.py dump COMMAND [ATTRIBUTE...]

    COMMAND     as in the description of the family: dev-get, neigh-new, ...
    ATTRIBUTE   NAME=VALUE, as there; of ifindex a device's name will do;
                NUMBER:hex=BYTES for what it does not have

Prints `ok`, or an answer in JSON, a line for each message of a dump, `ok` or
`interrupted` last; or the error and the kernel's own message, and fails then.

    netlink.py -        a request per line of standard input: prints what became of it

    netlink.py listen   prints "listening", then the events, in JSON, as they come
    netlink.py many NUMBER DEV          sets so many permanent neighbours
    netlink.py count DEV                dumps them: how many messages, addresses
    netlink.py churn DEV                sets and deletes neighbours, for ever
"""

import json
import os
import re
import socket
import struct
import sys

NETLINK_GENERIC = 16
NLM_F_REQUEST, NLM_F_MULTI, NLM_F_ACK, NLM_F_DUMP_INTR, NLM_F_DUMP = 1, 2, 4, 16, 0x300
NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x100, 0x200
NLMSG_ERROR, NLMSG_DONE = 2, 3
SOL_NETLINK, ADD_MEMBERSHIP, NETLINK_CAP_ACK, NETLINK_EXT_ACK = 270, 1, 10, 11
NLMSGERR_ATTR_MSG, NLMSGERR_ATTR_MISS_TYPE = 1, 5
CTRL, GETFAMILY, FAMILY_ID, FAMILY_NAME = 16, 3, 1, 2
MCAST_GROUPS, GROUP_NAME, GROUP_ID = 7, 1, 2
HEADER = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../../include/uapi/linux/virtualtap_genl.h")


def attribute(kind, data):
    length = 4 + len(data)
    return struct.pack("=HH", length, kind) + data + bytes(-length % 4)


def each_attribute(data):
    while len(data) >= 4:
        length, kind = struct.unpack("=HH", data[:4])
        yield kind & 0x3fff, data[4:length]
        data = data[(length + 3) & ~3:]


def attributes(data):
    return dict(each_attribute(data))


def extack(answer):
    """The text in an error message, if any; else what it misses."""
    kind, flags = struct.unpack("=HH", answer[4:8])
    if not flags & NLM_F_ACK_TLVS:
        return ""
    at = 20
    if kind == NLMSG_ERROR:
        at += 16
        if not flags & NLM_F_CAPPED:
            at = 20 + struct.unpack("=I", answer[20:24])[0]
    fields = attributes(answer[at:])
    if NLMSGERR_ATTR_MSG in fields:
        return fields[NLMSGERR_ATTR_MSG].rstrip(b"\0").decode()
    if NLMSGERR_ATTR_MISS_TYPE in fields:
        return "attribute %d is missing" % struct.unpack("=I", fields[NLMSGERR_ATTR_MISS_TYPE])[0]
    return ""


def generic():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    sock.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
    sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
    sock.bind((0, 0))
    return sock


def send(sock, family, command, body, flags=0):
    sock.send(struct.pack("=IHHIIBBH", 20 + len(body), family,
                          NLM_F_REQUEST | flags, 1, 0, command, 1, 0) + body)


def family(sock, name):
    """The attributes of a generic netlink family."""
    send(sock, CTRL, GETFAMILY, attribute(FAMILY_NAME, name.encode() + b"\0"))
    return attributes(sock.recv(65536)[20:])


def messages(sock):
    """What comes next."""
    data = sock.recv(1 << 20)
    while data:
        length, = struct.unpack("=I", data[:4])
        yield data[:length]
        data = data[(length + 3) & ~3:]


# What the header has, as {"A_NEIGH": {"ifindex": 1}, "NEIGH_STATE": ...}.
def read_header():
    found = {}
    for body in re.findall(r"^enum [^{]*\{(.*?)\};", open(HEADER).read(), re.S | re.M):
        names = re.findall(r"^\tVIRTUALTAP_(\w+)(?: = (\d+))?,", body, re.M)
        prefix = next(p for p in PREFIXES if names[0][0].startswith(p + "_"))
        number, values = 0, {}
        for name, value in names:
            number = int(value) if value else number
            values[name[len(prefix) + 1:].lower().replace("_", "-")] = number
            number += 1
        found[prefix] = values
    return found


PREFIXES = ["NEIGH_STATE", "NEIGH_FLAGS", "LEASE_CHANGE", "ROUTER_CHANGE", "MAC_CHANGE",
            "A_DEV", "A_OPTION", "A_LEASE4", "A_LEASE6", "A_ROUTER", "A_PREFIX",
            "A_NAME_SERVER", "A_SEARCH", "A_GATEWAY", "A_COUNTER", "A_NEIGH", "A_DNS",
            "A_EVENT", "CMD"]
NUMBERS = read_header()
COMMANDS = NUMBERS["CMD"]
EVENTS = "lease", "router", "gateway-mac", "conflict"

U16 = "vlan", "ct-zone"
U8 = ("resolve", "announce", "defend", "learning", "reassembly", "mode", "dscp", "vlan-qos",
      "carrier", "dns-cache", "conntrack")
BYTES = "dscp-map", "trusted"
SIGNED = "preference",
FLAGS = "paused", "on-link", "reachable"
ADDRESSES = ("addr4", "addr6", "address", "gateway", "gateway4", "gateway6", "server", "server4",
             "server6", "name-server", "router")
TEXTS = "ifname", "ethernet", "domain", "search", "name"
MACS = "mac", "old-mac", "new-mac"
NESTS = {"options": "A_OPTION", "lease4": "A_LEASE4", "lease6": "A_LEASE6"}
LISTS = {("A_DEV", "router"): "A_ROUTER", ("A_DEV", "prefix"): "A_PREFIX",
         ("A_DEV", "route"): "A_PREFIX", ("A_DEV", "name-server"): "A_NAME_SERVER",
         ("A_DEV", "search"): "A_SEARCH", ("A_DEV", "gateway"): "A_GATEWAY",
         ("A_DEV", "counter"): "A_COUNTER", ("A_LEASE6", "address"): "A_PREFIX",
         ("A_LEASE6", "delegated"): "A_PREFIX", ("A_LEASE4", "name-server"): None,
         ("A_LEASE6", "name-server"): None, ("A_LEASE6", "search"): None}
ENUMS = {"state": "NEIGH_STATE", "lease-change": "LEASE_CHANGE",
         "router-change": "ROUTER_CHANGE", "mac-change": "MAC_CHANGE"}


def named(numbers, wanted):
    return next(name for name, number in numbers.items() if number == wanted)


def value_of(space, name, data):
    if space == "A_EVENT" and name == "router":
        return decode("A_ROUTER", data)
    if name in NESTS:
        return decode(NESTS[name], data)
    if name in FLAGS:
        return True
    if name in MACS:
        return data.hex(":")
    if name in BYTES:
        return data.hex()
    if name in TEXTS:
        return data.rstrip(b"\0").decode()
    if name in ADDRESSES:
        return socket.inet_ntop(socket.AF_INET if len(data) == 4 else socket.AF_INET6, data)
    if name in ENUMS:
        return named(NUMBERS[ENUMS[name]], struct.unpack("=I", data)[0])
    if name == "flags":
        flags, = struct.unpack("=I", data)
        return [flag for flag, bit in NUMBERS["NEIGH_FLAGS"].items() if flags & bit]
    if name == "vlan-protocol":
        return struct.unpack(">H", data)[0]
    form = {1: "=B", 2: "=H", 4: "=i" if name in SIGNED else "=I", 8: "=Q"}[len(data)]
    return struct.unpack(form, data)[0]


def decode(space, data):
    found = {}
    for kind, content in each_attribute(data):
        name = named(NUMBERS[space], kind)
        if (space, name) in LISTS:
            inner = LISTS[space, name]
            found.setdefault(name, []).append(decode(inner, content) if inner else
                                              value_of(space, name, content))
        elif name != "pad":
            found[name] = value_of(space, name, content)
    return found


def space_of(command):
    if command in EVENTS:
        return "A_EVENT"
    return "A_" + {"announce": "DEV"}.get(command, command.split("-")[0].upper())


def encode(space, word):
    name, value = word.split("=", 1)
    if name.endswith(":hex"):
        return attribute(int(name[:-4]), bytes.fromhex(value))
    kind = NUMBERS[space][name]
    if name == "ifindex":
        data = struct.pack("=I", int(value) if value.isdigit() else socket.if_nametoindex(value))
    elif name in ADDRESSES:
        data = socket.inet_pton(socket.AF_INET6 if name.endswith("6") else socket.AF_INET, value)
    elif name in MACS:
        data = bytes.fromhex(value.replace(":", ""))
    else:
        data = struct.pack("=I", NUMBERS[ENUMS[name]][value])
    return attribute(kind, data)


class Family:
    def __init__(self):
        self.sock = generic()
        self.fields = family(self.sock, "virtualtap")
        self.number, = struct.unpack("=H", self.fields[FAMILY_ID])

    def request(self, command, words, flags=NLM_F_ACK):
        """Yields the content of the answers, last (error, text, interrupted)."""
        body = b"".join(encode(space_of(command), word) for word in words)
        send(self.sock, self.number, COMMANDS[command], body, flags)
        interrupted = False
        while True:
            for message in messages(self.sock):
                kind, got = struct.unpack("=HH", message[4:8])
                interrupted |= bool(got & NLM_F_DUMP_INTR)
                if kind not in (NLMSG_ERROR, NLMSG_DONE):
                    yield message[20:]
                    continue
                error = -struct.unpack("=i", message[16:20])[0]
                yield error, extack(message), interrupted
                return

    def join(self):
        """Hears of events from now on."""
        for entry in attributes(self.fields[MCAST_GROUPS]).values():
            entry = attributes(entry)
            if entry[GROUP_NAME] == b"events\0":
                self.sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP,
                                     struct.unpack("=I", entry[GROUP_ID])[0])

    def events(self):
        while True:
            for message in messages(self.sock):
                yield named(COMMANDS, message[16]), decode("A_EVENT", message[20:])


def run(family, words, quiet=False):
    flags = NLM_F_ACK
    if words[0] == "dump":
        flags, words = NLM_F_DUMP, words[1:]
    for answer in family.request(words[0], words[1:], flags):
        if isinstance(answer, bytes) and not quiet:
            print(json.dumps(decode(space_of(words[0]), answer)))
    error, text, interrupted = answer
    if error:
        print("%s: %s" % (os.strerror(error), text))
    else:
        print("interrupted" if interrupted else "ok")
    return error


def run_lines(lines):
    family = Family()
    for line in lines:
        status = run(family, line.split(), quiet=True)
    return status


def nth(number):
    """An address of many."""
    return "addr4=10.%d.%d.%d" % (number >> 16, number >> 8 & 255, number & 255)


def change(family, command, words):
    error, text, _ = next(family.request(command, words))
    if error:
        sys.exit("%s: %s" % (os.strerror(error), text))


def many(number, device):
    """Many in a message: one system call for each would take minutes in a test."""
    family = Family()
    rest = encode("A_NEIGH", "ifindex=" + device) + encode("A_NEIGH", "mac=02:00:00:00:00:01")
    addr4 = struct.pack("=HH", 8, NUMBERS["A_NEIGH"]["addr4"])
    header = struct.pack("=IHHIIBBH", 28 + len(rest), family.number, NLM_F_REQUEST, 1, 0,
                         COMMANDS["neigh-new"], 1, 0) + rest + addr4
    for first in range(0, int(number), 512):
        family.sock.send(b"".join(header + struct.pack(">I", 0x0a000001 + i)
                                  for i in range(first, min(first + 512, int(number)))))


def count(device):
    family = Family()
    total, addresses = 0, set()
    for answer in family.request("neigh-get", ["ifindex=" + device], NLM_F_DUMP):
        if isinstance(answer, bytes):
            total += 1
            # All of an attribute, the one behind the interface's.
            addresses.add(answer[8:16])
    print(total, len(addresses), answer)


def churn(device):
    family = Family()
    while True:
        for i in range(1, 513):
            change(family, "neigh-new", ["ifindex=" + device, nth(0xf0000 + i),
                                         "mac=02:00:00:00:00:02", "state=stale"])
        for i in range(1, 513):
            change(family, "neigh-del", ["ifindex=" + device, nth(0xf0000 + i)])


def listen():
    family = Family()
    family.join()
    print("listening", flush=True)
    for name, fields in family.events():
        print(json.dumps({"event": name, **fields}), flush=True)


def main(words):
    if words[0] == "listen":
        return listen()
    if words[0] == "many":
        return many(*words[1:])
    if words[0] == "count":
        return count(words[1])
    if words[0] == "churn":
        return churn(words[1])
    if words == ["-"]:
        return run_lines(sys.stdin)
    return run(Family(), words)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
