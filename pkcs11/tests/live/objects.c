// Objects as applications meet them: what templates prescribe, who may trust, what is read. Included by live.c.

static CK_RV read_one(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, void *value, CK_ULONG *size) {
  CK_ATTRIBUTE a = {type, value, *size};
  CK_RV rv = f->C_GetAttributeValue(session, object, &a, 1);
  *size = a.ulValueLen;
  return rv;
}

static CK_OBJECT_HANDLE generate_aes(const CK_ATTRIBUTE *more, CK_ULONG count, CK_RV expected) {
  CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
  CK_ULONG bytes = 32;
  CK_ATTRIBUTE t[12] = {ATTRIBUTE(CKA_VALUE_LEN, bytes)};
  CK_OBJECT_HANDLE key = 0;
  memcpy(t + 1, more, count * sizeof *more);
  CHECK_EQUAL(f->C_GenerateKey(session, &generate, t, count + 1, &key), expected);
  return key;
}

static void Reading_attributes_loses_none_of_the_others(void) {
  CK_OBJECT_HANDLE key = make_aes(32, &no);
  CK_BYTE value[32], tiny[1], label[8] = "before", id[4];
  CK_OBJECT_CLASS class = 99;
  CK_ULONG bytes = 0;
  CK_ATTRIBUTE t[] = {ATTRIBUTE(CKA_VALUE, value),    ATTRIBUTE(CKA_CLASS, class),
                      ATTRIBUTE(CKA_MODULUS, value),  ATTRIBUTE(CKA_CHECK_VALUE, tiny),
                      {CKA_LABEL, label, 0},          {CKA_UNIQUE_ID, NULL, 0},
                      ATTRIBUTE(CKA_ID, id),          {0x7777, value, 4},
                      ATTRIBUTE(CKA_VALUE_LEN, bytes)};
  CK_RV rv = f->C_GetAttributeValue(session, key, t, COUNT(t));
  CHECK(rv == CKR_ATTRIBUTE_SENSITIVE || rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_BUFFER_TOO_SMALL);
  CHECK_EQUAL(t[0].ulValueLen, CK_UNAVAILABLE_INFORMATION);
  CHECK_EQUAL(class, CKO_SECRET_KEY);
  CHECK_EQUAL(t[2].ulValueLen, CK_UNAVAILABLE_INFORMATION);
  CHECK_EQUAL(t[3].ulValueLen, CK_UNAVAILABLE_INFORMATION);
  CHECK_EQUAL(t[4].ulValueLen, 0);
  CHECK_EQUAL(t[5].ulValueLen, 16);
  CHECK_EQUAL(t[6].ulValueLen, 0);
  CHECK_EQUAL(t[7].ulValueLen, CK_UNAVAILABLE_INFORMATION);
  CHECK_EQUAL(bytes, 32);
}

static void A_copy_has_the_key_its_own_id_and_what_the_template_says(void) {
  CK_BYTE first[16], second[16], label[] = "copied", read[16];
  CK_ULONG size = sizeof first, before = 0, after = 0;
  CK_OBJECT_HANDLE key = make_aes(32, &yes), copy = 0;
  CK_ATTRIBUTE t[] = {{CKA_LABEL, label, 6}, ATTRIBUTE(CKA_EXTRACTABLE, no)};
  CHECK_EQUAL(f->C_CopyObject(session, key, t, COUNT(t), &copy), CKR_OK);
  CHECK_EQUAL(read_one(key, CKA_UNIQUE_ID, first, &size), CKR_OK);
  CHECK_EQUAL(read_one(copy, CKA_UNIQUE_ID, second, &size), CKR_OK);
  CHECK(memcmp(first, second, 16) != 0);
  size = sizeof first;
  CHECK_EQUAL(read_one(key, CKA_CHECK_VALUE, first, &size), CKR_OK);
  CHECK_EQUAL(size, 3);
  CHECK_EQUAL(read_one(copy, CKA_CHECK_VALUE, second, &size), CKR_OK);
  CHECK(memcmp(first, second, 3) == 0);
  CHECK_EQUAL(f->C_GetObjectSize(session, copy, &before), CKR_OK);
  CK_ATTRIBUTE longer = {CKA_LABEL, "a longer label than before", 26};
  CHECK_EQUAL(f->C_SetAttributeValue(session, copy, &longer, 1), CKR_OK);
  CHECK_EQUAL(f->C_GetObjectSize(session, copy, &after), CKR_OK);
  CHECK(before > 32 && after == before + 20);
  t[1].pValue = &yes;
  expect_refusal(f->C_SetAttributeValue(session, copy, t + 1, 1), CKR_ATTRIBUTE_READ_ONLY, "extractable again");
  size = sizeof read;
  CHECK_EQUAL(read_one(key, CKA_LABEL, read, &size), CKR_OK);
  CHECK_EQUAL(size, 0);  // the copy's label is the copy's
  CHECK_EQUAL(f->C_DestroyObject(session, key), CKR_OK);
  size = sizeof second;
  CHECK_EQUAL(read_one(copy, CKA_CHECK_VALUE, second, &size), CKR_OK);
}

// The flow that CloudHSM's guide describes: an admin trusts a wrapping key, and only under it the key goes out.
static void A_key_that_leaves_under_trusted_keys_only_waits_for_an_admins_trust(void) {
  CK_BYTE name[32], wrapped[64];
  CK_OBJECT_HANDLE made, found = 0;
  CK_ULONG size = sizeof wrapped, count = 0;
  int n = snprintf((char *)name, sizeof name, "trusted-%d", (int)getpid());
  CK_ATTRIBUTE wrapping[] = {ATTRIBUTE(CKA_TOKEN, yes), ATTRIBUTE(CKA_WRAP, yes), {CKA_LABEL, name, (CK_ULONG)n}};
  CK_ATTRIBUTE guarded[] = {ATTRIBUTE(CKA_WRAP_WITH_TRUSTED, yes)}, trust = ATTRIBUTE(CKA_TRUSTED, yes);
  CK_MECHANISM kw = {CKM_AES_KEY_WRAP, NULL, 0};
  made = generate_aes(wrapping, COUNT(wrapping), CKR_OK);
  expect_refusal(f->C_SetAttributeValue(session, made, &trust, 1), CKR_ATTRIBUTE_READ_ONLY, "a user that trusts");
  CK_OBJECT_HANDLE key = generate_aes(guarded, 1, CKR_OK);
  expect_refusal(f->C_WrapKey(session, &kw, made, key, wrapped, &size), CKR_KEY_NOT_WRAPPABLE, "no trust");
  CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  CHECK_EQUAL(login(session, CKU_SO, admin_pin), CKR_OK);
  CHECK_EQUAL(f->C_FindObjectsInit(session, wrapping + 2, 1), CKR_OK);
  CHECK_EQUAL(f->C_FindObjects(session, &found, 1, &count), CKR_OK);
  CHECK_EQUAL(f->C_FindObjectsFinal(session), CKR_OK);
  CHECK_EQUAL(found, made);
  CHECK_EQUAL(f->C_SetAttributeValue(session, found, &trust, 1), CKR_OK);
  expect_refusal(f->C_SetAttributeValue(session, found, wrapping + 1, 1), CKR_ATTRIBUTE_READ_ONLY, "more than trust");
  CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  CHECK_EQUAL(login(session, CKU_USER, pin), CKR_OK);
  key = generate_aes(guarded, 1, CKR_OK);
  CHECK_EQUAL(f->C_WrapKey(session, &kw, made, key, wrapped, &size), CKR_OK);
  CHECK_EQUAL(f->C_DestroyObject(session, made), CKR_OK);
}

static void What_a_key_prescribes_holds_for_what_goes_through_it(void) {
  CK_OBJECT_CLASS class = CKO_SECRET_KEY;
  CK_KEY_TYPE type = CKK_AES;
  CK_BYTE wrapped[64], read = 9;
  CK_ULONG size = sizeof wrapped, one = 1;
  CK_OBJECT_HANDLE back = 0;
  CK_MECHANISM kw = {CKM_AES_KEY_WRAP, NULL, 0};
  CK_ATTRIBUTE only_encrypting[] = {ATTRIBUTE(CKA_ENCRYPT, yes)}, kept[] = {ATTRIBUTE(CKA_EXTRACTABLE, no)};
  CK_ATTRIBUTE w[] = {ATTRIBUTE(CKA_WRAP, yes),
                      ATTRIBUTE(CKA_UNWRAP, yes),
                      {CKA_WRAP_TEMPLATE, only_encrypting, sizeof only_encrypting},
                      {CKA_UNWRAP_TEMPLATE, kept, sizeof kept}};
  CK_OBJECT_HANDLE wrapping = generate_aes(w, COUNT(w), CKR_OK);
  CK_OBJECT_HANDLE plain = generate_aes(NULL, 0, CKR_OK), encrypting = generate_aes(only_encrypting, 1, CKR_OK);
  expect_refusal(f->C_WrapKey(session, &kw, wrapping, plain, wrapped, &size), CKR_KEY_HANDLE_INVALID,
                 "another key than the wrap template lets out");
  CHECK_EQUAL(f->C_WrapKey(session, &kw, wrapping, encrypting, wrapped, &size), CKR_OK);
  CK_ATTRIBUTE t[] = {ATTRIBUTE(CKA_CLASS, class), ATTRIBUTE(CKA_KEY_TYPE, type), ATTRIBUTE(CKA_EXTRACTABLE, yes)};
  expect_refusal(f->C_UnwrapKey(session, &kw, wrapping, wrapped, size, t, 3, &back), CKR_TEMPLATE_INCONSISTENT,
                 "against the unwrap template");
  CHECK_EQUAL(f->C_UnwrapKey(session, &kw, wrapping, wrapped, size, t, 2, &back), CKR_OK);
  CHECK_EQUAL(read_one(back, CKA_EXTRACTABLE, &read, &one), CKR_OK);
  CHECK_EQUAL(read, CK_FALSE);

  CK_SP800_108_COUNTER_FORMAT counter = {.ulWidthInBits = 32};
  CK_PRF_DATA_PARAM part = {CK_SP800_108_ITERATION_VARIABLE, &counter, sizeof counter};
  CK_SP800_108_KDF_PARAMS parameters = {.prfType = CKM_AES_CMAC, .ulNumberOfDataParams = 1, .pDataParams = &part};
  CK_MECHANISM kdf = {CKM_SP800_108_COUNTER_KDF, &parameters, sizeof parameters};
  CK_ATTRIBUTE d[] = {ATTRIBUTE(CKA_DERIVE, yes), {CKA_DERIVE_TEMPLATE, kept, sizeof kept}};
  CK_OBJECT_HANDLE base = generate_aes(d, COUNT(d), CKR_OK);
  CK_ULONG sixteen_bytes = 16;
  CK_ATTRIBUTE derived[] = {ATTRIBUTE(CKA_KEY_TYPE, type), ATTRIBUTE(CKA_VALUE_LEN, sixteen_bytes),
                            ATTRIBUTE(CKA_EXTRACTABLE, yes)};
  expect_refusal(f->C_DeriveKey(session, &kdf, base, derived, 3, &back), CKR_TEMPLATE_INCONSISTENT,
                 "against the derive template");
  read = 9;
  CHECK_EQUAL(f->C_DeriveKey(session, &kdf, base, derived, 2, &back), CKR_OK);
  CHECK_EQUAL(read_one(back, CKA_EXTRACTABLE, &read, &one), CKR_OK);
  CHECK_EQUAL(read, CK_FALSE);

  // The template comes back as it was given.
  CK_ATTRIBUTE inside = {0, &read, 1}, outside = {CKA_UNWRAP_TEMPLATE, &inside, sizeof inside};
  CHECK_EQUAL(f->C_GetAttributeValue(session, wrapping, &outside, 1), CKR_OK);
  CHECK(inside.type == CKA_EXTRACTABLE && read == CK_FALSE && outside.ulValueLen == sizeof inside);

  CK_MECHANISM_TYPE allowed[] = {CKM_AES_CBC_PAD};
  CK_ATTRIBUTE restricted[] = {ATTRIBUTE(CKA_ENCRYPT, yes), ATTRIBUTE(CKA_ALLOWED_MECHANISMS, allowed)};
  CK_OBJECT_HANDLE key = generate_aes(restricted, COUNT(restricted), CKR_OK);
  CK_BYTE iv[16] = {0};
  CK_MECHANISM padded = {CKM_AES_CBC_PAD, iv, 16}, other = {CKM_AES_CBC, iv, 16};
  expect_refusal(f->C_EncryptInit(session, &other, key), CKR_MECHANISM_INVALID,
                 "a mechanism that the key does not allow");
  CHECK_EQUAL(f->C_EncryptInit(session, &padded, key), CKR_OK);
  CHECK_EQUAL(f32->C_SessionCancel(session, CKF_ENCRYPT), CKR_OK);
}

static void A_key_that_asks_each_time_is_used_once_a_login(void) {
  CK_MECHANISM generate = {CKM_EC_KEY_PAIR_GEN, NULL, 0}, ecdsa = {CKM_ECDSA, NULL, 0};
  CK_ATTRIBUTE p[] = {{CKA_EC_PARAMS, (void *)p256, sizeof p256}},
               s[] = {ATTRIBUTE(CKA_SIGN, yes), ATTRIBUTE(CKA_ALWAYS_AUTHENTICATE, yes)};
  CK_OBJECT_HANDLE public_key = 0, private_key = 0;
  CK_BYTE digest[32] = {7}, signature[64];
  CK_ULONG size = sizeof signature;
  CHECK_EQUAL(f->C_GenerateKeyPair(session, &generate, p, 1, s, 2, &public_key, &private_key), CKR_OK);
  for (int i = 0; i < 2; i++) {
    CHECK_EQUAL(f->C_SignInit(session, &ecdsa, private_key), CKR_OK);
    expect_refusal(f->C_Sign(session, digest, 32, signature, &size), CKR_USER_NOT_LOGGED_IN, "without a second login");
    CHECK_EQUAL(f->C_SignInit(session, &ecdsa, private_key), CKR_OK);
    CHECK_EQUAL(login(session, CKU_CONTEXT_SPECIFIC, "crypto_user:wrong-password"), CKR_PIN_INCORRECT);
    CHECK_EQUAL(login(session, CKU_CONTEXT_SPECIFIC, pin), CKR_OK);
    CHECK_EQUAL(f->C_Sign(session, digest, 32, signature, &size), CKR_OK);
  }
}

static void Certificates_are_for_everyone_unless_they_are_private(void) {
  CK_OBJECT_CLASS class = CKO_CERTIFICATE;
  CK_CERTIFICATE_TYPE x509 = CKC_X_509;
  CK_BYTE subject[] = {0x30, 0}, value[] = {0x30, 3, 2, 1, 5}, read[16], name[32];
  CK_OBJECT_HANDLE made[2], found[3];
  CK_ULONG count = 0, size = sizeof read;
  int n = snprintf((char *)name, sizeof name, "certificate-%d", (int)getpid());
  CK_ATTRIBUTE label = {CKA_LABEL, name, (CK_ULONG)n};
  for (int i = 0; i < 2; i++) {
    CK_ATTRIBUTE t[] = {ATTRIBUTE(CKA_CLASS, class), ATTRIBUTE(CKA_CERTIFICATE_TYPE, x509),
                        ATTRIBUTE(CKA_TOKEN, yes),   ATTRIBUTE(CKA_SUBJECT, subject),
                        ATTRIBUTE(CKA_VALUE, value), label,
                        ATTRIBUTE(CKA_PRIVATE, yes)};
    CHECK_EQUAL(f->C_CreateObject(session, t, i == 0 ? COUNT(t) - 1 : COUNT(t), &made[i]), CKR_OK);
  }
  for (int logged_in = 1; logged_in >= 0; logged_in--) {
    CHECK_EQUAL(f->C_FindObjectsInit(session, &label, 1), CKR_OK);
    CHECK_EQUAL(f->C_FindObjects(session, found, 3, &count), CKR_OK);
    CHECK_EQUAL(f->C_FindObjectsFinal(session), CKR_OK);
    CHECK_EQUAL(count, logged_in ? 2 : 1);
    if (logged_in) CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  }
  CHECK_EQUAL(found[0], made[0]);
  CHECK_EQUAL(read_one(made[0], CKA_VALUE, read, &size), CKR_OK);
  CHECK(size == sizeof value && memcmp(read, value, size) == 0);
  expect_refusal(read_one(made[1], CKA_VALUE, read, &size), CKR_OBJECT_HANDLE_INVALID, "another's private certificate");
  CHECK_EQUAL(login(session, CKU_USER, pin), CKR_OK);
  for (int i = 0; i < 2; i++) CHECK_EQUAL(f->C_DestroyObject(session, made[i]), CKR_OK);
}

static CK_RV notified(CK_SESSION_HANDLE h, CK_NOTIFICATION event, CK_VOID_PTR application) {
  (void)h, (void)event, (void)application;
  return CKR_OK;
}

// What CloudHSM's library has in its own way: its first slot's number, one slot a cluster; and what it refuses.
static void The_slot_is_CloudHSMs_and_its_limitations_are_not(void) {
  CK_SLOT_ID slots[2] = {0};
  CK_ULONG count = 1;
  CK_SESSION_HANDLE reads = 0;
  CHECK_EQUAL(f->C_GetSlotList(CK_TRUE, slots, &count), CKR_OK);  // its samples have room for one
  CHECK(count == 1 && slots[0] == 2305843009213693953ul);
  CK_SLOT_INFO info;
  CHECK_EQUAL(f->C_GetSlotInfo(slots[0], &info), CKR_OK);
  CHECK(info.flags & CKF_TOKEN_PRESENT);
  CHECK_EQUAL(f->C_OpenSession(slot, CKF_SERIAL_SESSION, &count, notified, &reads), CKR_OK);
  // A read-only session makes and uses session objects, and changes nothing on the token.
  CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
  CK_ULONG bytes = 16;
  CK_BYTE id[] = {1, 2, 3};
  CK_OBJECT_HANDLE key = 0;
  CK_ATTRIBUTE t[] = {ATTRIBUTE(CKA_VALUE_LEN, bytes), ATTRIBUTE(CKA_ID, id), ATTRIBUTE(CKA_MODIFIABLE, yes),
                      ATTRIBUTE(CKA_TOKEN, yes)};
  CHECK_EQUAL(f->C_GenerateKey(reads, &generate, t, 3, &key), CKR_OK);
  expect_refusal(f->C_GenerateKey(reads, &generate, t, 4, &key), CKR_SESSION_READ_ONLY, "a token object");
  CK_OBJECT_HANDLE token_key = 0;
  CHECK_EQUAL(f->C_GenerateKey(session, &generate, t, 4, &token_key), CKR_OK);
  expect_refusal(f->C_DestroyObject(reads, token_key), CKR_SESSION_READ_ONLY, "destroying one");
  expect_refusal(f->C_SetAttributeValue(reads, token_key, t + 1, 1), CKR_SESSION_READ_ONLY, "changing one");
  CHECK_EQUAL(f->C_DestroyObject(session, token_key), CKR_OK);
  CHECK_EQUAL(f->C_CloseSession(reads), CKR_OK);
  expect_refusal(f->C_DestroyObject(session, key), CKR_OBJECT_HANDLE_INVALID, "what went with its session");
}
