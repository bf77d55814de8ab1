# shellcheck shell=bash
# Health of the gateways, and what the host makes of it: a gateway dies without
# a word, the VPN itself stays up.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

NET=10.9 NET6=2001:db8:9
BEYOND=192.0.2.1 BEYOND6=2001:db8:ff::1

value_is() { [ "$(counter "$1" "$2")" = "$3" ]; }

# follow VPN NUMBER: the host's side of it, its gateway probed each second.
follow() {
	local options=/sys/class/net/$1/virtualtap
	sysctl -q "net.ipv6.conf.$1.accept_ra=0"
	addresses "$1" '' "$NET.$2.5/24" "$NET6:$2::5/64"
	echo "$NET.$2.1" > "$options/gateway4"
	echo "$NET6:$2::1" > "$options/gateway6"
	echo 1 > "$options/gateway_probe"
	echo gateway > "$options/carrier"
}

# gateway NAME NUMBER
gateway() {
	station "$1" "$NET.$2.1/24" "$NET6:$2::1/64"
	addresses lo "$1" $BEYOND/32 $BEYOND6/128
}

# dies GATEWAY, lives GATEWAY: for the segment.
dies() { ip -n vpn link set "$1" down; }
lives() { ip -n vpn link set "$1" up; }

# has_lladdr NAMESPACE ADDRESS: once it has asked for it.
has_lladdr() {
	inside "$1" ping -q -c 1 -W 1 "$2" || true
	ip -n "$1" neigh show "$2" | grep lladdr
}

# events_since NUMBER: of lines.
events_since() { tail -n +$(($1 + 1)) events.log; }

test_one_gateway_of_either_family() {
	local family address before
	vpn_segment
	follow vpn0 0
	gateway gw 0
	station pc $NET.0.9/24 $NET6:0::9/64
	background events "$dir/events.py"
	wait_for 20 grep -q listening events.log
	wait_for 60 value_is vpn0 gateway4_reachable 1
	wait_for 60 value_is vpn0 gateway6_reachable 1
	# One that answers is enough.
	ip -n gw addr del $NET.0.1/24 dev eth0
	wait_for 60 value_is vpn0 gateway4_reachable 0
	carrier_is vpn0 1 || fail "no carrier for the sake of one family"
	ip -n gw addr add $NET.0.1/24 dev eth0
	wait_for 60 value_is vpn0 gateway4_reachable 1

	for family in 4 6; do
		if [ $family = 4 ]; then address=$NET.0.1; else address=$NET6::1; fi
		option gateway4 none
		option gateway6 none
		option gateway$family "$address"
		wait_for 60 value_is vpn0 gateway${family}_reachable 1
		before=$(wc -l < events.log)
		dies gw
		wait_for 60 value_is vpn0 gateway${family}_reachable 0
		wait_for 20 carrier_is vpn0 0
		assert_eq "events" "$(events_since "$before")" "router vpn0 $address unreachable"
		assert_eq "carrier of vpn0-l2" "$(inside vpn cat /sys/class/net/vpn0-l2/carrier)" 1
		# It is the host's packets that stay away, not the station.
		wait_for 60 has_lladdr pc $NET.0.5
		wait_for 60 has_lladdr pc $NET6::5
		lives gw
		wait_for 60 carrier_is vpn0 1
		value_is vpn0 gateway${family}_reachable 1 || fail "carrier, but no gateway"
		events_since "$before" | grep -qx "router vpn0 $address reachable"
		wait_for 30 answers "$address"
	done
}

# A DHCP client gets its address where the gateway does not live yet.
test_dhcp_needs_no_gateway() {
	vpn_segment
	option gateway_probe 1
	option carrier gateway
	station server $NET.0.2/24
	dhcp_server server eth0 --dhcp-range=$NET.0.50,$NET.0.59,600 --dhcp-option=3,$NET.0.1
	dhcp_client
	wait_for 60 learned_is ipv4_gateway $NET.0.1
	wait_for 60 carrier_is vpn0 0
	station gw $NET.0.1/24
	wait_for 60 carrier_is vpn0 1
	reaches $NET.0.1
}

# by GATEWAY ADDRESS: a ping there goes by this gateway.
by() {
	local before
	before=$(echos "$1")
	answers "$2" && [ "$(echos "$1")" -gt "$before" ]
}

# The recipe of the README.
test_failover_between_two_vpns() {
	local n address
	vpn_segment
	ip link add vpn1 type virtualtap
	ip link set vpn1-l2 netns vpn
	ip -n vpn link add br1 type bridge
	ip -n vpn link set br1 up
	ip -n vpn link set vpn1-l2 master br1 up
	ip link set vpn1 up
	for n in 0 1; do
		follow vpn$n $n
		gateway gw$n $n
		ip -n vpn link set gw$n master br$n
		ip route add default via $NET.$n.1 dev vpn$n metric $((n + 1))00
		ip -6 route add default via $NET6:$n::1 dev vpn$n metric $((n + 1))00
	done
	sysctl -q net.ipv4.conf.all.ignore_routes_with_linkdown=1
	sysctl -q net.ipv6.conf.all.ignore_routes_with_linkdown=1
	for n in 0 1; do
		wait_for 60 value_is vpn$n gateway4_reachable 1
		wait_for 60 value_is vpn$n gateway6_reachable 1
	done
	for address in $BEYOND $BEYOND6; do wait_for 60 by gw0 "$address"; done
	dies gw0
	for address in $BEYOND $BEYOND6; do wait_for 60 by gw1 "$address"; done
	carrier_is vpn0 0 || fail "not by the carrier"
	carrier_is vpn1 1 || fail "no carrier of the other VPN"
	lives gw0
	for address in $BEYOND $BEYOND6; do wait_for 60 by gw0 "$address"; done
	carrier_is vpn0 1 || fail "not by the carrier"
}
