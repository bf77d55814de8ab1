# shellcheck shell=bash
# A VPN with peers on it, for the tests and the demo. Sourced after lib.sh.
#
# The VPN is the namespace "vpn": a Linux bridge, br0, with the Ethernet end of
# vpn0 in it and, behind each other port, a station in a namespace of its own.
# The host is the namespace that this runs in.

# vpn_segment [ip-link OPTION]...: makes both.
# shellcheck disable=SC2120 # options are optional
vpn_segment() {
	ip link add vpn0 "$@" type virtualtap
	vpn_bridge
}

# vpn_bridge: the VPN alone, where vpn0 is there.
vpn_bridge() {
	ns vpn
	ip link set vpn0-l2 netns vpn
	bridged
}

# bridged: where vpn0-l2 is there, too.
bridged() {
	ip -n vpn link add br0 type bridge
	ip -n vpn link set br0 up
	ip -n vpn link set vpn0-l2 master br0 up
	ip link set vpn0 up
}

# lower_segment: tap0, for host ends on it, behind which is eth0 of the namespace
# "pc". The host's own stack does not speak there.
lower_segment() {
	ns pc
	inside pc sysctl -q net.ipv6.conf.default.accept_dad=0
	ip link add tap0 type veth peer name eth0 netns pc
	ip link set tap0 addrgenmode none up
	up eth0 pc 10.9.0.2/24
}

# addresses DEVICE NAMESPACE [ADDRESS/LENGTH]...: '' for this namespace. IPv6 ones can be used at once.
addresses() {
	local address nodad
	for address in "${@:3}"; do
		case $address in *:*) nodad=nodad ;; *) nodad= ;; esac
		ip ${2:+-n "$2"} addr add "$address" dev "$1" $nodad
	done
}

# station NAME [ADDRESS/LENGTH]...: one more host on the segment, by its eth0.
station() {
	ns "$1"
	# So can its link-local one.
	inside "$1" sysctl -q net.ipv6.conf.default.accept_dad=0
	ip -n vpn link add "$1" type veth peer name eth0 netns "$1"
	ip -n vpn link set "$1" master br0 up
	ip -n "$1" link set eth0 up
	addresses eth0 "$@"
}

# client NAME GATEWAY/LENGTH ADDRESS/LENGTH: a host behind this one, which
# forwards for it, not on the VPN.
client() {
	ns "$1"
	ip link add "$1" type veth peer name eth0 netns "$1"
	ip addr add "$2" dev "$1"
	ip link set "$1" up
	ip -n "$1" link set eth0 up
	addresses eth0 "$1" "$3"
	ip -n "$1" route add default via "${2%/*}"
	case $2 in
	*:*) sysctl -q net.ipv6.conf.all.forwarding=1 ;;
	*) sysctl -q net.ipv4.ip_forward=1 ;;
	esac
}

# masquerade: who is behind this host goes by its address on vpn0.
masquerade() {
	nft -f - <<-END
		table inet nat {
			chain postrouting {
				type nat hook postrouting priority srcnat
				oifname vpn0 masquerade
			}
		}
	END
}

# as NAMESPACE COMMAND...: '' for this namespace.
as() { ${1:+ip netns exec "$1"} "${@:2}"; }

# background_as NAME NAMESPACE COMMAND...: $T/NAME.pid is that of COMMAND.
background_as() { background "$1" ${2:+ip netns exec "$2"} "${@:3}"; }

stop() {
	local pid
	pid=$(cat "$T/$1.pid")
	kill "$pid" 2> /dev/null || true
	wait "$pid" 2> /dev/null || true
}

mac_of() { ip ${2:+-n "$2"} -j link show dev "$1" | jq -r '.[0].address'; }

# address6_of SCOPE DEVICE [NAMESPACE]: the first of scope "link" or "global".
address6_of() {
	ip ${3:+-n "$3"} -6 -j addr show dev "$2" scope "$1" |
		jq -re '[.[].addr_info[]?.local // empty][0] // empty'
}

# learned FILE [DEVICE]: what vpn0, or another host end, says it learned.
learned() { cat "/sys/class/net/${2:-vpn0}/virtualtap/$1"; }
learned_is() { [ "$(learned "$1" "${3:-}")" = "$2" ]; }

# option NAME VALUE: sets one of vpn0.
option() { echo "$2" > "/sys/class/net/vpn0/virtualtap/$1"; }

# reaches ADDRESS [NAMESPACE]: three pings, all answered.
reaches() {
	as "${2:-}" ping -q -c 3 -i 0.2 -W 10 "$1" > "$T/ping.log" 2>&1 ||
		fail "no ping to $1 from ${2:-the host}"
}

# answers ADDRESS [NAMESPACE]: one ping, to wait for what is not there at once.
answers() { as "${2:-}" ping -q -c 1 -W 2 "$1"; }

# places NAME...: makes namespaces whose pings go on, to nowhere, while there is no
# other way.
places() {
	local name
	ns "$@"
	for name; do
		ip -n "$name" link add nowhere type dummy
		ip -n "$name" link set nowhere up
		ip -n "$name" route add default dev nowhere
	done
}

# ping_flood NAMESPACE ADDRESS: as fast as answers come, 100 in a second without;
# but the test's own commands go first.
ping_flood() {
	both_cpus
	background_as "ping-$1" "$1" nice -n 19 ping -f -q -s 1000 "$2"
}

# received NAMESPACE DEVICE: something, since the device came to be.
received() { ip -n "$1" -s -j link show dev "$2" | jq -e '.[0].stats64.rx.packets > 20'; }

# echos NAMESPACE: ping requests that arrived there, of either family.
echos() {
	inside "$1" nstat -aszj IcmpInEchos Icmp6InEchos | jq '.kernel | add'
}

# capture NAME NAMESPACE DEVICE FILTER: in the background, from now on.
capture() {
	background_as "$1" "$2" tcpdump --immediate-mode -U -n \
		-i "$3" -w "$T/$1.pcap" "$4"
	wait_for 20 grep -q 'listening on' "$T/$1.log"
}

# captured NAME [TCPDUMP_ARGUMENT]...: a line for each frame so far. Give a
# frame that was just seen elsewhere a moment to get here.
captured() {
	tcpdump -e -n -r "$T/$1.pcap" "${@:2}" 2> /dev/null
}
captured_some() { [ -n "$(captured "$@")" ]; }

# dhcp_server NAMESPACE DEVICE ARGUMENT...: dnsmasq, '' for this namespace. A
# second one wants a name of its own, SERVER; DNS_PORT has it answer queries, too.
dhcp_server() {
	local name=${SERVER:-dnsmasq}
	background_as "$name" "$1" dnsmasq --keep-in-foreground \
		--conf-file=/dev/null --log-facility=- --log-dhcp --port="${DNS_PORT:-0}" --no-ping \
		--user=root --pid-file= --dhcp-leasefile="$T/$name.leases" --no-resolv \
		--interface="$2" --bind-interfaces "${@:3}"
	wait_for 20 grep -q 'sockets bound\|IPv6 router advertisement' "$T/$name.log"
}

# dhcp_client [ARGUMENT]...: busybox udhcpc with its stock script; stays. That of
# another host end than vpn0 wants its name, CLIENT.
dhcp_client() {
	background "udhcpc${CLIENT:+-$CLIENT}" udhcpc --foreground \
		--interface "${CLIENT:-vpn0}" --retries 10 \
		--timeout 3 --tryagain 1 --request-option mtu "$@"
}
renew() { kill -USR1 "$(cat "$T/udhcpc.pid")"; }
release() { kill -USR2 "$(cat "$T/udhcpc.pid")"; }

# advertise STATION [LINE]...: radvd makes it a router, with these lines for its
# eth0. Stopped, it says so.
advertise() {
	{
		echo "interface eth0 { AdvSendAdvert on;"
		echo "MinRtrAdvInterval 3; MaxRtrAdvInterval 4; AdvDefaultLifetime 1800;"
		printf '%s\n' "${@:2}" "};"
	} > "$T/$1.conf"
	inside "$1" sysctl -q net.ipv6.conf.all.forwarding=1
	background_as "$1" "$1" radvd --nodaemon --config="$T/$1.conf" \
		--pidfile="$T/$1.radvd" --logmethod=stderr
}

# resolved ADDRESS: systemd-resolved, which asks there, without a cache of its own.
resolved() {
	mkdir -p /run/systemd/resolved.conf.d
	cat > /run/systemd/resolved.conf.d/test.conf <<-END
		[Resolve]
		DNS=$1
		FallbackDNS=
		Cache=no
		DNSSEC=no
		LLMNR=no
		MulticastDNS=no
	END
	# The user that its package makes.
	{ cat /etc/passwd; echo "systemd-resolve:x:990:990::/:/usr/sbin/nologin"; } > passwd
	{ cat /etc/group; echo "systemd-resolve:x:990:"; } > group
	mount --bind "$T/passwd" /etc/passwd
	mount --bind "$T/group" /etc/group
	background resolved /lib/systemd/systemd-resolved
	wait_for 60 udp_listens 127.0.0.53
}
udp_listens() { ss -Hlun "src $1:53" | grep -q .; }

# up DEVICE NAMESPACE ADDRESS/LENGTH
up() {
	printf '%s\n' "addr add $3 dev $1" "link set $1 up" | ip ${2:+-n "$2"} -batch -
}

# send_frame DEVICE NAMESPACE HEX...: by a packet socket; '' for this namespace.
send_frame() {
	local sender='import socket, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((sys.argv[1], 0))
s.send(bytes.fromhex("".join(sys.argv[2:])))'
	as "$2" /usr/bin/python3 -E -S -c "$sender" "$1" "${@:3}"
}

# data MEGABYTES: makes $T/data.
data() { head -c "$1M" /dev/urandom > "$T/data"; }

listens() { as "$1" ss -Hltn "sport = :$2" | grep -q .; }

# transfer CLIENT SERVER ADDRESS: a TCP connection that CLIENT, a namespace,
# opens to ADDRESS of SERVER takes $T/data there, and another one back. One that
# stands still is given up: its other end may have gone without a word.
transfer() {
	local version=4 address=$3
	case $3 in *:*) version=6 address="[$3]" ;; esac
	background_as there "$2" socat -u -T 60 TCP$version-LISTEN:5001,reuseaddr CREATE:"$T/there"
	wait_for 20 listens "$2" 5001
	as "$1" socat -u -T 60 OPEN:"$T/data" TCP$version:"$address:5001" ||
		fail "'$1' cannot send to '$2'"
	wait "$(cat "$T/there.pid")"
	cmp "$T/data" "$T/there" || fail "what '$1' sent to '$2' did not arrive intact"

	background_as back "$2" socat -u -T 60 OPEN:"$T/there" TCP$version-LISTEN:5001,reuseaddr
	wait_for 20 listens "$2" 5001
	as "$1" socat -u -T 60 TCP$version:"$address:5001" CREATE:"$T/back" ||
		fail "'$1' cannot receive from '$2'"
	cmp "$T/data" "$T/back" || fail "what '$2' sent to '$1' did not arrive intact"
}

# softether NAMESPACE: Debian's SoftEther VPN server in a namespace, with a hub
# "VPN" whose SecureNAT gives out 192.168.30.10 and up, is the gateway
# 192.168.30.1 and connects to what NAMESPACE reaches; nothing bridged yet.
softether() {
	softether_server "$1"
	softether_commands "$1" 'HubCreate VPN /PASSWORD:demo' 'Hub VPN' SecureNatEnable
}

# softether_server NAMESPACE: as it is when it is new, with a hub "DEFAULT".
softether_server() {
	local directory
	for directory in /run /var/lib /var/log; do
		mkdir -p "$directory/softether"
		mount -t tmpfs softether "$directory/softether"
	done
	background_as vpnserver "$1" vpnserver execsvc
	wait_for 120 softether_commands "$1" 'ServerInfoGet'
}

# softether_bridge NAMESPACE DEVICE: makes a device one of the hub's ports.
softether_bridge() {
	softether_commands "$1" "BridgeCreate VPN /DEVICE:$2 /TAP:no"
}

# softether_commands NAMESPACE COMMAND...
softether_commands() {
	printf '%s\n' "${@:2}" > "$T/commands"
	as "$1" vpncmd localhost:5555 /SERVER /IN:"$T/commands" > "$T/vpncmd.log" 2>&1
}
