#!/usr/bin/python3
"""Makes a table, and a plot, of what scripts/benchmarks/run.sh measured.

Input: lines of name, case, device, value and unit, with tabs between them."""
import argparse
import datetime
import re

# What a packet may cost, as a multiple of what it costs through a veth.
TARGET = {"rx": 1.20, "forward": 1.15, "tx": 1.10}
WHAT = {
    "rx": "received",
    "forward": "received and forwarded",
    "tx": "forwarded and sent",
}
MARK = "<!-- bench: made by scripts/bench --readme -->"


def read(path):
    """{(name, case): {device: value}}, in the order of the file."""
    rows = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            name, case, device, value, _unit = line.rstrip("\n").split("\t")
            rows.setdefault((name, case), {})[device] = float(value)
    return rows


def table(rows, kernel):
    today = datetime.date.today().isoformat()
    lines = [
        f"Instructions a packet on {kernel}, {today}: the median of three runs of 20,000 packets.",
        "",
        "| packets | size | veth | virtualtap | ratio | target |",
        "|---|---|---|---|---|---|",
    ]
    for (name, case), value in rows.items():
        ratio = value["virtualtap"] / value["veth"]
        target = f"{TARGET[name]:.2f}" + ("" if ratio <= TARGET[name] else ", missed")
        lines.append(f"| {WHAT[name]} | {case} | {value['veth']:,.0f} "
                     f"| {value['virtualtap']:,.0f} | {ratio:.2f} | {target} |")
    return "\n".join(lines)


def plot(rows):
    """Bars, two for each row of the table."""
    height, left, width = 18, 330, 420
    scale = width / max(v for row in rows.values() for v in row.values())
    out, y = [], 40
    for (name, case), value in rows.items():
        out.append(f'<text x="{left - 10}" y="{y + 17}" text-anchor="end">'
                   f'{WHAT[name]}, {case}</text>')
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
    parser.add_argument("results")
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--readme")
    parser.add_argument("--svg")
    args = parser.parse_args()
    rows = read(args.results)
    text = table(rows, args.kernel)
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
