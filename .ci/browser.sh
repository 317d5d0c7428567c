#!/bin/sh
# The browser suite drives Debian's own Chromium; Chinese pages need a Chinese font.
set -eu
if command -v chromium >/dev/null 2>&1 && fc-list :lang=zh 2>/dev/null | grep -q .; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Chromium or a Chinese font is missing and this system has no apt-get." >&2
    echo "Install chromium and a Chinese font by hand, then run this again." >&2
    exit 1
fi
as_root=""
if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then
        as_root="sudo"
    else
        echo "Chromium or a Chinese font is missing and you may not install packages." >&2
        echo "Ask for: apt-get install chromium fonts-noto-cjk" >&2
        exit 1
    fi
fi
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends \
    chromium fonts-noto-cjk fontconfig
