# shellcheck shell=bash
# Multicast through a bridge that forwards it only to who asked for it.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

MAC=02:00:5e:10:20:30
NET=10.9.0 NET6=2001:db8:9:

# A segment whose bridge asks for members every two seconds, forgets them after
# six, and sends to the Ethernet end no groups that nobody behind it has joined.
snooping_segment() {
	vpn_segment address "$MAC"
	ip -n vpn link set br0 type bridge mcast_mld_version 2 mcast_igmp_version 3 \
		mcast_query_interval 200 mcast_query_response_interval 100 \
		mcast_startup_query_interval 100 mcast_last_member_interval 100 \
		mcast_membership_interval 600 mcast_querier 1
	bridge -n vpn link set dev vpn0-l2 mcast_flood off
	station pc $NET.2/24 $NET6:2/64
	ip -n pc route add 224.0.0.0/4 dev eth0
}

# joined GROUP: the bridge has heard of it by the Ethernet end.
joined() {
	bridge -n vpn -j mdb show dev br0 |
		jq -e --arg group "$1" '.[].mdb[] | select(.grp == $group and .port == "vpn0-l2")'
}
not_joined() { ! joined "$1"; }

# member GROUP: of that and no other, a program of the host.
member() {
	case $1 in
	*:*) background "member-$1" socat -u "UDP6-RECV:7000,reuseaddr,ipv6-join-group=[$1]:vpn0" STDOUT ;;
	*) background "member-$1" socat -u "UDP4-RECV:7000,reuseaddr,ip-add-membership=$1:vpn0" STDOUT ;;
	esac
	wait_for 30 joined "$1"
}

# send GROUP: to it, from another host.
send() { inside pc bash -c "echo 'to $1' > /dev/udp/$1/7000"; }
hears() {
	send "$2"
	sleep 0.2
	grep -q "to $2" "$T/member-$1.log"
}

# A group: one that a program joins; another: that stays away.
test_groups() {
	local group another
	snooping_segment
	ip addr add $NET.5/24 dev vpn0
	ip addr add $NET6:5/64 dev vpn0 nodad
	capture wire vpn vpn0-l2 'udp port 7000'
	for group in 239.1.2.3 ff0e::1:3; do
		another=${group%3}4
		member "$group"
		send "$another"
		wait_for 30 hears "$group" "$group"
		captured_some wire "dst host $group" || fail "$group does not come by the Ethernet end"
		! captured_some wire "dst host $another" || fail "$another does, too"
		stop "member-$group"
		wait_for 30 not_joined "$group"
	done
}

# RFC 4291 2.8: each address has a group that its neighbours ask.
test_solicited_node_groups() {
	snooping_segment
	ip addr add $NET6:abcd/64 dev vpn0
	wait_for 30 joined ff02::1:ff00:abcd
	wait_for 60 answers $NET6:abcd pc
	# It remains a member as long as it says so when it is asked.
	sleep 8
	ip -n pc neigh flush dev eth0
	reaches $NET6:abcd pc
	ip addr del $NET6:abcd/64 dev vpn0
	wait_for 30 not_joined ff02::1:ff00:abcd
}
