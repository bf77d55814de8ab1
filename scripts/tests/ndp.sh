# shellcheck shell=bash
# Addresses of the host end, as other hosts of the segment find them by NDP.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

MAC=02:00:5e:10:20:30
NET6=2001:db8:9:

# found ADDRESS NAMESPACE: all MACs that a station finds behind it.
found() {
	{ inside "$2" ndisc6 -m -q -r 1 -w 1000 "$1" eth0 || true; } |
		grep -oE '([0-9A-F]{2}:){5}[0-9A-F]{2}' | tr A-F a-f | sort -u
}
found_is() { [ "$(found "$1" "$2")" = "$3" ]; }

conflicts_counted() { [ "$(counter vpn0 address_conflicts)" -gt 0 ]; }

test_every_address_is_found() {
	vpn_segment address "$MAC"
	station pc $NET6:2/64
	ip addr add $NET6:5/64 dev vpn0
	ip addr add 2001:db8:7::5/128 dev vpn0 nodad
	ip addr add $NET6:6/64 dev vpn0 nodad
	ip addr del $NET6:6/64 dev vpn0
	wait_for 60 found_is $NET6:5 pc "$MAC"
	wait_for 60 found_is "$(address6_of link vpn0)" pc "$MAC"
	wait_for 20 found_is 2001:db8:7::5 pc "$MAC"
	assert_eq "found for an address that was removed" "$(found $NET6:6 pc)" ""
	reaches $NET6:5 pc
	reaches $NET6:2
	reaches "$(address6_of link eth0 pc)%vpn0"
	[ "$(counter vpn0 na_sent)" -ge 3 ] || fail "na_sent"
	# Who wants one of them for itself is told.
	inside pc sysctl -q net.ipv6.conf.eth0.accept_dad=1
	ip -n pc addr add $NET6:5/64 dev eth0
	wait_for 30 dad_failed
	assert_eq address_conflicts "$(counter vpn0 address_conflicts)" 0
}
dad_failed() { ip -n pc addr show dev eth0 dadfailed | grep -q "$NET6:5/64"; }

# Two of a kind, one after the other.
test_address_of_another_station() {
	vpn_segment address "$MAC"
	station pc $NET6:5/64
	station other $NET6:2/64
	ip addr add $NET6:5/64 dev vpn0
	wait_for 60 conflicts_counted
	wait_for 20 found_is $NET6:5 other "$(mac_of eth0 pc)"
	dmesg | tac | sed '/test: /q' |
		grep -q "vpn0: address conflict: $NET6:5 is used by another station"
}

# Addresses of the segment for hosts behind this one.
test_proxies() {
	vpn_segment address "$MAC"
	ip addr add $NET6:5/64 dev vpn0 nodad
	station pc $NET6:2/64
	client lan 2001:db8:1::1/64 2001:db8:1::2/64
	addresses eth0 lan $NET6:77/128
	ip -6 route add $NET6:77 via 2001:db8:1::2
	sysctl -q net.ipv6.conf.vpn0.proxy_ndp=1
	not_found "without a proxy"

	ip -6 neigh add proxy $NET6:77 dev vpn0
	sysctl -q net.ipv6.conf.vpn0.forwarding=0
	not_found "by a host that does not forward"
	sysctl -q net.ipv6.conf.vpn0.forwarding=1
	sysctl -q net.ipv6.conf.vpn0.proxy_ndp=0
	not_found "without proxy_ndp"
	sysctl -q net.ipv6.conf.vpn0.proxy_ndp=1
	capture wire vpn vpn0-l2 'icmp6 and ip6[40] = 136'
	reaches $NET6:77 pc
	# RFC 4861 7.2.8: whoever has the address itself comes first.
	captured_some wire "ether src $MAC and ip6[44] & 0x60 = 0x40" ||
		fail "no answer, or one that overrides"
	inside lan ping -q -c 2 -W 10 -I $NET6:77 $NET6:2 > ping.log
	ip -6 neigh del proxy $NET6:77 dev vpn0
	not_found "after the proxy was removed"
}
not_found() { assert_eq "found $1" "$(found $NET6:77 pc)" ""; }
