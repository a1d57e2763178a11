// Public, user and security officer sessions, and PINs (PKCS#11 3.2, sections 5.5.8, 5.5.9 and 5.6). Included by
// live.c.

static CK_ULONG state_of(CK_SESSION_HANDLE h) {
  CK_SESSION_INFO info = {.state = 99};
  CHECK_EQUAL(f->C_GetSessionInfo(h, &info), CKR_OK);
  return info.state;
}

static CK_RV login(CK_SESSION_HANDLE h, CK_USER_TYPE type, const char *who) {
  return f->C_Login(h, type, (CK_UTF8CHAR_PTR)who, strlen(who));
}

static CK_RV set_pin(CK_SESSION_HANDLE h, const char *old, const char *new) {
  return f->C_SetPIN(h, (CK_UTF8CHAR_PTR)old, strlen(old), (CK_UTF8CHAR_PTR) new, strlen(new));
}

static CK_RV init_pin(const char *new) { return f->C_InitPIN(session, (CK_UTF8CHAR_PTR) new, strlen(new)); }

static void Sessions_go_through_the_states_of_the_standard(void) {
  CK_SESSION_HANDLE reads = 0, other = 0;
  CHECK_EQUAL(f->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &reads), CKR_OK);
  CHECK_EQUAL(state_of(reads), CKS_RO_USER_FUNCTIONS);
  CHECK_EQUAL(state_of(session), CKS_RW_USER_FUNCTIONS);
  CHECK_EQUAL(login(session, CKU_SO, admin_pin), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
  CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  CHECK_EQUAL(state_of(reads), CKS_RO_PUBLIC_SESSION);
  CHECK_EQUAL(state_of(session), CKS_RW_PUBLIC_SESSION);
  CHECK_EQUAL(login(session, CKU_SO, admin_pin), CKR_SESSION_READ_ONLY_EXISTS);
  CHECK_EQUAL(f->C_CloseSession(reads), CKR_OK);
  CHECK_EQUAL(login(session, CKU_SO, admin_pin), CKR_OK);
  CHECK_EQUAL(state_of(session), CKS_RW_SO_FUNCTIONS);
  expect_refusal(f->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &other), CKR_SESSION_READ_WRITE_SO_EXISTS,
                 "a read-only session beside an admin");
  CHECK_EQUAL(f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &other), CKR_OK);
  CHECK_EQUAL(state_of(other), CKS_RW_SO_FUNCTIONS);
  CHECK_EQUAL(login(other, CKU_USER, pin), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
  // An admin manages users and never touches keys.
  CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
  CK_ULONG bytes = 32;
  CK_ATTRIBUTE t = ATTRIBUTE(CKA_VALUE_LEN, bytes);
  CK_OBJECT_HANDLE key = 0;
  expect_refusal(f->C_GenerateKey(session, &generate, &t, 1, &key), CKR_USER_NOT_LOGGED_IN, "an admin's key");
  CHECK_EQUAL(f->C_CloseSession(other), CKR_OK);
  CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  expect_refusal(login(session, 7, pin), CKR_USER_TYPE_INVALID, "a user type of nobody");
  expect_refusal(login(session, CKU_CONTEXT_SPECIFIC, pin), CKR_USER_NOT_LOGGED_IN, "once more, of nobody");
  CHECK_EQUAL(login(session, CKU_USER, pin), CKR_OK);
}

static void An_admin_makes_a_user_and_gives_it_a_new_password(void) {
  expect_refusal(init_pin("live_user:live-password-1"), CKR_USER_NOT_LOGGED_IN, "C_InitPIN by a crypto user");
  CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  expect_refusal(init_pin("live_user:live-password-1"), CKR_USER_NOT_LOGGED_IN, "C_InitPIN by nobody");
  CHECK_EQUAL(login(session, CKU_SO, admin_pin), CKR_OK);
  expect_refusal(init_pin("live-password-1"), CKR_PIN_INVALID, "a PIN of nobody");
  expect_refusal(init_pin("live_user:short"), CKR_PIN_LEN_RANGE, "a short password");
  CHECK_EQUAL(init_pin("live_user:live-password-1"), CKR_OK);
  CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  CHECK_EQUAL(login(session, CKU_USER, "live_user:live-password-1"), CKR_OK);
  CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  for (int i = 0; i < 5; i++) CHECK_EQUAL(login(session, CKU_USER, "live_user:wrong-password"), CKR_PIN_INCORRECT);
  expect_refusal(login(session, CKU_USER, "live_user:live-password-1"), CKR_PIN_LOCKED, "after five wrong passwords");
  CHECK_EQUAL(login(session, CKU_SO, admin_pin), CKR_OK);
  CHECK_EQUAL(init_pin("live_user:live-password-2"), CKR_OK);
  CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  CHECK_EQUAL(login(session, CKU_USER, "live_user:live-password-1"), CKR_PIN_INCORRECT);
  const char name[] = "live_user", password[] = "live-password-2";
  CHECK_EQUAL(f32->C_LoginUser(session, CKU_USER, (CK_UTF8CHAR_PTR)password, strlen(password), (CK_UTF8CHAR_PTR)name,
                               strlen(name)),
              CKR_OK);
  CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  CHECK_EQUAL(login(session, CKU_USER, pin), CKR_OK);
}

static void A_user_changes_its_own_password_logged_in_or_not(void) {
  CK_SESSION_HANDLE reads = 0;
  CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  expect_refusal(set_pin(session, "live_user:wrong-password", "live_user:live-password-3"), CKR_PIN_INCORRECT,
                 "a wrong old PIN");
  expect_refusal(set_pin(session, "live_user:live-password-2", "another:live-password-3"), CKR_PIN_INCORRECT,
                 "a new PIN of another");
  expect_refusal(set_pin(session, "live_user:live-password-2", "live_user:short"), CKR_PIN_LEN_RANGE, "a short one");
  CHECK_EQUAL(set_pin(session, "live_user:live-password-2", "live_user:live-password-3"), CKR_OK);
  CHECK_EQUAL(state_of(session), CKS_RW_PUBLIC_SESSION);
  CHECK_EQUAL(login(session, CKU_USER, "live_user:live-password-3"), CKR_OK);
  CHECK_EQUAL(f->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &reads), CKR_OK);
  expect_refusal(set_pin(reads, "live-password-3", "live-password-4"), CKR_SESSION_READ_ONLY, "a read-only session");
  CHECK_EQUAL(f->C_CloseSession(reads), CKR_OK);
  CHECK_EQUAL(set_pin(session, "live-password-3", "live-password-4"), CKR_OK);
  CHECK_EQUAL(state_of(session), CKS_RW_USER_FUNCTIONS);
  CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  CHECK_EQUAL(login(session, CKU_USER, "live_user:live-password-4"), CKR_OK);
  CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  CHECK_EQUAL(login(session, CKU_USER, pin), CKR_OK);
}
