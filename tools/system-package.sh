#!/bin/sh
# system-package.sh "COMMAND ..." PACKAGE: makes sure that one of the commands is on the PATH, by
# installing PACKAGE with whichever package manager this system has.
set -eu
commands=$1 package=$2

for command in $commands; do
    command -v "$command" >/dev/null 2>&1 && exit 0
done

run=""
[ "$(id -u)" = 0 ] || run=sudo
echo "==> Installing $package from the system's packages (one of these is needed: $commands)"
if command -v apt-get >/dev/null 2>&1; then
    $run apt-get update -qq
    $run env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "$package" >/dev/null
elif command -v dnf >/dev/null 2>&1; then
    [ "$package" = redis-server ] && package=redis
    $run dnf install -q -y "$package"
elif command -v pacman >/dev/null 2>&1; then
    [ "$package" = redis-server ] && package=redis
    $run pacman -S --noconfirm "$package"
elif command -v brew >/dev/null 2>&1; then
    [ "$package" = redis-server ] && package=redis
    brew install "$package"
else
    echo "No package manager found here. Please install $package by hand." >&2
    exit 1
fi
