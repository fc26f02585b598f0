#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/crypto.h>
#include <openssl/bn.h>
#include <openssl/rsa.h>
#include <openssl/param_build.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/pkcs12.h>

// EVP_RSA_gen is a macro over a variadic function, which Swift does not import.
static inline EVP_PKEY *comptoir_rsa_generate(unsigned int bits) { return EVP_RSA_gen(bits); }
