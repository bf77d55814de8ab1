# shellcheck shell=bash
# virtualtap@.service, under a systemd and a udevd of the test's own.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"
# shellcheck disable=SC2034 # run.sh reads it
TIMEOUT=300
# shellcheck disable=SC2034 # this, too
ENOUGH_ON=6.1

# installed: as the package would be, for all tests of a guest, as gcc is slow in
# there; with a machine-id and a configuration of the test's own.
installed() {
	[ -e /usr/lib/virtualtap/virtualtap-pair ] ||
		make -s -C "$TESTS/../.." install-plugin install-service \
			PLUGIN="$T/link_virtualtap.so" > "$T/make.log"
	rm -rf /etc/virtualtap
	mkdir /etc/virtualtap
	machine_id 0123456789abcdef0123456789abcdef
}

machine_id() {
	echo "$1" > "$T/machine-id"
	[ -e /etc/machine-id ] || : > /etc/machine-id
	! mountpoint -q /etc/machine-id || umount /etc/machine-id
	mount --bind "$T/machine-id" /etc/machine-id
}

# booted: systemd with nothing but udevd, and what the test starts.
booted() {
	mkdir -p /run/systemd/system
	printf '%s\n' '[Unit]' DefaultDependencies=no Wants=systemd-udevd.service \
		> /run/systemd/system/test.target
	background systemd unshare --mount --pid --fork --kill-child --mount-proc \
		env container=test /lib/systemd/systemd --system --unit=test.target --show-status=no
	wait_for 120 in_system systemctl is-active systemd-udevd.service
}

# in_system COMMAND...: where systemd is process 1, as it asks who asks it.
in_system() {
	nsenter --target "$(pgrep -P "$(cat "$T/systemd.pid")")" --pid --mount "$@"
}
settle() { in_system udevadm settle; }

# conf NAME [LINE]...
conf() { printf '%s\n' "${@:2}" > "/etc/virtualtap/$1.conf"; }
unit() { in_system systemctl "$1" "virtualtap@$2.service"; }
secret() { cat "/proc/sys/net/ipv6/conf/$1/stable_secret"; }
identity() { echo "$(mac_of "$1") $(secret "$1") $(address6_of link "$1")"; }
pair() { /usr/lib/virtualtap/virtualtap-pair "$@"; }

# Once made, and made again: what others know it by is the same.
test_identity() {
	local before octet
	installed
	conf vpn0 '# nothing said'
	conf vpn1
	pair start vpn0
	wait_for 20 address6_of link vpn0
	before=$(identity vpn0)
	octet=$((0x$(mac_of vpn0 | cut -c 1-2)))
	assert_eq "kind of MAC" $((octet & 3)) 2
	# NET_ADDR_SET: others leave it alone.
	assert_eq "addr_assign_type" "$(cat /sys/class/net/vpn0/addr_assign_type)" 3
	assert_eq "carrier" "$(cat /sys/class/net/vpn0/carrier)" 1
	pair stop vpn0
	gone vpn0-l2
	pair start vpn0
	wait_for 20 address6_of link vpn0
	assert_eq "identity made again" "$(identity vpn0)" "$before"
	pair start vpn1
	[ "$(mac_of vpn1)" != "$(mac_of vpn0)" ] || fail "the same MAC for another name"
	[ "$(secret vpn1)" != "$(secret vpn0)" ] || fail "the same secret for another name"
	pair stop vpn0
	machine_id fedcba9876543210fedcba9876543210
	pair start vpn0
	[ "$(mac_of vpn0)" != "${before%% *}" ] || fail "the same MAC on another machine"
	[[ $before != *"$(secret vpn0)"* ]] || fail "the same secret on another machine"
	pair stop vpn0
	machine_id uninitialized
	refused 'no machine-id to derive from' pair start vpn0
	conf vpn0 'address = 02:00:5e:10:20:30' 'stable_secret=2001:db8::1'
	pair start vpn0
	assert_eq "MAC" "$(mac_of vpn0)" 02:00:5e:10:20:30
	assert_eq "secret" "$(secret vpn0)" 2001:0db8:0000:0000:0000:0000:0000:0001
}

# What is there stays as it is, and nothing is left of what was begun.
test_bad_configuration() {
	local pattern text before
	installed
	while IFS='|' read -r pattern text; do
		# shellcheck disable=SC2059 # lines
		printf "$text\n" > /etc/virtualtap/vpn0.conf
		refused "$pattern" pair start vpn0
		assert_eq "links after '$text'" "$(ip -br link | grep -c vpn || true)" 0
	done <<-'END'
		line 2: announce is one word|# x\nannounce = 3 # y
		line 1: no NAME = VALUE|announce 3
		line 1: .* is no option|a-b = 3
		line 1: .* is no option|help = 3
		line 2: announce is there twice|announce=3\nannounce=4
		line 1: .* cannot be a device|peer = ../x
		line 1: .* cannot be a device|link = -x
		line 1: up is yes or no|up = maybe
		has no peer|link = lo\npeer = x
		unknown option "bogus"|bogus = 1
		unknown option "type"|type = dummy
		integer out of range|announce = 11
		vpn0 was not made|address = 01:00:5e:00:00:01
		vpn0 was not made|stable_secret = none
		vpn0 was not made|mtu = 20
		one word|announce = $(touch /run/test/ran) 3
		wrong: announce takes|announce = `reboot`
	END
	[ ! -e "$T/ran" ] || fail "the configuration was run"
	rm /etc/virtualtap/vpn0.conf
	refused 'there is no /etc/virtualtap/vpn0.conf' pair start vpn0
	refused 'cannot be a device' pair start ../vpn0

	conf vpn0 'announce = 2'
	ip link add vpn0 type dummy
	refused 'already, which was left as it is' pair start vpn0
	refused 'no host end' pair reload vpn0
	pair stop vpn0
	exists vpn0 || fail "it deleted what it had not made"
	ip link del vpn0

	pair start vpn0
	before=$(ip -d -j link show vpn0)
	conf vpn0 'mtu = 1300' 'announce = 4' 'gateway4 = 224.0.0.1'
	refused 'nothing was changed' pair reload vpn0
	conf vpn0 'announce = 4' 'mode = ether'
	refused 'mode is none, and ether takes systemctl restart' pair reload vpn0
	conf vpn0 'announce = 4' 'peer = other'
	refused 'peer is vpn0-l2, and other takes systemctl restart' pair reload vpn0
	assert_eq "vpn0" "$(ip -d -j link show vpn0)" "$before"
	conf vpn0 'mtu = 1300' 'announce = 4'
	pair reload vpn0
	assert_eq "MTU" "$(link_field vpn0 .mtu)" 1300
	assert_eq announce "$(learned announce)" 4
}

# options: of vpn0, those that have a default to go back to.
options() {
	find /sys/class/net/vpn0/virtualtap/ -type f -perm -u=w ! -name ct_zone -exec grep -H . {} + |
		sed 's,.*/,,' | sort
}

# A reload leaves what a restart would have made.
test_reload() {
	local all='resolve = off|announce = 7|defend = on|learning = off|trusted = 02:00:5e:00:00:01
		|gateway4 = 192.0.2.1|gateway6 = 2001:db8::1|gateway_probe = 60|carrier = gateway|neigh_max = 64
		|neigh_timeout = 99|reassembly = off|frag_max = 5|frag_timeout = 9|dns_cache = on|dns_max = 99
		|dns_ttl_max = 77|dscp = 46|dscp_map = 10:8,46:0|vlan_qos = dscp|conntrack = on'
	installed
	conf vpn0
	pair start vpn0
	options > "$T/fresh"
	tr '|' '\n' <<< "$all" > /etc/virtualtap/vpn0.conf
	pair reload vpn0
	assert_eq "forgotten above" "$(options | comm -12 - "$T/fresh")" ""
	conf vpn0 'announce = 4'
	pair reload vpn0
	assert_eq "not as made" "$(options | comm -13 "$T/fresh" -)" announce:4
	# With other words for it, and what it should not touch.
	conf vpn0 'mtu = 1300' 'ct_zone = 9'
	pair reload vpn0
	ip link set vpn0 mtu 1350
	conf vpn0
	pair reload vpn0
	assert_eq MTU "$(link_field vpn0 .mtu)" 1350
	assert_eq ct_zone "$(learned ct_zone)" 9
	assert_eq announce "$(learned announce)" 3
}

# The module that runs, and the one on disk.
test_loaded_is_installed() {
	local modules warning
	installed
	modules=/lib/modules/$(uname -r)/updates
	/usr/lib/virtualtap/virtualtap-loaded || fail "warned of nothing"
	cp -r "$modules" "$T/updates"
	sed -i 's/srcversion=[0-9A-F]\{4\}/srcversion=0000/' "$T/updates/virtualtap.ko"
	mount --bind "$T/updates" "$modules"
	refused 'WARNING: the kernel still runs another virtualtap' /usr/lib/virtualtap/virtualtap-loaded
	conf vpn0
	warning=$(pair start vpn0 2>&1)
	[[ $warning == *WARNING* ]] || fail "the service does not warn: $warning"
	exists vpn0
}

# dhcp: a client that follows its device, and leaves all others alone.
dhcp() {
	printf '%s\n' 'allowinterfaces vpn0' 'noipv6' 'noarp' > "$T/dhcpcd.conf"
	mkdir -p /var/lib/dhcpcd
	mount -t tmpfs leases /var/lib/dhcpcd
	background dhcpcd dhcpcd --nobackground --config "$T/dhcpcd.conf" --script /bin/true
}
has_address() { ip -br addr show dev vpn0 | grep -q " $1/24"; }
address() { ip -4 -j addr show dev vpn0 | jq -re '.[0].addr_info[0].local'; }

# back ADDRESS PEER WHAT: the lease, and traffic, within what time; nobody does anything.
back() {
	local start
	start=$(date +%s.%N)
	wait_for 60 has_address "$1"
	wait_for 60 answers "$2"
	measured "$3: traffic after $(date +%s.%N | awk -v start="$start" '{ printf "%.1f", $1 - start }') s"
}

# A VPN on this host, bridged to the Ethernet end, restarted; the module loaded anew.
test_softether() {
	local before
	installed
	booted
	conf vpn0 'announce = 0'
	unit start vpn0
	ip link set lo up
	softether ''
	softether_bridge '' vpn0-l2
	dhcp
	wait_for 60 has_address 192.168.30.10
	wait_for 60 answers 192.168.30.1
	before=$(mac_of vpn0)

	kill "$(cat "$T/vpnserver.pid")"
	wait "$(cat "$T/vpnserver.pid")" || true
	background vpnserver vpnserver execsvc
	back 192.168.30.10 192.168.30.1 "SoftEther restarted"
	settle
	assert_eq "MAC" "$(mac_of vpn0)" "$before"

	unloaded virtualtap_conntrack virtualtap
	gone vpn0
	modprobe virtualtap
	back 192.168.30.10 192.168.30.1 "module loaded anew"
	assert_eq "MAC" "$(mac_of vpn0)" "$before"
	assert_eq announce "$(learned announce)" 0
	unit stop vpn0
	gone vpn0-l2
	modprobe -r virtualtap
	modprobe virtualtap
	settle
	gone vpn0 || fail "it came back, though it was stopped"
}

# The device below comes after the service, goes, and comes again.
test_lower() {
	local before lease
	installed
	booted
	conf vpn0 'link = tap0' 'announce = 0'
	conf other
	unit start vpn0
	unit start other
	ip link set other type virtualtap announce 7
	gone vpn0
	office
	tap
	wait_for 60 exists vpn0
	dhcp
	wait_for 60 address
	lease=$(address)
	wait_for 60 answers 10.9.0.2
	before=$(mac_of vpn0)
	ip link del tap0
	gone vpn0 || fail "it is still there"
	tap
	back "$lease" 10.9.0.2 "lower device back"
	assert_eq "MAC" "$(mac_of vpn0)" "$before"
	# Not of its business.
	assert_eq "announce of other" "$(learned announce other)" 7
	unit stop vpn0
	ip link del tap0
	tap
	settle
	gone vpn0 || fail "it came back, though it was stopped"
}

# units: what this machine starts by itself, in a directory of the test's own.
units() {
	local unit
	mount -t tmpfs units /etc/systemd/system
	printf '%s\n' '[Unit]' DefaultDependencies=no Wants=systemd-udevd.service \
		> /etc/systemd/system/test.target
	for unit in vpn lease; do
		printf '%s\n' '[Unit]' DefaultDependencies=no 'After=virtualtap@vpn0.service network.target' \
			'[Service]' > "/etc/systemd/system/$unit.service"
	done
	# In place of a VPN's program. Where it leads to is no part of this machine.
	mount -t tmpfs vpn /mnt
	touch /mnt/pc
	mount --bind /run/netns/pc /mnt/pc
	printf '%s\n' Type=oneshot RemainAfterExit=yes 'ExecStart=ip link set vpn0-l2 netns /mnt/pc' \
		'ExecStart=nsenter --net=/mnt/pc ip link set vpn0-l2 master br0 up' >> /etc/systemd/system/vpn.service
	printf '%s\n' "Environment=VTAP_DHCP=$TESTS/../vtap/vtap-dhcp" \
		"ExecStart=$VTAP up vpn0 --client udhcpc --foreground" >> /etc/systemd/system/lease.service
	# Another target would start more, with drivers of what the guest has.
	systemctl add-wants test.target virtualtap@vpn0.service {vpn,lease}.service
}

# power_on: this machine has no processes, modules and links of ours, and nothing in
# /run; its disk, and machine-id, are what they were. Nobody does anything then.
power_on() {
	unloaded virtualtap_conntrack virtualtap
	# shellcheck disable=SC2016 # expanded there
	background systemd unshare --net --mount --pid --fork --kill-child --mount-proc sh -c \
		'mount -t tmpfs run /run && mount -t sysfs sysfs /sys && mount -t cgroup2 cgroup /sys/fs/cgroup &&
		exec env container=test /lib/systemd/systemd --system --unit=test.target --show-status=no'
	wait_for 120 has_addresses
}
power_off() {
	kill -9 "$(cat "$T/systemd.pid")"
	wait "$(cat "$T/systemd.pid")" || true
	wait_for 300 unloaded virtualtap_conntrack virtualtap
}
# known_by: MAC, IPv4, link-local and global IPv6 address.
known_by() {
	in_system nsenter --net=/proc/1/ns/net ip -j addr show dev vpn0 |
		jq -c '[.[0].address, (.[0].addr_info | sort_by(.family, .scope) | .[].local)]'
}
has_addresses() { [ "$(known_by | jq length)" = 4 ]; }

# The power goes, so that no lease is given back, and comes again.
test_reboot() {
	local before
	installed
	conf vpn0
	office --enable-ra --dhcp-range=2001:db8:9::,ra-only,64,1h --ra-param=br0,4,1800
	units
	power_on
	before=$(known_by)
	answers "$(jq -r '.[1]' <<< "$before")" pc
	answers "$(jq -r '.[2]' <<< "$before")" pc
	power_off
	power_on
	assert_eq "MAC and addresses" "$(known_by)" "$before"
	assert_eq leases "$(wc -l < dnsmasq.leases)" 1
	answers "$(jq -r '.[1]' <<< "$before")" pc
	answers "$(jq -r '.[2]' <<< "$before")" pc
}

# office [ARGUMENT]...: a segment with a DHCP server.
# shellcheck disable=SC2120 # optional
office() {
	ns pc
	ip -n pc link add br0 type bridge
	up br0 pc 10.9.0.2/24
	addresses br0 pc 2001:db8:9::2/64
	dhcp_server pc br0 --dhcp-range=10.9.0.50,10.9.0.60,255.255.255.0,1h "$@"
}

# tap: tap0, which leads there.
tap() {
	ip link add tap0 type veth peer name eth0 netns pc
	ip -n pc link set eth0 master br0 up
	ip link set tap0 addrgenmode none up
}
