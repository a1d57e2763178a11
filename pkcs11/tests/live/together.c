// Two operations at once, keys that are digested, data that comes back from its signature, states. Included by live.c.

static void Two_operations_at_once_are_what_they_are_one_by_one(void) {
  CK_OBJECT_HANDLE key = make_aes(32, &yes), public_key = 0, private_key = 0;
  CK_BYTE iv[16] = {3}, data[100], cipher[160], plain[160], digest[32], expected[32], signature[64];
  for (size_t i = 0; i < sizeof data; i++) data[i] = (CK_BYTE)i;
  make_ec(p256, sizeof p256, &public_key, &private_key);
  CK_MECHANISM cbc = {CKM_AES_CBC_PAD, iv, 16}, sha = {CKM_SHA256, NULL, 0}, ecdsa = {CKM_ECDSA_SHA256, NULL, 0};
  CK_ULONG some, made = 0, size = sizeof expected;
  CHECK_EQUAL(f->C_DigestInit(session, &sha), CKR_OK);
  CHECK_EQUAL(f->C_Digest(session, data, sizeof data, expected, &size), CKR_OK);

  CHECK_EQUAL(f->C_DigestInit(session, &sha), CKR_OK);
  some = sizeof cipher;
  CHECK_EQUAL(f->C_DigestEncryptUpdate(session, data, 50, cipher, &some), CKR_OPERATION_NOT_INITIALIZED);
  CHECK_EQUAL(f->C_EncryptInit(session, &cbc, key), CKR_OK);
  some = 0;
  CHECK_EQUAL(f->C_DigestEncryptUpdate(session, data, 50, NULL, &some), CKR_OK);
  CHECK(some >= 48);
  some = 1;  // neither operation sees a part whose output does not fit
  CHECK_EQUAL(f->C_DigestEncryptUpdate(session, data, 50, cipher, &some), CKR_BUFFER_TOO_SMALL);
  CHECK_EQUAL(some, 48);
  CHECK_EQUAL(f->C_DigestEncryptUpdate(session, data, 50, cipher, &some), CKR_OK);
  made = some;
  some = sizeof cipher - made;
  CHECK_EQUAL(f->C_DigestEncryptUpdate(session, data + 50, 50, cipher + made, &some), CKR_OK);
  made += some;
  some = sizeof cipher - made;
  CHECK_EQUAL(f->C_EncryptFinal(session, cipher + made, &some), CKR_OK);
  made += some;
  CHECK_EQUAL(made, 112);
  size = sizeof digest;
  CHECK_EQUAL(f->C_DigestFinal(session, digest, &size), CKR_OK);
  CHECK(memcmp(digest, expected, 32) == 0);

  CK_ULONG got = 0;
  CHECK_EQUAL(f->C_DecryptInit(session, &cbc, key), CKR_OK);
  CHECK_EQUAL(f->C_DigestInit(session, &sha), CKR_OK);
  for (CK_ULONG at = 0; at < made; at += 56) {
    some = sizeof plain - got;
    CHECK_EQUAL(f->C_DecryptDigestUpdate(session, cipher + at, 56, plain + got, &some), CKR_OK);
    got += some;
  }
  some = sizeof plain - got;
  CHECK_EQUAL(f->C_DecryptFinal(session, plain + got, &some), CKR_OK);
  CHECK_EQUAL(f->C_DigestUpdate(session, plain + got, some), CKR_OK);  // what the last block held
  CHECK(got + some == sizeof data && memcmp(plain, data, sizeof data) == 0);
  CHECK_EQUAL(f->C_DigestFinal(session, digest, &size), CKR_OK);
  CHECK(memcmp(digest, expected, 32) == 0);

  CHECK_EQUAL(f->C_SignInit(session, &ecdsa, private_key), CKR_OK);
  CHECK_EQUAL(f->C_EncryptInit(session, &cbc, key), CKR_OK);
  some = sizeof cipher;
  CHECK_EQUAL(f->C_SignEncryptUpdate(session, data, 96, cipher, &some), CKR_OK);
  made = some;
  some = sizeof cipher - made;
  CHECK_EQUAL(f->C_EncryptFinal(session, cipher + made, &some), CKR_OK);
  made += some;
  size = sizeof signature;
  CHECK_EQUAL(f->C_SignFinal(session, signature, &size), CKR_OK);
  CHECK_EQUAL(f->C_VerifyInit(session, &ecdsa, public_key), CKR_OK);
  CHECK_EQUAL(f->C_Verify(session, data, 96, signature, size), CKR_OK);
  CHECK_EQUAL(f->C_DecryptInit(session, &cbc, key), CKR_OK);
  CHECK_EQUAL(f->C_VerifyInit(session, &ecdsa, public_key), CKR_OK);
  got = sizeof plain;
  CHECK_EQUAL(f->C_DecryptVerifyUpdate(session, cipher, made, plain, &got), CKR_OK);
  some = sizeof plain - got;
  CHECK_EQUAL(f->C_DecryptFinal(session, plain + got, &some), CKR_OK);
  CHECK_EQUAL(f->C_VerifyUpdate(session, plain + got, some), CKR_OK);
  CHECK_EQUAL(f->C_VerifyFinal(session, signature, size), CKR_OK);

  // What is refused ends both.
  CHECK_EQUAL(f->C_DigestInit(session, &sha), CKR_OK);
  CHECK_EQUAL(f->C_EncryptInit(session, &cbc, key), CKR_OK);
  CHECK_EQUAL(f->C_DigestEncryptUpdate(session, NULL, 5, cipher, &some), CKR_ARGUMENTS_BAD);
  CHECK_EQUAL(f->C_DigestUpdate(session, data, 1), CKR_OPERATION_NOT_INITIALIZED);
  CHECK_EQUAL(f->C_EncryptUpdate(session, data, 1, cipher, &some), CKR_OPERATION_NOT_INITIALIZED);
}

static void A_key_goes_into_a_digest_if_it_may_leave(void) {
  CK_BYTE value[16] = "sixteen bytes ..", digest[32], expected[32];
  CK_OBJECT_CLASS class = CKO_SECRET_KEY;
  CK_KEY_TYPE type = CKK_AES;
  CK_ATTRIBUTE t[] = {ATTRIBUTE(CKA_CLASS, class), ATTRIBUTE(CKA_KEY_TYPE, type), ATTRIBUTE(CKA_VALUE, value)};
  CK_OBJECT_HANDLE key = 0, kept = make_aes(32, &no), public_key = 0, private_key = 0;
  CK_MECHANISM sha = {CKM_SHA256, NULL, 0};
  CK_ULONG size = sizeof digest;
  CHECK_EQUAL(f->C_CreateObject(session, t, COUNT(t), &key), CKR_OK);
  CHECK_EQUAL(f->C_DigestInit(session, &sha), CKR_OK);
  CHECK_EQUAL(f->C_DigestUpdate(session, value, 3), CKR_OK);
  CHECK_EQUAL(f->C_DigestKey(session, key), CKR_OK);
  CHECK_EQUAL(f->C_DigestUpdate(session, value, 5), CKR_OK);
  CHECK_EQUAL(f->C_DigestFinal(session, digest, &size), CKR_OK);
  CK_BYTE joined[24];
  memcpy(joined, value, 3), memcpy(joined + 3, value, 16), memcpy(joined + 19, value, 5);
  CHECK_EQUAL(f->C_DigestInit(session, &sha), CKR_OK);
  CHECK_EQUAL(f->C_Digest(session, joined, sizeof joined, expected, &size), CKR_OK);
  CHECK(memcmp(digest, expected, 32) == 0);
  make_ec(p256, sizeof p256, &public_key, &private_key);
  struct {
    CK_OBJECT_HANDLE key;
    CK_RV rv;
  } refused[] = {{kept, CKR_KEY_FUNCTION_NOT_PERMITTED},
                 {public_key, CKR_KEY_FUNCTION_NOT_PERMITTED},
                 {0x7777, CKR_KEY_HANDLE_INVALID}};
  for (size_t i = 0; i < COUNT(refused); i++) {
    CHECK_EQUAL(f->C_DigestInit(session, &sha), CKR_OK);
    expect_refusal(f->C_DigestKey(session, refused[i].key), refused[i].rv, "a key that is not to be digested");
    CHECK_EQUAL(f->C_DigestUpdate(session, value, 1), CKR_OPERATION_NOT_INITIALIZED);
  }
}

static void Data_comes_back_from_its_signature(void) {
  CK_MECHANISM generate = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0}, pkcs = {CKM_RSA_PKCS, NULL, 0},
               raw = {CKM_RSA_X_509, NULL, 0}, pss = {CKM_SHA256_RSA_PKCS, NULL, 0};
  CK_ULONG bits = 2048, size, got;
  CK_OBJECT_HANDLE public_key = 0, private_key = 0;
  CK_ATTRIBUTE p[] = {ATTRIBUTE(CKA_MODULUS_BITS, bits), ATTRIBUTE(CKA_VERIFY_RECOVER, yes),
                      ATTRIBUTE(CKA_VERIFY, yes)};
  CK_ATTRIBUTE s[] = {ATTRIBUTE(CKA_SIGN_RECOVER, yes)};
  CK_BYTE data[] = "what was signed", signature[256], back[256];
  CHECK_EQUAL(f->C_GenerateKeyPair(session, &generate, p, COUNT(p), s, COUNT(s), &public_key, &private_key), CKR_OK);
  for (int i = 0; i < 2; i++) {
    CK_MECHANISM *m = i ? &raw : &pkcs;
    size = sizeof signature;
    CHECK_EQUAL(f->C_SignRecoverInit(session, m, private_key), CKR_OK);
    CHECK_EQUAL(f->C_SignRecover(session, data, sizeof data, signature, &size), CKR_OK);
    CHECK_EQUAL(size, 256);
    CHECK_EQUAL(f->C_VerifyRecoverInit(session, m, public_key), CKR_OK);
    got = 1;
    CHECK_EQUAL(f->C_VerifyRecover(session, signature, size, back, &got), CKR_BUFFER_TOO_SMALL);
    CHECK_EQUAL(f->C_VerifyRecover(session, signature, size, back, &got), CKR_OK);
    CHECK_EQUAL(got, i ? 256 : sizeof data);
    CHECK(memcmp(back + got - sizeof data, data, sizeof data) == 0);
    CHECK_EQUAL(f->C_VerifyInit(session, m, public_key), CKR_OK);  // it is a signature as any other
    CHECK_EQUAL(f->C_Verify(session, data, sizeof data, signature, size), CKR_OK);
  }
  signature[100] ^= 1;
  got = sizeof back;
  CHECK_EQUAL(f->C_VerifyRecoverInit(session, &pkcs, public_key), CKR_OK);
  expect_refusal(f->C_VerifyRecover(session, signature, 256, back, &got), CKR_SIGNATURE_INVALID, "no signature");
  CHECK_EQUAL(f->C_VerifyRecoverInit(session, &pkcs, public_key), CKR_OK);
  expect_refusal(f->C_VerifyRecover(session, signature, 255, back, &got), CKR_SIGNATURE_LEN_RANGE, "a short one");
  expect_refusal(f->C_SignRecoverInit(session, &pss, private_key), CKR_MECHANISM_INVALID, "a mechanism that hashes");
  expect_refusal(f->C_SignInit(session, &pkcs, private_key), CKR_KEY_FUNCTION_NOT_PERMITTED, "a key for recovery only");
}

static void States_do_not_leave_the_HSM_and_are_not_taken_from_elsewhere(void) {
  CK_MECHANISM sha = {CKM_SHA256, NULL, 0};
  CK_BYTE state[64] = {0};
  CK_ULONG size = sizeof state;
  CK_FLAGS flags = 99;
  CHECK_EQUAL(f->C_GetOperationState(session, state, &size), CKR_OPERATION_NOT_INITIALIZED);
  CHECK_EQUAL(f->C_DigestInit(session, &sha), CKR_OK);
  expect_refusal(f->C_GetOperationState(session, state, &size), CKR_STATE_UNSAVEABLE, "a digest's state");
  expect_refusal(f->C_SetOperationState(session, state, size, 0, 0), CKR_SAVED_STATE_INVALID, "another's state");
  CHECK_EQUAL(f->C_DigestUpdate(session, state, 1), CKR_OK);  // the digest goes on
  CHECK_EQUAL(f32->C_SessionCancel(session, CKF_DIGEST), CKR_OK);
  CHECK_EQUAL(f->C_DigestUpdate(session, state, 1), CKR_OPERATION_NOT_INITIALIZED);
  CHECK_EQUAL(f32->C_GetSessionValidationFlags(session, CKS_LAST_VALIDATION_OK, &flags), CKR_OK);
  CHECK_EQUAL(flags, 0);
  expect_refusal(f32->C_GetSessionValidationFlags(session, 2, &flags), CKR_ARGUMENTS_BAD, "unknown flags");
}
