# shellcheck shell=bash
# ICMP errors from the segment: which of them the host believes.
# shellcheck source=station.sh
. "${BASH_SOURCE[0]%/*}/station.sh"

EVIL=02:00:5e:00:66:66
FAR=192.0.2.1 FAR6=2001:db8:ff::1

# mtu_to ADDRESS: what is known of the path; nothing for the link's.
mtu_to() { ip route get "$1" | sed -n 's/.* mtu \([0-9]*\).*/\1/p'; }

# What tells the host that its answer to somebody far was too big.
test_path_mtu() {
	segment
	ip route add $FAR dev vpn0
	# Not from us; less than there can be; no less than the link's.
	say too-big "$EVIL" $NET.3 "$HOST_MAC" $HOST_IP 1400 $NET.7 $FAR
	say too-big "$EVIL" $NET.3 "$HOST_MAC" $HOST_IP 67 $HOST_IP $FAR
	counted rx_drop_icmp_forged 2 icmp_errors_received 2 pmtu_events 0
	say too-big "$EVIL" $NET.3 "$HOST_MAC" $HOST_IP 9000 $HOST_IP $FAR
	assert_eq "MTU to $FAR" "$(mtu_to $FAR)" ""
	say too-big "$EVIL" $NET.3 "$HOST_MAC" $HOST_IP 1500 $HOST_IP $FAR
	counted rx_drop_icmp_forged 2 icmp_errors_received 4 pmtu_events 0
	say too-big "$EVIL" $NET.3 "$HOST_MAC" $HOST_IP 1400 $HOST_IP $FAR
	counted rx_drop_icmp_forged 2 icmp_errors_received 5 pmtu_events 1
	assert_eq "MTU to $FAR" "$(mtu_to $FAR)" 1400
	counted icmpv6_errors_received 0
}

test_path_mtu_of_ipv6() {
	segment6
	ip route add $FAR6 dev vpn0
	say too-big "$EVIL" $NET6:3 "$HOST_MAC" $HOST6 1400 $NET6:7 $FAR6
	say too-big "$EVIL" $NET6:3 "$HOST_MAC" $HOST6 1279 $HOST6 $FAR6
	counted rx_drop_icmp_forged 2 icmpv6_errors_received 2 pmtu_events 0
	say too-big "$EVIL" $NET6:3 "$HOST_MAC" $HOST6 9000 $HOST6 $FAR6
	assert_eq "MTU to $FAR6" "$(mtu_to $FAR6)" ""
	say too-big "$EVIL" $NET6:3 "$HOST_MAC" $HOST6 1500 $HOST6 $FAR6
	counted rx_drop_icmp_forged 2 icmpv6_errors_received 4 pmtu_events 0
	say too-big "$EVIL" $NET6:3 "$HOST_MAC" $HOST6 1400 $HOST6 $FAR6
	counted rx_drop_icmp_forged 2 icmpv6_errors_received 5 pmtu_events 1
	assert_eq "MTU to $FAR6" "$(mtu_to $FAR6)" 1400
	counted icmp_errors_received 0
}
