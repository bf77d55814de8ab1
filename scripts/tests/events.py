#!/usr/bin/python3
"""Prints the driver's events of routers and conflicts in this network namespace,
a line each, as they come: "listening" first, then

    router INTERFACE ADDRESS learned|changed|expired|unreachable|reachable
    conflict INTERFACE ADDRESS
"""

import socket

from netlink import Family


def main():
    family = Family()
    family.join()
    print("listening", flush=True)
    for name, fields in family.events():
        if name not in ("router", "conflict"):
            continue
        words = [name, socket.if_indextoname(fields["ifindex"]),
                 fields.get("addr4") or fields.get("addr6")]
        if name == "router":
            words.append(fields["router-change"])
        print(" ".join(words), flush=True)


main()
