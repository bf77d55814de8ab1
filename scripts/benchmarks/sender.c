// SPDX-License-Identifier: GPL-2.0
/* Sends UDP packets of IPv4, and prints how many nanoseconds each took until all
 * had arrived.
 *
 *   sender udp ADDRESS BYTES COUNT RECEIVER
 *   sender packet DEVICE BYTES COUNT RECEIVER
 *
 * By a UDP socket to an address; or as frames, by a packet socket, to the
 * station. BYTES is a frame's length, RECEIVER a file with the number of packets
 * that arrived where they are to arrive. After each batch whoever else has to
 * run gets the CPU.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <net/if.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "batch.h"

#define HEADERS	((int)(ETH_HLEN + sizeof(struct iphdr) + sizeof(struct udphdr)))
#define PATIENCE 2000000000UL	/* ns */
#define PORT	9		/* discard */

static unsigned char frame[ETH_FRAME_LEN];

static unsigned int sum(const void *data, int length, unsigned int sum)
{
	const unsigned char *p = data;
	int i;

	for (i = 0; i < length; i++)
		sum += i % 2 ? p[i] : p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void build_frame(int bytes)
{
	struct iphdr *ip = (void *)(frame + ETH_HLEN);
	struct udphdr *udp = (void *)(ip + 1);
	int length = bytes - ETH_HLEN - sizeof(*ip);

	memcpy(frame, STATION PEER "\x08\x00", ETH_HLEN);
	ip->version = 4;
	ip->ihl = 5;
	ip->tot_len = htons(bytes - ETH_HLEN);
	ip->ttl = 64;
	ip->protocol = IPPROTO_UDP;
	ip->saddr = inet_addr("10.1.0.2");
	ip->daddr = inet_addr("10.1.0.1");
	ip->check = htons(~sum(ip, sizeof(*ip), 0));
	udp->source = htons(PORT);
	udp->dest = htons(PORT);
	udp->len = htons(length);
	udp->check = htons(~sum(udp, length,
				sum(&ip->saddr, 8, IPPROTO_UDP + length)));
}

static int open_packet(const char *name)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex(name),
	};
	int fd = packet_socket();

	if (bind(fd, (void *)&addr, sizeof(addr)))
		err(1, "%s", name);
	return fd;
}

static int open_udp(const char *address)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = inet_addr(address),
	};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || connect(fd, (void *)&addr, sizeof(addr)))
		err(1, "%s", address);
	return fd;
}

static unsigned long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000UL + time.tv_nsec;
}

static unsigned long arrived(const char *path)
{
	unsigned long count;
	FILE *file = fopen(path, "r");

	if (!file || fscanf(file, "%lu", &count) != 1)
		err(1, "%s", path);
	fclose(file);
	return count;
}

static void wait_for(const char *path, unsigned long count)
{
	unsigned long end = now() + PATIENCE;

	while (arrived(path) < count) {
		if (now() > end)
			errx(1, "%lu packets are lost", count - arrived(path));
		sched_yield();
	}
}

int main(int argc, char **argv)
{
	unsigned long count, before, start, sent;
	static struct batch batch;
	int fd, bytes, skip, i;

	if (argc != 6)
		errx(2, "see its source");
	bytes = atoi(argv[3]);
	count = strtoul(argv[4], NULL, 0);
	if (bytes < HEADERS || bytes > ETH_FRAME_LEN || count % BATCH)
		errx(2, "BYTES are %d to %d, COUNT is a multiple of %d",
		     HEADERS, ETH_FRAME_LEN, BATCH);
	if (!strcmp(argv[1], "packet")) {
		fd = open_packet(argv[2]);
		skip = 0;
	} else {
		fd = open_udp(argv[2]);
		skip = HEADERS;
	}
	build_frame(bytes);
	batch_init(&batch);
	for (i = 0; i < BATCH; i++)
		batch.iov[i] = (struct iovec){ frame + skip, bytes - skip };

	before = arrived(argv[5]);
	start = now();
	for (sent = 0; sent < count; sent += BATCH) {
		if (sendmmsg(fd, batch.msg, BATCH, 0) != BATCH)
			err(1, "sendmmsg");
		sched_yield();
	}
	wait_for(argv[5], before + count);
	printf("%.1f\n", (double)(now() - start) / count);
	return 0;
}
