# shellcheck shell=bash
# The plugin of iproute2's ip: a stock ip sets and shows every option.
# shellcheck source=station.sh
. "${BASH_SOURCE[0]%/*}/station.sh"
# shellcheck disable=SC2034 # run.sh reads it
ENOUGH_ON=6.1

# Options in the order of `ip -d link show`: name, a value that is not the
# default, and the same in JSON.
TABLE='resolve off false
announce 7 7
defend on true
learning off false
trusted 02:00:5e:00:00:01,02:00:5e:00:00:0a ["02:00:5e:00:00:01","02:00:5e:00:00:0a"]
gateway4 192.0.2.1 "192.0.2.1"
gateway6 2001:db8::1 "2001:db8::1"
gateway_probe 60 60
carrier gateway "gateway"
neigh_max 64 64
neigh_timeout 99 99
reassembly off false
frag_max 5 5
frag_timeout 9 9
dns_cache on true
dns_max 99 99
dns_ttl_max 77 77
dscp 46 46
dscp_map 10:8,46:0 [{"from":10,"to":8},{"from":46,"to":0}]
vlan_qos dscp "dscp"
ct_zone 7 7
conntrack on true'

# plugin: ip knows it from here on. All tests of a guest share it: gcc is slow
# in there.
plugin() {
	export IP_LIB_DIR=/tmp/plugin
	[ -d $IP_LIB_DIR ] && return
	mkdir "$T/plugin"
	make -s -C "$TESTS/../.." plugin PLUGIN="$T/plugin/link_virtualtap.so"
	cp -r "$T/plugin" $IP_LIB_DIR
}

add() { ip link add vpn0 type virtualtap "$@"; }
set_options() { ip link set vpn0 type virtualtap "$@"; }

# option_is NAME VALUE: as sysfs has it.
option_is() { assert_eq "$1" "$(option "$1")" "$2"; }

# state: a line for each option of vpn0, as sysfs says it, in words for ip.
state() {
	local name value
	while read -r name _; do
		read -r value < "$OPTIONS/$name"
		echo "$name ${value// /,}"
	done <<< "$TABLE"
}

# wanted: the same for the values of the table.
wanted() {
	local name value
	while read -r name value _; do echo "$name $value"; done <<< "$TABLE"
}

# shown DEVICE: the options that `ip -d -j link show` says.
shown() { link_field "$1" '.linkinfo.info_data | tojson'; }

# wanted_json OTHER: what it should say of the values of the table.
wanted_json() {
	local name json all=
	while read -r name _ json; do all+="\"$name\":$json,"; done <<< "$TABLE"
	echo "{$all$1}"
}

# One at a time: each changes its own line of the state, and no other.
test_options_by_change() {
	local name value old now
	plugin
	add
	while read -r name; do
		[[ $'\n'$TABLE == *$'\n'"$name "* ]] || fail "no test of $name"
	done < <(find "$OPTIONS/" -type f -perm -u=w -printf '%f\n')
	now=$(state)
	while read -r name value _; do
		old=$(option "$name")
		set_options "$name" "$value"
		now=${now/"$name $old"/"$name $value"}
		assert_eq "options after $name $value" "$(state)" "$now"
	done <<< "$TABLE"
	assert_eq "options in JSON" "$(shown vpn0)" \
		"$(wanted_json '"vlan_protocol":"802.1q","mode":"none"')"
	set_options trusted none gateway4 none gateway6 none resolve on dscp preserve dscp_map identity
	option_is trusted none
	option_is gateway4 none
	option_is gateway6 none
	option_is resolve on
	option_is dscp preserve
	option_is dscp_map identity
	assert_eq "options in JSON" \
		"$(link_field vpn0 '.linkinfo.info_data | [.trusted, .gateway4, .gateway6, .dscp, .dscp_map] | tojson')" \
		'[[],"none","none","preserve",[]]'
}

# Text says what sets them.
test_options_at_creation() {
	local text
	plugin
	# shellcheck disable=SC2046 # words
	add $(wanted)
	assert_eq "options" "$(state)" "$(wanted)"
	text=$(ip -d link show vpn0)
	[[ $text == *" virtualtap $(wanted | tr '\n' ' ')vlan_protocol 802.1q mode none "* ]] ||
		fail "shown: $text"
	text=$(ip -d link show vpn0-l2)
	[[ $text == *virtualtap* && $text != *announce* ]] || fail "shown: $text"
}

macs() { seq -s , -f '02:00:5e:00:00:%02.0f' 1 "$1"; }

# said WANTED COMMAND...: the command fails and says it.
said() {
	local said
	! said=$("${@:2}" 2>&1) || fail "not refused: ${*:2}"
	[[ $said == *"$1"* ]] || fail "${*:2}: refused with '$said', wanted '$1'"
}

# One of each form that ip refuses before it asks the kernel.
test_bad_values() {
	local before name value
	plugin
	add
	before=$(state)
	while read -r name value; do
		said "Error: argument \"$value\" is wrong: $name takes" set_options "$name" "$value"
	done <<-END
		resolve 1
		announce x
		announce 256
		neigh_max 4294967296
		neigh_max 64x
		gateway4 0.0.0.0
		gateway4 fe80::1
		gateway6 ::
		gateway6 192.0.2.1
		trusted 02:00:5e:00:00
		trusted 02:00:5e:00:00:07,
		trusted 02:00:5e:00:00:0g
		trusted $(macs 17)
		vlan x
		vlan_protocol 802.3
		mode tun
		conntrack 1
		ct_zone none
		ct_zone 65536
	END
	said 'argument "" is wrong: announce' set_options announce ''
	said 'not complete' set_options resolve off announce
	said 'duplicate "announce"' set_options announce 1 announce 2
	said 'duplicate "type"' ip link add vpn1 type virtualtap peer name tap-vpn type virtualtap
	said 'is a garbage' ip link add vpn1 type virtualtap peer name tap-vpn announce 3
	assert_eq "options" "$(state)" "$before"
	assert_eq "links" "$(ip -br link | wc -l)" 3
	set_options trusted "$(macs 16)"
	option_is trusted "$(macs 16 | tr , ' ')"
}

# What others than ip itself refuse does not end a batch: it tells the line.
test_bad_requests() {
	local before wanted said
	plugin
	add
	before=$(state)
	cat > "$T/requests" <<-'END'
		Error: integer out of range.| set vpn0 type virtualtap announce 11
		Error: integer out of range.| set vpn0 type virtualtap resolve off neigh_max 15
		Error: Gateway must be a unicast address.| set vpn0 type virtualtap gateway4 224.0.0.1
		Error: This is set at creation only.| set vpn0 type virtualtap vlan 10
		Error: This is set at creation only.| set vpn0 type virtualtap mode ether
		virtualtap: the peer is set at creation only| set vpn0 type virtualtap peer name other
		Error: integer out of range.| set vpn0 type virtualtap conntrack off ct_zone 0
		Error: Options belong to the host end.| set vpn0-l2 type virtualtap resolve off
		virtualtap: unknown option "bogus"| set vpn0 type virtualtap resolve off bogus 1
		Error: integer out of range.| add vpn1 type virtualtap announce 11 peer name tap-vpn
		Error: A VLAN protocol needs a VLAN.| add vpn1 type virtualtap vlan_protocol 802.1ad
	END
	! sed 's/.*| /link /' "$T/requests" | ip -force -batch - 2> "$T/said" || fail "not refused"
	wanted=$(sed 's/|.*//' "$T/requests")
	said=$(grep -E '^(Error|virtualtap):' "$T/said")
	assert_eq "refusals" "$said" "$wanted"
	assert_eq "failed" "$(grep -c '^Command failed' "$T/said")" "$(wc -l < "$T/requests")"
	grep -q '^Usage: ip link add NAME type virtualtap' "$T/said"
	assert_eq "options" "$(state)" "$before"
	assert_eq "links" "$(ip -br link | wc -l)" 3
}

test_peer() {
	plugin
	ns other
	# What is said of one end stays with it.
	ip -batch - <<-END
		link add vpn0 mtu 1400 type virtualtap announce 0 peer name tap-vpn address 02:00:5e:00:00:08 mtu 1600 netns other
		link add vpn1 up index 77 type virtualtap peer tap1
		link add vpn2 index 87 type virtualtap mode ether peer name tap2 up index 88
	END
	option_is announce 0
	assert_eq "MTU" "$(link_field vpn0 .mtu)" 1400
	assert_eq "peer" "$(link_field tap-vpn '[.address, .mtu, .link_type] | join(" ")' other)" \
		"02:00:5e:00:00:08 1600 ether"
	assert_eq "links" "$(ip -j link show | jq -c '[.[] | select(.ifname != "lo") |
		[.ifname, (.ifindex | if . > 76 then . else 0 end), (.flags | contains(["UP"]))]] | sort')" \
		'[["tap1",0,false],["tap2",88,true],["vpn0",0,false],["vpn1",77,true],["vpn2",87,false]]'
	assert_eq "mode" "$(link_field vpn2 .linkinfo.info_data.mode)" ether
}

test_vlans() {
	plugin
	ip -batch - <<-END
		link add vpn0 type virtualtap
		link add vpn0.10 link vpn0-l2 type virtualtap vlan 10
		link add vpn0.ad link vpn0-l2 type virtualtap vlan 4094 vlan_protocol 802.1ad mode ether
	END
	assert_eq "VLANs" "$(ip -d -j link show | jq -c '[.[] | select(.linkinfo.info_kind == "virtualtap") |
		[.ifname] + (.linkinfo.info_data | [.vlan, .vlan_protocol, .mode])] | sort')" \
		'[["vpn0",null,"802.1q","none"],["vpn0-l2",null,null,null],["vpn0.10",10,"802.1q","none"],["vpn0.ad",4094,"802.1ad","ether"]]'
	assert_eq "vlan" "$(cat /sys/class/net/vpn0.ad/virtualtap/vlan{,_protocol})" $'4094\n802.1ad'
	assert_eq "type" "$(link_field vpn0.ad .link_type)" ether
}

test_help_and_without_the_plugin() {
	local name help
	plugin
	add
	help=$(ip link help virtualtap)
	while read -r name _; do
		[[ $help == *" $name "* ]] || fail "no help for $name"
	done <<< "$TABLE"
	said 'Usage: ip link add NAME type virtualtap' ip link add type virtualtap help
	export IP_LIB_DIR=$T/nothing
	said 'Garbage' set_options announce 0
	ip -d link show vpn0 | grep -q virtualtap
	assert_eq "options in JSON" "$(shown vpn0)" null
}
