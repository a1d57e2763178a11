// Message-based functions, signatures known before their data, and wrapping with associated data. Included by live.c.

static CK_OBJECT_HANDLE aead_key(void) { return make_aes(32, &yes); }

#define CALL_OK(call) CHECK_EQUAL(call, CKR_OK)

// The standard's plain function gives text and tag in one piece: what a message must be.
static void expect_plain(CK_OBJECT_HANDLE key, CK_MECHANISM *plain, const CK_BYTE *data, CK_ULONG size,
                         const CK_BYTE *text, const CK_BYTE *tag) {
  CK_BYTE whole[600];
  CK_ULONG whole_size = sizeof whole;
  CALL_OK(f->C_EncryptInit(session, plain, key));
  CALL_OK(f->C_Encrypt(session, (CK_BYTE_PTR)data, size, whole, &whole_size));
  CHECK_EQUAL(whole_size, size + 16);
  CHECK(memcmp(whole, text, size) == 0 && memcmp(whole + size, tag, 16) == 0);
}

static void Gcm_messages_are_what_C_Encrypt_makes_and_each_has_its_own_IV(void) {
  CK_OBJECT_HANDLE key = aead_key();
  CK_BYTE iv[12] = "first iv 12", tag[16], data[100], text[100], back[100], aad[] = "associated";
  memset(data, 7, sizeof data);
  CK_GCM_MESSAGE_PARAMS p = {iv, sizeof iv, 0, CKG_NO_GENERATE, tag, 128};
  CK_GCM_PARAMS same = {iv, sizeof iv, 96, aad, 10, 128};
  CK_MECHANISM gcm = {CKM_AES_GCM, NULL, 0}, plain = {CKM_AES_GCM, &same, sizeof same};
  CK_ULONG size = 0;
  CALL_OK(f32->C_MessageEncryptInit(session, &gcm, key));
  CHECK_EQUAL(f->C_EncryptInit(session, &plain, key), CKR_OPERATION_ACTIVE);
  CALL_OK(f32->C_EncryptMessage(session, &p, sizeof p, aad, 10, data, sizeof data, NULL, &size));
  CHECK_EQUAL(size, sizeof data);
  size--;
  CHECK_EQUAL(f32->C_EncryptMessage(session, &p, sizeof p, aad, 10, data, sizeof data, text, &size),
              CKR_BUFFER_TOO_SMALL);
  CHECK_EQUAL(size, sizeof data);
  CALL_OK(f32->C_EncryptMessage(session, &p, sizeof p, aad, 10, data, sizeof data, text, &size));
  CALL_OK(f32->C_MessageEncryptFinal(session));
  expect_plain(key, &plain, data, sizeof data, text, tag);

  // The HSM's IVs: all of it, or what follows the bits that are the caller's.
  CK_BYTE seen[4][12];
  CALL_OK(f32->C_MessageEncryptInit(session, &gcm, key));
  CALL_OK(f32->C_MessageDecryptInit(session, &gcm, key));
  for (int i = 0; i < 4; i++) {
    CK_BYTE drawn[12] = {0xA0, 0xA1, 0xA2, 0xA3};
    CK_GCM_MESSAGE_PARAMS q = {drawn, 12, i < 2 ? 0 : 28, i % 2 ? CKG_GENERATE : CKG_GENERATE_RANDOM, tag, 128};
    size = sizeof text;
    CALL_OK(f32->C_EncryptMessage(session, &q, sizeof q, aad, 10, data, sizeof data, text, &size));
    CHECK(i < 2 || (memcmp(drawn, "\xA0\xA1\xA2", 3) == 0 && drawn[3] >> 4 == 0xA));
    memcpy(seen[i], drawn, 12);
    for (int k = 0; k < i; k++) CHECK(memcmp(seen[i], seen[k], 12) != 0);
    size = sizeof back;
    CALL_OK(f32->C_DecryptMessage(session, &q, sizeof q, aad, 10, text, sizeof text, back, &size));
    CHECK(size == sizeof data && memcmp(back, data, size) == 0);
  }

  // A message that is refused ends itself, not the process.
  CK_GCM_MESSAGE_PARAMS q = {seen[3], 12, 0, CKG_NO_GENERATE, tag, 128};
  tag[3] ^= 1;
  size = sizeof back;
  memset(back, 0, sizeof back);
  expect_refusal(f32->C_DecryptMessage(session, &q, sizeof q, aad, 10, text, sizeof text, back, &size),
                 CKR_ENCRYPTED_DATA_INVALID, "a wrong tag");
  CHECK(back[0] == 0);
  tag[3] ^= 1;
  CALL_OK(f32->C_DecryptMessage(session, &q, sizeof q, aad, 10, text, sizeof text, back, &size));
  struct {
    CK_ULONG bits, fixed, generator;
  } bad[] = {{127, 0, 0}, {64, 0, 0}, {128, 0, CKG_GENERATE_COUNTER}, {128, 40, CKG_GENERATE}, {128, 97, CKG_GENERATE}};
  for (size_t i = 0; i < COUNT(bad); i++) {
    CK_GCM_MESSAGE_PARAMS b = {iv, sizeof iv, bad[i].fixed, bad[i].generator, tag, bad[i].bits};
    size = sizeof text;
    expect_refusal(f32->C_EncryptMessage(session, &b, sizeof b, NULL, 0, data, sizeof data, text, &size),
                   CKR_MECHANISM_PARAM_INVALID, "a parameter of a message");
  }
  expect_refusal(f32->C_EncryptMessage(session, &p, sizeof p - 1, NULL, 0, data, sizeof data, text, &size),
                 CKR_MECHANISM_PARAM_INVALID, "half a parameter");
  CALL_OK(f32->C_EncryptMessage(session, &p, sizeof p, NULL, 0, data, sizeof data, text, &size));
  CALL_OK(f32->C_MessageEncryptFinal(session));
  CALL_OK(f32->C_MessageDecryptFinal(session));
  CHECK_EQUAL(f32->C_MessageDecryptFinal(session), CKR_OPERATION_NOT_INITIALIZED);
}

static void in_parts(CK_OBJECT_HANDLE key, CK_MECHANISM *mechanism, void *p, CK_ULONG p_size, const CK_BYTE *data,
                     CK_ULONG total, CK_ULONG step, CK_BYTE *tag) {
  CK_BYTE text[600], back[600];
  CK_ULONG size, made = 0;
  CALL_OK(f32->C_MessageEncryptInit(session, mechanism, key));
  CALL_OK(f32->C_EncryptMessageBegin(session, p, p_size, (CK_BYTE_PTR) "aad", 3));
  CHECK_EQUAL(f32->C_EncryptMessageBegin(session, p, p_size, NULL, 0), CKR_OPERATION_ACTIVE);
  for (CK_ULONG at = 0; at < total; at += step) {
    CK_ULONG part = total - at < step ? total - at : step;
    size = sizeof text - made;
    CALL_OK(f32->C_EncryptMessageNext(session, p, p_size, (CK_BYTE_PTR)data + at, part, text + made, &size,
                                      at + part == total ? CKF_END_OF_MESSAGE : 0));
    made += size;
  }
  CHECK_EQUAL(made, total);
  CHECK_EQUAL(f32->C_EncryptMessageNext(session, p, p_size, NULL, 0, text, &size, 0), CKR_OPERATION_NOT_INITIALIZED);
  CALL_OK(f32->C_MessageEncryptFinal(session));
  // Read back whole, then in parts; then with a tag that is not right, which gives nothing out.
  size = sizeof back;
  CALL_OK(f32->C_MessageDecryptInit(session, mechanism, key));
  CALL_OK(f32->C_DecryptMessage(session, p, p_size, (CK_BYTE_PTR) "aad", 3, text, total, back, &size));
  CHECK(size == total && memcmp(back, data, total) == 0);
  for (int wrong = 0; wrong < 2; wrong++) {
    CK_ULONG got = 0;
    CK_RV rv = CKR_OK;
    tag[0] ^= (CK_BYTE)wrong;
    memset(back, 0, sizeof back);
    CALL_OK(f32->C_DecryptMessageBegin(session, p, p_size, (CK_BYTE_PTR) "aad", 3));
    for (CK_ULONG at = 0; at < total; at += step) {
      CK_ULONG part = total - at < step ? total - at : step;
      size = sizeof back - got;
      rv = f32->C_DecryptMessageNext(session, p, p_size, text + at, part, back + got, &size,
                                     at + part == total ? CKF_END_OF_MESSAGE : 0);
      if (rv == CKR_OK) got += size;
    }
    CHECK_EQUAL(rv, wrong ? CKR_ENCRYPTED_DATA_INVALID : CKR_OK);
    CHECK(wrong ? got == 0 && back[0] == 0 : got == total && memcmp(back, data, total) == 0);
    tag[0] ^= (CK_BYTE)wrong;
  }
  CALL_OK(f32->C_MessageDecryptFinal(session));
}

static void Messages_come_in_parts_of_any_size(void) {
  CK_OBJECT_HANDLE key = aead_key();
  CK_BYTE iv[12] = {0}, tag[16], data[500];
  for (size_t i = 0; i < sizeof data; i++) data[i] = (CK_BYTE)(i * 3 + 1);
  CK_MECHANISM gcm = {CKM_AES_GCM, NULL, 0}, ccm = {CKM_AES_CCM, NULL, 0};
  CK_GCM_MESSAGE_PARAMS g = {iv, sizeof iv, 0, CKG_GENERATE, tag, 128};
  CK_CCM_MESSAGE_PARAMS c = {sizeof data, iv, sizeof iv, 0, CKG_GENERATE, tag, 16};
  for (CK_ULONG step = 1; step <= sizeof data; step = step * 7 + 1) {
    in_parts(key, &gcm, &g, sizeof g, data, step < 8 ? 20 : sizeof data, step, tag);
    in_parts(key, &ccm, &c, sizeof c, data, sizeof data, step < 8 ? 100 : step, tag);
  }
}

// More than the HSM holds back: it verifies the parts first, and gives them out when it gets them once more.
static void A_long_message_is_decrypted_in_parts(void) {
  CK_OBJECT_HANDLE key = aead_key();
  enum { LONG = 3 << 20, STEP = 700001 };
  CK_BYTE iv[12] = {0}, tag[16], *data = malloc(LONG), *text = malloc(LONG), *back = calloc(1, LONG);
  CHECK(data != NULL && text != NULL && back != NULL);
  for (CK_ULONG i = 0; i < LONG; i++) data[i] = (CK_BYTE)(i * 7 + i / 251);
  CK_MECHANISM gcm = {CKM_AES_GCM, NULL, 0};
  CK_GCM_MESSAGE_PARAMS p = {iv, sizeof iv, 0, CKG_GENERATE, tag, 128};
  CK_ULONG size = LONG;
  CALL_OK(f32->C_MessageEncryptInit(session, &gcm, key));
  CALL_OK(f32->C_EncryptMessage(session, &p, sizeof p, NULL, 0, data, LONG, text, &size));
  CALL_OK(f32->C_MessageEncryptFinal(session));
  CALL_OK(f32->C_MessageDecryptInit(session, &gcm, key));
  for (int wrong = 0; wrong < 2; wrong++) {
    text[2 << 20] ^= (CK_BYTE)wrong;
    CK_ULONG got = 0;
    CK_RV rv = CKR_OK;
    CALL_OK(f32->C_DecryptMessageBegin(session, &p, sizeof p, NULL, 0));
    for (CK_ULONG at = 0; at < LONG; at += STEP) {
      CK_ULONG part = LONG - at < STEP ? LONG - at : STEP;
      size = LONG - got;
      rv = f32->C_DecryptMessageNext(session, &p, sizeof p, text + at, part, back + got, &size,
                                     at + part == LONG ? CKF_END_OF_MESSAGE : 0);
      if (rv == CKR_OK) got += size;
    }
    CHECK_EQUAL(rv, wrong ? CKR_ENCRYPTED_DATA_INVALID : CKR_OK);
    CHECK(wrong ? got == 0 && back[0] == 0 : got == LONG && memcmp(back, data, LONG) == 0);
    memset(back, 0, LONG);
  }
  CALL_OK(f32->C_MessageDecryptFinal(session));
  free(data);
  free(text);
  free(back);
}

static void sign_messages(CK_MECHANISM mechanism, CK_OBJECT_HANDLE signs, CK_OBJECT_HANDLE verifies, bool parts) {
  CK_BYTE data[32] = "thirty-two bytes, or a digest..", signature[512], other[512];
  CK_ULONG size = 0;
  CALL_OK(f32->C_MessageSignInit(session, &mechanism, signs));
  CALL_OK(f32->C_MessageVerifyInit(session, &mechanism, verifies));
  for (int i = 0; i < 3; i++) {
    data[0] = (CK_BYTE)i;
    CALL_OK(f32->C_SignMessage(session, NULL, 0, data, sizeof data, NULL, &size));
    size--;
    CHECK_EQUAL(f32->C_SignMessage(session, NULL, 0, data, sizeof data, signature, &size), CKR_BUFFER_TOO_SMALL);
    CALL_OK(f32->C_SignMessage(session, NULL, 0, data, sizeof data, signature, &size));
    CALL_OK(f32->C_VerifyMessage(session, NULL, 0, data, sizeof data, signature, size));
    data[1] ^= 1;
    CHECK_EQUAL(f32->C_VerifyMessage(session, NULL, 0, data, sizeof data, signature, size), CKR_SIGNATURE_INVALID);
    data[1] ^= 1;
  }
  CK_ULONG more = sizeof other;
  if (!parts) {
    expect_refusal(f32->C_SignMessageBegin(session, NULL, 0), CKR_FUNCTION_NOT_SUPPORTED, "parts of what has none");
  } else {
    CALL_OK(f32->C_SignMessageBegin(session, NULL, 0));
    CALL_OK(f32->C_SignMessageNext(session, NULL, 0, data, 10, NULL, NULL));
    CALL_OK(f32->C_SignMessageNext(session, NULL, 0, data + 10, 22, NULL, &more));
    CHECK_EQUAL(more, size);
    more = 1;
    CHECK_EQUAL(f32->C_SignMessageNext(session, NULL, 0, data + 10, 22, other, &more), CKR_BUFFER_TOO_SMALL);
    CALL_OK(f32->C_SignMessageNext(session, NULL, 0, data + 10, 22, other, &more));
    CHECK_EQUAL(f32->C_SignMessageNext(session, NULL, 0, data, 1, other, &more), CKR_OPERATION_NOT_INITIALIZED);
    CALL_OK(f32->C_VerifyMessage(session, NULL, 0, data, sizeof data, other, more));
    for (int wrong = 0; wrong < 2; wrong++) {
      CALL_OK(f32->C_VerifyMessageBegin(session, NULL, 0));
      CALL_OK(f32->C_VerifyMessageNext(session, NULL, 0, data, 5, NULL, 0));
      other[9] ^= (CK_BYTE)wrong;
      CHECK_EQUAL(f32->C_VerifyMessageNext(session, NULL, 0, data + 5, 27, other, more),
                  wrong ? CKR_SIGNATURE_INVALID : CKR_OK);
    }
  }
  CALL_OK(f32->C_MessageSignFinal(session));
  CALL_OK(f32->C_MessageVerifyFinal(session));
  // The same signature is good for the function that knows it first.
  CALL_OK(f32->C_VerifySignatureInit(session, &mechanism, verifies, signature, size));
  CALL_OK(f32->C_VerifySignature(session, data, sizeof data));
  CHECK_EQUAL(f32->C_VerifySignature(session, data, sizeof data), CKR_OPERATION_NOT_INITIALIZED);
  CALL_OK(f32->C_VerifySignatureInit(session, &mechanism, verifies, signature, size));
  data[2] ^= 1;
  CHECK_EQUAL(f32->C_VerifySignature(session, data, sizeof data), CKR_SIGNATURE_INVALID);
  data[2] ^= 1;
  if (!parts) return;
  CALL_OK(f32->C_VerifySignatureInit(session, &mechanism, verifies, signature, size));
  CALL_OK(f32->C_VerifySignatureUpdate(session, data, 10));
  CALL_OK(f32->C_VerifySignatureUpdate(session, data + 10, 22));
  CALL_OK(f32->C_VerifySignatureFinal(session));
}

static void Messages_are_signed_and_verified_one_after_the_other(void) {
  CK_OBJECT_HANDLE public_key = 0, private_key = 0, secret = 0;
  CK_MECHANISM generate = {CKM_GENERIC_SECRET_KEY_GEN, NULL, 0};
  CK_ULONG bytes = 32;
  CK_ATTRIBUTE t[] = {ATTRIBUTE(CKA_VALUE_LEN, bytes), ATTRIBUTE(CKA_SIGN, yes), ATTRIBUTE(CKA_VERIFY, yes)};
  CALL_OK(f->C_GenerateKey(session, &generate, t, COUNT(t), &secret));
  sign_messages((CK_MECHANISM){CKM_SHA256_HMAC, NULL, 0}, secret, secret, true);
  make_ec(p256, sizeof p256, &public_key, &private_key);
  sign_messages((CK_MECHANISM){CKM_ECDSA, NULL, 0}, private_key, public_key, false);
  sign_messages((CK_MECHANISM){CKM_ECDSA_SHA256, NULL, 0}, private_key, public_key, true);
  make_rsa(&public_key, &private_key);
  CK_RSA_PKCS_PSS_PARAMS pss = {CKM_SHA256, CKG_MGF1_SHA256, 32};
  sign_messages((CK_MECHANISM){CKM_SHA256_RSA_PKCS_PSS, &pss, sizeof pss}, private_key, public_key, true);
}

static void A_key_is_wrapped_together_with_data_beside_it(void) {
  CK_OBJECT_HANDLE under = aead_key(), key = aead_key(), back = 0;
  CK_BYTE iv[12] = {5}, wrapped[64], aad[] = "bound to this", other[] = "bound to that";
  CK_OBJECT_CLASS class = CKO_SECRET_KEY;
  CK_KEY_TYPE type = CKK_AES;
  CK_ATTRIBUTE t[] = {ATTRIBUTE(CKA_CLASS, class), ATTRIBUTE(CKA_KEY_TYPE, type)};
  CK_GCM_PARAMS plain = {iv, sizeof iv, 96, NULL, 0, 128}, with_data = {iv, sizeof iv, 96, aad, 13, 128};
  CK_GCM_WRAP_PARAMS drawn = {iv, sizeof iv, 0, CKG_GENERATE, NULL, 0, 128};
  CK_MECHANISM fixed = {CKM_AES_GCM, &plain, sizeof plain}, generated = {CKM_AES_GCM, &drawn, sizeof drawn},
               twice = {CKM_AES_GCM, &with_data, sizeof with_data}, kw = {CKM_AES_KEY_WRAP, NULL, 0};
  for (int i = 0; i < 2; i++) {
    CK_ULONG size = 0;
    CK_BYTE before[12];
    memcpy(before, iv, 12);
    CALL_OK(f32->C_WrapKeyAuthenticated(session, i ? &generated : &fixed, under, key, aad, 13, NULL, &size));
    CHECK_EQUAL(size, 48);
    CALL_OK(f32->C_WrapKeyAuthenticated(session, i ? &generated : &fixed, under, key, aad, 13, wrapped, &size));
    CHECK(i == 0 || memcmp(iv, before, 12) != 0);
    expect_refusal(f32->C_UnwrapKeyAuthenticated(session, &fixed, under, wrapped, size, t, 2, other, 13, &back),
                   CKR_WRAPPED_KEY_INVALID, "other data");
    CALL_OK(f32->C_UnwrapKeyAuthenticated(session, &fixed, under, wrapped, size, t, 2, aad, 13, &back));
    // The plain function with the same data in its parameter does the same.
    with_data.pIv = iv;
    CALL_OK(f->C_UnwrapKey(session, &twice, under, wrapped, size, t, 2, &back));
  }
  CK_ULONG size = sizeof wrapped;
  expect_refusal(f32->C_WrapKeyAuthenticated(session, &twice, under, key, aad, 13, wrapped, &size),
                 CKR_MECHANISM_PARAM_INVALID, "data in both places");
  expect_refusal(f32->C_WrapKeyAuthenticated(session, &kw, under, key, aad, 13, wrapped, &size), CKR_MECHANISM_INVALID,
                 "a mechanism that authenticates nothing");
}
