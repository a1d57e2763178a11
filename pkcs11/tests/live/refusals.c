// What a real HSM refuses at the boundary: templates that can't be. Included by live.c.
// After every refusal nothing is stored, no operation is open, and the cause can be asked for in words.

static SR_FUNCTION_LIST *vendor;

static CK_ULONG objects_seen(void) {
  CK_OBJECT_HANDLE handles[256];
  CK_ULONG total = 0, count = 0;
  CHECK_EQUAL(f->C_FindObjectsInit(session, NULL, 0), CKR_OK);
  do {
    CHECK_EQUAL(f->C_FindObjects(session, handles, COUNT(handles), &count), CKR_OK);
    total += count;
  } while (count > 0);
  CHECK_EQUAL(f->C_FindObjectsFinal(session), CKR_OK);
  return total;
}

static void expect_refusal(CK_RV rv, CK_RV expected, const char *what) {
  CK_UTF8CHAR cause[256];
  CK_ULONG size = sizeof cause;
  if (rv != expected) fprintf(stderr, "    %s: 0x%lx, not 0x%lx\n", what, rv, expected);
  CHECK(rv == expected);
  CHECK_EQUAL(vendor->SR_LastCause(cause, &size), CKR_OK);
  if (size < 8) fprintf(stderr, "    %s: no cause in words\n", what);
  CHECK(size >= 8);
}

static void Templates_that_can_not_be_store_nothing(void) {
  CK_ULONG sixteen = 16, seventeen = 17;
  CK_BYTE two = 2, pair[2] = {1, 1}, value[16] = {1}, name[] = "refused";
  CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY, nothing = 0x7777;
  CK_KEY_TYPE rsa = CKK_RSA;
  const struct {
    const char *what;
    CK_ATTRIBUTE more[2];
    CK_RV rv;
  } rows[] = {
      {"a length that AES has not", {ATTRIBUTE(CKA_VALUE_LEN, seventeen), {CKA_LABEL, name, 7}}, CKR_KEY_SIZE_RANGE},
      {"an attribute twice",
       {ATTRIBUTE(CKA_VALUE_LEN, sixteen), ATTRIBUTE(CKA_VALUE_LEN, sixteen)},
       CKR_TEMPLATE_INCONSISTENT},
      {"an unknown attribute", {ATTRIBUTE(CKA_VALUE_LEN, sixteen), {0x7777, name, 7}}, CKR_ATTRIBUTE_TYPE_INVALID},
      {"a boolean of two bytes",
       {ATTRIBUTE(CKA_VALUE_LEN, sixteen), ATTRIBUTE(CKA_TOKEN, pair)},
       CKR_ATTRIBUTE_VALUE_INVALID},
      {"a boolean that is 2",
       {ATTRIBUTE(CKA_VALUE_LEN, sixteen), ATTRIBUTE(CKA_TOKEN, two)},
       CKR_ATTRIBUTE_VALUE_INVALID},
      {"a number of one byte", {ATTRIBUTE(CKA_VALUE_LEN, two), {CKA_LABEL, name, 7}}, CKR_ATTRIBUTE_VALUE_INVALID},
      {"what only the HSM tells",
       {ATTRIBUTE(CKA_VALUE_LEN, sixteen), ATTRIBUTE(CKA_LOCAL, yes)},
       CKR_ATTRIBUTE_READ_ONLY},
      {"what only an admin sets",
       {ATTRIBUTE(CKA_VALUE_LEN, sixteen), ATTRIBUTE(CKA_TRUSTED, yes)},
       CKR_ATTRIBUTE_READ_ONLY},
      {"another class",
       {ATTRIBUTE(CKA_VALUE_LEN, sixteen), ATTRIBUTE(CKA_CLASS, private_key)},
       CKR_TEMPLATE_INCONSISTENT},
      {"no class at all",
       {ATTRIBUTE(CKA_VALUE_LEN, sixteen), ATTRIBUTE(CKA_CLASS, nothing)},
       CKR_TEMPLATE_INCONSISTENT},
      {"another key type",
       {ATTRIBUTE(CKA_VALUE_LEN, sixteen), ATTRIBUTE(CKA_KEY_TYPE, rsa)},
       CKR_TEMPLATE_INCONSISTENT},
      {"the value of a key to be drawn",
       {ATTRIBUTE(CKA_VALUE_LEN, sixteen), ATTRIBUTE(CKA_VALUE, value)},
       CKR_TEMPLATE_INCONSISTENT},
      {"another kind's attribute",
       {ATTRIBUTE(CKA_VALUE_LEN, sixteen), ATTRIBUTE(CKA_MODULUS, value)},
       CKR_TEMPLATE_INCONSISTENT},
  };
  CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
  CK_OBJECT_HANDLE made;
  CK_ULONG before = objects_seen();
  for (size_t i = 0; i < COUNT(rows); i++) {
    CK_ATTRIBUTE more[2] = {rows[i].more[0], rows[i].more[1]};
    expect_refusal(f->C_GenerateKey(session, &generate, more, 2, &made), rows[i].rv, rows[i].what);
  }
  expect_refusal(f->C_GenerateKey(session, &generate, NULL, 0, &made), CKR_TEMPLATE_INCOMPLETE, "an empty template");
  CHECK_EQUAL(objects_seen(), before);
}

static void Keys_from_outside_that_are_none_store_nothing(void) {
  CK_OBJECT_CLASS public_key = CKO_PUBLIC_KEY, secret = CKO_SECRET_KEY, certificate = CKO_CERTIFICATE;
  CK_KEY_TYPE ec = CKK_EC, rsa = CKK_RSA, aes = CKK_AES;
  CK_CERTIFICATE_TYPE x509 = CKC_X_509;
  CK_BYTE off_curve[67] = {0x04, 0x41, 0x04, 1, 2, 3}, infinity[] = {0x04, 0x01, 0x00}, short_key[15] = {1};
  CK_BYTE modulus[256], even[] = {1, 0, 0}, odd[] = {1, 0, 1};
  memset(modulus, 0xFF, sizeof modulus);
  struct {
    const char *what;
    CK_ATTRIBUTE t[4];
    CK_ULONG count;
    CK_RV rv;
  } rows[] = {
      {"a point off the curve",
       {ATTRIBUTE(CKA_CLASS, public_key),
        ATTRIBUTE(CKA_KEY_TYPE, ec),
        {CKA_EC_PARAMS, (void *)p256, sizeof p256},
        ATTRIBUTE(CKA_EC_POINT, off_curve)},
       4,
       CKR_ATTRIBUTE_VALUE_INVALID},
      {"the point at infinity",
       {ATTRIBUTE(CKA_CLASS, public_key),
        ATTRIBUTE(CKA_KEY_TYPE, ec),
        {CKA_EC_PARAMS, (void *)p256, sizeof p256},
        ATTRIBUTE(CKA_EC_POINT, infinity)},
       4,
       CKR_ATTRIBUTE_VALUE_INVALID},
      {"a curve without a point",
       {ATTRIBUTE(CKA_CLASS, public_key), ATTRIBUTE(CKA_KEY_TYPE, ec), {CKA_EC_PARAMS, (void *)p256, sizeof p256}},
       3,
       CKR_TEMPLATE_INCOMPLETE},
      {"an even exponent",
       {ATTRIBUTE(CKA_CLASS, public_key), ATTRIBUTE(CKA_KEY_TYPE, rsa), ATTRIBUTE(CKA_MODULUS, modulus),
        ATTRIBUTE(CKA_PUBLIC_EXPONENT, even)},
       4,
       CKR_ATTRIBUTE_VALUE_INVALID},
      {"a modulus of 15 bytes",
       {ATTRIBUTE(CKA_CLASS, public_key), ATTRIBUTE(CKA_KEY_TYPE, rsa), ATTRIBUTE(CKA_MODULUS, short_key),
        ATTRIBUTE(CKA_PUBLIC_EXPONENT, odd)},
       4,
       CKR_ATTRIBUTE_VALUE_INVALID},
      {"an AES key of 15 bytes",
       {ATTRIBUTE(CKA_CLASS, secret), ATTRIBUTE(CKA_KEY_TYPE, aes), ATTRIBUTE(CKA_VALUE, short_key)},
       3,
       CKR_ATTRIBUTE_VALUE_INVALID},
      {"a certificate of nobody",
       {ATTRIBUTE(CKA_CLASS, certificate), ATTRIBUTE(CKA_CERTIFICATE_TYPE, x509), ATTRIBUTE(CKA_VALUE, modulus)},
       3,
       CKR_TEMPLATE_INCOMPLETE},
      {"no class", {ATTRIBUTE(CKA_KEY_TYPE, aes), ATTRIBUTE(CKA_VALUE, short_key)}, 2, CKR_TEMPLATE_INCOMPLETE},
  };
  CK_OBJECT_HANDLE made;
  CK_ULONG before = objects_seen();
  for (size_t i = 0; i < COUNT(rows); i++)
    expect_refusal(f->C_CreateObject(session, rows[i].t, rows[i].count, &made), rows[i].rv, rows[i].what);
  CHECK_EQUAL(objects_seen(), before);
}
