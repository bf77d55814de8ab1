# shellcheck shell=bash
# Servers and routers that are trusted, and those that are not.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

# serve STATION NUMBER: DHCPv4 and router advertisements; addresses, prefix and
# gateway tell of it.
serve() {
	SERVER=$1 dhcp_server "$1" eth0 --dhcp-authoritative --enable-ra \
		--dhcp-range="10.9.0.${2}0,10.9.0.${2}0,255.255.255.0,1h" \
		--dhcp-range="2001:db8:$2::,ra-only,64,1h" --ra-param=eth0,4,1800
}

counts() { [ "$(counter vpn0 "$1")" -ge "$2" ]; }
has_prefix() { ip -6 addr show dev vpn0 | grep -q " 2001:db8:$1:"; }

test_rogue_servers() {
	local gw rogue
	vpn_segment
	station gw 10.9.0.1/24 2001:db8:1::1/64
	station rogue 10.9.0.2/24 2001:db8:2::1/64
	gw=$(mac_of eth0 gw) rogue=$(mac_of eth0 rogue)
	option trusted "$gw"

	# Alone on the segment, it is without effect.
	serve rogue 2
	! udhcpc -f -n -t 3 -T 2 -i vpn0 > udhcpc.log 2>&1 || fail "a lease: $(ip addr show vpn0)"
	wait_for 60 counts ra_untrusted 1
	counts dhcp_untrusted 1 || fail "no DHCP answer was dropped"
	ethtool -S vpn0 | awk '/ (ra|dhcp)_untrusted:/ { n += $2 } / rx_drop_untrusted:/ { n -= $2 }
		END { exit n != 0 }' || fail "$(ethtool -S vpn0 | grep untrusted)"
	assert_eq "IPv6 routes" "$(ip -6 route show default)" ""
	! has_prefix 2 || fail "an address of the rogue's"
	assert_eq "learned" "$(cat /sys/class/net/vpn0/virtualtap/ipv?_{address,gateway,prefix,dns} 2> /dev/null)" ""

	# Beside the good one, it is no disturbance.
	serve gw 1
	dhcp_client
	wait_for 30 learned_is ipv4_address 10.9.0.10/24
	assert_eq ipv4_gateway "$(learned ipv4_gateway)" 10.9.0.1
	wait_for 60 has_prefix 1
	assert_eq ipv6_routers "$(learned ipv6_routers)" "$(address6_of link eth0 gw)"
	reaches 10.9.0.1
	stop udhcpc
	stop gw

	# Both are good now; then everybody is.
	option trusted "$gw $rogue"
	wait_for 60 both_prefixes_learned
	wait_for 60 has_prefix 2
	option trusted none
	dhcp_client
	wait_for 30 learned_is ipv4_address 10.9.0.20/24
}
both_prefixes_learned() {
	[ "$(learned ipv6_prefix | tr ' ' '\n' | sort | xargs)" = "2001:db8:1::/64 2001:db8:2::/64" ]
}
