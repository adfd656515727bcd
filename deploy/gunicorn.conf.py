"""How the portal is served: script/server, the systemd unit and the tests all start it with this.

Two processes of four threads fit a machine of 2 cores and 2 GB; WEB_CONCURRENCY sets the first.
"""

import os

wsgi_app = "kempling.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 60
# Whoever stops the server waits 10 s at most.
graceful_timeout = 7
loglevel = "warning"
# No access log: addresses of pages carry link tokens and receipt codes (security.md L22).
accesslog = None
# Its default is one socket per account: two portals of one account would fight over it.
control_socket_disable = True
# A worker says "I live" by touching a file: in memory, so that a slow disk is not taken for death.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
