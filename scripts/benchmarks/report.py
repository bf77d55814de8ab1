#!/usr/bin/python3
"""Makes tables, and a plot, of what scripts/benchmarks/run.sh measured.

Input: lines of name, case, column and value, with tabs between them."""
import argparse
import datetime
import re

MARK = "<!-- bench: made by scripts/bench --readme -->"


class Table:
    """One of the report: `names` says which benchmarks are its rows, and what
    they are called, if there are several; `ratio` is (column, column), the first over the second,
    and `most` what that may be, by name."""

    def __init__(self, title, rows, names, columns, ratio=None, most=None):
        self.title, self.rows, self.names, self.columns = title, rows, names, columns
        self.ratio, self.most = ratio, most or {}

    def markdown(self, rows):
        head = (["packets"] if len(self.names) > 1 else []) + [self.rows, *self.columns]
        if self.ratio:
            head += ["ratio"]
        if self.most:
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
        if not self.ratio:
            return cells
        if not all(column in value for column in self.ratio):
            return cells + [""] * (2 if self.most else 1)
        ratio = value[self.ratio[0]] / value[self.ratio[1]]
        cells.append(f"{ratio:.2f}")
        if self.most:
            target = self.most.get(name)
            missed = "" if not target or ratio <= target else ", missed"
            cells.append(f"{target:.2f}{missed}" if target else "")
        return cells


PATH = Table(
    "A packet, beside a veth pair", "size",
    {"rx": "received", "forward": "received and forwarded", "tx": "forwarded and sent"},
    ["netkit", "veth", "virtualtap"], ("virtualtap", "veth"),
    {"rx": 1.20, "forward": 1.15, "tx": 1.10})
TABLES = [
    PATH,
    Table("Everything on, forwarded, beside a veth pair and the host's connection tracking",
          "size", {"everything": "received and forwarded"},
          ["veth", "virtualtap"], ("virtualtap", "veth"), {"everything": 1.25}),
    Table("What a feature alone adds to a packet of IPv4, 60 bytes, forwarded", "feature",
          {"features": "forwarded"},
          ["received", "sent"]),
]


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


def report(rows, head):
    names = {name for name, _case in rows}
    return "\n\n".join([head] + [table.markdown(rows) for table in TABLES
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
                        "runs of 20,000 packets, where nothing else is said.")
    if args.time:
        text += "\n\n" + report(read(args.time), (
            f"Nanoseconds a packet in User Mode Linux on {processor()}, {today}: the fastest of "
            "35 runs of 100,000 packets, the devices in turn."))
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
