# shellcheck shell=bash
# A pair of routers that share a gateway address by VRRP.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"
# shellcheck disable=SC2034 # run.sh reads it
ENOUGH_ON=6.1

GATEWAY=10.9.0.254

# router NAME PRIORITY
start_keepalived() {
	cat > "$1.conf" <<-END
		vrrp_instance vpn {
			state BACKUP
			interface eth0
			virtual_router_id 51
			priority $2
			advert_int 1
			virtual_ipaddress {
				$GATEWAY/24
			}
		}
	END
	background_as "$1" "$1" keepalived --dont-fork --log-console --vrrp \
		--use-file "$T/$1.conf" --pid "$T/$1.keepalived" --vrrp_pid "$T/$1.vrrp"
}

# Has this router the gateway's address?
is_master() { ip -n "$1" -br addr show dev eth0 | grep -q " $GATEWAY/24"; }

# replies NUMBER: of the ping so far.
replies() { [ "$(grep -c 'bytes from' ping.log)" -ge "$1" ]; }

# gateway_is ROUTER
gateway_is() { learned_is ipv4_gateway_mac "$(mac_of eth0 "$1")"; }

test_failover() {
	local router lost
	vpn_segment
	ip addr add 10.9.0.5/24 dev vpn0
	option gateway4 "$GATEWAY"
	ip route add default dev vpn0
	station r1 10.9.0.1/24
	station r2 10.9.0.2/24
	for router in r1 r2; do
		ip -n "$router" addr add 192.0.2.1/32 dev lo
	done
	start_keepalived r1 200
	wait_for 60 is_master r1
	start_keepalived r2 190
	wait_for 60 grep -q 'Entering BACKUP' r2.log
	reaches 192.0.2.1
	gateway_is r1

	# The master hands over its address, then it is dead to the segment.
	background ping ping -i 0.1 -c 100 192.0.2.1
	wait_for 60 replies 5
	kill "$(cat r1.keepalived)"
	wait_for 60 is_master r2
	ip -n vpn link set r1 down
	wait "$(cat ping.pid)" || true
	lost=$((100 - $(grep -c 'bytes from' ping.log)))
	[ "$lost" -le 10 ] || fail "$lost of 100 pings lost"
	gateway_is r2
	assert_eq gateway_mac_changes "$(counter vpn0 gateway_mac_changes)" 1

	# And back, while the one that was master lives on.
	ip -n vpn link set r1 up
	start_keepalived r1 200
	wait_for 60 gateway_is r1
	reaches 192.0.2.1
	assert_eq gateway_mac_changes "$(counter vpn0 gateway_mac_changes)" 2
}
