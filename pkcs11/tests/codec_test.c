// The small readers: CBOR, JSON, mechanism parameters, templates.
#include "attributes.h"
#include "cbor.h"
#include "check.h"
#include "json.h"
#include "log.h"
#include "params.h"
#include "protocol.g.h"

static sr_reader reader(const void *data, size_t size) { return (sr_reader){.data = data, .size = size}; }

static void Integers_have_one_encoding(void) {
  static const uint64_t values[] = {0, 1, 23, 24, 255, 256, 65535, 65536, 0xFFFFFFFF, 0x100000000, UINT64_MAX};
  static const size_t sizes[] = {1, 1, 1, 2, 2, 3, 3, 5, 5, 9, 9};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    uint8_t room[16];
    uint64_t back = 1;
    sr_writer w;
    sr_writer_init(&w, room, sizeof room);
    sr_put_uint(&w, values[i]);
    CHECK_EQUAL(w.size, sizes[i]);
    sr_reader r = reader(w.data, w.size);
    CHECK(sr_get_uint(&r, &back) && back == values[i]);
    for (size_t cut = 0; cut < w.size; cut++) {
      r = reader(w.data, cut);
      CHECK(!sr_get_uint(&r, &back));
    }
  }
  static const char *const longer[] = {"\x18\x17", "\x19\x00\xFF", "\x1A\x00\x00\xFF\xFF",
                                       "\x1B\x00\x00\x00\x00\xFF\xFF\xFF\xFF"};
  static const size_t longer_sizes[] = {2, 3, 5, 9};
  for (size_t i = 0; i < 4; i++) {
    sr_reader r = reader(longer[i], longer_sizes[i]);
    uint64_t back;
    CHECK(!sr_get_uint(&r, &back));
  }
}

static void Lies_about_lengths_are_refused_before_anything_is_allocated(void) {
  sr_bytes bytes;
  size_t count;
  sr_reader r = reader(
      "\x5A\x7F\xFF\xFF\xFF"
      "abc",
      8);
  CHECK(!sr_get_bytes(&r, &bytes, SIZE_MAX));
  r = reader(
      "\x44"
      "abcd",
      5);
  CHECK(!sr_get_bytes(&r, &bytes, 3));
  r = reader("\x9B\x00\x00\x00\x01\x00\x00\x00\x00", 9);
  CHECK(!sr_get_array(&r, &count));
  r = reader("\x84\x01\x02", 3);
  CHECK(!sr_get_array(&r, &count));
  r = reader("\x9F\x01\xFF", 3);  // indefinite length
  CHECK(!sr_get_array(&r, &count));
  r = reader("\x20", 1);  // a negative number
  uint64_t value;
  CHECK(!sr_get_uint(&r, &value));
}

static void Text_must_be_utf8(void) {
  static const struct {
    const char *text;
    bool good;
  } cases[] = {{"plain", true},
               {"\xC3\xA4", true},
               {"\xE2\x82\xAC", true},
               {"\xF0\x9F\x94\x91", true},
               {"\xC0\x80", false},
               {"\xC3", false},
               {"\xE0\x80\x80", false},
               {"\xED\xA0\x80", false},
               {"\xF4\x90\x80\x80", false},
               {"\xFF", false},
               {"\x80", false}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint8_t room[16];
    sr_writer w;
    sr_bytes text;
    sr_writer_init(&w, room, sizeof room);
    sr_put_text(&w, (const uint8_t *)cases[i].text, strlen(cases[i].text));
    sr_reader r = reader(w.data, w.size);
    CHECK_EQUAL(sr_get_text(&r, &text, 16), cases[i].good);
  }
}

static void A_writer_grows_and_stops_at_the_frame_limit(void) {
  uint8_t room[8];
  static uint8_t much[600000];
  sr_writer w;
  sr_writer_init(&w, room, sizeof room);
  size_t mark = sr_frame_begin(&w);
  sr_put_bytes(&w, much, sizeof much);
  sr_frame_end(&w, mark);
  CHECK(!w.failed);
  CHECK_EQUAL((size_t)w.data[0] << 24 | (size_t)w.data[1] << 16 | (size_t)w.data[2] << 8 | w.data[3], w.size - 4);
  sr_put_bytes(&w, much, sizeof much);
  CHECK(w.failed);
  sr_writer_free(&w);
}

static void An_arena_is_bounded(void) {
  sr_arena a = {0};
  CHECK(sr_arena_take(&a, 3u << 20) != NULL);
  CHECK(sr_arena_take(&a, 2u << 20) == NULL);
  CHECK(sr_arena_take(&a, SIZE_MAX - 8) == NULL);
  sr_arena_free(&a);
}

static void Json_reads_what_is_well_formed_and_nothing_else(void) {
  char error[128];
  const char *good = " {\"a\": [1, -2, 3.5e2, true, null], \"b\\u00e4\\ud83d\\udd11\": {\"c\": \"x\\n\\\"y\"}} ";
  sr_json_document *d = sr_json_parse(good, strlen(good), error, sizeof error);
  CHECK(d != NULL);
  if (d != NULL) {
    const sr_json *root = sr_json_root(d), *b = sr_json_member(root, "b\xC3\xA4\xF0\x9F\x94\x91");
    CHECK(b != NULL && strcmp(sr_json_text(b, "c"), "x\n\"y") == 0);
    CHECK_EQUAL(sr_json_member(root, "a")->first->next->number, -2);
    sr_json_free(d);
  }
  static const char *const bad[] = {"",      "{",       "[1,]",        "{\"a\":}",    "{\"a\" 1}",
                                    "[1 2]", "\"\\x\"", "\"\\ud800\"", "\"\\u0000\"", "tru",
                                    "[1]]",  "nul",     "\"a",         "-",           "99999999999999999999",
                                    "{a:1}", "\"\t\""};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    d = sr_json_parse(bad[i], strlen(bad[i]), error, sizeof error);
    if (d != NULL) fprintf(stderr, "    taken for JSON: %s\n", bad[i]);
    CHECK(d == NULL);
    sr_json_free(d);
  }
  char deep[64];
  memset(deep, '[', sizeof deep);
  CHECK(sr_json_parse(deep, sizeof deep, error, sizeof error) == NULL);
  CHECK(strstr(error, "nested too deeply") != NULL);
  char many[20000];
  for (size_t i = 0; i < sizeof many; i += 2) memcpy(many + i, i == 0 ? "[1" : ",1", 2);
  CHECK(sr_json_parse(many, sizeof many, error, sizeof error) == NULL);
  CHECK(strstr(error, "too many values") != NULL);
}

static CK_RV read_shape(uint64_t shape, void *parameter, CK_ULONG size, sr_arena *arena, sr_mechanism *out) {
  CK_MECHANISM mechanism = {1, parameter, size};
  sr_mechanism_info info = {.number = 1, .shape = shape};
  uint8_t *iv = NULL;
  size_t iv_size = 0;
  return sr_mechanism_read(&mechanism, &info, arena, out, &iv, &iv_size);
}

static void Every_shape_checks_the_size_of_its_parameter(void) {
  static const size_t sizes[] = {[SR_SHAPE_GCM] = sizeof(CK_GCM_PARAMS),
                                 [SR_SHAPE_PSS] = sizeof(CK_RSA_PKCS_PSS_PARAMS),
                                 [SR_SHAPE_OAEP] = sizeof(CK_RSA_PKCS_OAEP_PARAMS),
                                 [SR_SHAPE_CTR] = sizeof(CK_AES_CTR_PARAMS),
                                 [SR_SHAPE_CCM] = sizeof(CK_CCM_PARAMS),
                                 [SR_SHAPE_ECDH] = sizeof(CK_ECDH1_DERIVE_PARAMS),
                                 [SR_SHAPE_EDDSA] = sizeof(CK_EDDSA_PARAMS),
                                 [SR_SHAPE_LENGTH] = sizeof(CK_ULONG),
                                 [SR_SHAPE_HKDF] = sizeof(CK_HKDF_PARAMS),
                                 [SR_SHAPE_SP800108] = sizeof(CK_SP800_108_KDF_PARAMS),
                                 [SR_SHAPE_SIGN_CONTEXT] = sizeof(CK_SIGN_ADDITIONAL_CONTEXT),
                                 [SR_SHAPE_SP800108_FEEDBACK] = sizeof(CK_SP800_108_FEEDBACK_KDF_PARAMS)};
  uint8_t zeros[256] = {0};
  for (size_t shape = 0; shape < sizeof sizes / sizeof sizes[0]; shape++) {
    if (sizes[shape] == 0) continue;
    sr_arena arena = {0};
    sr_mechanism out;
    CHECK_EQUAL(read_shape(shape, zeros, sizes[shape], &arena, &out), CKR_OK);
    CHECK_EQUAL(read_shape(shape, zeros, sizes[shape] - 1, &arena, &out), CKR_MECHANISM_PARAM_INVALID);
    CHECK_EQUAL(read_shape(shape, zeros, sizes[shape] + 1, &arena, &out), CKR_MECHANISM_PARAM_INVALID);
    CHECK_EQUAL(read_shape(shape, NULL, sizes[shape], &arena, &out), CKR_MECHANISM_PARAM_INVALID);
    sr_arena_free(&arena);
  }
  sr_arena arena = {0};
  sr_mechanism out;
  CHECK_EQUAL(read_shape(SR_SHAPE_NONE, zeros, 1, &arena, &out), CKR_MECHANISM_PARAM_INVALID);
  CHECK_EQUAL(read_shape(SR_SHAPE_BYTES, NULL, 0, &arena, &out), CKR_MECHANISM_PARAM_INVALID);
  CHECK_EQUAL(read_shape(SR_SHAPE_OPTIONAL_BYTES, NULL, 0, &arena, &out), CKR_OK);
  CHECK(!out.iv.present);
  CHECK_EQUAL(read_shape(99, NULL, 0, &arena, &out), CKR_MECHANISM_INVALID);
  sr_arena_free(&arena);
}

static void Parameters_arrive_where_the_schema_says(void) {
  sr_arena arena = {0};
  sr_mechanism out;
  CK_BYTE iv[12] = {1}, aad[3] = "aa";
  CK_GCM_PARAMS gcm = {iv, 12, 96, aad, 3, 128};
  CHECK_EQUAL(read_shape(SR_SHAPE_GCM, &gcm, sizeof gcm, &arena, &out), CKR_OK);
  CHECK(out.iv.size == 12 && out.iv.data != iv && memcmp(out.iv.data, iv, 12) == 0 && out.aad.size == 3 &&
        out.bits.value == 128);
  gcm.pAAD = NULL;
  CHECK_EQUAL(read_shape(SR_SHAPE_GCM, &gcm, sizeof gcm, &arena, &out), CKR_MECHANISM_PARAM_INVALID);
  CK_RSA_PKCS_PSS_PARAMS pss = {CKM_SHA256, CKG_MGF1_SHA256, 32};
  CHECK_EQUAL(read_shape(SR_SHAPE_PSS, &pss, sizeof pss, &arena, &out), CKR_OK);
  CHECK(out.hash.value == CKM_SHA256 && out.mgf.value == CKG_MGF1_SHA256 && out.bits.value == 32);
  CK_SP800_108_COUNTER_FORMAT counter = {CK_TRUE, 16};
  CK_PRF_DATA_PARAM parts[] = {{CK_SP800_108_ITERATION_VARIABLE, &counter, sizeof counter},
                               {CK_SP800_108_BYTE_ARRAY, "label", 5}};
  CK_SP800_108_KDF_PARAMS kdf = {CKM_SHA256_HMAC, 2, parts, 0, NULL};
  CHECK_EQUAL(read_shape(SR_SHAPE_SP800108, &kdf, sizeof kdf, &arena, &out), CKR_OK);
  CHECK(out.parts.count == 2 && out.parts.items[0].little_endian && out.parts.items[0].width_in_bits == 16 &&
        out.parts.items[1].value.size == 5);
  kdf.ulNumberOfDataParams = 1ul << 60;
  CHECK_EQUAL(read_shape(SR_SHAPE_SP800108, &kdf, sizeof kdf, &arena, &out), CKR_MECHANISM_PARAM_INVALID);
  sr_arena_free(&arena);
}

static void Templates_are_bounded(void) {
  sr_arena arena = {0};
  const sr_attribute *items;
  CK_BBOOL yes = CK_TRUE;
  CK_ATTRIBUTE inner = {CKA_SIGN, &yes, 1}, wrap = {CKA_WRAP_TEMPLATE, &inner, sizeof inner};
  CHECK_EQUAL(sr_template_read(&wrap, 1, &arena, &items), CKR_OK);
  CHECK(items[0].nested.present && items[0].nested.count == 1 && items[0].nested.items[0].type == CKA_SIGN);
  CK_ATTRIBUTE twice = {CKA_WRAP_TEMPLATE, &wrap, sizeof wrap};
  CHECK_EQUAL(sr_template_read(&twice, 1, &arena, &items), CKR_ATTRIBUTE_VALUE_INVALID);
  CK_ATTRIBUTE odd = {CKA_WRAP_TEMPLATE, &inner, sizeof inner - 1}, hollow = {CKA_ID, NULL, 4},
               huge = {CKA_ID, &yes, 1ul << 40};
  CHECK_EQUAL(sr_template_read(&odd, 1, &arena, &items), CKR_ATTRIBUTE_VALUE_INVALID);
  CHECK_EQUAL(sr_template_read(&hollow, 1, &arena, &items), CKR_ATTRIBUTE_VALUE_INVALID);
  CHECK_EQUAL(sr_template_read(&huge, 1, &arena, &items), CKR_ATTRIBUTE_VALUE_INVALID);
  CHECK_EQUAL(sr_template_read(NULL, 1, &arena, &items), CKR_ARGUMENTS_BAD);
  CHECK_EQUAL(sr_template_read(&inner, 1ul << 60, &arena, &items), CKR_TEMPLATE_INCONSISTENT);
  sr_arena_free(&arena);
}

int main(void) {
  sr_log_open(NULL, SR_LOG_OFF);
  RUN(Integers_have_one_encoding);
  RUN(Lies_about_lengths_are_refused_before_anything_is_allocated);
  RUN(Text_must_be_utf8);
  RUN(A_writer_grows_and_stops_at_the_frame_limit);
  RUN(An_arena_is_bounded);
  RUN(Json_reads_what_is_well_formed_and_nothing_else);
  RUN(Every_shape_checks_the_size_of_its_parameter);
  RUN(Parameters_arrive_where_the_schema_says);
  RUN(Templates_are_bounded);
  return CHECK_END();
}
