#!/bin/sh
# system-package.sh "COMMAND ..." PACKAGE: makes sure that one of the commands is on the PATH, by
# installing PACKAGE with whichever package manager this system has. No COMMAND: it is not there.
set -eu
commands=$1 package=$2

# A release of Debian may lack what its backports have. The system's own sources stay as they are.
install_from_backports() {
    folder=$(mktemp -d)
    chmod 755 "$folder"
    mkdir -p "$folder/sources" "$folder/lists/partial"
    cp /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources "$folder/sources" 2>/dev/null || true
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    uri=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $release" | head -n 1)
    echo "deb $uri $release-backports main" > "$folder/sources/backports.list"
    with="-o Dir::Etc::sourceparts=$folder/sources -o Dir::State::lists=$folder/lists"
    $run apt-get $with update -qq
    $run env DEBIAN_FRONTEND=noninteractive apt-get $with install -qq -y "$1" >/dev/null
    $run rm -rf "$folder"
}

for command in $commands; do
    command -v "$command" >/dev/null 2>&1 && exit 0
done

run=""
[ "$(id -u)" = 0 ] || run=sudo
echo "==> Installing $package from the system's packages${commands:+ (one of these is needed: $commands)}"
if command -v apt-get >/dev/null 2>&1; then
    $run apt-get update -qq
    if apt-cache show "$package" >/dev/null 2>&1; then
        $run env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "$package" >/dev/null
    else
        install_from_backports "$package"
    fi
elif command -v dnf >/dev/null 2>&1; then
    package=${package%-server}  # elsewhere than in Debian
    $run dnf install -q -y "$package"
elif command -v pacman >/dev/null 2>&1; then
    package=${package%-server}  # elsewhere than in Debian
    $run pacman -S --noconfirm "$package"
elif command -v brew >/dev/null 2>&1; then
    package=${package%-server}  # elsewhere than in Debian
    brew install "$package"
else
    echo "No package manager found here. Please install $package by hand." >&2
    exit 1
fi
