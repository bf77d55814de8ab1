# shellcheck shell=bash
# Completion of vtap for bash.

# Of some names compgen would make commands.
_vtap_devices() {
	vtap -j show 2> /dev/null | grep -o '"device":"[A-Za-z0-9_.@+:-]*"' | cut -d'"' -f4
}

# What may stand behind the words of the command so far, $1 the first of them.
_vtap_words() {
	case ${1:-} in
	'') echo add show neigh dns announce monitor up down check -j --help ;;
	add)
		[ $# -gt 1 ] || return 0
		echo link address mtu netns up peer resolve announce defend learning trusted \
			gateway4 gateway6 gateway_probe carrier neigh_max neigh_timeout reassembly \
			frag_max frag_timeout dns_cache dns_max dns_ttl_max dscp dscp_map vlan_qos \
			ct_zone conntrack vlan vlan_protocol mode
		;;
	neigh)
		case ${2:-} in
		'') echo show add del flush probe; _vtap_devices ;;
		*) [ $# -gt 2 ] || _vtap_devices ;;
		esac
		;;
	dns)
		case ${2:-} in
		'') echo show flush; _vtap_devices ;;
		*) [ $# -gt 2 ] || _vtap_devices ;;
		esac
		;;
	up)
		_vtap_devices
		echo --metric --table --vrf --no-default --endpoint --client --timeout --foreground
		;;
	show | announce | down | check) [ $# -gt 1 ] || _vtap_devices ;;
	esac
}

_vtap() {
	local word=${COMP_WORDS[COMP_CWORD]} words=() i
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -j || ${COMP_WORDS[i]} == --json ]] || words+=("${COMP_WORDS[i]}")
	done
	case ${COMP_WORDS[COMP_CWORD - 1]} in
	--client) mapfile -t COMPREPLY < <(compgen -W "udhcpc dhcpcd" -- "$word") ;;
	*) mapfile -t COMPREPLY < <(compgen -W "$(_vtap_words "${words[@]}")" -- "$word") ;;
	esac
}

complete -F _vtap vtap
