#!/usr/bin/env bash
# The library's readers (a reply's frame, a configuration's JSON) under libFuzzer, AddressSanitizer and UBSan:
#   fuzz/check.sh           the corpus, its branch coverage, three planted bugs, 5 seconds of fuzzing each
#   STRONGROOM_SOAK=1 fuzz/check.sh   one hour each, of CPU time
# What is found newly is kept in build/fuzz/found; `make -C pkcs11 fuzz-keep` takes from there what adds coverage.
set -uo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." || exit 1
seconds=${STRONGROOM_SOAK:+3600}
seconds=${seconds:-5}
least=95
out=build/fuzz
passed=0
failed=0

# Which sources make up a reader, and which of their functions read.
declare -A sources=([frame]="src/cbor.c src/protocol.g.c" [json]="src/json.c")
declare -A readers=([frame]='(^|:)(sr_get_|sr_read_|get_|is_utf8)' [json]='.')

# The bugs: a check that is taken out of a copy of the source, for the planted build alone. FUZZER FILE SED-EXPRESSION
planted=(
    "frame cbor.c s/if (left < 1 + extra) return false;//"
    "frame cbor.c s/ || size > r->size - r->offset) return false;/) return false;/"
    "json json.c s/if (p->size - p->at < 4) return fail(p, \"incomplete .*$//"
)

judge() { # judge WHAT COMMAND…: counts, and shows the end of the log of what failed
    local what=$1
    shift
    if "$@" >"$out/log" 2>&1; then
        passed=$((passed + 1)); echo "passed $what"
    else
        failed=$((failed + 1)); echo "FAIL $what"; tail -n 25 "$out/log"
    fi
}

fuzzer() { # fuzzer OUTPUT FUZZER SOURCE…
    clang -std=c11 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -Iinclude -Isrc "-I$out" -o "$1" "fuzz/$2.c" "${@:3}"
}

fuzz() { # fuzz FUZZER: for so many seconds of CPU time, which a busy machine takes longer for
    local spent left=$seconds TIMEFORMAT=%0U
    while [ "$left" -gt 0 ]; do
        { time "$out/$1" "-max_total_time=$left" -print_final_stats=1 "-artifact_prefix=$out/found/$1-" "$out/found/$1" "$out/corpus/$1" 2>&3; } 3>&2 2>"$out/spent" || return 1
        spent=$(<"$out/spent")
        left=$((left - spent - 1))
    done
}

covered() { # covered FUZZER: prints its branches, fails under the least
    local counted=$out/$1.counted
    clang -std=c11 -D_GNU_SOURCE -g -O0 -fprofile-instr-generate -fcoverage-mapping -Iinclude -Isrc "-I$out" -o "$counted" fuzz/replay.c "fuzz/$1.c" ${sources[$1]} || return 1
    LLVM_PROFILE_FILE=$counted.raw "$counted" "$out/corpus/$1" || return 1
    llvm-profdata merge -o "$counted.profile" "$counted.raw" || return 1
    llvm-cov report "$counted" "-instr-profile=$counted.profile" ${sources[$1]} -show-functions >"$counted.txt" || return 1
    awk -v least=$least -v name="$1" -v readers="${readers[$1]}" '
        NF == 10 && $1 != "TOTAL" && $1 ~ readers { all += $8; missed += $9 }
        END { share = all ? 100 * (all - missed) / all : 0; printf "branches of the %s reader: %d of %d, %.1f %%\n", name, all - missed, all, share; exit share < least }' "$counted.txt" | tee "$counted.share"
    return "${PIPESTATUS[0]}"
}

finds() { # finds FUZZER FILE EXPRESSION: whether the fuzzer dies of the planted bug, starting from the corpus
    local copy=$out/planted others=() source
    mkdir -p "$copy"
    sed "$3" "src/$2" >"$copy/$2"
    ! cmp -s "src/$2" "$copy/$2" || { echo "nothing is planted in $2 by $3"; return 1; }
    for source in ${sources[$1]}; do [ "$source" = "src/$2" ] && others+=("$copy/$2") || others+=("$source"); done
    fuzzer "$copy/$1" "$1" "${others[@]}" || return 1
    ! "$copy/$1" -max_total_time=60 "-artifact_prefix=$copy/" "$copy/new" "$out/corpus/$1"
}

# The corpora, and samples of what the protocol has come to be since they were found.
samples() {
    local generator=../artifacts/bin/ProtocolGenerator/release/ProtocolGenerator.dll
    cp fuzz/corpus/frame/* "$out/corpus/frame/" && cp fuzz/corpus/json/* "$out/corpus/json/" || return 1
    if [ -e "$generator" ]; then dotnet "$generator" .. --samples "$out/corpus/frame"; else dotnet run --project ../tools/ProtocolGenerator -c Release -- .. --samples "$out/corpus/frame"; fi
}

rm -rf "$out/corpus" "$out/planted"
mkdir -p "$out/corpus/frame" "$out/corpus/json" "$out/found/frame" "$out/found/json" "$out/planted/new"
judge "samples of the protocol's replies" samples
# Each reply's reader with its number, which an input's first byte names.
make -s "$out/readers.h" || exit 1
for name in frame json; do
    judge "the $name fuzzer is built" fuzzer "$out/$name" "$name" ${sources[$name]}
    judge "$name: the corpus" "$out/$name" -runs=0 "$out/corpus/$name"
    judge "$name: $seconds s of fuzzing" fuzz "$name"
    grep -E 'INFO: Seed|stat::number_of_executed_units' "$out/log"
    judge "$name: at least $least % of the reader's branches are covered by the corpus" covered "$name"
    cat "$out/$name.counted.share"
done
for bug in "${planted[@]}"; do
    read -r name file expression <<<"$bug"
    judge "$name: the bug planted in $file ($expression) is found" finds "$name" "$file" "$expression"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
