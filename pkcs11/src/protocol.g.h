/* Generated from protocol.json by tools/ProtocolGenerator. Do not edit. */
#ifndef STRONGROOM_PROTOCOL_G_H
#define STRONGROOM_PROTOCOL_G_H

#include "cbor.h"

#define SR_LIMIT_FRAME 1114112u
#define SR_LIMIT_DATA 1048576u
#define SR_LIMIT_DEPTH 8u
#define SR_LIMIT_BATCH 128u
#define SR_ALPN "strongroom/1"
#define SR_PROTOCOL_VERSION 1u

/* What an operation does with a key. */
#define SR_USE_ENCRYPT 1u
#define SR_USE_DECRYPT 2u
#define SR_USE_SIGN 3u
#define SR_USE_VERIFY 4u
#define SR_USE_DIGEST 5u
#define SR_USE_SIGN_RECOVER 6u
#define SR_USE_VERIFY_RECOVER 7u
#define SR_USE_WRAP 8u
#define SR_USE_UNWRAP 9u
#define SR_USE_DERIVE 10u
#define SR_USE_ENCAPSULATE 11u
#define SR_USE_DECAPSULATE 12u

/* The shape of a mechanism's parameter; the HSM announces it with each mechanism, so that a client needs no table of mechanisms. */
#define SR_SHAPE_NONE 0u
#define SR_SHAPE_BYTES 1u
#define SR_SHAPE_GCM 2u
#define SR_SHAPE_PSS 3u
#define SR_SHAPE_OAEP 4u
#define SR_SHAPE_CTR 5u
#define SR_SHAPE_CCM 6u
#define SR_SHAPE_ECDH 7u
#define SR_SHAPE_EDDSA 8u
#define SR_SHAPE_LENGTH 9u
#define SR_SHAPE_RSA_AES_WRAP 10u
#define SR_SHAPE_HKDF 11u
#define SR_SHAPE_SP800108 12u
#define SR_SHAPE_PBKDF2 13u
#define SR_SHAPE_SIGN_CONTEXT 14u
#define SR_SHAPE_OPTIONAL_BYTES 15u
#define SR_SHAPE_SP800108_FEEDBACK 16u
#define SR_SHAPE_CLOUD_HSM_SP800108 17u

/* Who logs in; the numbers of PKCS#11's CK_USER_TYPE. */
#define SR_USER_TYPE_SO 0u
#define SR_USER_TYPE_USER 1u
#define SR_USER_TYPE_CONTEXT_SPECIFIC 2u

/* Roles inside a cluster. */
#define SR_ROLE_ADMIN 1u
#define SR_ROLE_CRYPTO_USER 2u
#define SR_ROLE_APPLIANCE_USER 3u
#define SR_ROLE_UNACTIVATED_ADMIN 4u

/* A step of a key search. The first five look at one attribute of a key and push true or false; the others take from the stack what was pushed before. */
#define SR_QUERY_OPERATOR_EQUAL 1u
#define SR_QUERY_OPERATOR_BELOW 2u
#define SR_QUERY_OPERATOR_ABOVE 3u
#define SR_QUERY_OPERATOR_LIKE 4u
#define SR_QUERY_OPERATOR_PRESENT 5u
#define SR_QUERY_OPERATOR_AND 16u
#define SR_QUERY_OPERATOR_OR 17u
#define SR_QUERY_OPERATOR_NOT 18u

/* What approvals are for. */
#define SR_QUORUM_SERVICE_USER 1u
#define SR_QUORUM_SERVICE_QUORUM 2u
#define SR_QUORUM_SERVICE_CLUSTER 3u
#define SR_QUORUM_SERVICE_KEY_USAGE 4u
#define SR_QUORUM_SERVICE_KEY_MANAGEMENT 5u

/* Where an HSM stands in its life. Sealed: it waits for its root of trust. Blank: it has no cluster yet. Unaccepted: its store is older than it remembers, or restored, and an admin has to accept it. */
#define SR_HSM_STATE_BLANK 1u
#define SR_HSM_STATE_SEALED 2u
#define SR_HSM_STATE_UNINITIALIZED 3u
#define SR_HSM_STATE_INITIALIZED 4u
#define SR_HSM_STATE_ACTIVE 5u
#define SR_HSM_STATE_FAILED 6u
#define SR_HSM_STATE_UNACCEPTED 7u

#define SR_FUNCTION_HELLO 1u
#define SR_FUNCTION_ATTACH 2u
#define SR_FUNCTION_ECHO 3u
#define SR_FUNCTION_LOGIN 10u
#define SR_FUNCTION_LOGOUT 11u
#define SR_FUNCTION_RENEW_TICKET 12u
#define SR_FUNCTION_SET_PIN 13u
#define SR_FUNCTION_INIT_PIN 14u
#define SR_FUNCTION_GET_TOKEN_INFO 20u
#define SR_FUNCTION_GET_MECHANISMS 21u
#define SR_FUNCTION_OPEN_SESSION 30u
#define SR_FUNCTION_CLOSE_SESSION 31u
#define SR_FUNCTION_CLOSE_ALL_SESSIONS 32u
#define SR_FUNCTION_GET_SESSION_INFO 33u
#define SR_FUNCTION_CREATE_OBJECT 40u
#define SR_FUNCTION_COPY_OBJECT 41u
#define SR_FUNCTION_DESTROY_OBJECT 42u
#define SR_FUNCTION_GET_ATTRIBUTES 43u
#define SR_FUNCTION_SET_ATTRIBUTES 44u
#define SR_FUNCTION_FIND_OBJECTS 45u
#define SR_FUNCTION_GET_OBJECT_SIZE 46u
#define SR_FUNCTION_GENERATE_KEY 50u
#define SR_FUNCTION_GENERATE_KEY_PAIR 51u
#define SR_FUNCTION_WRAP_KEY 52u
#define SR_FUNCTION_UNWRAP_KEY 53u
#define SR_FUNCTION_DERIVE_KEY 54u
#define SR_FUNCTION_ENCAPSULATE_KEY 55u
#define SR_FUNCTION_DECAPSULATE_KEY 56u
#define SR_FUNCTION_PREPARE 60u
#define SR_FUNCTION_PERFORM 61u
#define SR_FUNCTION_BEGIN 62u
#define SR_FUNCTION_UPDATE 63u
#define SR_FUNCTION_FINISH 64u
#define SR_FUNCTION_CANCEL 65u
#define SR_FUNCTION_GENERATE_RANDOM 70u
#define SR_FUNCTION_SEED_RANDOM 71u
#define SR_FUNCTION_ACTIVATE 80u
#define SR_FUNCTION_CREATE_USER 81u
#define SR_FUNCTION_DELETE_USER 82u
#define SR_FUNCTION_CHANGE_PASSWORD 83u
#define SR_FUNCTION_LIST_USERS 84u
#define SR_FUNCTION_GET_CLUSTER_INFO 85u
#define SR_FUNCTION_BEGIN_QUORUM_REGISTRATION 86u
#define SR_FUNCTION_REGISTER_QUORUM_KEY 87u
#define SR_FUNCTION_BEGIN_MFA_LOGIN 88u
#define SR_FUNCTION_LOGIN_WITH_MFA 89u
#define SR_FUNCTION_BEGIN_MFA_REGISTRATION 90u
#define SR_FUNCTION_CHANGE_MFA 91u
#define SR_FUNCTION_LIST_AUDIT 96u
#define SR_FUNCTION_READ_AUDIT 97u
#define SR_FUNCTION_SHARE_KEY 100u
#define SR_FUNCTION_UNSHARE_KEY 101u
#define SR_FUNCTION_GET_KEY_INFO 102u
#define SR_FUNCTION_SEARCH_KEYS 130u
#define SR_FUNCTION_ATTEST_KEY 131u
#define SR_FUNCTION_GET_HEALTH 132u
#define SR_FUNCTION_REQUEST_CERTIFICATE 133u
#define SR_FUNCTION_INSTALL_CERTIFICATE 134u
#define SR_FUNCTION_GET_SETTINGS 170u
#define SR_FUNCTION_SET_SETTINGS 171u
#define SR_FUNCTION_GENERATE_QUORUM_TOKEN 103u
#define SR_FUNCTION_APPROVE_QUORUM_TOKEN 104u
#define SR_FUNCTION_LIST_QUORUM_TOKENS 105u
#define SR_FUNCTION_DELETE_QUORUM_TOKENS 106u
#define SR_FUNCTION_GET_QUORUM_SETTINGS 107u
#define SR_FUNCTION_SET_QUORUM_VALUE 108u
#define SR_FUNCTION_SET_QUORUM_TIMEOUTS 109u
#define SR_FUNCTION_REGISTER_TRUST_ANCHOR 110u
#define SR_FUNCTION_DEREGISTER_TRUST_ANCHOR 111u
#define SR_FUNCTION_LIST_TRUST_ANCHORS 112u
#define SR_FUNCTION_GET_MTLS_ENFORCEMENT 113u
#define SR_FUNCTION_SET_MTLS_ENFORCEMENT 114u

/* One attribute of a template. A leaf carries the value as PKCS#11 lays it out on a little-endian 64-bit machine (CK_ULONG: 8 bytes; CK_BBOOL: 1 byte); an array attribute of templates carries a list in its place. */
typedef struct sr_attribute {
    uint64_t type; /* CK_ATTRIBUTE_TYPE */
    sr_bytes value; /* a leaf's value */
    struct { const struct sr_attribute *items; size_t count; bool present; } nested; /* CKA_WRAP_TEMPLATE and its like; one level */
} sr_attribute;

/* One attribute as read. The other attributes are never lost when one fails. */
typedef struct sr_attribute_result {
    uint64_t type; /* CK_ATTRIBUTE_TYPE */
    uint64_t rv; /* CKR_OK, CKR_ATTRIBUTE_SENSITIVE or CKR_ATTRIBUTE_TYPE_INVALID */
    sr_bytes value; /* a leaf's value */
    struct { const struct sr_attribute *items; size_t count; bool present; } nested; /* a template's attributes */
} sr_attribute_result;

/* One CK_PRF_DATA_PARAM of an SP 800-108 derivation. */
typedef struct sr_derivation_part {
    uint64_t kind; /* CK_PRF_DATA_TYPE */
    sr_bytes value; /* a byte array's bytes */
    bool little_endian; /* byte order of a counter or length */
    uint64_t width_in_bits; /* width of a counter or length */
    uint64_t method; /* CK_SP800_108_DKM_LENGTH_METHOD */
} sr_derivation_part;

/* A mechanism with its parameter. Which fields count follows from the shape; the others are absent. */
typedef struct sr_mechanism {
    uint64_t number; /* CK_MECHANISM_TYPE */
    uint64_t shape; /* Shape */
    sr_bytes iv; /* Bytes and OptionalBytes: the parameter itself; Gcm, Ccm: IV or nonce; Ctr: counter block; Oaep: label; Ecdh: the other side's public point; Eddsa, SignContext: context; Hkdf, Pbkdf2: salt; Sp800108Feedback: IV */
    sr_bytes aad; /* Gcm, Ccm: associated data; Ecdh: shared data; Hkdf: info */
    struct { uint64_t value; bool present; } bits; /* Gcm: tag bits; Ctr: counter bits; Ccm: tag bytes; Pss: salt bytes; Length: output bytes; RsaAesWrap: AES key bits; Pbkdf2: iterations; Eddsa: 1 for the prehash form, 2 for the prehash form of a digest; SignContext: hedge variant; Hkdf: bit 0 extract, bit 1 expand */
    struct { uint64_t value; bool present; } hash; /* Pss, Oaep, RsaAesWrap, SignContext, Hkdf: hash mechanism; Gcm, Ccm: CK_GENERATOR_FUNCTION of the IV, absent where the caller did not name one; Ecdh: key derivation function; Sp800108, Pbkdf2: pseudo-random function */
    struct { uint64_t value; bool present; } mgf; /* Pss, Oaep, RsaAesWrap: mask generation function; Gcm, Ccm: how many bits of the IV stay when a generator makes the rest; Hkdf: salt type */
    struct { uint64_t value; bool present; } length; /* Ccm: length of the data in bytes; Hkdf: handle of the salt key */
    struct { const struct sr_derivation_part *items; size_t count; bool present; } parts; /* Sp800108, Sp800108Feedback and CloudHsmSp800108: the data parameters in order */
} sr_mechanism;

/* What C_GetMechanismInfo tells, and the parameter's shape. */
typedef struct sr_mechanism_info {
    uint64_t number; /* CK_MECHANISM_TYPE */
    uint64_t min_key_size; /* in the mechanism's own unit */
    uint64_t max_key_size; /* in the mechanism's own unit */
    uint64_t flags; /* CKF_… of CK_MECHANISM_INFO */
    uint64_t shape; /* Shape */
    bool multipart; /* whether Begin, Update and Finish work */
} sr_mechanism_info;

/* One user of a cluster, as anyone may list it. */
typedef struct sr_user {
    sr_bytes name; /* lower case */
    uint64_t role; /* Role */
    bool locked; /* after five wrong passwords */
    bool multi_factor; /* whether a login takes a signature beside the password */
    bool approves; /* whether a key for approvals is registered */
} sr_user;

/* A crypto-user beside a key. */
typedef struct sr_key_user {
    sr_bytes name; /* lower case */
} sr_key_user;

/* One step of a key search. */
typedef struct sr_query_term {
    uint64_t operator; /* QueryOperator */
    struct { uint64_t value; bool present; } type; /* CK_ATTRIBUTE_TYPE, where the step looks at one */
    sr_bytes value; /* what it is compared with, laid out as in Attribute; Like: a pattern of bytes, * for any and ? for one */
} sr_query_term;

/* A key that a search found. */
typedef struct sr_found_key {
    uint64_t handle;
    struct { const struct sr_attribute_result *items; size_t count; bool present; } attributes; /* in the order asked */
} sr_found_key;

/* One admin's word over the control socket. */
typedef struct sr_admin_word {
    sr_bytes user; /* an admin, as the store has it */
    sr_bytes password; /* UTF-8 */
    sr_bytes signature; /* of an admin with a second factor, by that key over the 32 bytes that a refusal without it names; else empty */
} sr_admin_word;

/* One user's signature of a token. */
typedef struct sr_approval {
    sr_bytes user; /* lower case */
    uint64_t role; /* Role */
    sr_bytes signature; /* over the token, by the user's registered key */
} sr_approval;

/* A CA whose clients the cluster knows. */
typedef struct sr_trust_anchor {
    uint64_t reference; /* from 1 */
    sr_bytes certificates; /* PEM: issuing CA first, root last */
} sr_trust_anchor;

/* A live token. */
typedef struct sr_quorum_token {
    sr_bytes user; /* who generated it */
    uint64_t role; /* Role */
    uint64_t service; /* QuorumService */
    uint64_t key; /* handle; 0 for the admins' services */
    uint64_t required; /* approvals that it takes */
    uint64_t approvals; /* valid approvals that were shown with it */
    uint64_t seconds; /* how long it is still good for */
} sr_quorum_token;

/* One file of an audit log. */
typedef struct sr_audit_segment {
    uint64_t number; /* from 1 */
    uint64_t bytes; /* that can be read now */
    bool compressed; /* gzip */
    bool finished; /* nothing more will be written to it */
    uint64_t first_sequence; /* number of its first event */
    uint64_t opened; /* microseconds since 1970: no event in it is older */
} sr_audit_segment;

/* A certificate that the HSM or its cluster lives by, and when it ends. */
typedef struct sr_certificate_life {
    sr_bytes name; /* which one: cluster, customer-ca, hardware-owner, hardware-manufacturer */
    sr_bytes subject; /* RFC 4514 */
    uint64_t not_after; /* seconds since 1970 */
    uint64_t warning; /* 60, 30 or 7 once it ends within so many days; 0 before */
} sr_certificate_life;

/* One counter or gauge, by the name that /metrics gives it. */
typedef struct sr_counter {
    sr_bytes name; /* the metric's name */
    uint64_t value; /* the value, rounded down */
} sr_counter;

/* First frame of a connection. Names the instance; the HSM answers with a challenge. Before Attach nothing else is served. */
typedef struct sr_hello_request {
    struct { const uint64_t *items; size_t count; bool present; } versions; /* protocol versions the client speaks */
    sr_bytes instance; /* Ed25519 public key of the instance, 32 bytes */
    sr_bytes client; /* client's name and version, for logs */
} sr_hello_request;

/* Answers Hello. */
typedef struct sr_hello_reply {
    uint64_t version; /* the version chosen */
    sr_bytes challenge; /* 32 random bytes, used once */
    sr_bytes cluster; /* cluster id */
    sr_bytes hsm; /* HSM id */
    uint64_t max_frame; /* largest frame the HSM reads, in bytes */
} sr_hello_reply;
bool sr_write_hello(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_hello_request *r);
bool sr_read_hello(sr_reader *r, sr_arena *a, sr_hello_reply *out);

/* Proves the instance's key: an Ed25519 signature over 'strongroom attach v1' 0x00, the challenge, the cluster id, 0x00, the HSM id. A ticket brings its login along; a ticket that is no longer good is answered CKR_OK with loggedIn false and the cause. */
typedef struct sr_attach_request {
    sr_bytes signature; /* Ed25519, 64 bytes */
    sr_bytes ticket; /* from Login or RenewTicket */
} sr_attach_request;

/* Answers Attach. */
typedef struct sr_attach_reply {
    bool logged_in; /* whether the instance is logged in now */
    sr_bytes cause; /* why a ticket was not taken */
} sr_attach_reply;
bool sr_write_attach(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_attach_request *r);
bool sr_read_attach(sr_reader *r, sr_arena *a, sr_attach_reply *out);

/* Returns the data; for measurements and liveness. */
typedef struct sr_echo_request {
    sr_bytes data; /* anything */
} sr_echo_request;

/* Answers Echo. */
typedef struct sr_echo_reply {
    sr_bytes data; /* the same */
} sr_echo_reply;
bool sr_write_echo(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_echo_request *r);
bool sr_read_echo(sr_reader *r, sr_arena *a, sr_echo_reply *out);

/* C_Login. The login holds for every session of the instance. */
typedef struct sr_login_request {
    uint64_t user_type; /* UserType */
    sr_bytes pin; /* 'user:password', UTF-8 */
} sr_login_request;

/* Answers Login. */
typedef struct sr_login_reply {
    sr_bytes ticket; /* opaque; shown at Attach */
    uint64_t lifetime; /* seconds that the ticket is good for */
} sr_login_reply;
bool sr_write_login(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_login_request *r);
bool sr_read_login(sr_reader *r, sr_arena *a, sr_login_reply *out);

/* C_Logout. */
typedef struct sr_logout_request {
    char unused; /* no fields */
} sr_logout_request;

/* Answers Logout. */
typedef struct sr_logout_reply {
    char unused; /* no fields */
} sr_logout_reply;
bool sr_write_logout(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_logout_request *r);
bool sr_read_logout(sr_reader *r, sr_arena *a, sr_logout_reply *out);

/* A fresh ticket for the same login, until 24 hours after the password was given. */
typedef struct sr_renew_ticket_request {
    char unused; /* no fields */
} sr_renew_ticket_request;

/* Answers RenewTicket. */
typedef struct sr_renew_ticket_reply {
    sr_bytes ticket; /* opaque */
    uint64_t lifetime; /* seconds */
} sr_renew_ticket_reply;
bool sr_write_renew_ticket(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_renew_ticket_request *r);
bool sr_read_renew_ticket(sr_reader *r, sr_arena *a, sr_renew_ticket_reply *out);

/* C_SetPIN: the logged-in user's own password. */
typedef struct sr_set_pin_request {
    uint64_t session; /* session id */
    sr_bytes old_pin; /* 'user:password' or the password */
    sr_bytes new_pin; /* the same form */
} sr_set_pin_request;

/* Answers SetPin. */
typedef struct sr_set_pin_reply {
    char unused; /* no fields */
} sr_set_pin_reply;
bool sr_write_set_pin(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_set_pin_request *r);
bool sr_read_set_pin(sr_reader *r, sr_arena *a, sr_set_pin_reply *out);

/* C_InitPIN, by an admin: makes the crypto-user that the PIN names, or gives it this password and unlocks it. */
typedef struct sr_init_pin_request {
    uint64_t session; /* session id */
    sr_bytes pin; /* 'user:password', UTF-8 */
} sr_init_pin_request;

/* Answers InitPin. */
typedef struct sr_init_pin_reply {
    char unused; /* no fields */
} sr_init_pin_reply;
bool sr_write_init_pin(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_init_pin_request *r);
bool sr_read_init_pin(sr_reader *r, sr_arena *a, sr_init_pin_reply *out);

/* What C_GetTokenInfo and C_GetSlotInfo need. */
typedef struct sr_get_token_info_request {
    char unused; /* no fields */
} sr_get_token_info_request;

/* Answers GetTokenInfo. */
typedef struct sr_get_token_info_reply {
    sr_bytes label; /* token label */
    sr_bytes model;
    sr_bytes serial;
    uint64_t flags; /* CKF_… of CK_TOKEN_INFO */
    uint64_t max_sessions; /* per instance */
    uint64_t sessions; /* open in this instance */
    uint64_t rw_sessions; /* of them read-write */
    uint64_t min_pin; /* bytes, user name and colon counted */
    uint64_t max_pin; /* bytes */
    uint64_t firmware_major;
    uint64_t firmware_minor;
    sr_bytes utc_time; /* YYYYMMDDhhmmss00 */
} sr_get_token_info_reply;
bool sr_write_get_token_info(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_token_info_request *r);
bool sr_read_get_token_info(sr_reader *r, sr_arena *a, sr_get_token_info_reply *out);

/* The whole mechanism list with its details. */
typedef struct sr_get_mechanisms_request {
    char unused; /* no fields */
} sr_get_mechanisms_request;

/* Answers GetMechanisms. */
typedef struct sr_get_mechanisms_reply {
    struct { const struct sr_mechanism_info *items; size_t count; bool present; } mechanisms;
} sr_get_mechanisms_reply;
bool sr_write_get_mechanisms(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_mechanisms_request *r);
bool sr_read_get_mechanisms(sr_reader *r, sr_arena *a, sr_get_mechanisms_reply *out);

/* C_OpenSession. The id is the client's choice: a number never used before in the instance, times two, plus one if read-write. A session that the HSM does not know (it was restarted) is opened by its first use. */
typedef struct sr_open_session_request {
    uint64_t session; /* session id */
} sr_open_session_request;

/* Answers OpenSession. */
typedef struct sr_open_session_reply {
    char unused; /* no fields */
} sr_open_session_reply;
bool sr_write_open_session(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_open_session_request *r);
bool sr_read_open_session(sr_reader *r, sr_arena *a, sr_open_session_reply *out);

/* Ends the session, its operations and its session objects. */
typedef struct sr_close_session_request {
    uint64_t session; /* session id */
} sr_close_session_request;

/* Answers CloseSession. */
typedef struct sr_close_session_reply {
    char unused; /* no fields */
} sr_close_session_reply;
bool sr_write_close_session(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_close_session_request *r);
bool sr_read_close_session(sr_reader *r, sr_arena *a, sr_close_session_reply *out);

/* All of the instance's; logs it out. */
typedef struct sr_close_all_sessions_request {
    char unused; /* no fields */
} sr_close_all_sessions_request;

/* Answers CloseAllSessions. */
typedef struct sr_close_all_sessions_reply {
    char unused; /* no fields */
} sr_close_all_sessions_reply;
bool sr_write_close_all_sessions(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_close_all_sessions_request *r);
bool sr_read_close_all_sessions(sr_reader *r, sr_arena *a, sr_close_all_sessions_reply *out);

/*  */
typedef struct sr_get_session_info_request {
    uint64_t session; /* session id */
} sr_get_session_info_request;

/* Answers GetSessionInfo. */
typedef struct sr_get_session_info_reply {
    uint64_t state; /* CK_STATE */
} sr_get_session_info_reply;
bool sr_write_get_session_info(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_session_info_request *r);
bool sr_read_get_session_info(sr_reader *r, sr_arena *a, sr_get_session_info_reply *out);

/* C_CreateObject. */
typedef struct sr_create_object_request {
    uint64_t session; /* session id */
    uint64_t creation; /* the instance's number of this creation; a retry with the same number returns the same handle */
    struct { const struct sr_attribute *items; size_t count; bool present; } template;
} sr_create_object_request;

/* Answers CreateObject. */
typedef struct sr_create_object_reply {
    uint64_t handle;
} sr_create_object_reply;
bool sr_write_create_object(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_create_object_request *r);
bool sr_read_create_object(sr_reader *r, sr_arena *a, sr_create_object_reply *out);

/* C_CopyObject. */
typedef struct sr_copy_object_request {
    uint64_t session; /* session id */
    uint64_t creation; /* as in CreateObject */
    uint64_t handle;
    struct { const struct sr_attribute *items; size_t count; bool present; } template;
} sr_copy_object_request;

/* Answers CopyObject. */
typedef struct sr_copy_object_reply {
    uint64_t handle; /* the copy */
} sr_copy_object_reply;
bool sr_write_copy_object(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_copy_object_request *r);
bool sr_read_copy_object(sr_reader *r, sr_arena *a, sr_copy_object_reply *out);

/* C_DestroyObject. */
typedef struct sr_destroy_object_request {
    uint64_t session; /* session id */
    uint64_t creation; /* as in CreateObject: a retry is answered as the first try was */
    uint64_t handle;
} sr_destroy_object_request;

/* Answers DestroyObject. */
typedef struct sr_destroy_object_reply {
    char unused; /* no fields */
} sr_destroy_object_reply;
bool sr_write_destroy_object(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_destroy_object_request *r);
bool sr_read_destroy_object(sr_reader *r, sr_arena *a, sr_destroy_object_reply *out);

/* C_GetAttributeValue. */
typedef struct sr_get_attributes_request {
    uint64_t session; /* session id */
    uint64_t handle;
    struct { const uint64_t *items; size_t count; bool present; } types; /* CK_ATTRIBUTE_TYPE each */
} sr_get_attributes_request;

/* Answers GetAttributes. */
typedef struct sr_get_attributes_reply {
    struct { const struct sr_attribute_result *items; size_t count; bool present; } results; /* in the order asked */
} sr_get_attributes_reply;
bool sr_write_get_attributes(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_attributes_request *r);
bool sr_read_get_attributes(sr_reader *r, sr_arena *a, sr_get_attributes_reply *out);

/* C_SetAttributeValue. */
typedef struct sr_set_attributes_request {
    uint64_t session; /* session id */
    uint64_t handle;
    struct { const struct sr_attribute *items; size_t count; bool present; } template;
} sr_set_attributes_request;

/* Answers SetAttributes. */
typedef struct sr_set_attributes_reply {
    char unused; /* no fields */
} sr_set_attributes_reply;
bool sr_write_set_attributes(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_set_attributes_request *r);
bool sr_read_set_attributes(sr_reader *r, sr_arena *a, sr_set_attributes_reply *out);

/* A page of the objects that match, in the order of their handles. */
typedef struct sr_find_objects_request {
    uint64_t session; /* session id */
    struct { const struct sr_attribute *items; size_t count; bool present; } template;
    uint64_t after; /* 0, or the last handle of the page before */
    uint64_t limit; /* at most 4096 */
    struct { const uint64_t *items; size_t count; bool present; } key_types; /* CK_KEY_TYPE: keys of other types are left out; empty: none are */
} sr_find_objects_request;

/* Answers FindObjects. */
typedef struct sr_find_objects_reply {
    struct { const uint64_t *items; size_t count; bool present; } handles;
    bool more; /* whether another page may follow */
} sr_find_objects_reply;
bool sr_write_find_objects(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_find_objects_request *r);
bool sr_read_find_objects(sr_reader *r, sr_arena *a, sr_find_objects_reply *out);

/* C_GetObjectSize. */
typedef struct sr_get_object_size_request {
    uint64_t session; /* session id */
    uint64_t handle;
} sr_get_object_size_request;

/* Answers GetObjectSize. */
typedef struct sr_get_object_size_reply {
    uint64_t size; /* bytes */
} sr_get_object_size_reply;
bool sr_write_get_object_size(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_object_size_request *r);
bool sr_read_get_object_size(sr_reader *r, sr_arena *a, sr_get_object_size_reply *out);

/* C_GenerateKey. */
typedef struct sr_generate_key_request {
    uint64_t session; /* session id */
    uint64_t creation; /* as in CreateObject */
    sr_mechanism mechanism;
    struct { const struct sr_attribute *items; size_t count; bool present; } template;
    struct { const struct sr_key_user *items; size_t count; bool present; } share_with; /* crypto-users who may use the new secret or private key at once */
    struct { uint64_t value; bool present; } manage_quorum; /* approvals that managing it will take: 0, or 2 to 8 */
    struct { uint64_t value; bool present; } use_quorum; /* approvals that using it will take: 0, or 2 to 8 */
} sr_generate_key_request;

/* Answers GenerateKey. */
typedef struct sr_generate_key_reply {
    uint64_t handle;
} sr_generate_key_reply;
bool sr_write_generate_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_generate_key_request *r);
bool sr_read_generate_key(sr_reader *r, sr_arena *a, sr_generate_key_reply *out);

/* C_GenerateKeyPair. */
typedef struct sr_generate_key_pair_request {
    uint64_t session; /* session id */
    uint64_t creation; /* as in CreateObject */
    sr_mechanism mechanism;
    struct { const struct sr_attribute *items; size_t count; bool present; } public_template;
    struct { const struct sr_attribute *items; size_t count; bool present; } private_template;
    struct { const struct sr_key_user *items; size_t count; bool present; } share_with; /* crypto-users who may use the new secret or private key at once */
    struct { uint64_t value; bool present; } manage_quorum; /* approvals that managing it will take: 0, or 2 to 8 */
    struct { uint64_t value; bool present; } use_quorum; /* approvals that using it will take: 0, or 2 to 8 */
} sr_generate_key_pair_request;

/* Answers GenerateKeyPair. */
typedef struct sr_generate_key_pair_reply {
    uint64_t public_handle;
    uint64_t private_handle;
} sr_generate_key_pair_reply;
bool sr_write_generate_key_pair(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_generate_key_pair_request *r);
bool sr_read_generate_key_pair(sr_reader *r, sr_arena *a, sr_generate_key_pair_reply *out);

/* C_WrapKey. */
typedef struct sr_wrap_key_request {
    uint64_t session; /* session id */
    sr_mechanism mechanism;
    uint64_t wrapping_key; /* handle */
    uint64_t key; /* handle */
} sr_wrap_key_request;

/* Answers WrapKey. */
typedef struct sr_wrap_key_reply {
    sr_bytes wrapped;
    sr_bytes iv; /* where the HSM drew it: to be written into the caller's parameter */
} sr_wrap_key_reply;
bool sr_write_wrap_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_wrap_key_request *r);
bool sr_read_wrap_key(sr_reader *r, sr_arena *a, sr_wrap_key_reply *out);

/* C_UnwrapKey. */
typedef struct sr_unwrap_key_request {
    uint64_t session; /* session id */
    uint64_t creation; /* as in CreateObject */
    sr_mechanism mechanism;
    uint64_t unwrapping_key; /* handle */
    sr_bytes wrapped;
    struct { const struct sr_attribute *items; size_t count; bool present; } template;
    struct { const struct sr_key_user *items; size_t count; bool present; } share_with; /* crypto-users who may use the new secret or private key at once */
    struct { uint64_t value; bool present; } manage_quorum; /* approvals that managing it will take: 0, or 2 to 8 */
    struct { uint64_t value; bool present; } use_quorum; /* approvals that using it will take: 0, or 2 to 8 */
} sr_unwrap_key_request;

/* Answers UnwrapKey. */
typedef struct sr_unwrap_key_reply {
    uint64_t handle;
} sr_unwrap_key_reply;
bool sr_write_unwrap_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_unwrap_key_request *r);
bool sr_read_unwrap_key(sr_reader *r, sr_arena *a, sr_unwrap_key_reply *out);

/* C_DeriveKey. */
typedef struct sr_derive_key_request {
    uint64_t session; /* session id */
    uint64_t creation; /* as in CreateObject */
    sr_mechanism mechanism;
    uint64_t base_key; /* handle */
    struct { const struct sr_attribute *items; size_t count; bool present; } template;
} sr_derive_key_request;

/* Answers DeriveKey. */
typedef struct sr_derive_key_reply {
    uint64_t handle;
} sr_derive_key_reply;
bool sr_write_derive_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_derive_key_request *r);
bool sr_read_derive_key(sr_reader *r, sr_arena *a, sr_derive_key_reply *out);

/* C_EncapsulateKey (PKCS#11 3.2). */
typedef struct sr_encapsulate_key_request {
    uint64_t session; /* session id */
    uint64_t creation; /* as in CreateObject */
    sr_mechanism mechanism;
    uint64_t public_key; /* handle */
    struct { const struct sr_attribute *items; size_t count; bool present; } template;
} sr_encapsulate_key_request;

/* Answers EncapsulateKey. */
typedef struct sr_encapsulate_key_reply {
    sr_bytes ciphertext;
    uint64_t handle;
} sr_encapsulate_key_reply;
bool sr_write_encapsulate_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_encapsulate_key_request *r);
bool sr_read_encapsulate_key(sr_reader *r, sr_arena *a, sr_encapsulate_key_reply *out);

/* C_DecapsulateKey (PKCS#11 3.2). */
typedef struct sr_decapsulate_key_request {
    uint64_t session; /* session id */
    uint64_t creation; /* as in CreateObject */
    sr_mechanism mechanism;
    uint64_t private_key; /* handle */
    sr_bytes ciphertext;
    struct { const struct sr_attribute *items; size_t count; bool present; } template;
} sr_decapsulate_key_request;

/* Answers DecapsulateKey. */
typedef struct sr_decapsulate_key_reply {
    uint64_t handle;
} sr_decapsulate_key_reply;
bool sr_write_decapsulate_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_decapsulate_key_request *r);
bool sr_read_decapsulate_key(sr_reader *r, sr_arena *a, sr_decapsulate_key_reply *out);

/* Judges an operation before it starts (C_SignInit and its like) and tells how long its output will be. For n bytes of input: fixed, if not 0; else (n + add) rounded up to a multiple of block. */
typedef struct sr_prepare_request {
    uint64_t session; /* session id */
    uint64_t use; /* Use */
    sr_mechanism mechanism;
    uint64_t key; /* handle; 0 for a digest */
} sr_prepare_request;

/* Answers Prepare. */
typedef struct sr_prepare_reply {
    uint64_t fixed; /* bytes */
    uint64_t add; /* bytes */
    uint64_t block; /* bytes, at least 1 */
    uint64_t max_input; /* longest input of a single part, in bytes; 0: no limit */
    bool multipart; /* whether Begin works */
    bool cacheable; /* whether the client may keep this verdict for the same login, key, mechanism and parameter, while the epoch and the key's version stand */
    uint64_t key_version; /* version of the key that was judged */
    bool resends; /* whether Finish may ask for all input once more: the client keeps it */
} sr_prepare_reply;
bool sr_write_prepare(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_prepare_request *r);
bool sr_read_prepare(sr_reader *r, sr_arena *a, sr_prepare_reply *out);

/* A whole operation in one frame. */
typedef struct sr_perform_request {
    uint64_t session; /* session id */
    uint64_t use; /* Use */
    sr_mechanism mechanism;
    uint64_t key; /* handle; 0 for a digest */
    sr_bytes data; /* input */
    sr_bytes signature; /* to verify */
} sr_perform_request;

/* Answers Perform. */
typedef struct sr_perform_reply {
    sr_bytes data; /* output; empty for Verify */
    sr_bytes iv; /* where the HSM drew it: to be written into the caller's parameter */
} sr_perform_reply;
bool sr_write_perform(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_perform_request *r);
bool sr_read_perform(sr_reader *r, sr_arena *a, sr_perform_reply *out);

/* Starts an operation in parts. One operation of each use may be open in a session. */
typedef struct sr_begin_request {
    uint64_t session; /* session id */
    uint64_t use; /* Use */
    sr_mechanism mechanism;
    uint64_t key; /* handle; 0 for a digest */
} sr_begin_request;

/* Answers Begin. */
typedef struct sr_begin_reply {
    sr_bytes iv; /* as in Perform */
} sr_begin_reply;
bool sr_write_begin(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_begin_request *r);
bool sr_read_begin(sr_reader *r, sr_arena *a, sr_begin_reply *out);

/* One part. */
typedef struct sr_update_request {
    uint64_t session; /* session id */
    uint64_t use; /* Use */
    sr_bytes data; /* input */
    struct { uint64_t value; bool present; } key; /* C_DigestKey: the key whose value is the input */
} sr_update_request;

/* Answers Update. */
typedef struct sr_update_reply {
    sr_bytes data; /* output, if any */
} sr_update_reply;
bool sr_write_update(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_update_request *r);
bool sr_read_update(sr_reader *r, sr_arena *a, sr_update_reply *out);

/* Ends an operation in parts. */
typedef struct sr_finish_request {
    uint64_t session; /* session id */
    uint64_t use; /* Use */
    sr_bytes signature; /* to verify */
} sr_finish_request;

/* Answers Finish. */
typedef struct sr_finish_reply {
    sr_bytes data; /* output, if any */
    bool again; /* the input is authentic but was too long to be held back: the operation goes on, and gives its output while the same input is sent once more */
} sr_finish_reply;
bool sr_write_finish(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_finish_request *r);
bool sr_read_finish(sr_reader *r, sr_arena *a, sr_finish_reply *out);

/* Drops an operation in parts; one that is not open is no error. */
typedef struct sr_cancel_request {
    uint64_t session; /* session id */
    uint64_t use; /* Use */
} sr_cancel_request;

/* Answers Cancel. */
typedef struct sr_cancel_reply {
    char unused; /* no fields */
} sr_cancel_reply;
bool sr_write_cancel(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_cancel_request *r);
bool sr_read_cancel(sr_reader *r, sr_arena *a, sr_cancel_reply *out);

/* C_GenerateRandom. */
typedef struct sr_generate_random_request {
    uint64_t length; /* bytes, at most 1048576 */
} sr_generate_random_request;

/* Answers GenerateRandom. */
typedef struct sr_generate_random_reply {
    sr_bytes data;
} sr_generate_random_reply;
bool sr_write_generate_random(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_generate_random_request *r);
bool sr_read_generate_random(sr_reader *r, sr_arena *a, sr_generate_random_reply *out);

/* C_SeedRandom: additional input, never the only source. */
typedef struct sr_seed_random_request {
    sr_bytes seed;
} sr_seed_random_request;

/* Answers SeedRandom. */
typedef struct sr_seed_random_reply {
    char unused; /* no fields */
} sr_seed_random_reply;
bool sr_write_seed_random(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_seed_random_request *r);
bool sr_read_seed_random(sr_reader *r, sr_arena *a, sr_seed_random_reply *out);

/* Sets the first admin's password with the one-time code of the cluster's birth; the cluster is active from then on. */
typedef struct sr_activate_request {
    sr_bytes code; /* the birth's one-time code */
    sr_bytes password; /* the admin's password from now on */
} sr_activate_request;

/* Answers Activate. */
typedef struct sr_activate_reply {
    char unused; /* no fields */
} sr_activate_reply;
bool sr_write_activate(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_activate_request *r);
bool sr_read_activate(sr_reader *r, sr_arena *a, sr_activate_reply *out);

/* By an admin. */
typedef struct sr_create_user_request {
    sr_bytes name;
    uint64_t role; /* Role */
    sr_bytes password;
} sr_create_user_request;

/* Answers CreateUser. */
typedef struct sr_create_user_reply {
    char unused; /* no fields */
} sr_create_user_reply;
bool sr_write_create_user(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_create_user_request *r);
bool sr_read_create_user(sr_reader *r, sr_arena *a, sr_create_user_reply *out);

/* By an admin; refused while the user owns keys. */
typedef struct sr_delete_user_request {
    sr_bytes name;
    uint64_t role; /* Role */
} sr_delete_user_request;

/* Answers DeleteUser. */
typedef struct sr_delete_user_reply {
    char unused; /* no fields */
} sr_delete_user_reply;
bool sr_write_delete_user(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_delete_user_request *r);
bool sr_read_delete_user(sr_reader *r, sr_arena *a, sr_delete_user_reply *out);

/* By the user or an admin; ends every login of that user. */
typedef struct sr_change_password_request {
    sr_bytes name;
    uint64_t role; /* Role */
    sr_bytes password;
    bool withdraw_approvals; /* whether the user's key shall serve approvals no longer */
    bool withdraw_multi_factor; /* whether the user's key shall serve multi-factor logins no longer */
} sr_change_password_request;

/* Answers ChangePassword. */
typedef struct sr_change_password_reply {
    char unused; /* no fields */
} sr_change_password_reply;
bool sr_write_change_password(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_change_password_request *r);
bool sr_read_change_password(sr_reader *r, sr_arena *a, sr_change_password_reply *out);

/* By anyone. */
typedef struct sr_list_users_request {
    sr_bytes after; /* empty, or the last name of the page before */
} sr_list_users_request;

/* Answers ListUsers. */
typedef struct sr_list_users_reply {
    struct { const struct sr_user *items; size_t count; bool present; } users; /* by name */
    bool more;
} sr_list_users_reply;
bool sr_write_list_users(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_list_users_request *r);
bool sr_read_list_users(sr_reader *r, sr_arena *a, sr_list_users_reply *out);

/* By anyone. */
typedef struct sr_get_cluster_info_request {
    char unused; /* no fields */
} sr_get_cluster_info_request;

/* Answers GetClusterInfo. */
typedef struct sr_get_cluster_info_reply {
    sr_bytes cluster; /* cluster id */
    sr_bytes hsm; /* HSM id */
    uint64_t state; /* HsmState */
    sr_bytes mode; /* FIPS or NON_FIPS */
    bool fips_provider; /* whether a FIPS provider is loaded and its self-test ran */
    sr_bytes root_of_trust; /* file or passphrase */
    sr_bytes version; /* of the software */
} sr_get_cluster_info_reply;
bool sr_write_get_cluster_info(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_cluster_info_request *r);
bool sr_read_get_cluster_info(sr_reader *r, sr_arena *a, sr_get_cluster_info_reply *out);

/* Begins the registration of the logged-in user's key for approvals. */
typedef struct sr_begin_quorum_registration_request {
    char unused; /* no fields */
} sr_begin_quorum_registration_request;

/* Answers BeginQuorumRegistration. */
typedef struct sr_begin_quorum_registration_reply {
    sr_bytes challenge; /* the user signs its SHA-256 */
} sr_begin_quorum_registration_reply;
bool sr_write_begin_quorum_registration(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_begin_quorum_registration_request *r);
bool sr_read_begin_quorum_registration(sr_reader *r, sr_arena *a, sr_begin_quorum_registration_reply *out);

/* Registers the logged-in user's key for approvals. */
typedef struct sr_register_quorum_key_request {
    sr_bytes key; /* SubjectPublicKeyInfo */
    sr_bytes challenge; /* as given */
    sr_bytes signature; /* over its SHA-256, by the key */
} sr_register_quorum_key_request;

/* Answers RegisterQuorumKey. */
typedef struct sr_register_quorum_key_reply {
    char unused; /* no fields */
} sr_register_quorum_key_reply;
bool sr_write_register_quorum_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_register_quorum_key_request *r);
bool sr_read_register_quorum_key(sr_reader *r, sr_arena *a, sr_register_quorum_key_reply *out);

/* A challenge for a multi-factor login; for anybody and any name. */
typedef struct sr_begin_mfa_login_request {
    uint64_t user_type; /* UserType */
    sr_bytes name;
} sr_begin_mfa_login_request;

/* Answers BeginMfaLogin. */
typedef struct sr_begin_mfa_login_reply {
    sr_bytes challenge; /* the user signs these 32 bytes as a digest */
} sr_begin_mfa_login_reply;
bool sr_write_begin_mfa_login(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_begin_mfa_login_request *r);
bool sr_read_begin_mfa_login(sr_reader *r, sr_arena *a, sr_begin_mfa_login_reply *out);

/* Login for users with a second factor, for whom Login is refused. */
typedef struct sr_login_with_mfa_request {
    uint64_t user_type; /* UserType */
    sr_bytes pin; /* 'user:password', UTF-8 */
    sr_bytes challenge; /* as given; used up by this */
    sr_bytes signature; /* over it, by the user's registered key */
} sr_login_with_mfa_request;

/* Answers LoginWithMfa. */
typedef struct sr_login_with_mfa_reply {
    sr_bytes ticket; /* as in Login */
    uint64_t lifetime; /* seconds */
} sr_login_with_mfa_reply;
bool sr_write_login_with_mfa(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_login_with_mfa_request *r);
bool sr_read_login_with_mfa(sr_reader *r, sr_arena *a, sr_login_with_mfa_reply *out);

/* A challenge for the key that a user shall have as second factor; by the user or an admin. */
typedef struct sr_begin_mfa_registration_request {
    sr_bytes name;
    uint64_t role; /* Role */
} sr_begin_mfa_registration_request;

/* Answers BeginMfaRegistration. */
typedef struct sr_begin_mfa_registration_reply {
    sr_bytes challenge; /* signed as in BeginMfaLogin */
} sr_begin_mfa_registration_reply;
bool sr_write_begin_mfa_registration(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_begin_mfa_registration_request *r);
bool sr_read_begin_mfa_registration(sr_reader *r, sr_arena *a, sr_begin_mfa_registration_reply *out);

/* Turns a second factor on or off; by the user or an admin. All logins of the user end but the caller's own. */
typedef struct sr_change_mfa_request {
    sr_bytes name;
    uint64_t role; /* Role */
    bool change_quorum; /* the key shall serve approvals too */
    sr_bytes key; /* SubjectPublicKeyInfo; absent: by password alone from now on */
    sr_bytes challenge; /* with a key: as given */
    sr_bytes signature; /* with a key: over the challenge, by the key */
    sr_bytes password; /* a new password with it */
} sr_change_mfa_request;

/* Answers ChangeMfa. */
typedef struct sr_change_mfa_reply {
    char unused; /* no fields */
} sr_change_mfa_reply;
bool sr_write_change_mfa(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_change_mfa_request *r);
bool sr_read_change_mfa(sr_reader *r, sr_arena *a, sr_change_mfa_reply *out);

/* What there is to read of this HSM's audit log; by an admin. Signs for everything up to this reading, which is itself recorded. */
typedef struct sr_list_audit_request {
    uint64_t after; /* 0, or the last segment of the page before */
} sr_list_audit_request;

/* Answers ListAudit. */
typedef struct sr_list_audit_reply {
    sr_bytes cluster; /* cluster id */
    sr_bytes hsm; /* HSM id */
    sr_bytes head; /* the newest signed head, JSON */
    sr_bytes certificates; /* the HSM's identity certificates, PEM */
    struct { const struct sr_audit_segment *items; size_t count; bool present; } segments; /* in order */
    bool more;
} sr_list_audit_reply;
bool sr_write_list_audit(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_list_audit_request *r);
bool sr_read_list_audit(sr_reader *r, sr_arena *a, sr_list_audit_reply *out);

/* Bytes of a segment of the audit log; by an admin. */
typedef struct sr_read_audit_request {
    uint64_t segment; /* its number */
    bool compressed; /* in which form */
    uint64_t offset; /* bytes from its start */
} sr_read_audit_request;

/* Answers ReadAudit. */
typedef struct sr_read_audit_reply {
    sr_bytes data; /* empty at the end of what there is */
    bool finished; /* the segment gets no more */
} sr_read_audit_reply;
bool sr_write_read_audit(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_read_audit_request *r);
bool sr_read_read_audit(sr_reader *r, sr_arena *a, sr_read_audit_reply *out);

/* Lets a crypto-user use a key; by its owner. */
typedef struct sr_share_key_request {
    uint64_t key; /* handle */
    sr_bytes user; /* a crypto-user's name */
} sr_share_key_request;

/* Answers ShareKey. */
typedef struct sr_share_key_reply {
    char unused; /* no fields */
} sr_share_key_reply;
bool sr_write_share_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_share_key_request *r);
bool sr_read_share_key(sr_reader *r, sr_arena *a, sr_share_key_reply *out);

/* Takes the use of a key back; by its owner. The user's next request is refused. */
typedef struct sr_unshare_key_request {
    uint64_t key; /* handle */
    sr_bytes user; /* a crypto-user's name */
} sr_unshare_key_request;

/* Answers UnshareKey. */
typedef struct sr_unshare_key_reply {
    char unused; /* no fields */
} sr_unshare_key_reply;
bool sr_write_unshare_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_unshare_key_request *r);
bool sr_read_unshare_key(sr_reader *r, sr_arena *a, sr_unshare_key_reply *out);

/* Whose a key is; for whoever sees it. */
typedef struct sr_get_key_info_request {
    uint64_t key; /* handle */
} sr_get_key_info_request;

/* Answers GetKeyInfo. */
typedef struct sr_get_key_info_reply {
    sr_bytes owner; /* the crypto-user that made it */
    struct { const struct sr_key_user *items; size_t count; bool present; } shared_with; /* by name */
    uint64_t manage_quorum; /* approvals that managing it takes; 0: none */
    uint64_t use_quorum; /* approvals that using it takes; 0: none */
} sr_get_key_info_reply;
bool sr_write_get_key_info(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_key_info_request *r);
bool sr_read_get_key_info(sr_reader *r, sr_arena *a, sr_get_key_info_reply *out);

/* Keys that the caller sees and a query matches, in the order of their handles, with attributes. The query is a program in reverse Polish notation over a stack of booleans that must leave one; no steps: every key. */
typedef struct sr_search_keys_request {
    uint64_t session; /* session id */
    struct { const struct sr_query_term *items; size_t count; bool present; } query; /* the steps in order */
    uint64_t after; /* 0, or the last handle of the page before */
    uint64_t skip; /* how many of the matches to leave out first */
    uint64_t limit; /* at most 4096; 0 with count: only count */
    bool count; /* whether to count all matches */
    struct { const uint64_t *items; size_t count; bool present; } types; /* CK_ATTRIBUTE_TYPE of each attribute to read */
} sr_search_keys_request;

/* Answers SearchKeys. */
typedef struct sr_search_keys_reply {
    uint64_t total; /* all matches, before after and skip; 0 if they were not counted */
    struct { const struct sr_found_key *items; size_t count; bool present; } keys; /* as many as fit a frame */
    bool more; /* whether another page may follow */
} sr_search_keys_reply;
bool sr_write_search_keys(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_search_keys_request *r);
bool sr_read_search_keys(sr_reader *r, sr_arena *a, sr_search_keys_reply *out);

/* What this HSM says of a key that the caller sees: a JSON statement, signed by the HSM's identity key (ECDSA with SHA-384) and by the cluster's key (ECDSA with SHA-256), DER. */
typedef struct sr_attest_key_request {
    uint64_t session; /* session id */
    uint64_t handle;
    sr_bytes nonce; /* the asker's, so that the statement is known to be fresh */
} sr_attest_key_request;

/* Answers AttestKey. */
typedef struct sr_attest_key_reply {
    sr_bytes statement; /* JSON, the bytes that are signed */
    sr_bytes hsm_signature; /* by the key of both hsmCertificates */
    sr_bytes hsm_certificates; /* of the HSM's identity, PEM: the owner's and the manufacturer's */
    sr_bytes cluster_signature; /* by the cluster certificate's key */
    sr_bytes cluster_certificate; /* PEM */
} sr_attest_key_reply;
bool sr_write_attest_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_attest_key_request *r);
bool sr_read_attest_key(sr_reader *r, sr_arena *a, sr_attest_key_reply *out);

/* How this HSM does; by anyone. */
typedef struct sr_get_health_request {
    char unused; /* no fields */
} sr_get_health_request;

/* Answers GetHealth. */
typedef struct sr_get_health_reply {
    sr_bytes cluster; /* cluster id */
    sr_bytes hsm; /* HSM id */
    uint64_t state; /* HsmState */
    sr_bytes version; /* of the software */
    uint64_t uptime; /* seconds */
    uint64_t epoch;
    uint64_t sequence;
    bool audit_full; /* whether the audit log has no room */
    bool audit_failing; /* whether the audit log can't be written */
    struct { const struct sr_certificate_life *items; size_t count; bool present; } certificates;
} sr_get_health_reply;
bool sr_write_get_health(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_health_request *r);
bool sr_read_get_health(sr_reader *r, sr_arena *a, sr_get_health_reply *out);

/* A request for a new certificate of the cluster's key, for the customer's CA; by an admin. */
typedef struct sr_request_certificate_request {
    char unused; /* no fields */
} sr_request_certificate_request;

/* Answers RequestCertificate. */
typedef struct sr_request_certificate_reply {
    sr_bytes csr; /* PEM */
} sr_request_certificate_reply;
bool sr_write_request_certificate(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_request_certificate_request *r);
bool sr_read_request_certificate(sr_reader *r, sr_arena *a, sr_request_certificate_reply *out);

/* Puts another certificate of the cluster's key in place, under the same or another customer's CA; by an admin. New connections get it; open ones go on. */
typedef struct sr_install_certificate_request {
    sr_bytes certificate; /* PEM */
    sr_bytes trust_anchor; /* PEM; issuing CA first */
} sr_install_certificate_request;

/* Answers InstallCertificate. */
typedef struct sr_install_certificate_reply {
    char unused; /* no fields */
} sr_install_certificate_reply;
bool sr_write_install_certificate(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_install_certificate_request *r);
bool sr_read_install_certificate(sr_reader *r, sr_arena *a, sr_install_certificate_reply *out);

/* What an admin has set for the cluster; by anyone who is logged in. */
typedef struct sr_get_settings_request {
    char unused; /* no fields */
} sr_get_settings_request;

/* Answers GetSettings. */
typedef struct sr_get_settings_reply {
    bool pkcs1_decryption; /* whether C_Decrypt takes CKM_RSA_PKCS */
} sr_get_settings_reply;
bool sr_write_get_settings(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_settings_request *r);
bool sr_read_get_settings(sr_reader *r, sr_arena *a, sr_get_settings_reply *out);

/* By an admin. */
typedef struct sr_set_settings_request {
    bool pkcs1_decryption; /* as in GetSettings */
} sr_set_settings_request;

/* Answers SetSettings. */
typedef struct sr_set_settings_reply {
    char unused; /* no fields */
} sr_set_settings_reply;
bool sr_write_set_settings(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_set_settings_request *r);
bool sr_read_set_settings(sr_reader *r, sr_arena *a, sr_set_settings_reply *out);

/* A token, good in this login alone. */
typedef struct sr_generate_quorum_token_request {
    uint64_t service; /* QuorumService */
    struct { uint64_t value; bool present; } key; /* handle, for the services of keys */
} sr_generate_quorum_token_request;

/* Answers GenerateQuorumToken. */
typedef struct sr_generate_quorum_token_reply {
    sr_bytes approval_data; /* its SHA-256 is the token, which approvers sign */
} sr_generate_quorum_token_reply;
bool sr_write_generate_quorum_token(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_generate_quorum_token_request *r);
bool sr_read_generate_quorum_token(sr_reader *r, sr_arena *a, sr_generate_quorum_token_reply *out);

/* Shows the signatures of a token's approvers. When there are enough, the operation may be done once, in this login. */
typedef struct sr_approve_quorum_token_request {
    sr_bytes approval_data; /* as generated */
    struct { const struct sr_approval *items; size_t count; bool present; } approvals; /* each of another user */
} sr_approve_quorum_token_request;

/* Answers ApproveQuorumToken. */
typedef struct sr_approve_quorum_token_reply {
    char unused; /* no fields */
} sr_approve_quorum_token_reply;
bool sr_write_approve_quorum_token(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_approve_quorum_token_request *r);
bool sr_read_approve_quorum_token(sr_reader *r, sr_arena *a, sr_approve_quorum_token_reply *out);

/* The live tokens of this HSM. */
typedef struct sr_list_quorum_tokens_request {
    char unused; /* no fields */
} sr_list_quorum_tokens_request;

/* Answers ListQuorumTokens. */
typedef struct sr_list_quorum_tokens_reply {
    struct { const struct sr_quorum_token *items; size_t count; bool present; } tokens;
} sr_list_quorum_tokens_reply;
bool sr_write_list_quorum_tokens(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_list_quorum_tokens_request *r);
bool sr_read_list_quorum_tokens(sr_reader *r, sr_arena *a, sr_list_quorum_tokens_reply *out);

/* Ends tokens; by an admin. */
typedef struct sr_delete_quorum_tokens_request {
    bool all; /* everybody's, not only the admin's own */
} sr_delete_quorum_tokens_request;

/* Answers DeleteQuorumTokens. */
typedef struct sr_delete_quorum_tokens_reply {
    char unused; /* no fields */
} sr_delete_quorum_tokens_reply;
bool sr_write_delete_quorum_tokens(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_delete_quorum_tokens_request *r);
bool sr_read_delete_quorum_tokens(sr_reader *r, sr_arena *a, sr_delete_quorum_tokens_reply *out);

/* By anyone. */
typedef struct sr_get_quorum_settings_request {
    char unused; /* no fields */
} sr_get_quorum_settings_request;

/* Answers GetQuorumSettings. */
typedef struct sr_get_quorum_settings_reply {
    uint64_t user; /* approvals for changes to users; 1: none */
    uint64_t quorum; /* approvals for changes to these numbers */
    uint64_t cluster; /* approvals for changes to the cluster's settings */
    uint64_t generated_for; /* seconds that a token may wait for its approvals */
    uint64_t approved_for; /* seconds that an approved token may wait for its operation */
} sr_get_quorum_settings_reply;
bool sr_write_get_quorum_settings(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_quorum_settings_request *r);
bool sr_read_get_quorum_settings(sr_reader *r, sr_arena *a, sr_get_quorum_settings_reply *out);

/* By an admin, with approvals of the service Quorum. */
typedef struct sr_set_quorum_value_request {
    uint64_t service; /* QuorumService: User, Quorum or Cluster */
    uint64_t value; /* 1 to 8 */
} sr_set_quorum_value_request;

/* Answers SetQuorumValue. */
typedef struct sr_set_quorum_value_reply {
    char unused; /* no fields */
} sr_set_quorum_value_reply;
bool sr_write_set_quorum_value(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_set_quorum_value_request *r);
bool sr_read_set_quorum_value(sr_reader *r, sr_arena *a, sr_set_quorum_value_reply *out);

/* By an admin. */
typedef struct sr_set_quorum_timeouts_request {
    struct { uint64_t value; bool present; } generated_for; /* seconds, 1 to 86400 */
    struct { uint64_t value; bool present; } approved_for; /* seconds, 1 to 86400 */
} sr_set_quorum_timeouts_request;

/* Answers SetQuorumTimeouts. */
typedef struct sr_set_quorum_timeouts_reply {
    char unused; /* no fields */
} sr_set_quorum_timeouts_reply;
bool sr_write_set_quorum_timeouts(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_set_quorum_timeouts_request *r);
bool sr_read_set_quorum_timeouts(sr_reader *r, sr_arena *a, sr_set_quorum_timeouts_reply *out);

/* Makes the clients of a CA known; by an admin, with approvals of the service Cluster. */
typedef struct sr_register_trust_anchor_request {
    sr_bytes certificates; /* PEM, at most 6,980 bytes: issuing CA first, root last, at most 4 */
} sr_register_trust_anchor_request;

/* Answers RegisterTrustAnchor. */
typedef struct sr_register_trust_anchor_reply {
    uint64_t reference;
} sr_register_trust_anchor_reply;
bool sr_write_register_trust_anchor(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_register_trust_anchor_request *r);
bool sr_read_register_trust_anchor(sr_reader *r, sr_arena *a, sr_register_trust_anchor_reply *out);

/* The reverse; connections that came in under it end. */
typedef struct sr_deregister_trust_anchor_request {
    uint64_t reference;
} sr_deregister_trust_anchor_request;

/* Answers DeregisterTrustAnchor. */
typedef struct sr_deregister_trust_anchor_reply {
    char unused; /* no fields */
} sr_deregister_trust_anchor_reply;
bool sr_write_deregister_trust_anchor(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_deregister_trust_anchor_request *r);
bool sr_read_deregister_trust_anchor(sr_reader *r, sr_arena *a, sr_deregister_trust_anchor_reply *out);

/* By anyone. */
typedef struct sr_list_trust_anchors_request {
    char unused; /* no fields */
} sr_list_trust_anchors_request;

/* Answers ListTrustAnchors. */
typedef struct sr_list_trust_anchors_reply {
    struct { const struct sr_trust_anchor *items; size_t count; bool present; } anchors;
} sr_list_trust_anchors_reply;
bool sr_write_list_trust_anchors(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_list_trust_anchors_request *r);
bool sr_read_list_trust_anchors(sr_reader *r, sr_arena *a, sr_list_trust_anchors_reply *out);

/* By whoever is logged in. */
typedef struct sr_get_mtls_enforcement_request {
    char unused; /* no fields */
} sr_get_mtls_enforcement_request;

/* Answers GetMtlsEnforcement. */
typedef struct sr_get_mtls_enforcement_reply {
    bool enforced; /* whether clients must show a certificate */
} sr_get_mtls_enforcement_reply;
bool sr_write_get_mtls_enforcement(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_mtls_enforcement_request *r);
bool sr_read_get_mtls_enforcement(sr_reader *r, sr_arena *a, sr_get_mtls_enforcement_reply *out);

/* By the user named admin, over a connection that has shown a certificate, with approvals of the service Cluster. Connections without one then end. */
typedef struct sr_set_mtls_enforcement_request {
    bool enforced; /* whether clients must show a certificate */
} sr_set_mtls_enforcement_request;

/* Answers SetMtlsEnforcement. */
typedef struct sr_set_mtls_enforcement_reply {
    char unused; /* no fields */
} sr_set_mtls_enforcement_reply;
bool sr_write_set_mtls_enforcement(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_set_mtls_enforcement_request *r);
bool sr_read_set_mtls_enforcement(sr_reader *r, sr_arena *a, sr_set_mtls_enforcement_reply *out);

#endif
