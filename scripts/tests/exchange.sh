# shellcheck shell=bash
# A gateway on the VPN that has all services, and real traffic of each kind with it.
# Sourced after lib.sh.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

SERVER=10.9.0.1
NET6=2001:db8:9:

# segment: a gateway that leases, advertises, answers and is asked.
segment() {
	vpn_segment mtu 1400
	for option in dns_cache defend; do option $option on; done
	option dscp_map 46:0
	station gw $SERVER/24 $NET6:1/64
	advertise gw "prefix $NET6:/64 { }; RDNSS $NET6:1 { };"
	services
}
services() {
	SERVER=dnsmasq DNS_PORT=53 dhcp_server gw eth0 --dhcp-range=10.9.0.50,10.9.0.50,1h --no-hosts \
		--dhcp-range=$NET6:100,$NET6:100,64,1h --local-ttl=600 \
		--host-record=www.example,192.0.2.1,2001:db8::1
}

# leases: of both families; the clients stay.
leases() {
	dhcp_client
	wait_for 60 learned_is ipv4_address 10.9.0.50/24
	wait_for 60 answers $SERVER
	rm -f /var/lib/dhcpcd/*.lease6
	background dhcp6 dhcpcd --nobackground --ipv6only --noipv6rs --ia_na vpn0
	wait_for 60 learned_is ipv6_address $NET6:100/128
	wait_for 60 address6_of global vpn0
	wait_for 60 answers $NET6:1
}

# traffic: with leases. Some of it may get lost.
traffic() {
	local address
	for address in $SERVER $NET6:1; do
		wait_for 60 ping -q -c 1 -W 5 -s 3000 "$address"
		wait_for 60 dig +tries=1 "@$address" www.example A
		wait_for 60 dig +tries=1 "@$address" www.example AAAA
	done
	data 1
	head -c 20000 data > short && mv short data
	wait_for 120 transferred
	dig +tries=1 @$SERVER -p 9 www.example > dig.log || true
}
# Without memory, a socket may find its port "already in use".
transferred() { (transfer '' gw $SERVER); }

serves_on() {
	wait_for 120 answers $SERVER
	wait_for 60 answers $NET6:1
}
