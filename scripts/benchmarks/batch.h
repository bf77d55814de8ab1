/* SPDX-License-Identifier: GPL-2.0 */
/* What sender.c and relay.c have in common. */
#ifndef BATCH_H
#define BATCH_H

#include <err.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH	64	/* packets a system call */

/* From the host, 02:00:00:00:00:01, to its neighbour, as path.sh has them. */
#define STATION	"\2\0\0\0\0\1"
#define PEER	"\2\0\0\0\0\2"

struct batch {
	struct mmsghdr msg[BATCH];
	struct iovec iov[BATCH];
};

static inline void batch_init(struct batch *batch)
{
	int i;

	memset(batch, 0, sizeof(*batch));
	for (i = 0; i < BATCH; i++) {
		batch->msg[i].msg_hdr.msg_iov = &batch->iov[i];
		batch->msg[i].msg_hdr.msg_iovlen = 1;
	}
}

/* No one has to wait, and nothing is lost, while the other is slow. */
static inline int packet_socket(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW, 0), size = 1 << 26;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		err(1, "packet socket");
	return fd;
}

#endif
