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
typedef curl_socket_t (*comptoir_curl_open)(void *, curlsocktype, struct curl_sockaddr *);
static inline CURLcode comptoir_curl_set_open(CURL *handle, comptoir_curl_open value, void *data) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, value);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, data);
}
static inline CURLcode comptoir_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
