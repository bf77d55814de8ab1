// SPDX-License-Identifier: GPL-2.0
/* Sends prebuilt frames as fast as it can, for tests.
 *
 *   flood INTERFACE COUNT arp SENDER_MAC SENDER_IP TARGET_IP
 *   flood INTERFACE COUNT arp-random SENDER_NET TARGET_IP
 *   flood INTERFACE COUNT raw PROTOCOL HEX
 *
 * ARP requests from one station; from ever other ones, at random addresses of
 * SENDER_NET/16; or one frame again and again, sent as PROTOCOL (hexadecimal)
 * where the interface is not Ethernet. COUNT 0: until it is killed. What the
 * interface refuses is tried no second time.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netinet/if_ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define FRAMES	256	/* different ones */
#define BATCH	64
#define MAX	2048

static unsigned char frame[FRAMES][MAX];
static size_t length;

static void build_arp(unsigned char *p, const unsigned char *mac,
		      in_addr_t sip, in_addr_t tip)
{
	struct ether_arp *arp = (struct ether_arp *)(p + ETH_HLEN);

	memset(p, 0xff, ETH_ALEN);
	memcpy(p + ETH_ALEN, mac, ETH_ALEN);
	p[12] = ETHERTYPE_ARP >> 8;
	p[13] = ETHERTYPE_ARP & 0xff;
	arp->arp_hrd = htons(ARPHRD_ETHER);
	arp->arp_pro = htons(ETHERTYPE_IP);
	arp->arp_hln = ETH_ALEN;
	arp->arp_pln = sizeof(sip);
	arp->arp_op = htons(ARPOP_REQUEST);
	memcpy(arp->arp_sha, mac, ETH_ALEN);
	memcpy(arp->arp_spa, &sip, sizeof(sip));
	memcpy(arp->arp_tpa, &tip, sizeof(tip));
	length = ETH_ZLEN;
}

static void build_random(unsigned char *p, in_addr_t net, in_addr_t tip)
{
	unsigned char mac[ETH_ALEN];
	int i;

	for (i = 0; i < ETH_ALEN; i++)
		mac[i] = rand();
	mac[0] = 2;
	build_arp(p, mac, net | htonl(rand() & 0xffff), tip);
}

static void build_raw(unsigned char *p, const char *hex)
{
	unsigned int byte;

	for (length = 0; length < MAX && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		p[length++] = byte;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	struct mmsghdr msg[BATCH] = { 0 };
	struct iovec iov[BATCH];
	unsigned long count, sent = 0;
	const char *how;
	int fd, i;

	if (argc < 6)
		errx(2, "see its source");
	count = strtoul(argv[2], NULL, 0);
	how = argv[3];
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	to.sll_ifindex = if_nametoindex(argv[1]);
	if (fd < 0 || !to.sll_ifindex)
		err(1, "%s", argv[1]);
	/* Not to wait for whoever is slow to receive. */
	i = 1 << 26;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &i, sizeof(i)))
		err(1, "SO_SNDBUFFORCE");

	srand(1);
	for (i = 0; i < FRAMES; i++) {
		if (!strcmp(how, "arp"))
			build_arp(frame[i], ether_aton(argv[4])->ether_addr_octet,
				  inet_addr(argv[5]), inet_addr(argv[6]));
		else if (!strcmp(how, "raw"))
			build_raw(frame[i], argv[5]);
	}
	if (!strcmp(how, "raw"))
		to.sll_protocol = htons(strtoul(argv[4], NULL, 16));

	while (!count || sent < count) {
		for (i = 0; i < BATCH; i++) {
			unsigned char *p = frame[(sent + i) % FRAMES];

			if (!strcmp(how, "arp-random"))
				build_random(p, inet_addr(argv[4]),
					     inet_addr(argv[5]));
			iov[i] = (struct iovec){ p, length };
			msg[i].msg_hdr.msg_iov = &iov[i];
			msg[i].msg_hdr.msg_iovlen = 1;
			msg[i].msg_hdr.msg_name = &to;
			msg[i].msg_hdr.msg_namelen = sizeof(to);
		}
		i = sendmmsg(fd, msg, BATCH, 0);
		sent += i > 0 ? i : 1;
	}
	printf("%lu frames\n", sent);
	return 0;
}
