# shellcheck shell=bash
# Helpers shared by the scripts that run on the host. Sourced, not run.

set -euo pipefail
shopt -s inherit_errexit

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
CACHE=${VIRTUALTAP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/virtualtap}
# What is made from the sources of this working tree (objects, logs) is kept
# apart from that of other clones on the same machine.
WORK=$CACHE/trees/$(basename "$TOP")-$(printf %s "$TOP" | sha256sum | cut -c1-8)
# One directory of logs for a script and those that it calls.
LOGS=${LOGS:-$WORK/logs/$(date +%Y%m%d-%H%M%S)-$$}
export LOGS
JOBS=$(nproc)
export LC_ALL=C

say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }

# Prints the comment at the head of the calling script.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# apt_of SYSTEM COMMAND...: to which apt and dpkg-query tell of packages of another
# system, of which none were installed: an architecture, or unstable, Debian's
# suite; or this machine's, if that is its architecture. The sources are this
# machine's, the lists the cache's own: what dpkg thinks of it stays as it is.
apt_of() (
	if [ "$1" != "$(dpkg --print-architecture)" ]; then foreign_apt "$1"; fi
	shift
	"$@"
)

foreign_apt() {
	local dir=$CACHE/apt-$1 arch=$1 item mirror sources=
	if [ "$1" = unstable ]; then
		arch=$(dpkg --print-architecture)
		mirror=$(debian_mirror || { apt_update && debian_mirror; }) ||
			die "apt knows no Debian of this machine's release"
		sources=$dir/sources.list
	fi
	mkdir -p "$dir"/lists/partial "$dir"/archives/partial
	touch "$dir/status"
	[ -z "$sources" ] || echo "deb $mirror unstable main" > "$sources"
	{
		echo "APT::Architecture \"$arch\"; APT::Architectures { \"$arch\"; };"
		[ -z "$sources" ] ||
			echo "Dir::Etc::sourcelist \"$sources\"; Dir::Etc::sourceparts \"/dev/null\";"
		for item in State= State::lists=/lists State::status=/status Cache=; do
			echo "Dir::${item%=*} \"$dir${item#*=}\";"
		done
		# Which could not write there.
		echo 'APT::Sandbox::User "root";'
	} > "$dir/apt.conf.$BASHPID"
	mv "$dir/apt.conf.$BASHPID" "$dir/apt.conf"
	export APT_CONFIG=$dir/apt.conf DPKG_ADMINDIR=$dir
	apt_owner='' apt_updated=''
}

# Where this machine's own packages are from.
debian_mirror() {
	# shellcheck disable=SC2016 # apt's own variable
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
		"Codename: $(. /etc/os-release && echo "$VERSION_CODENAME")" | grep -m 1 .
}

# apt's lists are refreshed once a run at most, and only when something in
# them turned out to be missing or outdated.
apt_owner=as_root
apt_update() {
	[ -z "${apt_updated:-}" ] || return 1
	apt_updated=1
	say "apt-get update"
	$apt_owner apt-get -qq update >&2
}

# fetch_debs DIR PACKAGE...: downloads packages without installing them.
fetch_debs() {
	local dir=$1; shift
	mkdir -p "$dir"
	say "downloading $*"
	# Without root there is no _apt user to drop to, with root it could
	# not write into DIR.
	(cd "$dir" && apt-get -qq -o APT::Sandbox::User=root download "$@" >&2) ||
		{ apt_update && (cd "$dir" &&
		  apt-get -qq -o APT::Sandbox::User=root download "$@" >&2); }
}

# missing PACKAGE...
missing() {
	local package
	for package; do
		[ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null)" = "ii " ] ||
			echo "$package"
	done
}

# to_install PACKAGE...: these and what they need, without what is installed.
to_install() {
	apt-get -s --no-install-recommends install "$@" 2>/dev/null |
		awk '$1 == "Inst" { print $2 }'
}

# unpack_packages DIR PACKAGE...: these and what they need, without what is
# installed.
unpack_packages() {
	local dir=$1 tmp=$1.tmp wanted deb link
	shift
	mapfile -t wanted < <(to_install "$@")
	if [ ${#wanted[@]} = 0 ] && [ -n "$(missing "$@")" ]; then
		apt_update && mapfile -t wanted < <(to_install "$@")
	fi
	[ "${wanted[*]}" != "$(cat "$dir/.packages" 2>/dev/null)" ] || return 0
	rm -rf "$tmp"
	mkdir -p "$tmp/usr"
	# As on the root: a directory would hide what is behind the link.
	for link in bin sbin lib lib64; do
		mkdir -p "$tmp/usr/$link"
		ln -s "usr/$link" "$tmp/$link"
	done
	if [ ${#wanted[@]} -gt 0 ]; then
		fetch_debs "$tmp/debs" "${wanted[@]}"
		for deb in "$tmp"/debs/*.deb; do
			# dpkg-deb -x would put directories in the links' place.
			dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$tmp"
		done
		rm -r "$tmp/debs"
	fi
	[ ! -d "$tmp/usr/share/base-passwd" ] || configure_root "$tmp"
	echo "${wanted[*]}" > "$tmp/.packages"
	rm -rf "$dir"
	mv "$tmp" "$dir"
}

# What the packages' own scripts would do that guests need.
configure_root() {
	local file
	for file in passwd group; do
		cp "$1/usr/share/base-passwd/$file.master" "$1/etc/$file"
	done
	ln -s mawk "$1/usr/bin/awk"
}

# A run keeps its logs, the last 20 runs of a tree keep theirs.
make_logs() {
	mkdir -p "$LOGS"
	find "$WORK/logs" -mindepth 1 -maxdepth 1 | sort -r | tail -n +21 | xargs -r rm -rf
}

# with_lock NAME COMMAND...: one at a time among all scripts using the cache.
with_lock() {
	local name=$1; shift
	mkdir -p "$CACHE/locks"
	(
		flock -n 9 || { say "waiting for another run ($name)"; flock 9; }
		# Not inherited: a stray child must not keep the lock.
		"$@" 9>&-
	) 9>"$CACHE/locks/$name"
}

# kernel_dir NAME: where scripts/kernel keeps what the other scripts call NAME.
kernel_dir() {
	case $1 in
	uml | x86) "$TOP/scripts/kernel" "$1" debug ;;
	x86-kcsan) "$TOP/scripts/kernel" x86 kcsan ;;
	uml-bench | uml-gcov) "$TOP/scripts/kernel" uml "${1#uml-}" ;;
	arm64) "$TOP/scripts/kernel" debian 6.12 arm64 ;;
	*-rt) "$TOP/scripts/kernel" debian "${1%-rt}" rt-amd64 ;;
	*) "$TOP/scripts/kernel" debian "$1" ;;
	esac
}

# in_root ROOT COMMAND...: in the unpacked packages of another system, with the
# cache where it is here.
in_root() {
	local root=$1
	shift
	mkdir -p "$root$CACHE"
	# shellcheck disable=SC2016 # another shell's
	unshare --map-root-user --mount sh -euc 'root=$1 cache=$2
		shift 2
		for dir in /dev /proc "$cache"; do mount --rbind "$dir" "$root$dir"; done
		exec chroot "$root" "$@"' - "$root" "$CACHE" "$@"
}

# kbuild NAME KERNEL_DIR ARGUMENT...: make with the sources of this tree. Each
# NAME has its own copy of them: kernels and compilers would overwrite each
# other's objects, and the tree stays clean.
kbuild() {
	local dir=$WORK/build/$1 kernel=$2 arch='' gcov=''
	shift 2
	case $kernel in */um-*) arch=ARCH=um ;; esac
	case ${dir##*/} in uml-gcov*) gcov=GCOV_PROFILE=y ;; esac
	mkdir -p "$dir"
	# Objects go neither way.
	rsync -a --delete --exclude='*.o' --exclude='.*.cmd' --exclude='*.gcno' \
		"$TOP"/{Kbuild,drivers,include,kunit} "$dir/"
	set -- make -C "$kernel/build" M="$dir" ${arch:+"$arch"} ${gcov:+"$gcov"} \
		-j"$JOBS" "$@"
	# One with a compiler and a C library of its own.
	if [ -d "$kernel/root" ]; then set -- in_root "$kernel/root" "$@"; fi
	"$@"
}

# stage_modules STAGE NAME KERNEL_DIR [ARGUMENT]...: builds this tree's module
# for a kernel and makes a directory with lib/modules/RELEASE that holds it
# together with the kernel's own, as `make install` would leave it.
stage_modules() {
	local stage=$1 name=$2 kernel=$3 modules
	shift 3
	kbuild "$name" "$kernel" "$@" modules >&2
	modules=$stage/lib/modules/$(cat "$kernel/release")
	mkdir -p "$stage/lib"
	cp -al "$kernel/lib/modules" "$stage/lib/"
	mkdir -p "$modules/updates"
	find "$WORK/build/$name" -name '*.ko' -exec cp -t "$modules/updates" {} +
	touch "$modules"/modules.{order,builtin,builtin.modinfo}
	depmod -b "$stage" "$(cat "$kernel/release")"
}

# check_kernel_log FILE: fails, and shows where, if the kernel complained: of
# lockdep, KASAN and leak reports no test notices anything by itself.
check_kernel_log() {
	local said
	said=$(tr -d '\r\0' < "$1" | awk -f "$TOP/scripts/own-races.awk" |
		grep -aEf "$TOP/scripts/kernel-complaints" -A 25 -m 3 || true)
	[ "$said" ] || return 0
	say "the kernel complained, see $1:"
	head -n 80 <<< "$said" >&2
	return 1
}
