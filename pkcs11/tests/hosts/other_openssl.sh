#!/bin/sh
# other_openssl.sh CC OUT LIBRARY…: makes a library that defines every function which the given ones (the system's
# libssl and libcrypto) show, and in which each ends the process. Loaded before all else it stands for an OpenSSL of a
# version that is not ours: whoever binds to it by name dies of it.
set -e
cc=$1 out=$2
shift 2
{
    cat <<'END'
#include <stdio.h>
#include <stdlib.h>
#define F(name) void name(void); void name(void) { fputs("another OpenSSL was called: " #name "\n", stderr); abort(); }
END
    nm -D --defined-only "$@" | awk '$2 == "T" { sub(/@.*/, "", $3); print $3 }' | sort -u | sed 's/.*/F(&)/'
} >"$out.c"
$cc -shared -fPIC -o "$out" "$out.c"
