// SPDX-License-Identifier: GPL-2.0
/* Sends frames one by one, and says what those of interest cost, in nanoseconds,
 * which are instructions where an emulated CPU counts those. Where the CPU has
 * a time stamp counter: each frame by itself takes too little for any clock.
 *
 *   send DUMMY < FRAMES
 *
 * A line of FRAMES is KIND DEVICE PROTOCOL HEX, DEVICE being its index, PROTOCOL in
 * hexadecimal:
 *
 *   -	just send it
 *   t	measure it
 *   +	measure it, together with the one that was measured before
 *   s	sleep; DEVICE is for how many milliseconds, nothing follows
 *
 * What is measured is sent into DUMMY first. Prints how many were measured, and
 * what they cost beyond the same frames into DUMMY: the median.
 */
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define MAX	2048

static int fd;
static long *costs;
static size_t measured;

static long send_to(int device, unsigned int protocol,
		    const unsigned char *frame, size_t length)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex = device,
	};
	unsigned long long start;

	start = __rdtsc();
	if (sendto(fd, frame, length, 0, (void *)&to, sizeof(to)) < 0)
		err(1, "device %d", device);
	return __rdtsc() - start;
}

static unsigned char digit(char c)
{
	return (c & 15) + (c > '9' ? 9 : 0);
}

static size_t parse(const char *hex, unsigned char *frame)
{
	size_t length;

	for (length = 0; length < MAX && hex[0] > ' '; hex += 2)
		frame[length++] = digit(hex[0]) << 4 | digit(hex[1]);
	return length;
}

static void line(const char *text, int dummy)
{
	unsigned char frame[MAX];
	unsigned int protocol;
	int device, at = 0;
	size_t length;
	long cost;
	char kind;

	if (sscanf(text, "%c %d %x %n", &kind, &device, &protocol, &at) < 2)
		errx(2, "what? %s", text);
	if (kind == 's') {
		usleep(1000 * device);
		return;
	}
	length = parse(text + at, frame);
	if (kind == '-') {
		send_to(device, protocol, frame, length);
		return;
	}
	cost = -send_to(dummy, protocol, frame, length);
	cost += send_to(device, protocol, frame, length);
	if (kind == '+') {
		costs[measured - 1] += cost;
		return;
	}
	costs = realloc(costs, (measured + 1) * sizeof(*costs));
	costs[measured++] = cost;
}

static double nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	const long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
	unsigned long long ticks;
	char *text = NULL;
	size_t size = 0;
	double ns;

	if (argc != 2)
		errx(2, "see its source");
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		err(1, "socket");
	ns = nanoseconds();
	ticks = __rdtsc();
	while (getline(&text, &size, stdin) > 0)
		line(text, if_nametoindex(argv[1]));
	ticks = __rdtsc() - ticks;
	ns = nanoseconds() - ns;
	if (measured)
		qsort(costs, measured, sizeof(*costs), compare);
	printf("%zu %.0f\n", measured,
	       measured ? costs[measured / 2] * ns / ticks : 0);
	return 0;
}
