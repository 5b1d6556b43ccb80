# Makes /out/hello. What it "compiles" stays in the cache mount for the next time.
set -eu
cache=/var/cache/hello
key=$(sha256sum greetings.txt | cut -c 1-16)

if [ -f "$cache/$key" ]; then
  echo "greetings: unchanged, taken from the cache"
else
  echo "greetings: compiling"
  sort greetings.txt > "$cache/$key"
fi

mkdir -p /out
{
  echo '#!/bin/sh'
  echo 'cat <<end'
  cat "$cache/$key"
  echo 'end'
} > /out/hello
chmod 755 /out/hello
