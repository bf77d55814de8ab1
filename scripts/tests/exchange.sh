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

# leases: of both families. The clients stay; those that are there begin anew.
leases() {
	local client
	for client in udhcpc dhcp6; do
		if [ -e $client.pid ]; then stop $client; fi
	done
	dhcp_client
	wait_for 30 learned_is ipv4_address 10.9.0.50/24
	wait_for 30 answers $SERVER
	ip -6 addr flush dev vpn0 scope global
	rm -f /var/lib/dhcpcd/*.lease6
	background dhcp6 dhcpcd --nobackground --ipv6only --noipv6rs --ia_na vpn0
	wait_for 30 learned_is ipv6_address $NET6:100/128
	wait_for 30 address6_of global vpn0
	wait_for 30 answers $NET6:1
}

# tried COMMAND...: to wait for what fails the test when it fails.
tried() { ("$@"); }

# traffic: with leases. Some of it may get lost.
traffic() {
	local address
	for address in $SERVER $NET6:1; do
		wait_for 30 ping -q -c 1 -W 1 -s 3000 "$address"
		wait_for 30 dig +tries=1 +time=1 "@$address" www.example A
		wait_for 30 dig +tries=1 +time=1 "@$address" www.example AAAA
	done
	data 1
	head -c 20000 data > short && mv short data
	# Without memory, a socket may find its port "already in use".
	wait_for 120 tried transfer '' gw $SERVER
	dig +tries=1 @$SERVER -p 9 www.example > dig.log || true
}

exchange() {
	leases
	traffic
}

serves_on() {
	wait_for 120 answers $SERVER
	wait_for 60 answers $NET6:1
}
