# shellcheck shell=bash
# What the kernel's memory is spent on.

BENCHMARKS+=(memory:bytes)

# memory: of the kernel, in bytes. Per-CPU memory counts once for each CPU.
memory() {
	# What is freed late is gone by then.
	sleep 2
	awk '$1 ~ /^(Slab|Percpu|VmallocUsed):$/ { n += $2 } END { print n * 1024 }' /proc/meminfo
}

# spent CASE COUNT COMMAND...: memory for each of so many that the command makes.
spent() {
	local before
	before=$(memory)
	"${@:3}" > /dev/null
	measured memory "$1" bytes $((($(memory) - before) / $2))
}

# pairs NAME KIND: 100 of them, up.
pairs() {
	local peer=
	[ "$2" = virtualtap ] || peer='peer name &-l2'
	seq -f "$1%g" 100 |
		sed "s/.*/link add & type $2 $peer\nlink set &-l2 up\nlink set & up/" | ip -batch -
}

bench_memory() {
	pair virtualtap a0 b0
	network a0 1
	drop b0
	# Theirs is there already.
	sent plain sent > /dev/null
	option a0 neigh_max 65536
	option a0 dns_max 65536
	option a0 dns_cache on
	spent "veth pair, unused" 100 pairs e veth
	spent "pair, unused" 100 pairs v virtualtap
	seq 1000 | sed 's/.*/add name=a0.& link=b0 data vlan:u16=&/' > /run/ports
	spent "host end of a VLAN" 1000 rtnl - < /run/ports
	spent "neighbour, IPv4" 8192 sent resolve none 4 0 8192
	spent "neighbour, IPv6" 8192 sent resolve none 6 0 8192
	spent "DNS answer of 58 bytes" 8192 sent dns none 0 8192
	[ "$(counter a0 arp_table_entries) $(counter a0 ndp_table_entries)" = "8193 8193" ]
	[ "$(counter a0 dns_cache_entries)" = 8192 ]
}
