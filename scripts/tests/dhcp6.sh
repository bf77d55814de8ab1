# shellcheck shell=bash
# DHCPv6 through the pair, with the clients and servers that people use.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

MAC=02:00:5e:10:20:30
NET6=2001:db8:9:
FILES="ipv6_address ipv6_delegated ipv6_dns ipv6_search"

nothing_learned() {
	local file
	for file in $FILES; do
		learned_is "$file" "" || fail "$file: $(learned "$file")"
	done
}

has_address() { ip -6 -br addr show dev vpn0 | grep -q " $1 "; }

# dhcp6_client [ARGUMENT]...: Debian's dhcpcd; it stays, and knows no lease of
# an earlier test.
dhcp6_client() {
	rm -f /var/lib/dhcpcd/*.lease6
	background dhcpcd dhcpcd --nobackground --debug --ipv6only "$@" vpn0
}

# The advertisements tell the client to use DHCPv6, and who is the gateway.
test_lease_from_dnsmasq() {
	local lifetime
	vpn_segment address "$MAC"
	station gw $NET6:1/64
	station other $NET6:2/64
	dhcp_server gw eth0 --enable-ra --dhcp-range=$NET6:100,$NET6:100,64,1h \
		--dhcp-option="option6:dns-server,[$NET6:53]" \
		--dhcp-option=option6:domain-search,vpn.example
	dhcp6_client
	wait_for 60 has_address $NET6:100/128
	assert_eq ipv6_address "$(learned ipv6_address)" $NET6:100/128
	assert_eq ipv6_dns "$(learned ipv6_dns)" $NET6:53
	assert_eq ipv6_search "$(learned ipv6_search)" vpn.example
	assert_eq ipv6_gateway "$(learned ipv6_gateway)" "$(address6_of link eth0 gw)"
	assert_eq ipv6_prefix "$(learned ipv6_prefix)" "$NET6:/64"
	assert_eq ipv6_delegated "$(learned ipv6_delegated)" ""
	lifetime=$(learned ipv6_lifetime)
	if [ "$lifetime" -le 1000 ] || [ "$lifetime" -gt 3600 ]; then fail "ipv6_lifetime: $lifetime"; fi
	[ "$(counter vpn0 dhcpv6_packets)" -ge 1 ] || fail "dhcpv6_packets"
	wait_for 60 answers $NET6:100 other
	reaches $NET6:100 gw
	reaches $NET6:1
	reaches $NET6:2
}

# peer ARGUMENT...: our own server, at the Ethernet end itself, without router.
peer() {
	background_as peer vpn "$dir/dhcp6-peer.py" vpn0-l2 "$@"
	wait_for 20 grep -q listening "$T/peer.log"
}

plain_segment() {
	ns vpn
	ip link add vpn0 address "$MAC" type virtualtap
	ip link set vpn0-l2 netns vpn
	ip -n vpn link set vpn0-l2 up
	ip link set vpn0 up
}

unasked_reply() {
	local before
	before=$(counter vpn0 ipv6_packets)
	inside vpn "$dir/dhcp6-peer.py" vpn0-l2 --unasked --station "$MAC"
	wait_for 20 more_packets "$before"
}
more_packets() { [ "$(counter vpn0 ipv6_packets)" -gt "$1" ]; }

# A client that is a router, too.
test_only_the_answer_to_the_request_teaches() {
	cat > dhcpcd.conf <<-END
		duid
		noipv6rs
		option domain_name_servers, domain_search
		interface vpn0
		ia_na 1
		ia_pd 2/::/56 -
	END
	plain_segment
	peer --first xid --first client --first anybody
	unasked_reply
	nothing_learned
	dhcp6_client --config "$T/dhcpcd.conf"
	wait_for 60 has_address $NET6:50/128
	assert_eq ipv6_address "$(learned ipv6_address)" $NET6:50/128
	assert_eq ipv6_delegated "$(learned ipv6_delegated)" 2001:db8:5000::/56
	assert_eq ipv6_dns "$(learned ipv6_dns)" $NET6:53
	assert_eq ipv6_search "$(learned ipv6_search)" vpn.example
	unasked_reply
	assert_eq ipv6_address "$(learned ipv6_address)" $NET6:50/128
	assert_eq ipv6_dns "$(learned ipv6_dns)" $NET6:53
}

# No address, but what else there is to know; when the server may be believed.
test_information_request() {
	plain_segment
	option trusted 02:00:5e:00:00:99
	peer
	dhcp6_client --noipv6rs --inform6
	wait_for 60 untrusted_answers
	nothing_learned
	! grep -q 'REPLY6 received' dhcpcd.log || fail "the client heard of it"
	# It asks again.
	option trusted none
	wait_for 60 learned_is ipv6_dns $NET6:53
	assert_eq ipv6_search "$(learned ipv6_search)" vpn.example
	assert_eq ipv6_address "$(learned ipv6_address)" ""
	wait_for 30 grep -q 'REPLY6 received' dhcpcd.log
}
untrusted_answers() { [ "$(counter vpn0 dhcp_untrusted)" -ge 1 ]; }
