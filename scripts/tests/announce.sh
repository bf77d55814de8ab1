# shellcheck shell=bash
# Gratuitous ARPs of the host end.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

GRATUITOUS='arp[6:2] = 1 and arp[14:4] = arp[24:4]'
# announced WHAT ADDRESS STATION_MAC WANTED: since the last call.
seen=0
announced() {
	local lines
	# They are 1.1 s apart: long enough for one more.
	sleep $((2 + $4))
	lines=$(captured wire | tail -n +$((seen + 1)))
	seen=$(captured wire | wc -l)
	assert_eq "announcements $1" "$(grep -c "$3 > ff:ff:ff:ff:ff:ff, .*who-has $2 tell $2" <<< "$lines")" "$4"
	assert_eq "ARP frames $1" "$(grep -c . <<< "$lines")" "$4"
}

test_as_many_as_the_option_says() {
	local mac=02:00:5e:10:20:30
	vpn_segment address "$mac"
	capture wire vpn vpn0-l2 "$GRATUITOUS"
	ip addr add 10.9.0.5/24 dev vpn0
	announced "by default" 10.9.0.5 "$mac" 3
	assert_eq "announcements soon after another" "$(captured wire -ttt | awk 'NR > 1 && $1 < "00:00:00.5"')" ""
	option announce 0
	ip addr add 10.9.0.6/24 dev vpn0
	ip link set vpn0 address 02:00:5e:10:20:31
	announced "with announce 0" 10.9.0.6 "$mac" 0
}

# The other end comes up last: by then the address is there.
test_announcement_once_the_vpn_is_there() {
	ns vpn
	ip link add vpn0 type virtualtap
	ip link set vpn0-l2 netns vpn
	ip link set vpn0 up
	ip addr add 10.9.0.5/24 dev vpn0
	# tcpdump takes no device that is down, and may be slow to start.
	option announce 10
	ip -n vpn link set vpn0-l2 up
	capture wire vpn vpn0-l2 "$GRATUITOUS"
	wait_for 20 captured_some wire
}
