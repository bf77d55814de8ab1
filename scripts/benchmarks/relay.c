// SPDX-License-Identifier: GPL-2.0
/* What a translator in user space cannot do without: passes packets between two
 * devices, and pushes or pops an Ethernet header on the way.
 *
 *   relay KIND:NAME KIND:NAME
 *
 * KIND is tun or tap, which it makes, or packet: a socket on a device that is
 * there. A frame that is longer than any Ethernet frame ends it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/if_ether.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "batch.h"

struct side {
	int fd;
	bool packet;
	bool ip;
};

/* One way, with a batch of packets that is on it. */
struct way {
	const struct side *from, *to;
	struct batch in, out;
	unsigned char buffer[BATCH][ETH_FRAME_LEN];
};

static struct side open_tun(const char *name, bool ip)
{
	struct side side = { .ip = ip };
	struct ifreq ifr = { .ifr_flags = (ip ? IFF_TUN : IFF_TAP) | IFF_NO_PI };

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", name);
	side.fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	if (side.fd < 0 || ioctl(side.fd, TUNSETIFF, &ifr))
		err(1, "%s", name);
	return side;
}

static struct side open_packet(const char *name)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(name),
	};
	struct side side = { .packet = true };

	side.fd = packet_socket();
	if (bind(side.fd, (void *)&addr, sizeof(addr)))
		err(1, "%s", name);
	return side;
}

static struct side open_side(const char *what)
{
	const char *name = strchr(what, ':') + 1;

	if (!strncmp(what, "packet:", 7))
		return open_packet(name);
	return open_tun(name, !strncmp(what, "tun:", 4));
}

static void init_way(struct way *way, const struct side *from,
		     const struct side *to)
{
	int i;

	way->from = from;
	way->to = to;
	batch_init(&way->in);
	batch_init(&way->out);
	for (i = 0; i < BATCH; i++) {
		unsigned char *frame = way->buffer[i];

		memcpy(frame, PEER STATION, 2 * ETH_ALEN);
		way->in.iov[i].iov_base = frame + (from->ip ? ETH_HLEN : 0);
		way->in.iov[i].iov_len = ETH_FRAME_LEN - (from->ip ? ETH_HLEN : 0);
		way->out.iov[i].iov_base = frame + (to->ip ? ETH_HLEN : 0);
	}
}

/* Returns how many came. */
static int receive(struct way *way)
{
	struct batch *in = &way->in;
	int i;

	if (way->from->packet) {
		int count = recvmmsg(way->from->fd, in->msg, BATCH, MSG_DONTWAIT, NULL);

		for (i = 0; i < count; i++)
			if (in->msg[i].msg_hdr.msg_flags & MSG_TRUNC)
				errx(1, "a frame that is too long");
		return count;
	}
	for (i = 0; i < BATCH; i++) {
		ssize_t length = read(way->from->fd, in->iov[i].iov_base,
				      in->iov[i].iov_len);

		if (length < 0)
			break;
		in->msg[i].msg_len = length;
	}
	return i;
}

/* What the device does not take is lost. */
static void transmit(struct way *way, int count)
{
	struct batch *out = &way->out;
	int i, sent;

	if (way->to->packet) {
		for (i = 0; i < count; i += sent > 0 ? sent : 1)
			sent = sendmmsg(way->to->fd, out->msg + i, count - i, 0);
		return;
	}
	for (i = 0; i < count; i++)
		write(way->to->fd, out->iov[i].iov_base, out->iov[i].iov_len);
}

static void pass(struct way *way)
{
	/* What the other side's are longer. */
	int more = (way->from->ip - way->to->ip) * ETH_HLEN;
	int count = receive(way), i;

	for (i = 0; i < count; i++) {
		way->out.iov[i].iov_len = way->in.msg[i].msg_len + more;
		if (more > 0 && way->buffer[i][ETH_HLEN] >> 4 == 6)
			memcpy(way->buffer[i] + 2 * ETH_ALEN, "\x86\xdd", 2);
		else if (more > 0)
			memcpy(way->buffer[i] + 2 * ETH_ALEN, "\x08\x00", 2);
	}
	transmit(way, count);
}

int main(int argc, char **argv)
{
	static struct way ways[2];
	struct pollfd fds[2];
	struct side sides[2];
	int i;

	if (argc != 3 || !strchr(argv[1], ':') || !strchr(argv[2], ':'))
		errx(2, "see its source");
	for (i = 0; i < 2; i++) {
		sides[i] = open_side(argv[1 + i]);
		fds[i] = (struct pollfd){ .fd = sides[i].fd, .events = POLLIN };
	}
	for (i = 0; i < 2; i++)
		init_way(&ways[i], &sides[i], &sides[!i]);
	for (;;) {
		if (poll(fds, 2, -1) < 0)
			err(1, "poll");
		for (i = 0; i < 2; i++)
			if (fds[i].revents)
				pass(&ways[i]);
	}
}
