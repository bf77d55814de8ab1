# SPDX-License-Identifier: GPL-2.0
# The module's own makefile is Kbuild; this one is for people.

# The kernel to build for: KVER is a release with installed headers, KDIR the
# directory of any others.
KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
# Headers that can describe the module's types (6.12) want pahole for it.
KBUILD = $(MAKE) -C "$(KDIR)" M="$(CURDIR)" \
	$(if $(shell command -v pahole),,CONFIG_DEBUG_INFO_BTF_MODULES=)

# The plugin of iproute2's ip. Where ip looks for it stands in the program.
PLUGIN ?= scripts/ip/link_virtualtap.so
IP_LIB_DIR ?= $(shell strings "$$(command -v ip)" | grep -m1 '^/.*/ip$$')
CFLAGS ?= -O2

# The tool, and where it goes.
TOOL ?= scripts/vtap/vtap
PREFIX ?= /usr
LIBDIR = $(PREFIX)/lib/virtualtap

all: headers
	$(KBUILD) modules

# Under INSTALL_MOD_PATH, if given. Debian's kernels trust unsigned modules.
install: all
	$(KBUILD) modules_install
	depmod $(if $(INSTALL_MOD_PATH),-b "$(INSTALL_MOD_PATH)") \
		"$$(cat "$(KDIR)/include/config/kernel.release")"

plugin: $(PLUGIN)

$(PLUGIN): $(wildcard scripts/ip/*.[ch]) include/uapi/linux/virtualtap.h
	$(CC) $(CFLAGS) -Wall -Wextra $(LDFLAGS) -fPIC -shared -Iinclude/uapi -o $@ \
		$(filter %.c,$^)

# Under DESTDIR, if given.
install-plugin: plugin
	@[ -n "$(IP_LIB_DIR)" ] || { \
		echo "No ip that says where it looks for plugins: apt install iproute2 binutils, or give IP_LIB_DIR=." >&2; \
		exit 1; }
	install -D -m 644 $(PLUGIN) "$(DESTDIR)$(IP_LIB_DIR)/link_virtualtap.so"

# virtualtap@NAME.service makes devices at boot. Under DESTDIR, if given.
SERVICE = scripts/packages/service
install-service:
	install -D -t "$(DESTDIR)/usr/lib/virtualtap" $(SERVICE)/virtualtap-pair $(SERVICE)/virtualtap-loaded
	install -D -m 644 -t "$(DESTDIR)/lib/systemd/system" $(SERVICE)/virtualtap@.service
	install -D -m 644 -t "$(DESTDIR)/lib/udev/rules.d" $(SERVICE)/60-virtualtap.rules
	install -d "$(DESTDIR)/etc/virtualtap"

# The Debian packages, to DEB_DIR if given.
deb:
	scripts/packages/build $(DEB_DIR)

tools: $(TOOL)

$(TOOL): $(wildcard scripts/vtap/*.[ch]) $(wildcard scripts/ip/*option.[ch]) \
		scripts/ip/link_util.h $(wildcard include/uapi/linux/*.h)
	$(CC) $(CFLAGS) -D_GNU_SOURCE -DVTAP_LIBDIR='"$(LIBDIR)"' \
		-Wall -Wextra $(LDFLAGS) -Iinclude/uapi -o $@ \
		$(filter %.c,$^) -lmnl

# Under DESTDIR, if given.
install-tools: tools
	install -D -m 755 $(TOOL) "$(DESTDIR)$(PREFIX)/sbin/vtap"
	install -D -m 755 scripts/vtap/vtap-dhcp "$(DESTDIR)$(LIBDIR)/vtap-dhcp"
	install -D -m 644 scripts/vtap/vtap.bash \
		"$(DESTDIR)$(PREFIX)/share/bash-completion/completions/vtap"
	install -D -m 644 scripts/vtap/virtualtap.4 -t "$(DESTDIR)$(PREFIX)/share/man/man4"
	install -D -m 644 scripts/vtap/vtap.8 scripts/vtap/ip-link-virtualtap.8 \
		-t "$(DESTDIR)$(PREFIX)/share/man/man8"

clean: headers
	$(KBUILD) clean
	rm -f $(PLUGIN) $(TOOL)

headers:
	@[ -e "$(KDIR)/Makefile" ] || { \
		echo "No kernel headers in $(KDIR): apt install linux-headers-$(KVER), or give KVER= or KDIR=." >&2; \
		exit 1; }

check:
	scripts/test --only check

kunit:
	scripts/test --only kunit

# The parsers, for longer than a test may take.
FUZZ_TIME ?= 600
fuzz:
	scripts/fuzz/run --time $(FUZZ_TIME) $(FUZZ_TARGETS)

test:
	scripts/test

test-release:
	scripts/release

coverage:
	scripts/coverage

demo:
	scripts/demo

bench:
	scripts/bench

help:
	@echo 'make          build the modules for the running kernel'
	@echo 'make KVER=... for another one whose headers are installed'
	@echo 'make KDIR=... for headers anywhere'
	@echo 'make install  install them, so that ip link add ... type virtualtap loads what it needs'
	@echo 'make plugin   build the plugin by which ip knows the options of the kind virtualtap'
	@echo 'make install-plugin  install it where ip looks for it (under DESTDIR)'
	@echo 'make install-service  install virtualtap@.service, which makes devices at boot (under DESTDIR)'
	@echo 'make deb      build the Debian packages virtualtap-dkms and virtualtap-tools, and say where they are'
	@echo 'make tools    build vtap, which makes, shows, configures and checks the devices (libmnl-dev)'
	@echo 'make install-tools  install it with its manual pages (under DESTDIR, for PREFIX)'
	@echo 'make clean    remove what was built'
	@echo 'make check    style, compiler warnings, sparse, shell scripts'
	@echo 'make kunit    unit tests, in User Mode Linux'
	@echo 'make fuzz     random input for the parsers, FUZZ_TIME seconds (600) for each of FUZZ_TARGETS (all)'
	@echo 'make test     all tests: the above, and a system on emulated Debian kernels'
	@echo 'make test-release  every test of a system on every kernel, debug and real-time ones, too (hours)'
	@echo 'make coverage which lines of the driver the tests reach'
	@echo 'make bench    what packets cost, in instructions, beside veth and others'
	@echo 'make demo     SoftEther, a lease and a transfer, on an emulated Debian kernel'

.PHONY: all install plugin install-plugin tools install-tools install-service deb clean headers check kunit fuzz test test-release coverage demo bench help
