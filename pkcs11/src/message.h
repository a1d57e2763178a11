// Message-based operations (PKCS#11 3.2, sections 5.9, 5.11, 5.14, 5.16): one Init, then any number of messages, each
// whole or in parts, then Final. A message that is refused ends itself; the next one may follow. The tag of a cipher's
// message lies in the message's parameter, apart from the text: a decryption in parts gives nothing out before the last
// part, when the HSM has verified it.
#ifndef STRONGROOM_MESSAGE_H
#define STRONGROOM_MESSAGE_H

#include "operation.h"

struct sr_message_call {
  CK_VOID_PTR parameter;
  CK_ULONG parameter_size;
  CK_BYTE_PTR aad;
  CK_ULONG aad_size;
};

// C_EncryptMessage, C_DecryptMessage.
CK_RV sr_message_crypt(struct sr_session *s, uint64_t use, const struct sr_message_call *m, CK_BYTE_PTR in,
                       CK_ULONG in_size, CK_BYTE_PTR out, CK_ULONG_PTR out_size);
// C_EncryptMessageBegin, C_DecryptMessageBegin.
CK_RV sr_message_crypt_begin(struct sr_session *s, uint64_t use, const struct sr_message_call *m);
// C_EncryptMessageNext, C_DecryptMessageNext.
CK_RV sr_message_crypt_next(struct sr_session *s, uint64_t use, const struct sr_message_call *m, CK_BYTE_PTR in,
                            CK_ULONG in_size, CK_BYTE_PTR out, CK_ULONG_PTR out_size, bool last);
// C_SignMessage.
CK_RV sr_message_sign(struct sr_session *s, const struct sr_message_call *m, CK_BYTE_PTR in, CK_ULONG in_size,
                      CK_BYTE_PTR out, CK_ULONG_PTR out_size);
// C_VerifyMessage.
CK_RV sr_message_verify(struct sr_session *s, const struct sr_message_call *m, CK_BYTE_PTR in, CK_ULONG in_size,
                        CK_BYTE_PTR signature, CK_ULONG signature_size);
// C_SignMessageBegin, C_VerifyMessageBegin.
CK_RV sr_message_begin(struct sr_session *s, uint64_t use, const struct sr_message_call *m);
// C_SignMessageNext: out_size NULL says that more will come.
CK_RV sr_message_sign_next(struct sr_session *s, const struct sr_message_call *m, CK_BYTE_PTR in, CK_ULONG in_size,
                           CK_BYTE_PTR out, CK_ULONG_PTR out_size);
// C_VerifyMessageNext: signature NULL says that more will come.
CK_RV sr_message_verify_next(struct sr_session *s, const struct sr_message_call *m, CK_BYTE_PTR in, CK_ULONG in_size,
                             CK_BYTE_PTR signature, CK_ULONG signature_size);
// C_Message…Final.
CK_RV sr_message_final(struct sr_session *s, uint64_t use);

#endif
