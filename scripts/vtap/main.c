// SPDX-License-Identifier: GPL-2.0
/* vtap: makes, shows and checks virtualtap devices. */

#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "output.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *words;
};

static const struct command commands[] = {
	{ "add", vtap_add,
	  "DEV [link DEV] [address MAC] [mtu N] [netns NS] [up] [OPTION VALUE]...\n"
	  "                [peer [name DEV] [address MAC] [mtu N] [netns NS] [up]]" },
	{ "show", vtap_show, "[DEV]" },
	{ "neigh", vtap_neigh,
	  "[show [DEV] | add DEV ADDRESS MAC | del DEV ADDRESS | flush DEV |\n"
	  "                  probe DEV ADDRESS]" },
	{ "dns", vtap_dns, "[show [DEV] | flush DEV]" },
	{ "announce", vtap_announce, "DEV" },
	{ "monitor", vtap_monitor, "" },
	{ "up", vtap_up,
	  "DEV [--metric N] [--table T | --vrf VRF] [--no-default] [--endpoint HOST]\n"
	  "               [--client udhcpc|dhcpcd] [--timeout SECONDS] [--foreground]" },
	{ "down", vtap_down, "DEV" },
	{ "check", vtap_check, "DEV" },
};

static void print_usage(FILE *f)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(f, "%s vtap [-j] %s %s\n", i ? "      " : "Usage:",
			commands[i].name, commands[i].words);
}

static int run(const struct command *command, int argc, char **argv)
{
	int status = command->run(argc, argv);

	if (fflush(stdout) || ferror(stdout))
		return complain("the output could not be written");
	return status;
}

static int usage(void)
{
	print_usage(stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	unsigned int i;

	output = stdout;
	for (argc--, argv++; argc && **argv == '-'; argc--, argv++) {
		if (!strcmp(*argv, "-h") || !strcmp(*argv, "--help")) {
			print_usage(stdout);
			return EXIT_SUCCESS;
		}
		if (strcmp(*argv, "-j") && strcmp(*argv, "--json"))
			return usage();
		output_json = true;
	}
	if (!argc)
		return usage();
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strcmp(*argv, commands[i].name))
			return run(&commands[i], argc - 1, argv + 1);
	}
	return usage();
}
