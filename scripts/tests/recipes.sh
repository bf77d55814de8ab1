# shellcheck shell=bash
# The recipes of the README, run as they stand there: the commands are those of
# its section "Recipes", the networks around them the test's.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"
# shellcheck disable=SC2034 # run.sh reads it
ENOUGH_ON=6.12

README=$TESTS/../../README.md

headings() {
	awk '/^## / { here = $0 == "## Recipes" } here && sub(/^### /, "")' "$README"
}

# recipe HEADING: its commands are what is indented.
recipe() {
	awk -v heading="### $1" '/^## / { recipes = $0 == "## Recipes" }
		/^##/ { here = recipes && $0 == heading }
		here && sub(/^    /, "")' "$README"
}

# follow HEADING [COMMAND]...: the recipe, by COMMAND where another host shall.
follow() {
	recipe "$1" > commands
	[ -s commands ] || fail "the README has no recipe '$1'"
	"${@:2}" timeout 200 bash -eu commands > recipe.log 2>&1 < /dev/null ||
		fail "the recipe '$1'"
}

test_each_recipe_has_a_test() {
	local heading name
	headings > list
	[ -s list ] || fail "the README has no recipes"
	while read -r heading; do
		name=$(tr '[:upper:]' '[:lower:]' <<< "$heading" | tr -cs '[:alnum:]\n' _)
		declare -F "test_$name" > /dev/null || fail "no test_$name for '$heading'"
		declare -f "test_$name" | grep -qF "follow '$heading'" ||
			fail "test_$name does not follow '$heading'"
	done < list
}

# uplink: eth0, by which this host reaches the office, the VPN's other side.
uplink() {
	ns office
	inside office sysctl -q net.ipv6.conf.default.accept_dad=0
	ip link add eth0 type veth peer name eth0 netns office
	up eth0 '' 192.0.2.2/24
	up eth0 office 192.0.2.1/24
	addresses lo office 198.51.100.1/32
	ip route add 198.51.100.0/24 via 192.0.2.1
}

# behind ADDRESS/LENGTH [ROUTER]: the local network behind eth1, in it one host
# with that address.
behind() {
	ns lan
	ip link add eth1 type veth peer name eth0 netns lan
	ip link set eth1 up
	up eth0 lan "$1"
	[ -z "${2:-}" ] || ip -n lan route add default via "$2"
}

# both_ways [ADDRESS]: with the office's 10.9.0.1, as 10.9.0.5 or ADDRESS.
both_ways() {
	reaches 10.9.0.1
	reaches "${1:-10.9.0.5}" office
	data 1
	transfer '' office 10.9.0.1
	transfer office '' "${1:-10.9.0.5}"
}

test_linux_bridge_and_vxlan() {
	uplink
	ip -n office link add vxlan42 type vxlan id 42 local 198.51.100.1 \
		remote 192.0.2.2 dstport 4789
	up vxlan42 office 10.9.0.1/24
	follow 'Linux bridge and VXLAN'
	both_ways
}

test_gretap() {
	uplink
	ip -n office link add gretap1 type gretap local 198.51.100.1 remote 192.0.2.2
	up gretap1 office 10.9.0.1/24
	follow 'gretap'
	both_ways
}

test_nat_gateway() {
	vpn_segment
	ip addr add 10.9.0.5/24 dev vpn0
	station gateway 10.9.0.1/24
	addresses lo gateway 198.51.100.80/32
	behind 192.168.1.2/24 192.168.1.1
	ip addr add 192.168.1.1/24 dev eth1
	# It cannot hear of paths.
	ip -n lan link set eth0 mtu 9000
	ip link set eth1 mtu 9000
	capture syn gateway eth0 'tcp[tcpflags] == tcp-syn'
	follow 'NAT gateway'
	reaches 198.51.100.80 lan
	data 1
	transfer lan gateway 198.51.100.80
	captured syn > seen.log
	grep -q '10\.9\.0\.5\..*\[mss 1460,' seen.log ||
		fail "not masqueraded, or the MSS is not that of vpn0"
}

# The VPN's stations of two VLANs have the same addresses.
test_vlan_trunk() {
	local vlan
	mkdir bin
	ln -s "$VTAP" bin/vtap
	ns office
	ip link add eth1 type veth peer name eth0 netns office
	ip -n office link set eth0 up
	for vlan in 10 20; do
		ns "pc$vlan"
		ip -n office link add link eth0 name eth0.$vlan type vlan id $vlan
		ip -n office link set eth0.$vlan netns "pc$vlan"
		up eth0.$vlan "pc$vlan" 10.9.0.1/24
	done
	PATH=$T/bin:$PATH follow 'VLAN trunk'
	for vlan in 10 20; do
		ip vrf exec vrf$vlan ping -q -c 3 -i 0.2 -W 10 10.9.0.1 > ping.log ||
			fail "no ping in VLAN $vlan"
		reaches 10.9.0.5 pc$vlan
		[ "$(counter vpn0.$vlan vlan_packets)" -gt 0 ] || fail "vlan_packets of vpn0.$vlan"
	done
}

# The VPN comes after the recipe, and with it the router that everything is from.
test_ipv6_gateway() {
	behind 192.168.1.2/24
	follow 'IPv6 gateway'
	ns vpn
	ip -n vpn link add br0 type bridge
	ip -n vpn link set br0 up
	ip link add port type veth peer name port netns vpn
	ip -n vpn link set port master br0 up
	ip link add br-vpn type bridge
	ip link set br-vpn addrgenmode none up
	ip link set port master br-vpn up
	ip link set vpn0-l2 master br-vpn
	station gateway 2001:db8:9::1/64
	addresses lo gateway 2001:db8:ff::1/128
	ip -n gateway route add 2001:db8:10::/64 via "$(address6_of link vpn0)" dev eth0
	advertise gateway 'prefix 2001:db8:9::/64 { };'
	wait_for 60 address6_of global vpn0
	wait_for 60 answers 2001:db8:ff::1
	wait_for 60 address6_of global eth0 lan
	wait_for 60 answers 2001:db8:ff::1 lan
	reaches 2001:db8:ff::1 lan
}

# hub NAMESPACE COMMAND...: its SoftEther server's, with a DHCP server.
hub() {
	softether_server "$1"
	softether_commands "$1" 'Hub DEFAULT' SecureNatEnable "${@:2}"
}

test_softether_hub() {
	hub ''
	follow 'SoftEther hub'
	wait_for 30 configured 192.168.30.10
	reaches 192.168.30.1
}
configured() { ip -br addr show dev vpn0 | grep -qF " $1/24"; }

test_softether_client() {
	modprobe -q tun || true
	uplink
	hub office 'UserCreate gateway /GROUP:none /REALNAME:none /NOTE:none' \
		'UserPasswordSet gateway /PASSWORD:secret'
	background vpnclient vpnclient execsvc
	wait_for 120 vpncmd localhost /CLIENT /CMD VersionGet
	follow 'SoftEther client'
	wait_for 30 configured 192.168.30.10
	reaches 192.168.30.1
}

# credentials NAME: a key, a certificate and its fingerprint.
credentials() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-subj "/CN=$1" -keyout "$1.key" -out "$1.crt" 2> "$1-key.log"
	openssl x509 -in "$1.crt" -noout -fingerprint -sha256 | sed 's/.*=//' > "$1.print"
}

# The server's tap is in a bridge with a DHCP server; the address that it pushes
# is not that server's, and nobody shall configure it.
openvpn_office() {
	credentials server
	credentials client
	ip -n office link add br0 type bridge
	ip -n office tuntap add tap0 mode tap
	ip -n office link set tap0 master br0 up
	up br0 office 10.9.0.1/24
	dhcp_server office br0 --dhcp-range=10.9.0.5,10.9.0.5,255.255.255.0,1h
	background_as server office openvpn --cd "$T" --local 198.51.100.1 \
		--dev tap0 --dev-type tap --dh none \
		--cert server.crt --key server.key --peer-fingerprint "$(< client.print)" \
		--server-bridge 10.9.0.1 255.255.255.0 10.9.0.100 10.9.0.110
	mkdir -p /etc/openvpn
	printf '%s\n' client "cd $T" 'remote 198.51.100.1' nobind 'cert client.crt' \
		'key client.key' "peer-fingerprint $(< server.print)" 'writepid client.pid' \
		> /etc/openvpn/client.conf
}

test_openvpn_tap() {
	modprobe -q tun || true
	uplink
	openvpn_office
	follow 'OpenVPN tap'
	assert_eq ipv4_address "$(learned ipv4_address)" 10.9.0.5/24
	assert_eq ipv4_gateway "$(learned ipv4_gateway)" 10.9.0.1
	wait_for 20 configured 10.9.0.5
	both_ways
	reaches "$(address6_of link br0 office)%vpn0"
	assert_eq "addresses of tap0" "$(ip -br addr show dev tap0 | awk '{ print $3 }')" ""

	# It ends and comes back.
	kill "$(cat client.pid)"
	wait_for 30 carrier_is vpn0 0
	recipe 'OpenVPN tap' | grep '^openvpn ' > again
	background again bash again
	wait_for 120 carrier_is vpn0 1
	wait_for 120 answers 10.9.0.1
	assert_eq address_conflicts "$(counter vpn0 address_conflicts)" 0
}

# other_machine COMMAND...: in "other", with its own files of what runs.
other_machine() { inside other sh -c 'mount -t tmpfs run /run && exec "$@"' - "$@"; }

# The local network is a bridge of its only host, the other gateway the namespace
# "other".
gateways() {
	vpn_segment
	addresses vpn0 '' 10.9.0.5/24
	station gateway 10.9.0.1/24
	addresses lo gateway 198.51.100.80/32
	ip -n gateway route add 192.168.1.0/24 via 10.9.0.254
	ns lan other
	ip -n lan link add br0 type bridge
	up br0 lan 192.168.1.2/24
	ip -n lan route add default via 192.168.1.254
	ip link add eth1 type veth peer name port1 netns lan
	ip -n other link add eth1 type veth peer name port2 netns lan
	ip -n lan link set port1 master br0 up
	ip -n lan link set port2 master br0 up
	up eth1 '' 192.168.1.5/24
	up eth1 other 192.168.1.6/24
	ip -n other link add vpn0 type virtualtap
	ip -n other link set vpn0-l2 netns vpn name other-l2
	ip -n vpn link set other-l2 master br0 up
	up vpn0 other 10.9.0.6/24
	ip route add default via 10.9.0.1 dev vpn0
	ip -n other route add default via 10.9.0.1 dev vpn0
}

# owns NAMESPACE: both shared addresses; and this host none of them.
owns() {
	ip ${1:+-n "$1"} -br addr show dev vpn0 | grep -qF ' 10.9.0.254/24' &&
		ip ${1:+-n "$1"} -br addr show dev eth1 | grep -qF ' 192.168.1.254/24'
}
disowned() { ! ip -br addr | grep -F '.254/24'; }

# advertised NUMBER HOST: at least so often by VRRP, on the VPN.
advertised() { [ "$(captured vrrp "src host $2" | wc -l)" -ge "$1" ]; }

test_two_gateways_with_keepalived() {
	gateways
	follow 'Two gateways with keepalived'
	wait_for 60 owns ''
	capture vrrp gateway eth0 'ip proto 112'
	follow 'Two gateways with keepalived' other_machine
	wait_for 60 answers 198.51.100.80 lan
	# The other one hears this one, and has long been silent for that.
	wait_for 60 advertised 8 10.9.0.5
	! advertised 1 10.9.0.6 || fail "the other one did not hear this one"
	# This one's VPN goes, and nothing here says so but the gateway's silence.
	ip -n vpn link set vpn0-l2 nomaster
	wait_for 60 owns other
	wait_for 60 disowned
	wait_for 60 answers 198.51.100.80 lan
	assert_eq "owner, to the VPN" \
		"$(ip -n gateway -j neigh show 10.9.0.254 | jq -r '.[0].lladdr')" "$(mac_of vpn0 other)"
}

metrics() { busybox wget -q -O metrics http://localhost:9100/metrics && [ -s metrics ]; }

# metric NAME VALUE: of vpn0, now.
metric() { metrics && grep -qxE "$1\{device=\"vpn0\"\} $2" metrics; }

# Both rules fire for what they are for, and for nothing else.
rules_fire() {
	cat > rules-test.yml <<-'END'
		rule_files: [/etc/prometheus/virtualtap.yml]
		evaluation_interval: 1m
		tests:
		- interval: 1m
		  input_series:
		  - series: 'node_ethtool_gateway4_reachable{device="vpn0", instance="gw"}'
		    values: '1x5 0x15'
		  - series: 'node_ethtool_gateway4_reachable{device="vpn1", instance="gw"}'
		    values: '1x20'
		  - series: 'node_ethtool_received_drop_checksum{device="vpn0", instance="gw"}'
		    values: '0+600x20'
		  - series: 'node_ethtool_received_drop_other_host{device="vpn0", instance="gw"}'
		    values: '0+600x20'
		  - series: 'node_ethtool_transmitted_drop_too_big{device="vpn0", instance="gw"}'
		    values: '7x20'
		  alert_rule_test:
		  - alertname: GatewaySilent
		    eval_time: 5m
		  - alertname: GatewaySilent
		    eval_time: 15m
		    exp_alerts:
		    - exp_labels: { device: vpn0, instance: gw }
		      exp_annotations:
		        summary: "vpn0 of gw: the VPN's gateway does not answer"
		  - alertname: Drops
		    eval_time: 15m
		    exp_alerts:
		    - exp_labels: { device: vpn0, instance: gw, reason: received_drop_checksum }
		      exp_annotations:
		        summary: "vpn0 of gw drops: received_drop_checksum"
	END
	promtool test rules rules-test.yml > promtool.log 2>&1 || fail "the rules"
}

test_monitoring() {
	local name
	vpn_segment
	addresses vpn0 '' 10.9.0.5/24
	option gateway4 10.9.0.1
	station gateway 10.9.0.1/24
	follow 'Monitoring'
	wait_for 60 metrics
	# What the rules are about, is there.
	grep -oE 'node_ethtool_([a-z0-9_]+|\([a-z|]+\)[a-z_.+]+)' /etc/prometheus/virtualtap.yml > names
	assert_eq "names in the rules" "$(wc -l < names)" 2
	while read -r name; do
		grep -qE "^$name\{device=\"vpn0\"\} " metrics || fail "no $name"
	done < names
	wait_for 60 metric node_ethtool_gateway4_reachable 1
	metric node_ethtool_received_drop_ip_header 0
	send_frame eth0 gateway ffffffffffff 020000000001 0800 "$(printf '00%.0s' {1..46})"
	wait_for 60 metric node_ethtool_received_drop_ip_header 1
	ip -n vpn link set gateway down
	wait_for 60 metric node_ethtool_gateway4_reachable 0
	rules_fire
}
