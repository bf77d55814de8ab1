# shellcheck shell=bash
# The DNS cache, with the servers and clients that people use: unbound, dnsmasq
# that asks it, and what is on the host. Each answer is that of the server, and
# comes from the cache when it should.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

# Hundreds of questions, over and over.
# shellcheck disable=SC2034 # run.sh reads it
TIMEOUT=600
# shellcheck disable=SC2034 # this, too
ENOUGH_ON=6.1

NET6=2001:db8:9:
UNBOUND=10.9.0.53 DNSMASQ=10.9.0.54
UNBOUND6=$NET6:53 DNSMASQ6=$NET6:54

dns_client() { /usr/bin/python3 -E -S "$TESTS/dns-client.py" "$@"; }

# zone: what the servers tell. Some answers are longer than what each takes, than
# what is kept, and than a packet.
zone() {
	local length=0123456789 n name
	length=$length$length$length$length$length$length$length$length$length$length
	cat "$TESTS/dns.zone"
	for name in big:7 bigger:12 biggest:30; do
		for n in $(seq "${name#*:}"); do echo "${name%:*} TXT \"$n $length\""; done
	done
}

# unbound NAMESPACE ADDRESS...: for "vpn.example".
unbound() {
	local address
	zone > zone.conf
	{
		echo "server:"
		for address in "${@:2}" 127.0.0.1@5300; do echo "interface: $address"; done
		cat <<-END
			access-control: 0.0.0.0/0 allow
			access-control: ::/0 allow
			username: ""
			chroot: ""
			directory: "$T"
			pidfile: ""
			use-syslog: no
			module-config: "iterator"
			max-udp-size: 4096
			edns-buffer-size: 4096
			remote-control:
			control-enable: no
			auth-zone:
			name: vpn.example
			zonefile: "$T/zone.conf"
			for-upstream: no
		END
	} > unbound.conf
	background_as unbound "$1" unbound -d -c "$T/unbound.conf"
	wait_for 30 grep -q 'start of service' unbound.log
}

# dnsmasq NAMESPACE ADDRESS...: asks unbound there, but for what it knows.
dnsmasq() {
	local address listen=()
	for address in "${@:2}"; do listen+=("--listen-address=$address"); done
	background_as dnsmasq "$1" dnsmasq --keep-in-foreground --conf-file=/dev/null \
		--log-facility=- --user=root --pid-file= --no-resolv --no-hosts \
		--bind-interfaces "${listen[@]}" --server=127.0.0.1#5300 \
		--cache-size=0 --edns-packet-max=4096 --local-ttl=3600 \
		--host-record=a.own.example,192.0.2.1,2001:db8::1 \
		--address=/wild.own.example/192.0.2.2 --address=/none.own.example/ \
		--cname=alias.own.example,a.own.example \
		--mx-host=own.example,mail.own.example,10 \
		--txt-record=text.own.example,one,two \
		--srv-host=_sip._udp.own.example,mail.own.example,5060 \
		--ptr-record=1.2.0.192.in-addr.arpa,a.own.example \
		--caa-record=own.example,0,issue,ca.example
	wait_for 20 grep -q 'started' dnsmasq.log
}

dns_segment() {
	vpn_segment
	addresses vpn0 '' 10.9.0.5/24 $NET6:5/64
	station ns $UNBOUND/24 $DNSMASQ/24 $UNBOUND6/64 $DNSMASQ6/64
	unbound ns $UNBOUND $UNBOUND6
}

# odd_names: each with another byte in it, so that there are 200 names in all.
odd_names() {
	local byte
	for byte in $(seq 0 131); do printf 'byte-\\%03d.wild.vpn.example. A\n' "$byte"; done
}

test_same_answers_from_unbound() {
	local server
	dns_segment
	odd_names > odd
	for server in $UNBOUND $UNBOUND6; do
		dns_client compare "$server" "$TESTS/dns.names" odd
	done
}

test_same_answers_from_dnsmasq() {
	local server
	dns_segment
	dnsmasq ns $DNSMASQ $DNSMASQ6
	{
		cat "$TESTS/dns.names"
		cat <<-END
			a.own.example. A
			a.own.example. AAAA
			x.wild.own.example. A
			none.own.example. A
			alias.own.example. A
			own.example. MX
			text.own.example. TXT
			_sip._udp.own.example. SRV
			1.2.0.192.in-addr.arpa. PTR
			own.example. CAA
		END
	} > names
	odd_names > odd
	for server in $DNSMASQ $DNSMASQ6; do dns_client compare "$server" names odd; done
}

test_many_names() {
	dns_segment
	dns_client many $UNBOUND 10000 wild.vpn.example.
}

# expects SERVER[%DEVICE] [NAMESPACE]: each line of standard input is what is said, and
# how, a bar, and a question.
expects() {
	cat > wanted
	sed 's/.*| //' wanted |
		as "${2:-}" /usr/bin/python3 -E -S "$TESTS/dns-client.py" ask "$1" > said
	diff <(sed 's/ *|.*//' wanted) said || fail "$1 said: $(cat said)"
}

# misses_then_hits QUESTIONS COMMAND...: so it does with questions that it does not
# know yet, and says the same.
misses_then_hits() {
	local before said
	before="$(counter vpn0 dns_cache_hits) $(counter vpn0 dns_cache_misses)"
	said=$("${@:2}")
	assert_eq "$2, hits and misses" \
		"$(counter vpn0 dns_cache_hits) $(counter vpn0 dns_cache_misses)" \
		"${before% *} $((${before#* } + $1))"
	assert_eq "$2" "$("${@:2}")" "$said"
	assert_eq "$2, hits and misses, again" \
		"$(counter vpn0 dns_cache_hits) $(counter vpn0 dns_cache_misses)" \
		"$((${before% *} + $1)) $((${before#* } + $1))"
	echo "$said" > said
}

# dig_all ARGUMENT...: all that is said but ids, times and order.
dig_all() {
	dig "$@" +nocookie +nostats +nocmd +nottlid -f digs | sed 's/, id: .*//' | sort
}

test_dig() {
	local before
	dns_segment
	printf '%s.vpn.example %s\n' a A A A both AAAA alias3 A text TXT big TXT nothing A \
		_sip._udp SRV x.wild A > digs
	option dns_cache 1
	# "A", again, is a hit at once.
	dig_all @$UNBOUND > first
	assert_eq hits "$(counter vpn0 dns_cache_hits)" 1
	dig_all @$UNBOUND > second
	assert_eq hits "$(counter vpn0 dns_cache_hits)" 10
	cmp first second || fail "$(diff first second)"
	grep -q 'alias2.vpn.example.*CNAME.*alias.vpn.example' first || fail "$(cat first)"
	# Its cookie is between it and the server.
	before=$(counter vpn0 dns_queries)
	dig @$UNBOUND +short a.vpn.example > said
	assert_eq "what dig says" "$(cat said)" 192.0.2.1
	assert_eq hits "$(counter vpn0 dns_cache_hits)" 10
	assert_eq queries "$(counter vpn0 dns_queries)" $((before + 1))
}

# resolver ADDRESS: whom programs ask.
resolver() {
	echo "nameserver $1" > resolv.conf
	mount --bind "$T/resolv.conf" /etc/resolv.conf
}

# Each asks for both families.
test_getent() {
	local server
	dns_segment
	option dns_cache 1
	for server in $UNBOUND $UNBOUND6; do
		resolver "$server"
		misses_then_hits 2 getent ahosts both.vpn.example
		grep -q '^192.0.2.3 ' said && grep -q '^2001:db8::3 ' said || fail "$(cat said)"
		misses_then_hits 2 getent ahosts six.vpn.example
		misses_then_hits 1 getent ahostsv4 alias3.vpn.example
		grep -q '^192.0.2.1 ' said || fail "$(cat said)"
		misses_then_hits 1 getent hosts not.wild.vpn.example
	done
}

test_systemd_resolved() {
	dns_segment
	option dns_cache 1
	resolved $UNBOUND
	resolver 127.0.0.53
	# It may try once more what it does not know a server for yet.
	getent ahosts a.vpn.example > said || true
	misses_then_hits 2 getent ahosts both.vpn.example
	grep -q '^192.0.2.3 ' said && grep -q '^2001:db8::3 ' said || fail "$(cat said)"
	misses_then_hits 1 dig @127.0.0.53 +nocookie +short mail.vpn.example
	assert_eq "what dig says" "$(cat said)" 192.0.2.25
}

test_server_stopped() {
	dns_segment
	option dns_cache 1
	expects $UNBOUND <<-END
		miss 192.0.2.1 | a.vpn.example. A
		miss 192.0.2.20 | short.vpn.example. A
		miss 192.0.2.1 | passing.vpn.example. A
		miss nxdomain | nothing.vpn.example. A
		miss nodata | six.vpn.example. A
	END
	stop unbound
	shown "a.vpn.example 1 $UNBOUND 0 1" "nothing.vpn.example 1 $UNBOUND 3 0" \
		"passing.vpn.example 1 $UNBOUND 0 2" "short.vpn.example 1 $UNBOUND 0 1" \
		"six.vpn.example 1 $UNBOUND 0 0"
	assert_eq "the rest" "$(netlink dump dns-get ifindex=vpn0 | sed '$d' |
		jq 'select(.name == "short.vpn.example") |
			.lifetime > 0 and .lifetime <= 40 and .size > 40 and .class == 1')" true
	expects $UNBOUND <<-END
		hit 192.0.2.1 | a.vpn.example. A
		hit 192.0.2.20 | SHORT.vpn.example. A
		hit 192.0.2.1 | passing.vpn.example. A
		hit nxdomain | nothing.vpn.example. A
		hit nodata | six.vpn.example. A
		miss nothing | both.vpn.example. A
	END
	sleep 41
	expects $UNBOUND <<-END
		hit 192.0.2.1 | a.vpn.example. A
		miss nothing | short.vpn.example. A
		miss nothing | passing.vpn.example. A
		hit nxdomain | nothing.vpn.example. A
	END
	option dns_ttl_max 15
	expects $UNBOUND <<-END
		miss nothing | a.vpn.example. A
		miss nothing | nothing.vpn.example. A
	END
	unbound ns $UNBOUND $UNBOUND6
	expects $UNBOUND <<-END
		miss 192.0.2.1 | a.vpn.example. A
		hit 192.0.2.1 | a.vpn.example. A
	END
}

# forgotten_after COMMAND...: what is kept, which there is more of afterwards.
forgotten_after() {
	"$@"
	expects $UNBOUND <<-END || fail "not forgotten: $*"
		miss 192.0.2.1 | a.vpn.example. A
		hit 192.0.2.1 | a.vpn.example. A
	END
}

kept_after() {
	"$@"
	expects $UNBOUND <<-END || fail "forgotten: $*"
		hit 192.0.2.1 | a.vpn.example. A
	END
}

# shown LINE...: name, type and server of each answer that is kept.
shown() {
	assert_eq "what is kept" "$(netlink dump dns-get ifindex=vpn0 | sed '$d' |
		jq -r '[.name, .type, .server4 // .server6, .rcode, .answers] | @tsv' |
		tr '\t' ' ' | sort)" "$(printf '%s\n' "$@")"
}

flushed() { assert_eq "flush" "$(netlink dns-flush ifindex=vpn0)" ok; }
flush_refused() {
	refused 'not permitted' without_admin netlink dns-flush ifindex=vpn0
	refused 'no host end' netlink dns-flush ifindex=lo
}

off_and_on() {
	option dns_cache 0
	assert_eq entries "$(counter vpn0 dns_cache_entries)" 0
	assert_eq bytes "$(counter vpn0 dns_cache_bytes)" 0
	option dns_cache 1
}
down_and_up() {
	ip ${2:+-n "$2"} link set "$1" down
	assert_eq entries "$(counter vpn0 dns_cache_entries)" 0
	ip ${2:+-n "$2"} link set "$1" up
	wait_for 20 carrier_is vpn0 1
}
what_does_not_matter() {
	option dns_max 300
	option dns_ttl_max 600
	option dns_cache 1
	option neigh_max 512
	ip link set vpn0 mtu 1400
	ip addr add 10.9.0.6/24 dev vpn0
}

test_flushes() {
	dns_segment
	forgotten_after option dns_cache 1
	forgotten_after off_and_on
	forgotten_after flushed
	kept_after flush_refused
	forgotten_after option gateway4 10.9.0.1
	forgotten_after option gateway4 none
	forgotten_after option gateway6 $NET6:1
	forgotten_after option gateway6 none
	kept_after what_does_not_matter
	forgotten_after down_and_up vpn0
	forgotten_after down_and_up vpn0-l2 vpn
}

leases() {
	wait_for 60 learned_is ipv4_address "$1/24"
	wait_for 30 has_address "$1"
}
has_address() { ip -4 -br addr show dev vpn0 | grep -qF " $1/24"; }
acks_are() { [ "$(counter vpn0 dhcp_acks)" = "$1" ]; }

test_another_lease() {
	vpn_segment
	station ns $UNBOUND/24
	station gw 10.9.0.1/24
	unbound ns $UNBOUND
	# A server of its own by that name: this one leases.
	SERVER=dhcp dhcp_server gw eth0 --dhcp-range=10.9.0.50,10.9.0.50,255.255.255.0,1h
	dhcp_client
	leases 10.9.0.50
	forgotten_after option dns_cache 1
	# Renewed, it is the same.
	renew
	wait_for 60 acks_are 2
	kept_after true
	stop dhcp
	rm dhcp.leases
	SERVER=dhcp dhcp_server gw eth0 --dhcp-authoritative \
		--dhcp-range=10.9.0.60,10.9.0.60,255.255.255.0,1h
	renew
	leases 10.9.0.60
	forgotten_after true
}

# The same server by two host ends.
test_each_host_end_has_its_own() {
	ip link add vpn0 type virtualtap
	rtnl add name=vpn0.10 link=vpn0-l2 data vlan:u16=10
	ns vpn
	ip link set vpn0-l2 netns vpn
	ip -n vpn -batch - <<-END
		addr add 192.0.2.53/32 dev lo
		link set vpn0-l2 up
		link add vlan10 link vpn0-l2 type vlan id 10
		link set vlan10 up
		addr add 10.9.0.53/24 dev vpn0-l2
		addr add 10.10.0.53/24 dev vlan10
	END
	up vpn0 '' 10.9.0.5/24
	up vpn0.10 '' 10.10.0.5/24
	ip route add 192.0.2.53 via 10.9.0.53 dev vpn0
	ip route add 192.0.2.53 via 10.10.0.53 dev vpn0.10 metric 10
	unbound vpn 192.0.2.53
	option dns_cache 1
	echo 1 > /sys/class/net/vpn0.10/virtualtap/dns_cache
	expects 192.0.2.53%vpn0 <<-END
		miss 192.0.2.1 | a.vpn.example. A
		hit 192.0.2.1 | a.vpn.example. A
	END
	expects 192.0.2.53%vpn0.10 <<-END
		miss 192.0.2.1 | a.vpn.example. A
		hit 192.0.2.1 | a.vpn.example. A
	END
	flushed
	expects 192.0.2.53%vpn0.10 <<< "hit 192.0.2.1 | a.vpn.example. A"
	expects 192.0.2.53%vpn0 <<< "miss 192.0.2.1 | a.vpn.example. A"
}

test_ether() {
	local server
	rtnl add name=vpn0 data mode:u8=1
	vpn_bridge
	station ns $UNBOUND/24 $UNBOUND6/64
	addresses vpn0 '' 10.9.0.5/24 $NET6:5/64
	unbound ns $UNBOUND $UNBOUND6
	option dns_cache 1
	capture answers '' vpn0 'udp src port 53'
	for server in $UNBOUND $UNBOUND6; do
		expects "$server" <<-END
			miss 192.0.2.1 | a.vpn.example. A
			hit 192.0.2.1 | A.vpn.example. A
		END
	done
	# Each in a frame.
	wait_for 20 captured_times 4 answers
}
captured_times() { [ "$(captured "${@:2}" | wc -l)" = "$1" ]; }

from_pc() {
	expects "$1" pc <<-END
		192.0.2.1 | a.vpn.example. A
		nxdomain | nothing.vpn.example. A
	END
}

# Whoever guesses has 2^32 to guess from.
test_flood_of_answers() {
	local before came n
	compile_flood
	dns_segment
	option dns_cache 1
	option dns_max 16
	reaches $UNBOUND
	before=$(kernel_memory) came=$(counter vpn0 eth_to_ip_packets)
	background_as flood vpn nice -n 19 "$T/flood" vpn0-l2 0 answers \
		"$(mac_of eth0 ns)" $UNBOUND "$(mac_of vpn0)" 10.9.0.5
	wait_for 60 flooded $((came + 5000))
	for n in {1..30}; do
		assert_eq "$n" "$(dig @$UNBOUND +nocookie +short +tries=20 +time=3 "$n.wild.vpn.example")" 192.0.2.6
	done
	kill -0 "$(cat "$T/flood.pid")"
	wait_for 300 flooded $((came + 100000))
	stop flood
	assert_eq "entries" "$(counter vpn0 dns_cache_entries)" 16
	expects $UNBOUND <<-END
		miss 192.0.2.6 | 1.wild.vpn.example. A
		hit 192.0.2.6 | 1.wild.vpn.example. A
	END
	memory_within "$before" 4096
}
flooded() { [ "$(counter vpn0 eth_to_ip_packets)" -ge "$1" ]; }

# Behind the host, nobody knows of the VPN.
test_forwarded_queries() {
	local server
	dns_segment
	client pc 10.8.0.1/24 10.8.0.2/24
	ip addr add fd00:8::1/64 dev pc nodad
	addresses eth0 pc fd00:8::2/64
	ip -n pc route add default via fd00:8::1
	sysctl -q net.ipv6.conf.all.forwarding=1
	masquerade
	option dns_cache 1
	for server in $UNBOUND $UNBOUND6; do
		misses_then_hits 2 from_pc "$server"
	done
	# The host itself and others have it now.
	expects $UNBOUND <<< "hit 192.0.2.1 | A.vpn.example. A"
	stop unbound
	for server in $UNBOUND $UNBOUND6; do
		expects "$server" pc <<-END
			192.0.2.1 | a.vpn.example. A
			nothing | both.vpn.example. A
		END
	done
	! ethtool -S vpn0 | grep 'drop_.*: [1-9]' || fail "drops"
}
