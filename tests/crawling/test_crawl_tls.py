"""TLS: what a host cannot prove to be is not crawled, unless the configuration says so."""

from __future__ import annotations

import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<p>words</p>")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def write_certificate(folder: Path) -> Path:
    """Write a certificate that the host has signed itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("a.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "host.pem"
    written = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *written)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@contextmanager
def serving(certificate: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"https://a.test:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_host_that_signs_for_itself_is_not_crawled_unless_we_are_told_to(
    study: Any, tmp_path: Path
) -> None:
    with serving(write_certificate(tmp_path)) as url:
        refused = study.crawl(url, obey_robots=False)
        careful = study.crawl(url)
        trusting = study.crawl(url, verify_tls=False)
    told = "the host's certificate is not trusted ([crawl] verify_tls)"
    assert (refused.captures, refused.requests, refused.reasons) == (0, 1, {told: 1})
    assert careful.reasons == {f"robots.txt cannot be read ({told})": 1}
    assert trusting.captures == 1
