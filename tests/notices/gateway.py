#!/usr/bin/python3
"""A mail server or SMS gateway of a test, on a free port of this machine.

    gateway.py mail|tls|sms MODE FILE [CERTIFICATE KEY]

Prints its port, appends what it took to FILE (a line each: JSON), and ends with its
standard input.  MODE: take, refuse (for good), later, or silent: connections are
taken and never answered.  `mail` is aiosmtpd, a whole SMTP server; `tls` the same with
STARTTLS, which it demands.
"""
import json
import socket
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

kind, mode, path = sys.argv[1:4]


def keep(what):
    with open(path, "a", encoding="utf-8") as out:
        out.write(json.dumps(what) + "\n")


def say_port(port):
    print(port, flush=True)


class Mail:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if mode == "refuse":
            return "550 no such user"
        if mode == "later":
            return "451 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        keep({"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
              "message": envelope.content.decode("ascii")})
        return "250 taken"


class Sms(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
        status = {"refuse": 422, "later": 503}.get(mode, 202)
        if mode == "take":
            keep({"body": body, "headers": {k.lower(): v for k, v in self.headers.items()}})
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


if mode == "silent":
    listener = socket.create_server(("127.0.0.1", 0))
    say_port(listener.getsockname()[1])
elif kind == "sms":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sms)
    say_port(server.server_address[1])
    import threading
    threading.Thread(target=server.serve_forever, daemon=True).start()
else:
    import asyncio
    import threading
    from aiosmtpd.smtp import SMTP
    options = {}
    if kind == "tls":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[4], sys.argv[5])
        options = {"tls_context": context, "require_starttls": True}

    loop = asyncio.new_event_loop()

    def run():
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(
            loop.create_server(lambda: SMTP(Mail(), loop=loop, **options), "127.0.0.1", 0))
        say_port(server.sockets[0].getsockname()[1])
        loop.run_forever()

    threading.Thread(target=run, daemon=True).start()

sys.stdin.read()
