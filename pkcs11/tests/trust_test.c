// Whom the library trusts, and what it does when its configuration is wrong or changes.
#include <unistd.h>

#include "check.h"
#include "mock_hsm.h"
#include "pkcs11.h"

static struct mock_hsm hsm, other;
static const CK_SLOT_ID slot = 0x2000000000000001;
static char path[128];

static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";

static void write_config(const char *ca_directory, int port, const char *key_hash, const char *cluster) {
  FILE *file = fopen(path, "w");
  fprintf(file,
          "{\"clusters\":[{\"cluster_id\":\"%s\",\"ca_file\":\"%s/"
          "ca.crt\",%s%s%s\"hsms\":[{\"address\":\"127.0.0.1\",\"port\":%d}]}],"
          "\"log\":{\"file\":\"%s/log\",\"level\":\"info\"},\"retry_seconds\":3}",
          cluster, ca_directory, key_hash != NULL ? "\"cluster_key_sha256\":\"" : "", key_hash != NULL ? key_hash : "",
          key_hash != NULL ? "\"," : "", port, hsm.directory);
  fclose(file);
}

static CK_RV open_once(void) {
  CK_SESSION_HANDLE h;
  return C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &h);
}

static int log_says(const char *text) {
  char name[128], *content = calloc(1, 1 << 20);
  snprintf(name, sizeof name, "%s/log", hsm.directory);
  FILE *file = fopen(name, "r");
  int found = file != NULL && fread(content, 1, (1 << 20) - 1, file) > 0 && strstr(content, text) != NULL;
  if (file != NULL) fclose(file);
  free(content);
  return found;
}

static void Another_CA_is_refused_at_once(void) {
  write_config(other.directory, hsm.port, NULL, "cluster-mock");
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  uint64_t before = atomic_load(&hsm.control->connections);
  CHECK_EQUAL(open_once(), CKR_TOKEN_NOT_PRESENT);
  CHECK_EQUAL(atomic_load(&hsm.control->connections) - before, 1);  // and not again and again for retry_seconds
  CHECK(log_says("the server's certificate is not the customer CA's"));
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static void The_right_CA_with_another_key_is_refused(void) {
  write_config(hsm.directory, hsm.port, zeros, "cluster-mock");
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CHECK_EQUAL(open_once(), CKR_TOKEN_NOT_PRESENT);
  CHECK(log_says("not the cluster's key"));
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static void An_expired_certificate_is_refused(void) {
  struct mock_hsm expired;
  mock_certificate_seconds = -30;
  mock_start(&expired, 1);
  mock_certificate_seconds = 86400;
  setenv("STRONGROOM_PKCS11_CONFIG", expired.config, 1);
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CHECK_EQUAL(open_once(), CKR_TOKEN_NOT_PRESENT);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
  char command[256];
  snprintf(command, sizeof command, "grep -q 'certificate has expired' %s/log", expired.directory);
  CHECK_EQUAL(system(command), 0);
  setenv("STRONGROOM_PKCS11_CONFIG", path, 1);
  mock_stop(&expired);
}

static void An_hsm_of_another_cluster_is_refused(void) {
  write_config(hsm.directory, hsm.port, NULL, "cluster-other");
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CHECK_EQUAL(open_once(), CKR_TOKEN_NOT_PRESENT);
  CHECK(log_says("belongs to cluster-mock, not to cluster-other"));
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

// Without a hash in the configuration the first key is kept: the same place that later shows another key, with a
// certificate that the file of the CA vouches for, is refused.
static void The_key_seen_first_is_kept(void) {
  char ours[128], theirs[128], saved[128], command[600];
  write_config(hsm.directory, hsm.port, NULL, "cluster-mock");
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CHECK_EQUAL(open_once(), CKR_OK);
  CHECK(log_says("the first one seen is trusted from now on, SHA-256"));
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
  snprintf(ours, sizeof ours, "%s/ca.crt", hsm.directory);
  snprintf(theirs, sizeof theirs, "%s/ca.crt", other.directory);
  snprintf(saved, sizeof saved, "%s/ca.saved", hsm.directory);
  snprintf(command, sizeof command, "cp %s %s && cat %s >> %s", ours, saved, theirs, ours);
  CHECK_EQUAL(system(command), 0);
  write_config(hsm.directory, other.port, NULL, "cluster-mock");
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CHECK_EQUAL(open_once(), CKR_TOKEN_NOT_PRESENT);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
  CHECK_EQUAL(rename(saved, ours), 0);
}

static void An_address_that_changes_is_found_without_a_restart(void) {
  write_config(hsm.directory, 1, NULL, "cluster-mock");  // nobody listens there
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CHECK_EQUAL(open_once(), CKR_TOKEN_NOT_PRESENT);
  write_config(hsm.directory, hsm.port, NULL, "cluster-mock");
  sleep(1);
  CK_RV rv = open_once();  // may be the one that reads the file again
  if (rv != CKR_OK) rv = open_once();
  CHECK_EQUAL(rv, CKR_OK);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static void CloudHSMs_own_configuration_is_understood(void) {
  FILE *file = fopen(path, "w");
  fprintf(file,
          "{\"clusters\":[{\"type\":\"hsm1\",\"cluster\":{\"hsm_ca_file\":\"%s/"
          "ca.crt\",\"cluster_id\":\"cluster-mock\",\"servers\":["
          "{\"hostname\":\"127.0.0.9\",\"port\":9,\"enable\":false},{\"hostname\":\"127.0.0.1\",\"port\":%d,\"enable\":"
          "true}],"
          "\"options\":{\"disable_key_availability_check\":true}}}],\"logging\":{\"log_type\":\"file\",\"log_file\":\"%"
          "s/log\",\"log_level\":\"info\",\"log_interval\":\"daily\"}}",
          hsm.directory, hsm.port, hsm.directory);
  fclose(file);
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CHECK_EQUAL(open_once(), CKR_OK);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

// CloudHSM's multi-slot configuration: two clusters, each its own CA, users, sessions and login.
static void Each_cluster_has_a_slot_of_its_own(void) {
  FILE *file = fopen(path, "w");
  fputs("{\"clusters\":[", file);
  for (int i = 0; i < 2; i++)
    fprintf(file,
            "%s{\"type\":\"hsm1\",\"cluster\":{\"hsm_ca_file\":\"%s/ca.crt\",\"servers\":["
            "{\"hostname\":\"127.0.0.1\",\"port\":%d,\"enable\":true}]}}",
            i ? "," : "", i ? other.directory : hsm.directory, i ? other.port : hsm.port);
  fputs("]}", file);
  fclose(file);
  mock_reset(&hsm);
  mock_reset(&other);
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CK_SLOT_ID slots[3];
  CK_ULONG count = 3;
  CHECK_EQUAL(C_GetSlotList(CK_TRUE, slots, &count), CKR_OK);
  CHECK_EQUAL(count, 2);
  CHECK_EQUAL(slots[0], slot);
  CHECK_EQUAL(slots[1], slot + 1);
  CK_SESSION_HANDLE first, second;
  CK_SESSION_INFO info;
  CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &first), CKR_OK);
  CHECK_EQUAL(C_OpenSession(slot + 1, CKF_SERIAL_SESSION, NULL, NULL, &second), CKR_OK);
  CHECK_EQUAL(C_Login(second, CKU_USER, (CK_UTF8CHAR_PTR) "user:password", 13), CKR_OK);
  CHECK_EQUAL(atomic_load(&hsm.control->logins), 0);
  CHECK_EQUAL(atomic_load(&other.control->logins), 1);
  CHECK_EQUAL(C_CloseAllSessions(slot), CKR_OK);
  CHECK_EQUAL(C_GetSessionInfo(first, &info), CKR_SESSION_HANDLE_INVALID);
  CHECK_EQUAL(C_GetSessionInfo(second, &info), CKR_OK);
  CHECK_EQUAL(info.slotID, slot + 1);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static void A_configuration_that_can_not_be_used_is_named(void) {
  static const char *const bad[] = {
      "",
      "{",
      "{}",
      "{\"clusters\":[]}",
      "{\"clusters\":[{\"ca_file\":\"/nonexistent\",\"hsms\":[{\"address\":\"127.0.0.1\"}]}]}",
      "{\"clusters\":[{\"ca_file\":\"/etc/hostname\",\"hsms\":[]}]}",
      "{\"clusters\":[{\"hsms\":[{\"address\":\"a\",\"port\":70000}]}]}"};
  // A process of its own: this one has read a good configuration and would stay with it.
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    FILE *file = fopen(path, "w");
    fputs(bad[i], file);
    fclose(file);
    char command[512];
    snprintf(command, sizeof command, "STRONGROOM_PKCS11_CONFIG=%s /proc/%d/exe initialise 2>%s.err; test $? -eq 5",
             path, (int)getpid(), path);
    CHECK_EQUAL(system(command), 0);
  }
  char name[160];
  snprintf(name, sizeof name, "%s.err", path);
  unlink(name);
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "initialise") == 0) return (int)C_Initialize(NULL);
  mock_start(&hsm, 0);
  struct mock_hsm first = hsm;
  mock_start(&other, 0);
  hsm = first;
  snprintf(path, sizeof path, "%s/config.json", hsm.directory);
  setenv("STRONGROOM_PKCS11_CONFIG", path, 1);
  RUN(Another_CA_is_refused_at_once);
  RUN(The_right_CA_with_another_key_is_refused);
  RUN(An_expired_certificate_is_refused);
  RUN(An_hsm_of_another_cluster_is_refused);
  RUN(The_key_seen_first_is_kept);
  RUN(An_address_that_changes_is_found_without_a_restart);
  RUN(CloudHSMs_own_configuration_is_understood);
  RUN(Each_cluster_has_a_slot_of_its_own);
  RUN(A_configuration_that_can_not_be_used_is_named);
  mock_stop(&hsm);
  mock_stop(&other);
  return CHECK_END();
}
