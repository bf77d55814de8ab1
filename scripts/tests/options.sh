# shellcheck shell=bash
# Options of a host end, by sysfs and by rtnetlink.
# shellcheck source=station.sh
. "${BASH_SOURCE[0]%/*}/station.sh"

add() { ip link add vpn0 type virtualtap; }

# option_is NAME VALUE
option_is() { assert_eq "$1" "$(option "$1")" "$2"; }

# takes NAME TEXT VALUE: TEXT is accepted and means VALUE.
takes() {
	option "$1" "$2"
	option_is "$1" "$3"
}

# takes_not NAME TEXT: refused with EINVAL, which changes nothing.
takes_not() {
	local before
	before=$(option "$1")
	refused "Invalid argument" option "$1" "$2"
	option_is "$1" "$before"
}

test_defaults() {
	add
	option_is resolve on
	option_is announce 3
	option_is defend off
	option_is learning on
	option_is gateway4 none
	option_is gateway6 none
	option_is trusted none
	option_is neigh_max 1024
	option_is neigh_timeout 300
	option_is reassembly on
	option_is frag_max 1024
	option_is frag_timeout 30
	option_is dscp preserve
	option_is dscp_map identity
	option_is vlan_qos off
	option_is gateway_probe 0
	option_is carrier ends
	option_is dns_cache off
	option_is dns_max 256
	option_is dns_ttl_max 300
	option_is conntrack off
	option_is ct_zone none
	option_is vlan none
	option_is vlan_protocol 802.1q
	option_is mode none
	option_is ethernet vpn0-l2
	[ ! -e /sys/class/net/vpn0-l2/virtualtap ] || fail "the Ethernet end has options"
	# Nothing is learned yet.
	local file
	for file in "$OPTIONS"/ipv[46]_*; do
		assert_eq "$file" "$(< "$file")" ""
		refused "Permission denied|cannot overwrite|Input/output" option "${file##*/}" 1
	done
}

test_switches() {
	local name value
	add
	for name in resolve defend learning reassembly dns_cache conntrack; do
		takes $name off off
		takes $name on on
		takes $name 0 off
		takes $name 1 on
		for value in '' 2 maybe -1 '0 1'; do takes_not $name "$value"; done
	done
}

test_numbers() {
	local value
	add
	for value in 0 1 10; do takes announce $value $value; done
	for value in -1 11 255 256 4294967296 '' x 3x '3 3'; do takes_not announce "$value"; done
	for value in 16 1024 65536; do takes neigh_max $value $value; done
	for value in -1 0 15 65537 4294967312 '' x; do takes_not neigh_max "$value"; done
	for value in 1 300 86400; do takes neigh_timeout $value $value; done
	for value in -1 0 86401 4294967297 '' x; do takes_not neigh_timeout "$value"; done
	for value in 1 1024 65536; do takes frag_max $value $value; done
	for value in -1 0 65537 4294967297 '' x 7x; do takes_not frag_max "$value"; done
	for value in 1 30 120; do takes frag_timeout $value $value; done
	for value in -1 0 121 4294967297 '' x; do takes_not frag_timeout "$value"; done
	for value in 1 3600 0; do takes gateway_probe $value $value; done
	for value in -1 3601 4294967296 '' x 1x; do takes_not gateway_probe "$value"; done
	for value in 16 256 65536; do takes dns_max $value $value; done
	for value in -1 0 15 65537 4294967312 '' x; do takes_not dns_max "$value"; done
	for value in 1 300 86400; do takes dns_ttl_max $value $value; done
	for value in -1 0 86401 4294967297 '' x; do takes_not dns_ttl_max "$value"; done
	for value in 1 65535 7; do takes ct_zone $value $value; done
	for value in -1 0 65536 4294967303 '' x 7x none; do takes_not ct_zone "$value"; done
}

test_words() {
	local value
	add
	takes carrier gateway gateway
	for value in '' x 0 1 Ends end 'ends gateway'; do takes_not carrier "$value"; done
	takes carrier ends ends
}

test_gateway4() {
	local value
	add
	takes gateway4 192.0.2.1 192.0.2.1
	for value in '' x 192.0.2 192.0.2.256 192.0.2.1x '192.0.2.1 192.0.2.2' 127.0.0.1 \
		224.0.0.1 240.0.0.1 255.255.255.255 fe80::1; do
		takes_not gateway4 "$value"
	done
	takes gateway4 none none
	takes gateway4 10.0.0.1 10.0.0.1
}

test_gateway6() {
	local value
	add
	takes gateway6 2001:db8::1 2001:db8::1
	takes gateway6 fe80:0:0::1 fe80::1
	for value in '' x fe80 fe80::g fe80::1x fe80::1%vpn0 'fe80::1 fe80::2' fe80::1/64 :: ::1 \
		ff02::1 ::ffff:192.0.2.1 192.0.2.1; do
		takes_not gateway6 "$value"
	done
	takes gateway6 none none
	takes gateway6 fe80::2 fe80::2
}

# macs NUMBER: so many different ones.
macs() { seq -s ' ' -f '02:00:5e:00:00:%02.0f' 1 "$1"; }

test_trusted() {
	local value
	add
	takes trusted 02:00:5e:00:00:07 02:00:5e:00:00:07
	takes trusted "$(macs 16)" "$(macs 16)"
	for value in '' x "$(macs 17)" 02:00:5e:00:00 02:00:5e:00:00:07:08 02:00:5e:00:00:0g \
		01:00:5e:00:00:07 00:00:00:00:00:00 ff:ff:ff:ff:ff:ff \
		'none 02:00:5e:00:00:07' '02:00:5e:00:00:07 x' '02:00:5e:00:00:07,02:00:5e:00:00:08'; do
		takes_not trusted "$value"
	done
	takes trusted none none
	takes trusted "$(macs 2)" "$(macs 2)"
}

# to_one NUMBER: a map of the first code points to 1.
to_one() { seq -s , -f '%g:1' 0 $(($1 - 1)); }

test_dscp() {
	local value
	add
	for value in 0 46 63 preserve; do takes dscp $value $value; done
	takes dscp 8 8
	for value in -1 64 255 256 4294967342 '' x 8x '8 8' 0x8 ef identity off; do
		takes_not dscp "$value"
	done
	takes dscp_map 46:0 46:0
	takes dscp_map 46:0,10:8,3:3 10:8,46:0
	takes dscp_map 7:7 identity
	takes dscp_map "$(to_one 64)" "$(to_one 64 | sed 's/,1:1,/,/')"
	takes dscp_map 46:0 46:0
	for value in '' x 46 46: :0 '46:0,' ,46:0 46:0,,8:0 46:0,46:1 46:0,8:0,46:0 64:0 0:64 -1:0 \
		4294967342:0 46:0x '46:0 8:0' '46: 0' 46:0:1 '46:0,identity' preserve "$(to_one 65)"; do
		takes_not dscp_map "$value"
	done
	takes dscp_map identity identity
	takes vlan_qos dscp dscp
	for value in '' on 0 1 x 'dscp x'; do takes_not vlan_qos "$value"; done
	takes vlan_qos off off
}

# set_at_creation VLAN VLAN_PROTOCOL MODE: as these say; no more to be changed.
set_at_creation() {
	local name
	for name in vlan vlan_protocol mode; do
		refused "Permission denied|cannot overwrite|Input/output" option $name "$(option $name)"
		option_is $name "$1"
		shift
	done
}

test_what_is_set_at_creation() {
	add
	set_at_creation none 802.1q none
	ip link del vpn0
	rtnl add name=vpn0 data vlan:u16=4094 mode:u8=1
	set_at_creation 4094 802.1q ether
	ip link del vpn0
	rtnl add name=vpn0 data vlan:u16=1 vlan_protocol:hex=88a8 mode:u8=0
	set_at_creation 1 802.1ad none
	# Not even to what they are.
	refused_because <<-'END'
		at creation only| set name=vpn0 data vlan:u16=1
		at creation only| set name=vpn0 data vlan_protocol:hex=88a8 vlan:u16=1
		at creation only| set name=vpn0 data mode:u8=1
		at creation only| set name=vpn0 data announce:u8=7 vlan:u16=2
	END
	set_at_creation 1 802.1ad none
	option_is announce 3
}

test_changes_are_announced_to_listeners() {
	add
	ip link set vpn0 up
	background monitor ip monitor link
	# It says nothing before something happens.
	until grep -q vpn0 "$T/monitor.log"; do
		option defend 1
		sleep 0.2
	done
}

test_who_may_set() {
	add
	refused "Permission denied" setpriv --reuid 65534 --clear-groups \
		bash -c "echo off > $OPTIONS/resolve"
	refused "not permitted" setpriv --bounding-set -net_admin --inh-caps -net_admin \
		bash -c "echo off > $OPTIONS/resolve"
	# Root of another user namespace looks like the file's owner.
	refused "not permitted" unshare --user --map-root-user \
		bash -c "echo off > $OPTIONS/resolve"
	refused "not permitted" unshare --user --map-root-user \
		ip link add vpn1 type virtualtap
	option_is resolve on
}

inside_a_user_namespace() {
	ip link add vpn0 type virtualtap
	ip link set vpn0-l2 up
	ip link set vpn0 up
	ip addr add 10.9.0.1/24 dev vpn0
	rtnl set name=vpn0 data resolve:u8=0
	ip link del vpn0
}

test_root_of_a_user_namespace_has_its_own() {
	export -f inside_a_user_namespace rtnl
	export TESTS
	unshare --user --map-root-user --net bash -euc inside_a_user_namespace
}

test_options_at_creation() {
	ns other
	rtnl add name=vpn0 mac=02:00:5e:00:00:07 mtu=1400 data resolve:u8=0 announce:u8=9 \
		defend:u8=1 learning:u8=0 gateway4:ip=192.0.2.1 neigh_max:u32=64 \
		neigh_timeout:u32=60 gateway6:ip6=fe80::1 trusted:hex=02:00:5e:00:00:01:02:00:5e:00:00:02 \
		reassembly:u8=0 frag_max:u32=7 frag_timeout:u32=9 gateway_probe:u32=60 carrier:u8=1 \
		dscp:u8=8 dscp_map:hex=2e00:0a08 vlan_qos:u8=1 dns_cache:u8=1 dns_max:u32=16 \
		dns_ttl_max:u32=9 conntrack:u8=1 ct_zone:u16=65535 \
		peer name=tap-vpn mac=02:00:5e:00:00:08 mtu=1600 netns=other
	option_is resolve off
	option_is announce 9
	option_is defend on
	option_is learning off
	option_is gateway4 192.0.2.1
	option_is neigh_max 64
	option_is neigh_timeout 60
	option_is gateway6 fe80::1
	option_is trusted "$(macs 2)"
	option_is reassembly off
	option_is frag_max 7
	option_is frag_timeout 9
	option_is dscp 8
	option_is dscp_map 10:8,46:0
	option_is vlan_qos dscp
	option_is gateway_probe 60
	option_is carrier gateway
	option_is dns_cache on
	option_is dns_max 16
	option_is dns_ttl_max 9
	option_is conntrack on
	option_is ct_zone 65535
	assert_eq "station MAC" "$(link_field vpn0 .address)" 02:00:5e:00:00:07
	assert_eq "MTU" "$(link_field vpn0 .mtu)" 1400
	assert_eq "peer's MAC" "$(link_field tap-vpn .address other)" 02:00:5e:00:00:08
	assert_eq "peer's MTU" "$(link_field tap-vpn .mtu other)" 1600
	assert_eq "peer's type" "$(link_field tap-vpn .link_type other)" ether
	ip link del vpn0
	rtnl add name=a-rather-long-1 peer name=short
	assert_eq "type" "$(link_field short .link_type)" ether
}

test_options_by_rtnetlink() {
	add
	rtnl set name=vpn0 data resolve:u8=0 neigh_max:u32=16 gateway4:ip=192.0.2.1
	option_is resolve off
	option_is neigh_max 16
	option_is gateway4 192.0.2.1
	option_is announce 3
	rtnl set name=vpn0 data reassembly:u8=0 frag_max:u32=1 frag_timeout:u32=120
	option_is reassembly off
	option_is frag_max 1
	option_is frag_timeout 120
	rtnl set name=vpn0 data gateway_probe:u32=3600 carrier:u8=1
	option_is gateway_probe 3600
	option_is carrier gateway
	rtnl set name=vpn0 data gateway_probe:u32=0 carrier:u8=0
	option_is gateway_probe 0
	option_is carrier ends
	rtnl set name=vpn0 data dns_cache:u8=1 dns_max:u32=65536 dns_ttl_max:u32=86400
	option_is dns_cache on
	option_is dns_max 65536
	option_is dns_ttl_max 86400
	rtnl set name=vpn0 data conntrack:u8=1 ct_zone:u16=9
	option_is conntrack on
	option_is ct_zone 9
	rtnl set name=vpn0 data conntrack:u8=0
	option_is conntrack off
	option_is ct_zone 9
	rtnl set name=vpn0 data gateway4:ip=0.0.0.0
	option_is gateway4 none
	rtnl set name=vpn0 data gateway6:ip6=fe80::1 trusted:hex=02:00:5e:00:00:01
	option_is gateway6 fe80::1
	option_is trusted "$(macs 1)"
	rtnl set name=vpn0 data gateway6:ip6=:: trusted:hex=
	option_is gateway6 none
	option_is trusted none
	rtnl set name=vpn0 data dscp:u8=0 dscp_map:hex=3f00 vlan_qos:u8=1
	option_is dscp 0
	option_is dscp_map 63:0
	option_is vlan_qos dscp
	rtnl set name=vpn0 data dscp:u8=64 dscp_map:hex= vlan_qos:u8=0
	option_is dscp preserve
	option_is dscp_map identity
	option_is vlan_qos off
}

test_refusals_of_rtnetlink() {
	add
	# All or nothing: the first of two would be good.
	refused_because <<-'END'
		Unknown attribute| set name=vpn0 data 99:u32=1
		range: .| set name=vpn0 data resolve:u8=2
		range: .| set name=vpn0 data announce:u8=11
		range: .| set name=vpn0 data neigh_max:u32=15
		range: .| set name=vpn0 data neigh_max:u32=65537
		range: .| set name=vpn0 data neigh_timeout:u32=0
		range: .| set name=vpn0 data reassembly:u8=2
		range: .| set name=vpn0 data frag_max:u32=0
		range: .| set name=vpn0 data frag_max:u32=65537
		range: .| set name=vpn0 data frag_timeout:u32=0
		range: .| set name=vpn0 data frag_timeout:u32=121
		range: .| set name=vpn0 data frag_max:u32=9 frag_timeout:u32=121
		range: .| set name=vpn0 data gateway_probe:u32=3601
		range: .| set name=vpn0 data carrier:u8=2
		range: .| set name=vpn0 data dns_cache:u8=2
		range: .| set name=vpn0 data dns_max:u32=15
		range: .| set name=vpn0 data dns_cache:u8=1 dns_max:u32=65537
		range: .| set name=vpn0 data dns_ttl_max:u32=0
		range: .| set name=vpn0 data dns_cache:u8=1 dns_ttl_max:u32=86401
		range: .| set name=vpn0 data gateway_probe:u32=9 carrier:u8=2
		: .| set name=vpn0 data frag_max:u8=9
		: .| set name=vpn0 data gateway4:hex=0a0900
		Gateway must be a unicast address| set name=vpn0 data gateway4:ip=224.0.0.1
		: .| set name=vpn0 data gateway6:ip=192.0.2.1
		Gateway must be a unicast address| set name=vpn0 data gateway6:ip6=ff02::1
		: .| set name=vpn0 data trusted:hex=02:00:5e:00:00
		: .| set name=vpn0 data trusted:hex=02:00:5e:00:00:01:02
		: .| set name=vpn0 data trusted:hex=01:00:5e:00:00:01
		: .| set name=vpn0 data trusted:hex=02:00:5e:00:00:01:00:00:00:00:00:00
		range: .| set name=vpn0 data dscp:u8=65
		range: .| set name=vpn0 data vlan_qos:u8=2
		pairs of bytes| set name=vpn0 data dscp_map:hex=2e
		DSCP must be 0..63| set name=vpn0 data dscp_map:hex=4000
		DSCP must be 0..63| set name=vpn0 data dscp_map:hex=0040
		mapped twice| set name=vpn0 data dscp_map:hex=2e002e08
		mapped twice| set name=vpn0 data dscp:u8=8 dscp_map:hex=2e000a082e00
		range: .| set name=vpn0 data resolve:u8=0 neigh_max:u32=1
		range: .| set name=vpn0 data conntrack:u8=2
		range: .| set name=vpn0 data conntrack:u8=1 ct_zone:u16=0
		: .| set name=vpn0 data ct_zone:u8=1
		peer cannot be changed| set name=vpn0 peer name=other
		belong to the host end| set name=vpn0-l2 data resolve:u8=0
	END
	option_is resolve on
	option_is announce 3
	option_is neigh_max 1024
	option_is neigh_timeout 300
	option_is reassembly on
	option_is frag_max 1024
	option_is frag_timeout 30
	option_is gateway_probe 0
	option_is carrier ends
	option_is dns_cache off
	option_is dns_max 256
	option_is dns_ttl_max 300
	option_is conntrack off
	option_is ct_zone none
	option_is gateway4 none
	option_is gateway6 none
	option_is trusted none
	option_is dscp preserve
	option_is dscp_map identity
	option_is vlan_qos off
}

test_refusals_at_creation() {
	refused_because <<-'END'
		range: .| add name=vpn0 data neigh_max:u32=1
		Unknown attribute| add name=vpn0 data 99:u32=1
		mapped twice| add name=vpn0 data dscp_map:hex=2e002e08
		same hardware address| add name=vpn0 mac=02:00:5e:00:00:07 peer name=vpn1 mac=02:00:5e:00:00:07
		unicast and not zero| add name=vpn0 peer name=vpn1 mac=01:00:5e:00:00:07
		6 bytes| add name=vpn0 peer name=vpn1 mac=02:00:5e
		give a peer name| add name=thirteenchars
		^[^o]| add name=vpn0 peer name=vpn0
		^[^o]| add name=vpn0 peer name=lo
	END
	assert_eq "links" "$(ip -br link | wc -l)" 1
}
