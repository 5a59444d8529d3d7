"""Services that do not answer, and an S3 that does, on loopback: what tests talk to in place of the world's."""

import socket
import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def hanging():
    """The port of a server that takes every connection and never says a word."""
    held = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)

        def take():
            while True:
                try:
                    held.append(listener.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for one in held:
                one.close()


class Bucket:
    """What an S3 server holds, and how often it was asked for what."""

    def __init__(self):
        self.files, self.asked = {}, Counter()
        self.refuses = ""  # a part of the names that it takes no file under


@contextmanager
def s3():
    """An S3 server with one bucket: (its port, the Bucket)."""
    bucket = Bucket()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self, status, body=b"", **headers):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def handle_one(self):
            bucket.asked[self.command] += 1
            name = self.path.partition("?")[0]
            if self.command == "PUT":
                data = self.rfile.read(int(self.headers["Content-Length"]))
                if bucket.refuses and bucket.refuses in name:
                    return self.answer(507, b"<Error><Code>Full</Code></Error>")
                bucket.files[name] = _unchunked(data) if "aws-chunked" in str(self.headers) else data
                return self.answer(200, ETag='"1"')
            if self.command == "DELETE":
                bucket.files.pop(name, None)
                return self.answer(204)
            if name not in bucket.files:
                return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return self.answer(200, bucket.files[name], ETag='"1"', Last_Modified="Mon, 04 May 2026 12:00:00 GMT")

        do_GET = do_HEAD = do_PUT = do_DELETE = handle_one

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, bucket
    finally:
        server.shutdown()
        server.server_close()


def _unchunked(data):
    whole = b""
    while data:
        head, _, data = data.partition(b"\r\n")
        size = int(head.partition(b";")[0], 16)
        if not size:
            break
        whole, data = whole + data[:size], data[size + 2 :]
    return whole
