"""An OpenID Connect provider that nobody here wrote (oidc-provider-mock), on a free port of
127.0.0.1.

Prints its port, and ends when its input does.
"""

import sys
import threading
import warnings

warnings.simplefilter("ignore")

import oidc_provider_mock  # noqa: E402
import werkzeug.serving  # noqa: E402


def main():
    app = oidc_provider_mock.app(require_nonce=True)
    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True)
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


main()
