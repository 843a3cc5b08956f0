#!/bin/sh
# Unpacks the arm64 libraries that the build links with, and all that they depend on, into
# build/arm64-sysroot. They come from the host's own apt sources, through lists and a cache of their
# own, so that the host stays as it is. Does nothing when they are there already.
set -eu
cd "$(dirname "$0")/.."
root=build/arm64-sysroot
work=$PWD/build/arm64-sysroot.new
log=build/arm64-sysroot.log
wanted=$(awk '$1 == "pc" { print $3 }' scripts/packages.txt)
[ "$(cat "$root/packages" 2>/dev/null)" = "$wanted" ] && exit 0

fail() {
    cat "$log" >&2
    echo "$*" >&2
    exit 1
}

command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1 || {
    echo "the arm64 libraries come from Debian's packages, and this system has no apt-get" >&2
    exit 1
}
echo "fetching the arm64 libraries into $root"
rm -rf "$work"
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/root"
: >"$work/status"
cat >"$work/apt.conf" <<END
APT::Architecture "arm64";
#clear APT::Architectures;
APT::Architectures { "arm64"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Acquire::Languages "none";
Dir::State "$work/state";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
Dir::Log "$work";
END

# A source that does not answer, or that knows no arm64, does no harm unless it is needed.
apt-get -c "$work/apt.conf" update >"$log" 2>&1 || fail "apt-get could not read its sources for arm64"
apt-get -c "$work/apt.conf" install -y --download-only $wanted >>"$log" 2>&1 || {
    if grep -q '^Err:' "$log"; then
        fail "some of apt's sources did not answer: is there a network?"
    fi
    fail "apt-get could not fetch all of these packages for arm64:" $wanted
}
for package in "$work"/cache/archives/*.deb; do
    dpkg-deb -x "$package" "$work/root" >>"$log" 2>&1 || fail "dpkg-deb could not unpack $package"
done

# Links to absolute paths would lead to the host's files.
find "$work/root" -type l -lname '/*' | while read -r link; do
    ln -snf "$(realpath -ms --relative-to="$(dirname "$link")" "$work/root$(readlink "$link")")" "$link"
done
echo "$wanted" >"$work/root/packages"
rm -rf "$root"
mv "$work/root" "$root"
rm -rf "$work"
