#!/bin/sh
# Chromium and a Chinese font from Debian, only where they are missing. Without a CJK font text is boxes.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || missing="chromium"
if ! command -v fc-list >/dev/null 2>&1 || [ -z "$(fc-list :lang=zh-cn family)" ]; then
    missing="$missing fontconfig fonts-wqy-microhei"
fi
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null 2>&1 || {
    echo "The browser tests need:$missing. Install them by hand: there is no apt-get here." >&2
    exit 1
}
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
echo "installing $missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086  # a list of packages
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
