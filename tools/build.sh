# Shared by ./strongroom and ./test: finds the SDK, installs packages, builds when sources are newer than the last build.
# Sourced with $root set to the repository's directory. Everything built lands in artifacts/strongroom.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
programs=$root/artifacts/strongroom
build_log=$root/artifacts/build.log

say() { printf '%s\n' "strongroom: $*" >&2; }
fail() { say "$@"; exit 1; }

require_sdk() {
    if ! command -v dotnet >/dev/null; then
        say "the .NET 10 SDK is not installed, or not on PATH."
        say "Get it from Microsoft's .NET download page (\".NET 10.0 SDK\"), or install your distribution's package dotnet-sdk-10.0."
        exit 1
    fi
    # Reading global.json makes `dotnet --version` fail when only other versions are there.
    if ! (cd "$root" && dotnet --version) >/dev/null 2>&1; then
        say "the .NET 10 SDK is needed; found: $(cd / && dotnet --list-sdks 2>/dev/null | tr '\n' ' ')"
        say "Get it from Microsoft's .NET download page (\".NET 10.0 SDK\"), or install your distribution's package dotnet-sdk-10.0."
        exit 1
    fi
}

# missing_packages PROBE=PACKAGE…: prints the Debian packages whose probe (a command, or a file pattern with a slash) is not there.
missing_packages() {
    local pair probe
    for pair in "$@"; do
        probe=${pair%%=*}
        case $probe in
            */*) compgen -G "$probe" >/dev/null || printf '%s\n' "${pair#*=}" ;;
            *) command -v "$probe" >/dev/null || PATH=$PATH:/usr/sbin:/sbin command -v "$probe" >/dev/null || printf '%s\n' "${pair#*=}" ;;
        esac
    done | sort -u
}

to_build=(gcc=gcc make=make '/usr/lib*/*/libcrypto.a=libssl-dev' '/usr/include/openssl/ssl.h=libssl-dev' '/usr/include/*/sys/socket.h=libc6-dev')
to_show=(pkcs11-tool=opensc openssl=openssl)
to_test=(nginx=nginx-light '/usr/sbin/apache2=apache2-bin' ab=apache2-utils h2load=nghttp2-client '/usr/lib/*/engines-3/pkcs11.so=libengine-pkcs11-openssl' clang=clang '/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer*=libclang-rt-14-dev' llvm-cov=llvm
    valgrind=valgrind setsid=util-linux script=bsdutils zsh=zsh fish=fish curl=curl jarsigner=openjdk-17-jdk-headless ssh-keygen=openssh-client '/usr/sbin/sshd=openssh-server' p11tool=gnutls-bin modutil=libnss3-tools
    promtool=prometheus '/usr/sbin/rsyslogd=rsyslog' '/usr/lib/*/rsyslog/lmnsd_ossl.so=rsyslog-openssl'
    osslsigncode=osslsigncode keymgr=knot ods-hsmutil=libhsm-bin pki=strongswan-pki
    p11-kit=p11-kit '/usr/lib/*/pkcs11/p11-kit-client.so=p11-kit-modules' psql=postgresql-client '/usr/lib/postgresql/*/bin/initdb=postgresql'
    '/usr/lib/ipsec/plugins/libstrongswan-pkcs11.so=libstrongswan-extra-plugins' '/usr/lib/ipsec/plugins/libstrongswan-openssl.so=libstrongswan-standard-plugins')

install_packages() {
    local packages elevate=()
    mapfile -t packages < <(missing_packages "$@")
    [ ${#packages[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || fail "these programs are missing and there is no apt-get to install them: ${packages[*]} (Debian's package names)"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "missing packages; as root run: apt-get install -y ${packages[*]}"
        elevate=(sudo)
    fi
    say "installing ${packages[*]}"
    mkdir -p "$root/artifacts"
    if ! "${elevate[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}" >"$root/artifacts/apt.log" 2>&1; then
        # A fresh machine has no package lists yet.
        { "${elevate[@]}" apt-get update && "${elevate[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"; } \
            >"$root/artifacts/apt.log" 2>&1 || { tail -n 15 "$root/artifacts/apt.log" >&2; fail "apt-get could not install: ${packages[*]}"; }
    fi
}

# Directories count too: a removed file changes its directory's time.
is_built() {
    [ -e "$programs/.built" ] && [ -z "$(find "$root/src" "$root/pkcs11/src" "$root/pkcs11/engine" "$root/pkcs11/include" "$root/pkcs11/Makefile" "$root/tools/build.sh" "$root/tools/Programs.proj" \
        "$root/Directory.Build.props" "$root/Directory.Packages.props" "$root/global.json" -newer "$programs/.built" -print -quit 2>/dev/null)" ]
}

step() { # step TITLE COMMAND…: one progress line; the output goes to the log, and on failure its errors to the screen.
    local title=$1 began=$SECONDS
    shift
    if ! "$@" >"$build_log" 2>&1; then
        { grep -E '(error|Error|\*\*\*)' "$build_log" | sort -u | head -n 20; } >&2 || true
        fail "$title: failed; the whole output is in $build_log"
    fi
    say "$title ($((SECONDS - began)) s)"
}

# Code compiled ahead of time starts twice as fast; the compiler for it is an optional download.
publish() {
    local command=(dotnet msbuild "$root/tools/Programs.proj" -restore -m -nodeReuse:false -nologo -verbosity:quiet)
    "${command[@]}" && return
    grep -qE 'error (NU1|NETSDK1094)' "$build_log" || return 1
    "${command[@]}" -p:Ahead=false
}

build_programs() {
    local missing next=$root/artifacts/next
    require_sdk
    missing=$(missing_packages "${to_build[@]}" | tr '\n' ' ')
    [ -z "$missing" ] || fail "to build, these packages are missing: ${missing}(./strongroom quickstart installs them)"
    rm -rf "$next" "$root/artifacts/programs/publish" && mkdir -p "$next" && touch "$next/.built"
    say "building; the first time this takes a minute or two"
    step "built the PKCS#11 library and the OpenSSL engine" make -j2 -C "$root/pkcs11"
    step "built the programs" publish
    cp -r "$root"/artifacts/programs/publish/*/*/. "$next"
    cp "$root/pkcs11/build/libstrongroom_pkcs11.so" "$next/"
    mkdir "$next/engines" && cp "$root/pkcs11/build/cloudhsm.so" "$next/engines/"
    # A running process keeps the files of the build it started from: directories are exchanged, files never overwritten.
    rm -rf "$root/artifacts/previous"
    [ ! -e "$programs" ] || mv "$programs" "$root/artifacts/previous"
    mv "$next" "$programs"
    rm -rf "$root/artifacts/previous"
}

build_if_needed() {
    is_built && return
    mkdir -p "$root/artifacts"
    ( flock 9; is_built || build_programs ) 9>"$root/artifacts/build.lock"
}
