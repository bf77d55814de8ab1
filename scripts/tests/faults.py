#!/usr/bin/python3
"""Does things while the kernel has no memory for one step of them, for tests.

    faults.py changes DIRECTORY STEP

Each thing is done again and again: without its first allocation, without its
second, and so on, until it needs no more (fail-nth of the kernel's fault
injection). Whatever it says it did is done; what it refused left all as it was.
DIRECTORY is where the kernel's switches for fault injection are. What makes and
ends devices has hundreds of allocations, most of them not the driver's: of these
only each STEPth.

Makes vpn0, vpn0-l2 and what stands on them, which it leaves; tap0 has to be there.
Prints what was done, and at how many allocations it failed.

    faults.py frames ETHERNET_END HOST_MAC PCAP
    faults.py packets HOST_END HOST_MAC PCAP

The frames of a capture that the host received, or the packets that it sent, once
more, again and again in the same way. Prints how many, and at how many allocations
they failed. That allocations which may wait succeed is up to the caller.
"""

import errno
import itertools
import os
import socket
import struct
import sys

import netlink
import rtnl
from mutants import frames_of

RTM_DELLINK = 17
IFF_UP = 1
ETH_P_ALL, SO_RCVBUFFORCE = 3, 33
SYS = "/sys/class/net/"
OPTIONS = {
    "resolve": "off", "announce": "2", "defend": "on", "learning": "off", "neigh_max": "2000",
    "neigh_timeout": "77", "gateway4": "10.9.0.1", "gateway6": "fe80::1",
    "trusted": "02:00:00:00:00:01 02:00:00:00:00:02", "reassembly": "off", "frag_max": "1000",
    "frag_timeout": "5", "dscp": "46", "dscp_map": "46:10", "gateway_probe": "3",
    "dns_cache": "on", "dns_max": "1000", "dns_ttl_max": "60", "conntrack": "on", "ct_zone": "8"}


class Fault:
    """One allocation of this thread that fails."""

    def __init__(self):
        self.switch = os.open("/proc/thread-self/fail-nth", os.O_RDWR)
        self.happened = False

    def of(self, nth, call):
        """The error that call() raised, or 0."""
        os.pwrite(self.switch, b"%d" % nth, 0)
        try:
            call()
            result = 0
        except OSError as error:
            result = error.errno
        left = int(os.pread(self.switch, 16, 0))
        os.pwrite(self.switch, b"0", 0)
        self.happened = nth != 0 and left == 0
        return result


FAULT = Fault()


def rtnetlink(kind, body, flags=0):
    """A request, as a function of which allocation fails. It returns an error, 0,
    or None: there was no memory for the answer."""
    def do(nth):
        sock = rtnl.connect()
        # All of it is done before send() returns.
        return FAULT.of(nth, lambda: rtnl.send(sock, kind, body, flags)) or answer(sock)
    return do


def answer(sock):
    try:
        return -struct.unpack("=i", sock.recv(65536)[16:20])[0]
    except OSError as error:
        if error.errno != errno.ENOBUFS:
            raise
        return None


def add(words):
    return rtnetlink(rtnl.RTM_NEWLINK, rtnl.message(words.split()),
                     rtnl.NLM_F_CREATE | rtnl.NLM_F_EXCL)


def change(words):
    return rtnetlink(rtnl.RTM_NEWLINK, rtnl.message(words.split()))


def link(name, flags=0):
    body = struct.pack("=BxHiII", 0, 0, 0, flags, IFF_UP)
    return body + rtnl.attribute(rtnl.IFLA_IFNAME, name.encode() + b"\0")


def delete(name):
    return rtnetlink(RTM_DELLINK, link(name))


def flags(name, up):
    return rtnetlink(rtnl.RTM_NEWLINK, link(name, IFF_UP if up else 0))


def generic(words):
    family = netlink.Family()
    command, *rest = words.split()

    def do(nth):
        body = b"".join(netlink.encode(netlink.space_of(command), word) for word in rest)
        return FAULT.of(nth, lambda: netlink.send(
            family.sock, family.number, netlink.COMMANDS[command], body,
            netlink.NLM_F_ACK)) or answer(family.sock)
    return do


def dump(words):
    """Changes nothing."""
    command, *rest = words.split()

    def do(nth):
        family = netlink.Family()
        answers = []
        return FAULT.of(nth, lambda: answers.extend(family.request(
            command, rest, netlink.NLM_F_DUMP))) or answers[-1][0]
    return do


def option(name, value):
    def do(nth):
        fd = os.open(SYS + "vpn0/virtualtap/" + name, os.O_WRONLY)
        text = value.encode()
        error = FAULT.of(nth, lambda: os.write(fd, text))
        os.close(fd)
        return error
    return do


def read(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.read()
    except OSError as error:
        return error.errno


def state():
    """What is there, and how it is set."""
    found = {}
    for name in os.listdir(SYS):
        files = ["flags", "mtu", "address"]
        if os.path.isdir(SYS + name + "/virtualtap"):
            files += ["virtualtap/" + file for file in OPTIONS]
        found[name] = {file: read(SYS + name + "/" + file) for file in files}
    found["neighbours"] = neighbours() if "vpn0" in found else None
    return found


def neighbours():
    entries = (netlink.decode("A_NEIGH", message) for message in netlink.Family().request(
        "neigh-get", ["ifindex=vpn0"], netlink.NLM_F_DUMP) if isinstance(message, bytes))
    # Others are asked for whenever the host sends something.
    return sorted((entry.get("addr4", entry.get("addr6")), entry["mac"]) for entry in entries
                  if "mac" in entry)


def must(what, do):
    error = do(0)
    if error != 0:
        sys.exit("%s: %s" % (what, os.strerror(error)))


def differences(one, other):
    return {name: (one.get(name), other.get(name)) for name in {*one, *other}
            if one.get(name) != other.get(name)}


def endure(what, do, undo, step=1):
    """Does it, with one fault after the other. It is done at the end."""
    before = state()
    must(what, do)
    after = state()
    must("undo " + what, undo)
    if state() != before:
        sys.exit("%s: not undone: %s" % (what, differences(before, state())))
    nth = 1 - step
    tried = refused = 0
    while True:
        nth += step
        tried += 1
        error = do(nth)
        happened = FAULT.happened
        now = state()
        wanted = [after, before] if error is None else [before] if error else [after]
        if now not in wanted:
            sys.exit("%s: error %s of fault %d left %s" % (
                what, error, nth, differences(wanted[0], now)))
        refused += bool(error)
        if not happened:
            break
        if now == after and after != before:
            must("undo " + what, undo)
    if error:
        sys.exit("%s: error %s without a fault" % (what, error))
    print("%s: %d faults, %d of them refused" % (what, tried - 1, refused), flush=True)


PAIR = "name=vpn0 mac=02:00:00:00:00:05 peer name=vpn0-l2 mac=02:00:00:00:00:06"
# OPTIONS, of a request.
DATA = ("data resolve:u8=0 announce:u8=2 defend:u8=1 learning:u8=0 neigh_max:u32=2000 "
        "neigh_timeout:u32=77 gateway4:ip=10.9.0.1 gateway6:ip6=fe80::1 "
        "trusted:hex=02:00:00:00:00:01:02:00:00:00:00:02 reassembly:u8=0 frag_max:u32=1000 "
        "frag_timeout:u32=5 dscp:u8=46 gateway_probe:u32=3 dns_cache:u8=1 dns_max:u32=1000 "
        "dns_ttl_max:u32=60 conntrack:u8=1 ct_zone:u16=8")


def options_as_before():
    """As a function, like those above, that sets all as they are now."""
    now = {name: read(SYS + "vpn0/virtualtap/" + name) for name in OPTIONS}

    def do(_nth):
        return next(filter(None, (option(*item)(0) for item in now.items())), 0)
    return do


def switches(directory):
    for name, value in (("failslab/verbose", "0"), ("failslab/ignore-gfp-wait", "N"),
                        ("fail_page_alloc/verbose", "0"), ("fail_page_alloc/min-order", "0"),
                        ("fail_page_alloc/ignore-gfp-wait", "N")):
        with open(os.path.join(directory, name), "w", encoding="ascii") as file:
            file.write(value)


def devices(step):
    endure("a pair", add(PAIR), delete("vpn0"), step)
    endure("no pair any more", delete("vpn0"), add(PAIR), step)
    whole = add(PAIR.replace("peer", DATA + " peer"))
    endure("a pair with options", whole, delete("vpn0-l2"), step)
    endure("no such pair any more", delete("vpn0-l2"), whole, step)
    on_device = add("name=vpn0 link=tap0")
    endure("a host end on a device", on_device, delete("vpn0"), step)
    endure("no host end on a device any more", delete("vpn0"), on_device, step)


def settings(step):
    must("a pair", add(PAIR))
    vlan = add("name=vpn0.10 link=vpn0-l2 data vlan:u16=10")
    endure("a VLAN", vlan, delete("vpn0.10"), step)
    endure("no VLAN any more", delete("vpn0.10"), vlan, step)
    for name in "vpn0-l2", "vpn0":
        endure(name + " up", flags(name, True), flags(name, False))
        endure(name + " down", flags(name, False), flags(name, True))
        must(name + " up", flags(name, True))
    endure("an MTU", change("name=vpn0 mtu=1400"), change("name=vpn0 mtu=1500"))
    # None would not come back.
    must("a zone", option("ct_zone", "7"))
    as_before = options_as_before()
    endure("options", change("name=vpn0 " + DATA), as_before)
    for name, value in OPTIONS.items():
        must("options as before", as_before)
        endure("option " + name, option(name, value), as_before)
    must("options as before", as_before)


def requests():
    known = "ifindex=vpn0 addr4=10.9.0.7"
    new, gone = generic("neigh-new %s mac=02:00:00:00:00:07" % known), generic("neigh-del " + known)
    endure("a neighbour", new, gone)
    endure("no neighbour any more", gone, new)
    must("a neighbour", new)
    nothing = dump("dev-get")
    for command in "dev-get", "neigh-get ifindex=vpn0", "dns-get ifindex=vpn0":
        endure(command, dump(command), nothing)
    for command in "announce", "dns-flush":
        endure(command, generic(command + " ifindex=vpn0"), nothing)


def changes(directory, step):
    switches(directory)
    devices(int(step))
    settings(int(step))
    requests()


def replay(sends):
    """What takes a frame further has no other allocations than its own: the sender
    does it all, but what the host's stack does later."""
    frames = faults = 0
    for send in sends:
        frames += 1
        for nth in itertools.count(1):
            # What the sender hears of it does not matter.
            FAULT.of(nth, send)
            if not FAULT.happened:
                break
            faults += 1
    print("%d sent, %d faults" % (frames, faults))


def of_host(host_mac, pcap, sent):
    host_mac = bytes.fromhex(host_mac.replace(":", ""))
    return (frame for frame in frames_of(pcap) if (frame[6:12] == host_mac) == sent)


def frames(device, host_mac, pcap):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    wire.bind((device, 0))
    replay(lambda frame=frame: wire.send(frame) for frame in of_host(host_mac, pcap, False))


def packets(device, host_mac, pcap):
    host = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
    # What somebody looks at is copied before it has another header. Once that is
    # full, nothing is.
    looks = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
    looks.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 26)
    replay(lambda frame=frame: host.sendto(
        frame[14:], (device, int.from_bytes(frame[12:14], "big")))
        for frame in of_host(host_mac, pcap, True))


if __name__ == "__main__":
    {"changes": changes, "frames": frames, "packets": packets}[sys.argv[1]](*sys.argv[2:])
