"""How the web server runs: a few threads in two processes, small and steady."""

workers = 2
threads = 4
worker_class = "gthread"
preload_app = False
no_control_socket = True
accesslog = None
errorlog = "-"
loglevel = "warning"
timeout = 60
graceful_timeout = 5
