# Seconds after which a test is hung.
GUARD := $(if $(STRONGROOM_SOAK),3600,600)

# Tests that need nothing but this folder: the library's objects, linked into the test together with a mock HSM.
TEST_PROGRAMS := $(patsubst tests/%_test.c,$(OUT)/%_test,$(wildcard tests/*_test.c))

$(OUT)/%_test: tests/%_test.c $(OUT)/mock_hsm.o $(OBJECTS)
	$(CC) $(filter-out -fvisibility=hidden,$(ALL_CFLAGS)) -Itests -o $@ $< $(OUT)/mock_hsm.o $(OBJECTS) $(OPENSSL)

# This one sees the library as hosts do.
$(OUT)/library_test: tests/library_test.c | $(OUT)
	$(CC) $(ALL_CFLAGS) -Itests -o $@ $< -ldl

$(OUT)/mock_hsm.o: tests/mock_hsm.c | $(OUT)
	$(CC) $(ALL_CFLAGS) -Itests -c -o $@ $<

# The fuzzers' corpora, read once more by what they were found with.
$(OUT)/fuzz/readers.h: src/protocol.g.h | $(OUT)
	mkdir -p $(OUT)/fuzz
	sed -n 's/^bool sr_read_\([a-z_0-9]*\)(.*/X(\1, SR_FUNCTION_\U\1)/p' $< > $@

$(OUT)/replay_%: fuzz/replay.c fuzz/%.c $(OUT)/fuzz/readers.h $(OBJECTS)
	$(CC) $(filter-out -fvisibility=hidden,$(ALL_CFLAGS)) -I$(OUT)/fuzz -o $@ fuzz/replay.c fuzz/$*.c $(OBJECTS) $(OPENSSL)

# Programs that load the built library, beside a mock HSM (tests/hosts). Under valgrind in `make valgrind`.
$(OUT)/with_mock: tests/hosts/with_mock.c $(OUT)/mock_hsm.o $(OBJECTS)
	$(CC) $(filter-out -fvisibility=hidden,$(ALL_CFLAGS)) -Itests -o $@ $< $(OUT)/mock_hsm.o $(OBJECTS) $(OPENSSL)

$(OUT)/ending: tests/hosts/ending.c tests/hosts/module.h | $(OUT)
	$(CC) $(ALL_CFLAGS) -Itests -o $@ $< -ldl -lpthread

$(OUT)/openssl_host: tests/hosts/openssl_host.c tests/hosts/module.h | $(OUT)
	$(CC) $(ALL_CFLAGS) -DOPENSSL_SUPPRESS_DEPRECATED -Itests -o $@ $< -lssl -lcrypto -ldl

$(OUT)/engine_host: tests/hosts/engine_host.c tests/known_keys.h | $(OUT)
	$(CC) $(ALL_CFLAGS) -DOPENSSL_SUPPRESS_DEPRECATED -Itests -o $@ $< -lcrypto -lpthread

HOST_OPENSSL := $(foreach name,libssl.so libcrypto.so,$(shell $(CC) -print-file-name=$(name)))
$(OUT)/other_openssl.so: tests/hosts/other_openssl.sh | $(OUT)
	$< $(CC) $@ $(HOST_OPENSSL)

HOST_PROGRAMS := $(OUT)/with_mock $(OUT)/ending $(OUT)/openssl_host $(OUT)/engine_host $(OUT)/other_openssl.so
IN_HOST := STRONGROOM_TEST_LIBRARY=$(LIBRARY) STRONGROOM_TEST_ENGINE=$(ENGINE) timeout $(GUARD) $(OUT)/with_mock

# The sanitizers' libraries want to be loaded before all others.
hosts: $(LIBRARY) $(ENGINE) $(HOST_PROGRAMS)
	@failed=0; echo "== how hosts end"; $(IN_HOST) $(OUT)/ending || failed=1; \
	echo "== a host of the engine"; $(IN_HOST) $(OUT)/engine_host || failed=1; \
	echo "== inside a host with an OpenSSL configuration of its own"; \
	for c in no_tls13 no_algorithms; do $(IN_HOST) env OPENSSL_CONF=tests/hosts/$$c.cnf $(OUT)/openssl_host || failed=1; done; \
	$(if $(SAN),,echo "== beside another OpenSSL"; $(IN_HOST) env LD_PRELOAD=$(OUT)/other_openssl.so $(OUT)/ending || failed=1;) exit $$failed

REPLAYS := $(OUT)/replay_frame $(OUT)/replay_json

# ThreadSanitizer takes the lock that is made anew in a forked child for the one that was held.
test: $(if $(filter thread,$(SAN)),,hosts) $(LIBRARY) $(ENGINE) $(TEST_PROGRAMS) $(REPLAYS)
	@failed=0; for t in $(TEST_PROGRAMS); do echo "== $$t"; STRONGROOM_TEST_LIBRARY=$(LIBRARY) STRONGROOM_TEST_ENGINE=$(ENGINE) timeout $(GUARD) $$t || failed=1; done; \
	for t in $(REPLAYS); do echo "== $$t"; timeout $(GUARD) $$t fuzz/corpus/$${t##*_} || failed=1; done; exit $$failed

# Memory that is still reachable at the end is meant: OpenSSL's tables, and what hosts have not given back when they exit.
# What is "possibly lost" is then the C library's own, of threads that still run. No suppressions.
VALGRIND := valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect
valgrind: $(LIBRARY) $(ENGINE) $(OUT)/transport_test $(OUT)/codec_test $(HOST_PROGRAMS)
	@failed=0; for t in codec_test transport_test; do echo "== $$t"; timeout $(GUARD) $(VALGRIND) $(OUT)/$$t || failed=1; done; \
	echo "== how hosts end"; $(IN_HOST) $(VALGRIND) $(OUT)/ending || failed=1; \
	echo "== a host of the engine"; $(IN_HOST) $(VALGRIND) $(OUT)/engine_host || failed=1; exit $$failed

# Against a running HSM, with DIR/env sourced.
$(OUT)/live: tests/live/live.c | $(OUT)
	$(CC) $(ALL_CFLAGS) -Itests -o $@ $< -ldl

live: $(LIBRARY) $(OUT)/live
	$(OUT)/live

# The readers under libFuzzer, with the corpus's coverage and planted bugs (needs clang and llvm); fuzz-keep takes what was
# found into the corpus, if it reaches anything new.
fuzz: | $(OUT)
	fuzz/check.sh

fuzz-keep:
	for t in frame json; do build/fuzz/$$t -merge=1 fuzz/corpus/$$t build/fuzz/found/$$t || exit 1; done

.PHONY: live fuzz fuzz-keep hosts valgrind
