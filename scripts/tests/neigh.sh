# shellcheck shell=bash
# Neighbours and ARP on a segment of scripted stations.
# shellcheck source=station.sh
. "${BASH_SOURCE[0]%/*}/station.sh"

GATEWAY=$NET.254
GATEWAY_MAC=02:00:5e:00:02:fe
EVIL=02:00:5e:00:66:66
REQUEST="$HOST_MAC > ff:ff:ff:ff:ff:ff arp request $HOST_MAC $HOST_IP > 00:00:00:00:00:00"

# unicast_request MAC ADDRESS: pattern of a probe.
unicast_request() { echo "$HOST_MAC > $1 arp request $HOST_MAC $HOST_IP > .* $2\$"; }

gateway() {
	say host "$GATEWAY" "$GATEWAY_MAC"
	ip route add default via "$GATEWAY" dev vpn0
	option gateway4 "$GATEWAY"
}

test_resolution_and_reuse() {
	segment
	say host $NET.2 "$(station 2)"
	pings $NET.2
	pings $NET.2
	heard 1 "$REQUEST $NET.2\$"
	heard 2 "$HOST_MAC > $(station 2) ip $HOST_IP > $NET.2 1 icmp 8"
	counted arp_table_entries 1 arp_requests_sent 1 arp_replies_received 1
	segment_is_clean
}

captured_requests() { [ "$(grep -c "Request who-has" "$T/tcpdump.log")" = "$1" ]; }

test_unresolved_destination() {
	local failed
	segment
	background tcpdump tcpdump -nn -tt -l -i vpn0-l2 arp
	wait_for 30 grep -q listening "$T/tcpdump.log"
	! ping -n -c 1 -W 20 $NET.9 > "$T/ping.log" || fail "nobody answered the ping"
	grep -q "Destination Host Unreachable" "$T/ping.log"
	heard 3 "$REQUEST $NET.9\$"
	counted arp_requests_sent 3 neigh_failures 1 tx_drop_neigh_failed 1
	# Each pause is longer than the one before.
	wait_for 30 captured_requests 3
	awk '/Request who-has/ { t[n++] = $1 }
		END { exit !(n == 3 && t[2] - t[1] > t[1] - t[0]) }' "$T/tcpdump.log" ||
		fail "no back-off"
	# While the failure is remembered, nobody is asked. It is for some
	# seconds, in which a slow machine may not get all of this done.
	failed=$(counts tx_drop_neigh_failed)
	ping -n -c 50 -i 0.002 -W 1 $NET.9 > "$T/ping2.log" || true
	say count "$REQUEST $NET.9\$"
	[ "$SAID" -le 6 ] || fail "$SAID requests"
	wait_for 30 more_than tx_drop_neigh_failed "$failed"
	segment_is_clean
}

test_waiting_packets_leave_in_order() {
	local i
	segment
	for i in $(seq 10); do send_udp $NET.2 "$(printf '%*s' "$i" '')"; done
	heard 0 "> $NET.2 17"
	counted neigh_queued 10
	say arp reply "$(station 2)" $NET.2 "$HOST_MAC" $HOST_IP
	hears 10 "$HOST_MAC > $(station 2) ip $HOST_IP > $NET.2 17"
	# A line of i blanks is i + 1 bytes.
	grep -o "> $NET.2 17 length .*" "$T/stations.log" | awk '{ print $5 - 29 }' |
		diff <(seq 10) - || fail "another order"
	counted tx_drop_neigh_queue 0
	segment_is_clean
}

test_the_newest_packets_wait() {
	local i
	segment
	for i in $(seq 20); do send_udp $NET.2 "$(printf '%*s' "$i" '')"; done
	counted tx_drop_neigh_queue 4
	say arp reply "$(station 2)" $NET.2 "$HOST_MAC" $HOST_IP
	hears 16 "> $NET.2 17"
	grep -o "> $NET.2 17 length .*" "$T/stations.log" | awk '{ print $5 - 29 }' |
		diff <(seq 5 20) - || fail "others, or in another order"
}

test_unicast_is_never_flooded() {
	local i
	segment
	gateway
	for i in 2 3 4; do say host $NET.$i "$(station $i)"; done
	for i in 2 3 4 254; do pings $NET.$i; done
	pings 192.0.2.1
	send_udp $NET.99		# nobody
	for i in 2 3 4; do say gone $NET.$i; say host $NET.$i "$(station 1$i)"; done
	for i in 2 3 4; do say gratuitous "$(station 1$i)" $NET.$i; done
	for i in 2 3 4; do pings $NET.$i; done
	# What is for many does go to many.
	ping -n -b -c 1 -W 1 $NET.255 > /dev/null 2>&1 || true
	ping -n -b -c 1 -W 1 -I vpn0 255.255.255.255 > /dev/null 2>&1 || true
	ping -n -c 1 -W 1 -I vpn0 239.129.2.3 > /dev/null 2>&1 || true
	hears 1 "$HOST_MAC > ff:ff:ff:ff:ff:ff ip $HOST_IP > $NET.255 "
	hears 1 "$HOST_MAC > ff:ff:ff:ff:ff:ff ip $HOST_IP > 255.255.255.255 "
	hears 1 "$HOST_MAC > 01:00:5e:01:02:03 ip $HOST_IP > 239.129.2.3 "
	segment_is_clean
}

test_stale_neighbour_is_used_while_it_is_probed() {
	segment
	# It asks for us: known, but not proven.
	say ask "$(station 2)" $NET.2 $HOST_IP
	counted arp_table_entries 1
	send_udp $NET.2
	hears 1 "$HOST_MAC > $(station 2) ip $HOST_IP > $NET.2 17"
	hears 1 "$(unicast_request "$(station 2)" $NET.2)"
	heard 0 "$REQUEST"
	say host $NET.2 "$(station 2)"
	# The answer to a repeated probe ends the probing.
	hears 2 "$(unicast_request "$(station 2)" $NET.2)"
	pings $NET.2
	heard 0 "$REQUEST"
	counted neigh_queued 0
	segment_is_clean
}

test_silent_stale_neighbour_is_asked_for_anew() {
	segment
	say ask "$(station 2)" $NET.2 $HOST_IP
	send_udp $NET.2
	hears 3 "$(unicast_request "$(station 2)" $NET.2)"
	say host $NET.2 "$(station 12)"
	hears 1 "$REQUEST $NET.2\$"
	pings $NET.2
	hears 1 "$HOST_MAC > $(station 12) ip .* icmp 8"
	segment_is_clean
}

test_moved_neighbour_is_followed() {
	segment
	say host $NET.2 "$(station 2)"
	pings $NET.2
	say gone $NET.2
	say host $NET.2 "$(station 12)"
	say gratuitous "$(station 12)" $NET.2
	pings $NET.2
	heard 1 "$HOST_MAC > $(station 12) ip .* icmp 8"
	# As a reply to everybody it is as good.
	say gone $NET.2
	say host $NET.2 "$(station 22)"
	say arp reply "$(station 22)" $NET.2 ff:ff:ff:ff:ff:ff $NET.2
	pings $NET.2
	heard 1 "$HOST_MAC > $(station 22) ip .* icmp 8"
	counted gateway_mac_changes 0
	segment_is_clean
}

test_unasked_arp_makes_no_entry() {
	segment
	say gratuitous "$(station 2)" $NET.2
	say arp reply "$(station 3)" $NET.3 ff:ff:ff:ff:ff:ff $NET.3
	say arp reply "$(station 4)" $NET.4 "$HOST_MAC" $HOST_IP
	say ask "$(station 5)" $NET.5 $NET.6
	# A neighbour that cannot be one: SoftEther's hub polls like this.
	say ask "$(station 7)" 172.31.0.7 $HOST_IP
	counted arp_table_entries 0 arp_packets 5
	hears 1 "$HOST_MAC > $(station 7) arp reply"
	heard 1 'arp'
}

test_table_limit_and_eviction() {
	local i round
	segment
	option neigh_max 16
	for i in $(seq 2 41); do say host $NET."$i" "$(station "$i")"; done
	for round in 1 2 3; do
		for i in $(seq 2 41); do
			send_udp $NET."$i"
			# Half of the table waits for answers, at most.
			[ $((i % 4)) != 0 ] ||
				hears $round "> $(station "$i") ip $HOST_IP > $NET.$i 17 "
			[ $((i % 10)) != 0 ] || [ "$(counts arp_table_entries)" -le 16 ] ||
				fail "too many entries in round $round"
		done
	done
	for i in $(seq 2 41); do hears 3 "> $(station "$i") ip $HOST_IP > $NET.$i 17 "; done
	counted arp_table_entries 16
	at_least neigh_evictions 24
	segment_is_clean
}

test_lower_limit_applies_at_once() {
	local i
	segment
	ip neigh add $NET.200 lladdr "$(station 200)" nud permanent dev vpn0
	for i in $(seq 2 41); do say ask "$(station "$i")" $NET."$i" $HOST_IP; done
	counted arp_table_entries 41
	option neigh_max 16
	counted arp_table_entries 16
	send_udp $NET.200
	hears 1 "$HOST_MAC > $(station 200) ip"
	heard 0 "$REQUEST $NET.200\$"
}

test_permanent_neighbours() {
	local i
	segment
	option neigh_max 16
	ip neigh add $NET.200 lladdr "$(station 200)" nud permanent dev vpn0
	for i in $(seq 2 41); do say ask "$(station "$i")" $NET."$i" $HOST_IP; done
	counted arp_table_entries 16
	send_udp $NET.200
	hears 1 "$HOST_MAC > $(station 200) ip"
	# Nobody else moves it.
	say gratuitous "$EVIL" $NET.200
	say ask "$EVIL" $NET.200 $HOST_IP
	say arp reply "$EVIL" $NET.200 "$HOST_MAC" $HOST_IP
	send_udp $NET.200
	hears 2 "$HOST_MAC > $(station 200) ip"
	# What the administrator does is followed.
	ip neigh change $NET.200 lladdr "$(station 201)" nud permanent dev vpn0
	send_udp $NET.200
	hears 1 "$HOST_MAC > $(station 201) ip"
	ip neigh del $NET.200 dev vpn0
	send_udp $NET.200
	hears 1 "$REQUEST $NET.200\$"
	heard 0 "> $EVIL ip"
	segment_is_clean
}

test_unused_neighbours_are_dropped() {
	segment
	option neigh_timeout 5
	say ask "$(station 2)" $NET.2 $HOST_IP
	say ask "$(station 3)" $NET.3 $HOST_IP
	ip neigh add $NET.200 lladdr "$(station 200)" nud permanent dev vpn0
	counted arp_table_entries 3
	wait_for 60 neighbours_are 1
	counted neigh_evictions 0
}

test_resolve_off() {
	segment
	say host $NET.2 "$(station 2)"
	say host $NET.3 "$(station 3)"
	pings $NET.2
	ip neigh add $NET.3 lladdr "$(station 3)" nud permanent dev vpn0
	option resolve off
	counted arp_table_entries 1
	say clear
	pings $NET.3
	# A packet that is not sent is no error to UDP.
	send_udp $NET.2
	counted tx_drop_unresolved 1
	say ask "$(station 4)" $NET.4 $HOST_IP
	say gratuitous "$EVIL" $NET.3
	pings $NET.3
	heard 0 arp
	heard 0 "ip $HOST_IP > $NET.2 "
	counted arp_table_entries 1
	option resolve on
	pings $NET.2
	say ask "$(station 4)" $NET.4 $HOST_IP
	hears 1 "$HOST_MAC > $(station 4) arp reply"
	segment_is_clean
}

# spoof: every way to say that the gateway has another MAC.
spoof() {
	say gratuitous "$EVIL" "$GATEWAY"
	say arp reply "$EVIL" "$GATEWAY" ff:ff:ff:ff:ff:ff "$GATEWAY"
	say ask "$EVIL" "$GATEWAY" $HOST_IP
	say ask "$EVIL" "$GATEWAY" $NET.77
	say arp reply "$EVIL" "$GATEWAY" "$HOST_MAC" $HOST_IP
	say arp reply "$EVIL" "$GATEWAY" "$HOST_MAC" "$GATEWAY"
	say arp request "$EVIL" "$GATEWAY" "$HOST_MAC" $HOST_IP "$HOST_MAC"
}

test_gateway_is_not_moved_while_it_answers() {
	local i
	segment
	gateway
	pings 192.0.2.1
	assert_eq ipv4_gateway_mac "$(option ipv4_gateway_mac)" "$GATEWAY_MAC"
	background ping ping -n -c 25 -i 0.2 -W 30 192.0.2.1
	for i in $(seq 8); do
		spoof
		# So that some come while it is probed, some afterwards.
		sleep 0.4
	done
	wait_for 60 grep -q "packets transmitted" "$T/ping.log"
	grep -q "25 packets transmitted, 25 received" "$T/ping.log"
	at_least gateway_mac_refused 8
	counted gateway_mac_changes 0
	assert_eq ipv4_gateway_mac "$(option ipv4_gateway_mac)" "$GATEWAY_MAC"
	hears 1 "$(unicast_request "$GATEWAY_MAC" "$GATEWAY")"
	heard 0 "> $EVIL ip"
	# A flood of lies makes no flood of probes.
	say clear
	for i in $(seq 100); do say arp reply "$EVIL" "$GATEWAY" "$HOST_MAC" $HOST_IP; done
	say count "$(unicast_request "$GATEWAY_MAC" "$GATEWAY")"
	[ "$SAID" -le 50 ] || fail "$SAID probes for 100 lies"
	segment_is_clean
}

test_silent_gateway_is_replaced() {
	local other=02:00:5e:00:02:fd
	segment
	gateway
	pings 192.0.2.1
	say gone "$GATEWAY"
	say host "$GATEWAY" "$other"
	say gratuitous "$other" "$GATEWAY"
	hears 3 "$(unicast_request "$GATEWAY_MAC" "$GATEWAY")"
	hears 2 "$REQUEST $GATEWAY\$"
	pings 192.0.2.1
	hears 1 "$HOST_MAC > $other ip .* icmp 8"
	counted gateway_mac_changes 1
	assert_eq ipv4_gateway_mac "$(option ipv4_gateway_mac)" "$other"
	# And back.
	say gone "$GATEWAY"
	say host "$GATEWAY" "$GATEWAY_MAC"
	say gratuitous "$GATEWAY_MAC" "$GATEWAY"
	hears 3 "$(unicast_request "$other" "$GATEWAY")"
	hears 3 "$REQUEST $GATEWAY\$"
	pings 192.0.2.1
	counted gateway_mac_changes 2
	segment_is_clean
}

test_spoof_before_the_gateway_was_used() {
	segment
	gateway
	spoof
	pings 192.0.2.1
	heard 1 "$HOST_MAC > $GATEWAY_MAC ip .* icmp 8"
	heard 0 "> $EVIL ip"
	assert_eq ipv4_gateway_mac "$(option ipv4_gateway_mac)" "$GATEWAY_MAC"
	segment_is_clean
}

test_spoof_of_a_host_that_becomes_the_gateway() {
	segment
	say host "$GATEWAY" "$GATEWAY_MAC"
	pings "$GATEWAY"
	say gratuitous "$EVIL" "$GATEWAY"
	send_udp "$GATEWAY"
	hears 1 "> $EVIL ip"	# an ordinary neighbour is followed
	ip route add default via "$GATEWAY" dev vpn0
	say clear
	pings 192.0.2.1
	heard 0 "> $EVIL ip"
	segment_is_clean
}

test_station_mac_changes_while_up() {
	local new=02:00:5e:00:00:99
	segment
	option announce 1
	say host $NET.2 "$(station 2)"
	pings $NET.2
	say station "$new"
	ip link set vpn0 address "$new"
	hears 1 "$new > ff:ff:ff:ff:ff:ff arp request $new $HOST_IP > .* $HOST_IP\$"
	pings $NET.2
	hears 1 "$new > $(station 2) ip .* icmp 8"
	say ask "$(station 3)" $NET.3 $HOST_IP
	hears 1 "$new > $(station 3) arp reply $new $HOST_IP > "
	say ping "$(station 2)" $NET.2 "$HOST_MAC" $HOST_IP 1
	counted rx_drop_other_host 1
	segment_is_clean
}

test_announcements() {
	segment
	option announce 2
	ip addr add $NET.50/24 dev vpn0
	hears 2 "arp request $HOST_MAC $NET.50 > 00:00:00:00:00:00 $NET.50\$"
	ip link set vpn0 down
	say clear
	option announce 1
	ip link set vpn0 up
	hears 1 "arp request $HOST_MAC $NET.50 > .* $NET.50\$"
	hears 1 "arp request $HOST_MAC $HOST_IP > .* $HOST_IP\$"
	heard 2 arp
	segment_is_clean
}

# arp

test_requests_that_are_answered() {
	local a
	a=$(station 2)
	segment
	say ask "$a" $NET.2 $HOST_IP
	hears 1 "^$HOST_MAC > $a arp reply $HOST_MAC $HOST_IP > $a $NET.2\$"
	# By unicast, as a probe of our entry at the sender.
	say arp request "$a" $NET.2 "$HOST_MAC" $HOST_IP "$HOST_MAC"
	hears 2 "^$HOST_MAC > $a arp reply $HOST_MAC $HOST_IP > $a $NET.2\$"
	# RFC 5227: somebody wants to know whether the address is in use.
	say ask "$(station 3)" 0.0.0.0 $HOST_IP
	hears 1 "^$HOST_MAC > $(station 3) arp reply $HOST_MAC $HOST_IP > $(station 3) 0.0.0.0\$"
	ip addr add 10.8.0.1/32 dev vpn0
	say ask "$a" $NET.2 10.8.0.1
	hears 1 "^$HOST_MAC > $a arp reply $HOST_MAC 10.8.0.1 > $a $NET.2\$"
	counted arp_requests_received 4 arp_requests_handled 4 arp_replies_sent 4 \
		arp_table_entries 1 address_conflicts 0
}

test_requests_that_are_not_answered() {
	segment
	ip addr add $NET.3/32 dev lo	# ours, but not the host end's
	ip addr add $NET.4/24 dev vpn0
	ip addr del $NET.4/24 dev vpn0
	say ask "$(station 2)" $NET.2 $NET.9
	say ask "$(station 2)" $NET.2 $NET.3
	say ask "$(station 2)" $NET.2 $NET.4
	say ask "$(station 2)" $NET.2 $NET.255
	say ask "$(station 2)" $NET.2 0.0.0.0
	counted arp_requests_received 5 arp_requests_handled 0
	heard 0 arp
}

test_arp_ignore() {
	local value
	segment
	for value in 0 1 2 3; do
		sysctl net.ipv4.conf.vpn0.arp_ignore $value
		say clear
		say ask "$(station 2)" $NET.2 $HOST_IP
		hears 1 "arp reply"
	done
	sysctl net.ipv4.conf.vpn0.arp_ignore 2
	say clear
	say ask "$(station 2)" 10.77.0.2 $HOST_IP
	sysctl net.ipv4.conf.vpn0.arp_ignore 8
	say ask "$(station 2)" $NET.2 $HOST_IP
	heard 0 arp
}

test_drop_gratuitous_arp() {
	segment
	sysctl net.ipv4.conf.vpn0.drop_gratuitous_arp 1
	say host $NET.2 "$(station 2)"
	pings $NET.2
	say gratuitous "$EVIL" $NET.2
	say arp reply "$EVIL" $NET.2 ff:ff:ff:ff:ff:ff $NET.2
	send_udp $NET.2
	hears 1 "> $(station 2) ip .* 17 "
	heard 0 "> $EVIL "
}

# provoke: somebody else uses our address.
provoke() {
	say gratuitous "$EVIL" $HOST_IP
	say ask "$EVIL" $HOST_IP $NET.9
	say arp reply "$EVIL" $HOST_IP "$HOST_MAC" $HOST_IP
	say arp reply "$EVIL" $HOST_IP "$HOST_MAC" $NET.9
}

test_address_conflict() {
	segment
	provoke
	counted address_conflicts 4 arp_table_entries 0
	heard 0 arp
	# A prober claims nothing.
	say ask "$EVIL" 0.0.0.0 $HOST_IP
	counted address_conflicts 4
}

test_defence_of_an_address() {
	segment
	option defend on
	provoke
	provoke
	counted address_conflicts 8
	# One in ten seconds, and eight frames may take a slow machine longer.
	hears 1 "$HOST_MAC > ff:ff:ff:ff:ff:ff arp request $HOST_MAC $HOST_IP > .* $HOST_IP\$"
	say count arp
	[ "$SAID" -le 2 ] || fail "$SAID defences"
	counted arp_table_entries 0
}

test_leased_address_is_answered_before_it_is_configured() {
	local address
	pair
	ip addr flush dev vpn0
	ns vpn
	ip link set vpn0-l2 netns vpn
	ip -n vpn link set vpn0-l2 up
	ip -n vpn addr add $NET.2/24 dev vpn0-l2
	background dnsmasq ip netns exec vpn dnsmasq --no-daemon --conf-file=/dev/null \
		--user=root --pid-file= --port=0 --interface=vpn0-l2 --bind-interfaces \
		--no-ping --leasefile-ro --dhcp-range=$NET.50,$NET.60,1h \
		--dhcp-option=option:router,$GATEWAY
	wait_for 30 grep -q "DHCP, IP range" "$T/dnsmasq.log"
	# Its script does nothing with the lease.
	udhcpc -f -q -n -i vpn0 -s /bin/true > "$T/udhcpc.log" 2>&1
	address=$(option ipv4_address)
	[[ $address == $NET.[56]?/24 ]] || fail "learned '$address'"
	address=${address%/*}
	inside vpn arping -q -c 1 -w 30 -I vpn0-l2 "$address"
	counted arp_requests_handled 1
	# Once the host had it and gave it up, it is not its any more.
	ip addr add "$address/24" dev vpn0
	ip addr del "$address/24" dev vpn0
	! inside vpn arping -q -c 1 -w 1 -I vpn0-l2 "$address" || fail "still answered"
	counted arp_requests_handled 1
}
