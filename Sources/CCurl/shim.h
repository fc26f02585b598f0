#include <curl/curl.h>

// curl_easy_setopt is variadic, which Swift does not import: one wrapper per type of value.
static inline CURLcode comptoir_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode comptoir_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode comptoir_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
typedef size_t (*comptoir_curl_callback)(char *, size_t, size_t, void *);
static inline CURLcode comptoir_curl_set_callback(CURL *handle, CURLoption option, comptoir_curl_callback value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode comptoir_curl_response_code(CURL *handle, long *code) {
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, code);
}
