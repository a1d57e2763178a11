#ifndef STRONGROOM_ENGINE_KEY_FILE_H
#define STRONGROOM_ENGINE_KEY_FILE_H

#include <openssl/engine.h>

// ENGINE_load_private_key: the key that a reference PEM names, bound to the engine whether or not it is the default one
// (openssl … -keyform engine -key FILE; in nginx "engine:cloudhsm:FILE").
EVP_PKEY *key_file_load(ENGINE *engine, const char *path, UI_METHOD *ui, void *data);

#endif
