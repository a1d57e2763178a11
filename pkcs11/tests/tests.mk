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
$(OUT)/replay_%: fuzz/replay.c fuzz/%.c $(OBJECTS)
	$(CC) $(filter-out -fvisibility=hidden,$(ALL_CFLAGS)) -o $@ fuzz/replay.c fuzz/$*.c $(OBJECTS) $(OPENSSL)

REPLAYS := $(OUT)/replay_frame $(OUT)/replay_json

test: $(LIBRARY) $(TEST_PROGRAMS) $(REPLAYS)
	@failed=0; for t in $(TEST_PROGRAMS); do echo "== $$t"; STRONGROOM_TEST_LIBRARY=$(LIBRARY) timeout 300 $$t || failed=1; done; \
	for t in $(REPLAYS); do echo "== $$t"; timeout 300 $$t fuzz/corpus/$${t##*_} || failed=1; done; exit $$failed

# Against a running HSM, with DIR/env sourced.
$(OUT)/live: tests/live/live.c | $(OUT)
	$(CC) $(ALL_CFLAGS) -Itests -o $@ $< -ldl

live: $(LIBRARY) $(OUT)/live
	$(OUT)/live

# The frame reader and every reply's decoder under libFuzzer (needs clang): make fuzz && build/fuzz/frame -max_total_time=60 fuzz/corpus/frame
fuzz: | $(OUT)
	mkdir -p $(OUT)/fuzz
	clang -std=c11 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -Iinclude -Isrc \
	  -o $(OUT)/fuzz/frame fuzz/frame.c src/cbor.c src/protocol.g.c
	clang -std=c11 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -Iinclude -Isrc \
	  -o $(OUT)/fuzz/json fuzz/json.c src/json.c

.PHONY: live fuzz
