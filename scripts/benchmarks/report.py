#!/usr/bin/python3
"""Makes tables, and a plot, of what scripts/benchmarks/run.sh measured.

Input: lines of name, case, column and value, with tabs between them."""
import argparse
import datetime
import re

MARK = "<!-- bench: made by scripts/bench --readme -->"


class Table:
    """One of the report: `names` says which benchmarks are its rows, and what
    they are called, if there are several; `heads` are those of name and case;
    `ratio` is (column, column), the first over the second, and `most` or `least`
    what that may be, by name or by case; `notes` is one more column, (head, text by
    name)."""

    def __init__(self, title, heads, names, columns, ratio=None, most=None, least=None,
                 notes=None):
        self.title, self.heads, self.names, self.columns = title, heads, names, columns
        self.ratio, self.most, self.least = ratio, most or {}, least or {}
        self.notes = notes

    def without_target(self):
        return Table(self.title, self.heads, self.names, self.columns, self.ratio,
                     notes=self.notes)

    def markdown(self, rows):
        head = [*self.heads, *self.columns]
        if self.notes:
            head += [self.notes[0]]
        if self.ratio:
            head += ["ratio"]
        if self.most or self.least:
            head += ["target"]
        lines = [f"**{self.title}**", "", self.line(head), "|---" * len(head) + "|"]
        for (name, case), value in rows.items():
            if name in self.names:
                lines.append(self.line(self.cells(name, case, value)))
        return "\n".join(lines)

    @staticmethod
    def line(cells):
        return "| " + " | ".join(cells) + " |"

    def cells(self, name, case, value):
        cells = ([self.names[name]] if len(self.names) > 1 else []) + [case]
        cells += [f"{value[c]:,.0f}" if c in value else "" for c in self.columns]
        if self.notes:
            cells.append(self.notes[1].get(name, ""))
        if not self.ratio:
            return cells
        if not all(column in value for column in self.ratio):
            return cells + [""] * (2 if self.most or self.least else 1)
        ratio = value[self.ratio[0]] / value[self.ratio[1]]
        cells.append(f"{ratio:.2f}")
        if self.most or self.least:
            cells.append(self.target(name, case, ratio))
        return cells

    def target(self, name, case, ratio):
        for key in name, case:
            if key in self.most:
                return f"{self.most[key]:.2f}" + (", missed" if ratio > self.most[key] else "")
            if key in self.least:
                return f"{self.least[key]:.2f}" + (", missed" if ratio < self.least[key] else "")
        return ""


PATH = Table(
    "A packet, beside a veth pair", ["packets", "size"],
    {"rx": "received", "forward": "received and forwarded", "tx": "forwarded and sent"},
    ["netkit", "ipvlan", "veth", "virtualtap"], ("virtualtap", "veth"),
    {"rx": 1.20, "forward": 1.15, "tx": 1.10})
EVERYTHING = Table(
    "Everything on, forwarded, beside a veth pair and the host's connection tracking", ["size"],
    {"everything": "received and forwarded"},
    ["veth", "virtualtap"], ("virtualtap", "veth"), {"everything": 1.25})
FEATURES = Table(
    "What a feature alone adds to a packet of IPv4, 60 bytes, forwarded", ["feature"],
    {"features": "forwarded"}, ["received", "sent"])
CROSSING = Table(
    "Beside a translator in user space", ["packets, beyond their sender", "size"],
    {"cross-rx": "received", "cross-tx": "sent"},
    ["relay-tap", "relay", "veth", "virtualtap"], ("relay", "virtualtap"),
    least={"60 bytes": 4.5, "1400 bytes": 15})
TCP = Table(
    "TCP, Mbit/s at a billion instructions a second", ["frames go through", "direction"],
    {"tcp-bridged": "a bridge behind it", "tcp-raw": "a packet socket behind it",
     "tcp-merged": "frames of a bridge, merged"},
    ["veth", "virtualtap"], ("virtualtap", "veth"),
    least={"tcp-bridged": 0.95, "tcp-raw": 0.95, "tcp-merged": 1 / 1.05})
MERGING = Table(
    "TCP, merged for the host's stack", ["device"], {"tcp-packets": "frames of a bridge"},
    ["frames", "packets"], ("frames", "packets"), least={"virtualtap": 8})
FLOODS = Table(
    "TCP to the host beside another station's flood, Mbit/s", ["flood"],
    {"floods": "a bridge behind it"}, ["veth", "virtualtap"], ("virtualtap", "veth"),
    least={"floods": 0.95})
GROWTH = {
    "neighbours": "sent to ever other neighbours",
    "dns_entries": "DNS with so many answers kept",
    "ports": "received, so many host ends",
    "connections": "received, ever other connections",
    "open_fragments": "received while fragments wait",
    "addresses": "so many addresses of the host end"}
EVENTS = {
    "plain": "a datagram", "arp": "request answered", "na": "request answered",
    "first": "first packet to a neighbour", "answer": "neighbour's answer, the packet sent",
    "fragments": "datagram in 2 parts", "dns": "DNS", "ra": "router advertisement",
    "dhcp": "DHCP lease"}
REFERENCE = {"arp": "21", "na": "44-74", "fragments": "575", "ra": "20"}
WHILE_GROWING = Table(
    "While tables grow", ["packets", "case"], GROWTH, ["smallest", "middle", "largest"],
    ("largest", "smallest"), dict.fromkeys(GROWTH, 1.10))
TABLES = [
    PATH, EVERYTHING, FEATURES, CROSSING, TCP, MERGING, FLOODS,
    WHILE_GROWING,
    Table("Events, beyond the same frame into a dummy", ["event", "case"], EVENTS,
          ["virtualtap"], notes=("VirtualTap 0.4, ns", REFERENCE)),
    Table("Memory", ["kernel memory of a"], {"memory": "memory"}, ["bytes"])]
# The caches' part of a growing table is the machine's: its target is of instructions.
TIME_TABLES = [table.without_target() if table is WHILE_GROWING else table for table in TABLES]


def read(path):
    """{(name, case): {column: value}}, in the order of the file. Of several
    rounds the fastest counts."""
    rows = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            name, case, column, value = line.rstrip("\n").split("\t")
            row, value = rows.setdefault((name, case), {}), float(value)
            row[column] = min(value, row.get(column, value))
    return rows


def processor():
    with open("/proc/cpuinfo", encoding="ascii") as info:
        return re.search(r"model name\s*: (.*)", info.read()).group(1)


def report(rows, head, tables):
    names = {name for name, _case in rows}
    return "\n\n".join([head] + [table.markdown(rows) for table in tables
                                 if names.intersection(table.names)])


def plot(rows):
    """Bars, two for each row of the first table."""
    rows = {key: value for key, value in rows.items() if key[0] in PATH.names}
    height, left, width = 18, 330, 420
    scale = width / max(v for row in rows.values() for v in row.values())
    out, y = [], 40
    for (name, case), value in rows.items():
        out.append(f'<text x="{left - 10}" y="{y + 17}" text-anchor="end">'
                   f'{PATH.names[name]}, {case}</text>')
        for device, color in ("veth", "#9aa5b1"), ("virtualtap", "#2f6f9f"):
            out.append(f'<rect x="{left}" y="{y}" width="{value[device] * scale:.1f}" '
                       f'height="{height // 2 + 2}" fill="{color}"/>')
            out.append(f'<text x="{left + value[device] * scale + 5:.1f}" y="{y + 10}" '
                       f'font-size="10">{value[device]:,.0f}</text>')
            y += height // 2 + 3
        y += 8
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 60}" height="{y + 10}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{left + width + 60}" height="{y + 10}" fill="white"/>',
        f'<text x="{left}" y="22">Instructions a packet: '
        '<tspan fill="#6b7785">veth</tspan>, <tspan fill="#2f6f9f">virtualtap</tspan></text>',
    ]
    return "\n".join(head + out + ["</svg>", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instructions", help="what the one kind of guest printed")
    parser.add_argument("time", nargs="?", help="and the other")
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--readme")
    parser.add_argument("--svg")
    args = parser.parse_args()
    today = datetime.date.today().isoformat()
    rows = read(args.instructions)
    text = report(rows, f"Instructions a packet on {args.kernel}, {today}: the median of three "
                        "runs of 20,000 packets, where nothing else is said.", TABLES)
    if args.time:
        text += "\n\n" + report(read(args.time), (
            f"Nanoseconds a packet in User Mode Linux on {processor()}, {today}: the fastest of "
            "45 runs of 10,000 packets, the devices in turn; of an event the least of three medians."),
                                TIME_TABLES)
    if args.svg:
        with open(args.svg, "w", encoding="ascii") as out:
            out.write(plot(rows))
    if not args.readme:
        print(text)
        return
    with open(args.readme, encoding="utf-8") as readme:
        old = readme.read()
    new, count = re.subn(f"{MARK}\n.*?{MARK}", lambda _: f"{MARK}\n{text}\n{MARK}", old,
                         flags=re.DOTALL)
    if count != 1:
        parser.error(f"{args.readme} has no place for the table")
    with open(args.readme, "w", encoding="utf-8") as readme:
        readme.write(new)


main()
