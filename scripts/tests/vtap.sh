# shellcheck shell=bash
# The tool: what it makes, shows, changes and refuses. $VTAP is the program.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"
# shellcheck disable=SC2034 # run.sh reads it
ENOUGH_ON=6.12

export VTAP_DHCP=$TESTS/../vtap/vtap-dhcp
vtap() { "$VTAP" "$@"; }

# json FILTER WORD...: of what `vtap -j WORD...` prints, which is one document.
json() { vtap -j "${@:2}" | jq -ec "$1"; }

# says STATUS PATTERN WORD...: one line on the standard error, and the status.
says() {
	local status=0
	vtap "${@:3}" > "$T/out" 2> "$T/said" || status=$?
	assert_eq "status of vtap ${*:3} ($(cat "$T/said"))" "$status" "$1"
	assert_eq "lines of vtap ${*:3}" "$(wc -l < "$T/said")" 1
	grep -qE -- "$2" "$T/said" || fail "vtap ${*:3}: '$(cat "$T/said")', wanted '$2'"
	assert_eq "standard output of vtap ${*:3}" "$(cat "$T/out")" ""
}

office() {
	vpn_segment address 02:00:5e:10:20:30
	station pc 10.9.0.2/24
	ip addr add 10.9.0.1/24 dev vpn0
}

# Values that are no defaults, in the order of `vtap show`.
OPTIONS='resolve off announce 7 defend on learning off trusted 02:00:5e:00:00:01,02:00:5e:00:00:0a
gateway4 192.0.2.1 gateway6 2001:db8::1 gateway_probe 60 carrier gateway neigh_max 64
neigh_timeout 99 reassembly off frag_max 5 frag_timeout 9 dns_cache on dns_max 99
dns_ttl_max 77 dscp 46 dscp_map 10:8,46:0 vlan_qos dscp ct_zone 7 conntrack on'

test_add_with_every_option() {
	local name words
	read -rd '' -a words <<< "$OPTIONS" || true
	vtap add vpn0 address 02:00:5e:00:00:07 mtu 1400 "${words[@]}" \
		peer name tap-vpn address 02:00:5e:00:00:08 mtu 1600
	set -- "${words[@]}"
	while [ $# -gt 0 ]; do
		assert_eq "$1" "$(tr ' ' , < "/sys/class/net/vpn0/virtualtap/$1")" "$2"
		shift 2
	done
	while read -r name; do
		[[ " ${words[*]} " == *" $name "* ]] || fail "no test of $name"
	done < <(find /sys/class/net/vpn0/virtualtap/ -type f -perm -u=w -printf '%f\n')
	assert_eq "ends" "$(ip -j link | jq -c '[.[] | select(.ifname != "lo") | [.ifname, .address, .mtu]] | sort')" \
		'[["tap-vpn","02:00:5e:00:00:08",1600],["vpn0","02:00:5e:00:00:07",1400]]'
	# What shows them, sets them.
	assert_eq "shown" "$(vtap show vpn0 | sed -n '2,/vlan_protocol/p' | tr -s '\n ' ' ')" \
		" ${words[*]} vlan_protocol 802.1q mode none "
	json '.options | .resolve == false and .announce == 7 and .dscp_map == [{"from":10,"to":8},{"from":46,"to":0}]' \
		show vpn0
}

test_add_elsewhere() {
	ns vpn lan
	vtap add vpn0 netns lan up peer name eth0 netns vpn up
	ip -n lan -br link show up dev vpn0 | grep -q vpn0
	ip -n vpn -br link show up dev eth0 | grep -q eth0
	vtap add vpn1
	vtap add vpn1.10 link vpn1-l2 vlan 10 vlan_protocol 802.1ad mode ether
	assert_eq vlan "$(cat /sys/class/net/vpn1.10/virtualtap/vlan{,_protocol})" $'10\n802.1ad'
	assert_eq type "$(link_field vpn1.10 .link_type)" ether
	assert_eq "done" "$(json . add vpn2)" '{"done":"add","device":"vpn2"}'
	exists vpn2-l2
	json '[.[] | [.device, .end, .other]] == [["vpn1-l2","Ethernet","vpn1"],["vpn1","host","vpn1-l2"],
		["vpn1.10","host","vpn1-l2"],["vpn2-l2","Ethernet","vpn2"],["vpn2","host","vpn2-l2"]]' show ||
		fail "$(vtap -j show)"
}

test_refusals() {
	local before
	vtap add vpn0
	before=$(ip -d link)
	says 1 'vpn0: File exists' add vpn0
	says 1 'vpn1: .*out of range' add vpn1 announce 11
	says 1 'vpn1: A VLAN protocol needs a VLAN' add vpn1 vlan_protocol 802.1ad
	says 1 'a-very-long-dev: Name too long for NAME-l2' add a-very-long-dev
	says 1 'virtualtap device' show lo
	says 1 'No such device' show nothing
	says 1 'is not a host end' announce vpn0-l2
	says 1 'is not a host end' neigh show lo
	says 1 'No such device' dns flush nothing
	says 2 'announce takes 0..10' add vpn1 announce x
	says 2 'given twice' add vpn1 announce 1 announce 2
	says 2 'given twice' add vpn1 mtu 1400 mtu 1400
	says 2 'announce takes' add vpn1 announce
	says 2 'mtu wants a value' add vpn1 mtu
	says 2 '"x" is wrong: mtu takes' add vpn1 mtu x
	says 2 'is wrong: link takes a device' add vpn1 link nothing
	says 2 'is wrong: netns takes' add vpn1 netns ../nothing
	says 2 '"bogus" is no option' add vpn1 bogus 1
	says 2 'unknown behind peer' add vpn1 peer announce 1
	says 2 'add wants the name' add
	says 2 'is no IP address' neigh del vpn0 x
	says 2 'is no hardware address' neigh add vpn0 10.9.0.7 x
	says 2 'wants a device' neigh flush
	says 2 'wants a device' announce
	says 2 'takes no words' monitor vpn0
	says 2 'wants a device' check
	assert_eq links "$(ip -d link)" "$before"
	! vtap > out 2> said || fail "no words are enough"
	grep -q '^Usage: vtap ' said
	assert_eq "status of an unknown command" "$(vtap bogus 2> said; echo $?)" 2
	assert_eq "status of --help" "$(vtap --help > said; echo $?)" 0
	assert_eq "status of a full disk" "$(vtap show > /dev/full 2> said; echo $?)" 1
}

# Who may not change anything may look.
test_permissions() {
	office
	reaches 10.9.0.2
	nobody() { setpriv --reuid 65534 --clear-groups --inh-caps=-all "$VTAP" "$@"; }
	nobody -j show vpn0 | jq -e '.device == "vpn0"'
	nobody -j neigh | jq -e '.[0].address == "10.9.0.2"'
	refused 'vtap: neigh flush: Operation not permitted' nobody neigh flush vpn0
	refused 'vtap: announce: Operation not permitted' nobody announce vpn0
	refused 'vtap: vpn0: Operation not permitted' nobody dns show vpn0
}

neigh_state_is() { json ".[] | select(.address == \"$1\") | .state == \"$2\"" neigh show vpn0; }
knows() { json "any(.address == \"$1\")" neigh show vpn0; }

test_neigh() {
	local mac
	office
	mac=$(mac_of eth0 pc)
	reaches 10.9.0.2
	vtap neigh add vpn0 10.9.0.7 02:00:5e:00:00:77
	vtap neigh add vpn0 2001:db8::7 02:00:5e:00:00:77
	assert_eq neighbours "$(json 'map([.device, .address, .mac, .state]) | sort' neigh)" \
		"[[\"vpn0\",\"10.9.0.2\",\"$mac\",\"reachable\"],[\"vpn0\",\"10.9.0.7\",\"02:00:5e:00:00:77\",\"permanent\"],[\"vpn0\",\"2001:db8::7\",\"02:00:5e:00:00:77\",\"permanent\"]]"
	# For a person: in columns.
	assert_eq "places of the column" \
		"$(vtap neigh show vpn0 | grep -ob '02:00\|MAC\|'"$mac" | wc -l)" 4
	assert_eq "its column" \
		"$(vtap neigh show vpn0 | awk '{ print match($0, /MAC|02:00|'"$mac"'/) }' | sort -u | wc -l)" 1
	vtap neigh del vpn0 10.9.0.7
	! knows 10.9.0.7 || fail "not deleted"
	says 1 'neigh del: ' neigh del vpn0 10.9.0.7
	vtap neigh flush vpn0
	! knows 10.9.0.2 || fail "not flushed"
	knows 2001:db8::7
	vtap neigh probe vpn0 10.9.0.2
	wait_for 20 neigh_state_is 10.9.0.2 reachable
	ip -n pc link set eth0 down
	vtap neigh probe vpn0 10.9.0.2
	wait_for 20 neigh_state_is 10.9.0.2 failed
}

# Names are spelled as the driver has them, types as people do.
test_dns() {
	office
	vtap dns flush vpn0
	assert_eq "no answers" "$(json . dns)" '[]'
	option dns_cache on
	background_as server pc dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv \
		--user=root --pid-file= --address=/a.vpn.example/192.0.2.7 --local-ttl=100
	wait_for 20 as pc ss -Hlun 'sport = :53'
	wait_for 20 dig +nocookie +short +time=2 +tries=1 @10.9.0.2 a.vpn.example
	assert_eq answers "$(json 'map([.device, .server, .name, .type, .class, .rcode, .answers])' dns show vpn0)" \
		'[["vpn0","10.9.0.2","a.vpn.example","A","IN","NOERROR",1]]'
	json '.[0].lifetime <= 100' dns
	vtap dns flush vpn0
	assert_eq "answers after the flush" "$(json . dns show vpn0)" '[]'
}

arps() { [ "$(captured wire | wc -l)" -ge "$1" ]; }

test_announce() {
	office
	capture wire pc eth0 'arp src host 10.9.0.1 and arp dst host 10.9.0.1'
	option announce 1
	vtap announce vpn0
	wait_for 20 arps 1
}

heard() { grep -q "$1" "$T/monitor.log"; }
heard_json() { jq -se "any($1)" "$T/monitor-json.log"; }

# Each line is there as soon as it happened.
test_monitor() {
	vpn_segment address 02:00:5e:10:20:30
	station gw 10.9.0.1/24
	background monitor "$VTAP" monitor
	background monitor-json "$VTAP" -j monitor
	dhcp_server gw eth0 --dhcp-authoritative --dhcp-range=10.9.0.50,10.9.0.50,255.255.255.0,1h
	wait_for 20 both_listen
	dhcp_client
	wait_for 60 heard '^vpn0 lease change learned lease4 address 10.9.0.50 prefix_len 24 gateway 10.9.0.1 '
	wait_for 20 heard_json '.event == "lease" and .change == "learned" and .lease4.address == "10.9.0.50"'
	reaches 10.9.0.1
	wait_for 20 heard "^vpn0 gateway-mac change learned address 10.9.0.1 new_mac $(mac_of eth0 gw)\$"
	# As the driver shows it.
	json '.lease4 | .address == "10.9.0.50" and .prefix_len == 24 and .gateway == "10.9.0.1" and .lifetime > 3000' show vpn0
	json '.gateways[0] | .address == "10.9.0.1" and .reachable' show vpn0
	json '.counters.dhcp_acks == 1' show vpn0
	vtap show vpn0 | grep -q '^    lease4 address 10.9.0.50 prefix_len 24 gateway 10.9.0.1 server 10.9.0.1 lifetime '
	# Another one takes the address.
	station thief
	addresses eth0 thief 10.9.0.50/24
	inside thief arping -q -U -c 1 -I eth0 10.9.0.50
	wait_for 20 heard "^vpn0 conflict address 10.9.0.50 mac $(mac_of eth0 thief)\$"
	release
	wait_for 20 heard '^vpn0 lease change expired'
}
both_listen() { [ "$(listeners)" -ge 2 ]; }

# Colours are for terminals only.
test_colour() {
	vtap add vpn0
	! vtap show | grep -q $'\033' || fail "colour in a pipe"
	TERM=linux script -qec "$VTAP show" /dev/null | grep -q $'\033\[31m'
	! NO_COLOR=1 TERM=linux script -qec "$VTAP show" /dev/null | grep -q $'\033' || fail "NO_COLOR"
}

# A VPN with a DHCP server, an uplink to another network, and a resolvconf that
# plays openresolv: a section of the file for each name it is given.
travel() {
	vpn_segment address 02:00:5e:10:20:30
	station gw 10.9.0.1/24
	ns isp
	ip link add uplink type veth peer name eth0 netns isp
	ip link set uplink addrgenmode none
	up uplink '' 198.51.100.2/24
	up eth0 isp 198.51.100.1/24
	ip -n isp addr add 203.0.113.9/32 dev lo
	ip route add default via 198.51.100.1 metric 1000
	dhcp_server gw eth0 --dhcp-authoritative --domain=vpn.example \
		--dhcp-range=10.9.0.50,10.9.0.50,255.255.255.0,1h \
		--dhcp-option=option:mtu,1400 --dhcp-option=option:dns-server,10.9.0.53 "$@"
	mount -t tmpfs programs /usr/local/sbin
	echo "nameserver 127.0.0.9" > resolv.conf
	cp resolv.conf base
	mount --bind resolv.conf /etc/resolv.conf
	cat > /usr/local/sbin/resolvconf <<-END
		#!/bin/sh
		case \$1 in
		-a) cat > "$T/section-\$2" ;;
		-d) rm -f "$T/section-\$2" ;;
		esac
		cat "$T"/section-* "$T/base" > /etc/resolv.conf 2> /dev/null
	END
	chmod +x /usr/local/sbin/resolvconf
	before=$(state)
}

# state: all that vtap up may change.
state() {
	ip -d link show vpn0
	ip -4 -br addr
	ip route show table all | sort
	ip -6 route show table all | sort
	grep -r . /proc/sys/net/ipv6/conf/vpn0/ 2> /dev/null | grep -v stable_secret
	cat /etc/resolv.conf
	find /run/virtualtap -mindepth 1 ! -name '*.lock' 2> /dev/null || true
}

# put_nothing: what was before vtap up is again.
put_nothing() {
	diff <(echo "$before") <(state) || fail "not as before"
}

# ours: the routes of vtap.
ours() { ip route show table all proto 118; }

test_up_and_down() {
	local before
	travel
	assert_eq "done" "$(json . up vpn0 --client udhcpc)" '{"done":"up","device":"vpn0"}'
	ip -4 -br addr show dev vpn0 | grep -q ' 10.9.0.50/24 '
	assert_eq routes "$(ours | sed 's/ *$//')" $'default via 10.9.0.1 dev vpn0 onlink\n10.9.0.0/24 dev vpn0 scope link'
	assert_eq MTU "$(link_field vpn0 .mtu)" 1400
	assert_eq resolv.conf "$(< /etc/resolv.conf)" \
		$'search vpn.example\nnameserver 10.9.0.53\nnameserver 127.0.0.9'
	reaches 10.9.0.1
	says 1 'vpn0: is up already' up vpn0
	# Who could read the lock could hold it.
	assert_eq modes "$(stat -c %a /run/virtualtap/vpn0.lock /run/virtualtap/vpn0)" $'600\n700'
	vtap down vpn0
	put_nothing
	wait_for 20 grep -q DHCPRELEASE "$T/dnsmasq.log"
	says 1 'vpn0: vtap up did not run for it' down vpn0
	says 1 'vpn@0: vtap up did not run for it' down vpn@0
	says 1 '"../x" is no name of a device' down ../x
}

# What the server gives, the administrator had put before.
test_up_with_the_same_address() {
	local before
	travel
	ip addr add 10.9.0.50/24 dev vpn0 noprefixroute
	before=$(state)
	vtap up vpn0
	ours | grep -q '^default via 10.9.0.1 dev vpn0 '
	vtap down vpn0
	put_nothing
}

test_up_with_dhcpcd() {
	local before
	travel --dhcp-option=option:classless-static-route,10.77.0.0/16,10.9.0.7,0.0.0.0/1,10.9.0.1,0.0.0.0/0,10.9.0.1
	vtap up vpn0 --client dhcpcd --metric 50 --no-default
	ip -4 -br addr show dev vpn0 | grep -q ' 10.9.0.50/24 '
	# A default route in two halves is one.
	assert_eq routes "$(ours | sed 's/ *$//')" \
		$'10.9.0.0/24 dev vpn0 scope link metric 50\n10.77.0.0/16 via 10.9.0.7 dev vpn0 metric 50 onlink'
	assert_eq MTU "$(link_field vpn0 .mtu)" 1400
	assert_eq "name servers" "$(grep -c 10.9.0.53 /etc/resolv.conf)" 1
	assert_eq accept_ra_defrtr "$(< /proc/sys/net/ipv6/conf/vpn0/accept_ra_defrtr)" 0
	vtap down vpn0
	put_nothing
	wait_for 20 grep -q DHCPRELEASE "$T/dnsmasq.log"
}

# bus: D-Bus, by which resolvectl reaches systemd-resolved.
bus() {
	mkdir -p /run/dbus
	cat > bus.conf <<-END
		<busconfig>
			<type>system</type>
			<listen>unix:path=/run/dbus/system_bus_socket</listen>
			<policy context="default">
				<allow user="*"/> <allow own="*"/> <allow send_destination="*"/>
				<allow receive_type="method_call"/> <allow receive_type="method_return"/>
				<allow receive_type="error"/> <allow receive_type="signal"/>
			</policy>
		</busconfig>
	END
	background bus dbus-daemon --config-file="$T/bus.conf" --nofork
	wait_for 20 test -S /run/dbus/system_bus_socket
}
resolves_by() { resolvectl "$1" vpn0 | sed 's/.*: *//'; }

# In the foreground, until it is told to end.
test_up_with_resolved() {
	local before
	travel
	bus
	resolved 127.0.0.9
	wait_for 60 resolvectl status vpn0
	before=$(state)
	background up "$VTAP" up vpn0 --client udhcpc --foreground
	wait_for 60 is_dns 10.9.0.53
	assert_eq domain "$(resolves_by domain)" vpn.example
	assert_eq "asked for all names" "$(resolves_by default-route)" yes
	assert_eq resolv.conf "$(< /etc/resolv.conf)" "$(< base)"
	reaches 10.9.0.1
	# As where the terminal goes.
	kill -HUP "$(cat up.pid)"
	wait_for 20 has_ended up
	put_nothing
	assert_eq "DNS afterwards" "$(resolves_by dns)" ""
	assert_eq "domain afterwards" "$(resolves_by domain)" ""
	vtap up vpn0 --no-default
	assert_eq DNS "$(resolves_by dns)" 10.9.0.53
	assert_eq "asked for all names" "$(resolves_by default-route)" no
	vtap down vpn0
	put_nothing
}
has_ended() { ! kill -0 "$(cat "$1.pid")"; }
is_dns() { [ "$(resolves_by dns)" = "$1" ]; }

goes_by() { ip route get "$1" | grep -q " dev $2 "; }

test_up_in_a_table_or_vrf() {
	local before
	travel
	sysctl -q net.ipv6.conf.all.forwarding=1
	ip link add red type vrf table 77
	ip link set red up
	before=$(state)
	vtap up vpn0 --table 99
	assert_eq accept_ra "$(< /proc/sys/net/ipv6/conf/vpn0/accept_ra)" 2
	assert_eq routes "$(ours | sed 's/ *$//')" \
		$'default via 10.9.0.1 dev vpn0 table 99 onlink\n10.9.0.0/24 dev vpn0 table 99 scope link'
	# From the main table there is no way to them.
	assert_eq resolv.conf "$(< /etc/resolv.conf)" "$(< base)"
	goes_by 10.9.0.1 uplink
	vtap down vpn0
	put_nothing
	vtap up vpn0 --vrf red
	assert_eq master "$(link_field vpn0 .master)" red
	assert_eq routes "$(ours | sed 's/ *$//')" \
		$'default via 10.9.0.1 dev vpn0 table 77 onlink\n10.9.0.0/24 dev vpn0 table 77 scope link'
	ip vrf exec red true && as '' ping -q -c 1 -W 10 -I red 10.9.0.1
	vtap down vpn0
	put_nothing
}

test_endpoint() {
	local before
	travel
	vtap up vpn0 --endpoint 203.0.113.9
	goes_by 203.0.113.9 uplink
	goes_by 203.0.113.10 vpn0
	reaches 203.0.113.9
	# The uplink goes down and comes back, as networks do.
	ip link set uplink down
	ip link set uplink up
	wait_for 20 goes_by 203.0.113.9 uplink
	vtap down vpn0
	ip route add default via 198.51.100.1 metric 1000
	put_nothing
	ip route add 203.0.113.10 dev vpn0
	says 1 'leads through vpn0 already' up vpn0 --endpoint 203.0.113.10
	ip route del 203.0.113.10
	put_nothing
	says 1 'nothing.invalid: no such host' up vpn0 --endpoint nothing.invalid
	put_nothing
}

# A server that would have the way to the VPN's own server lead into the VPN.
test_endpoint_is_not_taken() {
	local before
	travel --dhcp-option=option:classless-static-route,203.0.113.9/32,10.9.0.7,0.0.0.0/0,10.9.0.1
	ip -6 addr add 2001:db8:ee::2/64 dev uplink nodad
	ip -6 route add default via 2001:db8:ee::1
	# Another host end has the same server.
	ip route add 203.0.113.9/32 via 198.51.100.1 proto 118
	vtap up vpn0 --endpoint 203.0.113.9
	ip route del 203.0.113.9/32 via 198.51.100.1
	wait_for 20 goes_by 203.0.113.9 uplink
	assert_eq "routes to it" "$(ip route show 203.0.113.9)" \
		"203.0.113.9 via 198.51.100.1 dev uplink proto 118 onlink "
	vtap down vpn0
	before=$(state)
	# As an address, or the broadcast address, of the host itself.
	says 1 'no lease in 10 seconds' up vpn0 --endpoint 10.9.0.50 --timeout 10
	put_nothing
	says 1 'no lease in 10 seconds' up vpn0 --endpoint 10.9.0.255 --timeout 10
	put_nothing
	# What a router says is on-link has this metric.
	vtap up vpn0 --endpoint 2001:db8:77::9
	ip -6 route add 2001:db8:77::9/128 dev vpn0 metric 256
	goes_by 2001:db8:77::9 uplink
	ip -6 route del 2001:db8:77::9/128 dev vpn0
	vtap down vpn0
	put_nothing
}

# Its router is the host itself: a lease that cannot be put is none.
test_lease_that_cannot_be_put() {
	local before
	travel --dhcp-option=option:router,10.9.0.50
	says 1 'no lease in 10 seconds' up vpn0 --timeout 10
	put_nothing
}

# Where the host forwards, it listens to routers for as long as that lasts.
test_routers_are_heard_until_down() {
	local before
	travel
	sysctl -q net.ipv6.conf.all.forwarding=1
	ip link set vpn0 up
	ip -n gw addr add 2001:db8:9::1/64 dev eth0 nodad
	before=$(state)
	vtap up vpn0
	advertise gw "prefix 2001:db8:9::/64 { };"
	wait_for 60 address6_of global vpn0
	wait_for 20 has_default6
	vtap down vpn0
	! address6_of global vpn0 || fail "an address is left"
	! has_default6 || fail "a default route is left"
	# Listened to before, they are afterwards.
	sysctl -q net.ipv6.conf.vpn0.accept_ra=2
	wait_for 60 has_default6
	vtap up vpn0
	vtap down vpn0
	has_default6
	address6_of global vpn0
}
has_default6() { ip -6 route show default dev vpn0 | grep -q 'proto ra'; }

# Others' addresses come and go, without end.
others() { while :; do ip addr add 192.0.2.77/32 dev uplink; ip addr del 192.0.2.77/32 dev uplink; done; }

# What others take away comes back: all of it, and no sooner than it is gone.
test_up_survives() {
	local before
	travel
	vtap up vpn0 --endpoint 203.0.113.9
	wanted=$(ours; ip -4 -br addr show dev vpn0)
	# The first time a new address may have called the keeper, too.
	for _ in 1 2; do
		ip route flush table all proto 118
		wait_for 20 same_state
	done
	background others others
	ip route flush table all proto 118
	wait_for 20 same_state
	stop others
	ip addr flush dev uplink to 192.0.2.77
	ip addr flush dev vpn0
	wait_for 20 same_state
	ip link set vpn0 down
	ip link set vpn0 up
	wait_for 30 same_state
	vtap down vpn0
	assert_eq "what is left" "$(ours; no_address && echo none)" none
	before=$(state)
	# Its keeper dies: what it put can be taken away all the same.
	vtap up vpn0
	kill -9 "$(lslocks -n -o PID,PATH | awk '/vpn0.lock/ { print $1 }')"
	vtap down vpn0
	put_nothing
}
same_state() { [ "$(ours; ip -4 -br addr show dev vpn0)" = "$wanted" ]; }

no_address() { ! ip -4 -br addr show dev vpn0 | grep -q 10.9.0.50; }

test_conflict() {
	local before
	travel
	vtap up vpn0
	station thief
	addresses eth0 thief 10.9.0.50/24
	inside thief arping -q -U -c 1 -I eth0 10.9.0.50
	wait_for 20 no_address
	wait_for 20 cmp resolv.conf base
	assert_eq routes "$(ours)" ""
	wait_for 20 is_mtu 1500
	vtap down vpn0
	put_nothing
}

is_mtu() { [ "$(link_field vpn0 .mtu)" = "$1" ]; }

# What the server does not say any more is as it was.
test_renewed_without_mtu() {
	local before
	travel
	vtap up vpn0 --client udhcpc
	is_mtu 1400
	stop dnsmasq
	dhcp_server gw eth0 --dhcp-authoritative --dhcp-range=10.9.0.50,10.9.0.50,255.255.255.0,1h
	# That of this test's namespace.
	pkill -USR1 -x udhcpc
	wait_for 20 is_mtu 1500
	ip -4 -br addr show dev vpn0 | grep -q ' 10.9.0.50/24 '
	vtap down vpn0
	put_nothing
}

# addresses6: of vpn0, which the kernel made.
addresses6() { address6_of link vpn0 && address6_of global vpn0; }

# A copy of this machine, where its IPv6 addresses are. The kernel itself does not
# mind: it believes that there are no duplicates on vpn0.
test_conflict6() {
	local before link global
	travel
	addresses eth0 gw 2001:db8:9::1/64
	advertise gw 'prefix 2001:db8:9::/64 { };'
	wait_for 60 addresses6
	link=$(address6_of link vpn0) global=$(address6_of global vpn0)
	ip link set vpn0 down
	station copy
	addresses eth0 copy "$link/64" "$global/64"
	before=$(state)
	background up "$VTAP" up vpn0 --client udhcpc --foreground
	wait_for 60 moved_from "$link" "$global"
	! ip -6 addr show dev vpn0 | grep -qE " ($link|$global)/" || fail "$(ip -6 addr show dev vpn0)"
	reaches 2001:db8:9::1
	wait_for 60 answers 10.9.0.1
	grep -qx "vtap: vpn0: another station uses \($link\|$global\): other IPv6 addresses are made" up.log

	# It follows. There is an end to that; what is the administrator's is his.
	sysctl -q net.ipv6.idgen_retries=1
	global=$(address6_of global vpn0)
	addresses vpn0 '' 2001:db8:9::5/64
	addresses eth0 copy 2001:db8:9::5/64 "$global/64"
	inside copy sysctl -q net.ipv6.conf.eth0.ndisc_notify=1
	ip -n copy link set eth0 address 02:00:5e:00:00:66
	wait_for 20 grep -qx "vtap: vpn0: another station uses $global, too, which stays" up.log
	ip -6 -br addr show dev vpn0 | grep " 2001:db8:9::5/64 " | grep -q " $global/64 "
	! grep 2001:db8:9::5 up.log || fail "it is not ours"
	ip addr del 2001:db8:9::5/64 dev vpn0
	stop up
	put_nothing
}
moved_from() {
	[ "$(address6_of link vpn0)" != "$1" ] && addresses6 && [ "$(address6_of global vpn0)" != "$2" ]
}

test_up_in_vain() {
	local before
	travel
	stop dnsmasq
	says 1 'vpn0: no lease in 3 seconds' up vpn0 --timeout 3
	put_nothing
	# Nobody waits for the lease any more, when it comes.
	background up "$VTAP" up vpn0 --timeout 3600
	wait_for 20 test -e /run/virtualtap/vpn0/config
	kill -9 "$(cat up.pid)"
	dhcp_server gw eth0 --dhcp-range=10.9.0.50,10.9.0.50,255.255.255.0,1h
	wait_for 60 test ! -e /run/virtualtap/vpn0
	put_nothing
	stop dnsmasq
	says 1 'is not a host end' up uplink
	says 2 'wrong for --metric' up vpn0 --metric x
	says 2 'wrong for --timeout' up vpn0 --timeout 0
	says 2 'wrong for --timeout' up vpn0 --timeout 86401
	says 2 'wrong for --endpoint' up vpn0 --endpoint 'a;b'
	says 2 'wrong for --client' up vpn0 --client dhclient
	says 2 'own table' up vpn0 --vrf red --table 99
	says 2 'unknown to up' up vpn0 --bogus 1
	says 2 'wants a device' up --no-default
	put_nothing
}

# verdicts LAYER...: what vtap check says of them, and its exit status.
verdicts() {
	local status=0 layer
	vtap -j check vpn0 > "$T/check" || status=$?
	for layer; do
		jq -j --arg layer "$layer" '.[] | select(.layer == $layer) | .verdict + " "' "$T/check"
	done
	echo "$status"
}

test_check() {
	vtap add vpn0
	assert_eq "down" "$(verdicts ends listener frames)" "wrong wrong wrong 1"
	ip link set vpn0-l2 up
	ip link set vpn0 up
	ip addr add 10.9.0.1/24 dev vpn0
	assert_eq "nobody there" "$(verdicts ends listener neighbours gateway)" "ok wrong unknown unknown 1"
	jq -e '.[] | select(.layer == "listener") | .command == "ss -0np" and (.finding | contains("nobody uses vpn0-l2"))' "$T/check"
	capture wire '' vpn0-l2 'arp'
	assert_eq "a program listens" "$(verdicts listener)" "ok 1"
	! ping -q -c 1 -W 4 10.9.0.2 > ping.log || fail "somebody is there"
	assert_eq "nobody answers" "$(verdicts neighbours)" "wrong 1"
	stop wire
	# It is used by more than programs.
	ip addr add 10.9.0.2/24 dev vpn0-l2
	assert_eq "an address" "$(verdicts listener)" "ok 1"
	ip addr del 10.9.0.2/24 dev vpn0-l2
	ip link add link vpn0-l2 name up0 type macvlan
	assert_eq "a macvlan" "$(verdicts listener)" "ok 1"
	ip link del up0
	ip link add up0 type bridge
	assert_eq "nobody again" "$(verdicts listener MTU)" "wrong ok 1"
	ip link set vpn0-l2 master up0
	ip link set up0 mtu 1400
	assert_eq "a bridge of a smaller MTU" "$(verdicts listener MTU)" "ok wrong 1"
	jq -e '.[] | select(.layer == "MTU") | .finding | contains("1400 of up0")' "$T/check"
	ip link set up0 mtu 1500
	# Of a VLAN that nobody has.
	background foreign foreign_frames
	wait_for 20 foreign_came
	assert_eq "nothing but others" "$(verdicts frames drops)" "wrong wrong 1"
	jq -e '.[] | select(.layer == "frames" or .layer == "drops") | .finding | contains("ethtool -S vpn0-l2")' "$T/check"
	stop foreign
	ip link del up0
	ip link del vpn0

	office
	option gateway4 10.9.0.2
	ip link set vpn0 mtu 1400
	reaches 10.9.0.2
	assert_eq "all is well" "$(verdicts ends frames neighbours gateway lease MTU drops)" \
		"ok ok ok ok unknown ok ok 0"
	option gateway_probe 1
	ip -n pc link set eth0 down
	wait_for 30 gateway_is_wrong
	# A client asks in vain.
	background udhcpc udhcpc -f -i vpn0 -t 1 -s /bin/true
	wait_for 20 counts dhcp_packets
	assert_eq "no server" "$(verdicts lease)" "wrong 1"
	# More comes than is good.
	background drops drop_for_ever
	wait_for 20 counts tx_drop_not_ip
	assert_eq "drops" "$(verdicts drops)" "wrong 1"
	jq -e '.[] | select(.layer == "drops") | .command == "ethtool -S vpn0" and (.finding | startswith("tx_drop_not_ip grew by"))' "$T/check"
}
gateway_is_wrong() { [ "$(verdicts gateway)" = "wrong 1" ]; }
counts() { [ "$(counter vpn0 "$1")" -gt 0 ]; }
foreign_frames() {
	while :; do send_frame vpn0-l2 '' ffffffffffff020000000001 8100000e 0800 "$(printf '00%.0s' {1..46})"; done
}
foreign_came() { [ "$(counter vpn0-l2 rx_drop_unknown_vlan)" -gt 0 ]; }
drop_for_ever() { while :; do send_frame vpn0 '' 00; done; }

# completes WANTED WORD...: the last word is what was typed of it.
completes() {
	COMP_WORDS=(vtap "${@:2}") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	_vtap
	assert_eq "completion of ${*:2}" "${COMPREPLY[*]}" "$1"
}

test_completion() {
	mkdir bin
	ln -s "$VTAP" bin/vtap
	export PATH=$T/bin:$PATH
	vtap add vpn0
	# shellcheck source=../vtap/vtap.bash
	. "$TESTS/../vtap/vtap.bash"
	complete -p vtap | grep -q _vtap
	completes "neigh" ne
	completes "add announce" a
	completes "add announce" -j a
	completes "show" neigh sh
	completes "vpn0-l2 vpn0" neigh flush vp
	completes "" neigh flush vpn0 vp
	completes "dns_cache dns_max dns_ttl_max" add vpn1 dns_
	completes "--metric" up vpn0 --me
	completes "udhcpc dhcpcd" up vpn0 --client ""
	completes "vpn0-l2 vpn0" check ""
	# A name that would be a command.
	# shellcheck disable=SC2016 # that is the point
	vtap add '$(>ran)'
	completes "vpn0-l2 vpn0" check vp
	[ ! -e ran ] || fail "it ran"
}

# networkd: without the service manager; udev has seen the links.
networkd() {
	background networkd env SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_LEVEL=debug \
		/lib/systemd/systemd-networkd
}
deleted() { grep -q "^Deleted 203.0.113.9 " routes.log; }
all_there() { goes_by 203.0.113.9 uplink && goes_by 203.0.113.10 vpn0 && ! no_address; }

# It takes away routes of others on links that it manages, when it starts.
test_networkd_restarts() {
	local before link
	travel
	[ -s /etc/machine-id ] || echo 0123456789abcdef0123456789abcdef > /etc/machine-id
	mkdir -p /run/systemd/network /run/udev/data
	for link in uplink vpn0; do
		echo I:1 > "/run/udev/data/n$(< /sys/class/net/$link/ifindex)"
	done
	ip route del default
	printf '%s\n' '[Match]' Name=uplink '[Network]' Address=198.51.100.2/24 LinkLocalAddressing=no \
		IPv6AcceptRA=no '[Route]' Gateway=198.51.100.1 Metric=1000 > /run/systemd/network/uplink.network
	networkd
	wait_for 60 goes_by 203.0.113.9 uplink
	vtap up vpn0 --endpoint 203.0.113.9
	all_there
	background routes ip monitor route
	stop networkd
	networkd
	wait_for 60 deleted
	wait_for 60 all_there
	vtap down vpn0
	assert_eq "what is left" "$(ours; no_address && echo none)" none
}
