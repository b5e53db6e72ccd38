from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
from urllib.request import Request, urlopen

import pytest

from ccgcii.testing.loopback import Ask, LoopbackServer, Reply


def echo(ask: Ask) -> Reply:
    return Reply(f"{ask.method} {ask.host} {ask.path} {ask.body.decode()}".encode())


def ask(server: LoopbackServer, host: str, path: str, method: str = "GET") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": f"{host}:{server.port}"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_every_host_is_served_by_name() -> None:
    with LoopbackServer(echo) as server:
        assert ask(server, "herald.example", "/a?b=1") == (200, b"GET herald.example /a?b=1 ")
        assert ask(server, "Courier.Example", "/") == (200, b"GET courier.example / ")
        assert server.hits == [("herald.example", "/a?b=1"), ("courier.example", "/")]
        assert server.url("herald.example", "/x") == f"http://herald.example:{server.port}/x"


def test_one_connection_carries_many_requests() -> None:
    with LoopbackServer(echo) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        for number in range(50):
            connection.request("GET", f"/{number}", headers={"Host": "a.example"})
            response = connection.getresponse()
            assert response.read() == f"GET a.example /{number} ".encode()
        connection.close()
        assert len(server.hits) == 50


def test_pipelined_requests_are_answered_in_order_even_if_the_first_is_slow() -> None:
    def answer(ask: Ask) -> Reply:
        return Reply(ask.path.encode(), delay=0.05 if ask.path == "/1" else 0.0)

    with LoopbackServer(answer) as server:
        client = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        client.sendall(b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
        received = b""
        while b"\r\n\r\n/2" not in received:
            received += client.recv(4096)
        client.close()
        assert received.index(b"\r\n\r\n/1") < received.index(b"\r\n\r\n/2")


def test_a_request_that_arrives_in_pieces_is_put_together() -> None:
    with LoopbackServer(echo) as server:
        client = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        for piece in (
            b"POST /p HT",
            b"TP/1.1\r\nHost: a\r\nContent-Le",
            b"ngth: 4\r\n\r\nab",
            b"cd",
        ):
            client.sendall(piece)
        assert client.recv(4096).endswith(b"POST a /p abcd")
        client.close()


def test_head_promises_the_body_and_sends_none() -> None:
    with LoopbackServer(lambda _: Reply(b"x" * 10)) as server:
        request = Request(f"http://127.0.0.1:{server.port}/", method="HEAD")
        with urlopen(request, timeout=10) as response:
            assert response.headers["Content-Length"] == "10"
            assert response.read() == b""


def test_a_truncated_reply_breaks_off() -> None:
    with (
        LoopbackServer(lambda _: Reply(b"x" * 100, truncate_to=40)) as server,
        pytest.raises(http.client.IncompleteRead) as caught,
    ):
        ask(server, "a.example", "/")
    assert len(caught.value.partial) == 40


def test_status_and_headers_are_sent_as_given() -> None:
    def moved(_: Ask) -> Reply:
        return Reply(b"", 302, {"Location": "/b", "Content-Type": "text/plain"})

    with LoopbackServer(moved) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/a")
        response = connection.getresponse()
        assert (response.status, response.headers["Location"]) == (302, "/b")
        assert response.headers["Content-Type"] == "text/plain"
        connection.close()


def test_a_failing_answer_is_a_500_and_the_server_lives_on() -> None:
    def answer(ask: Ask) -> Reply:
        if ask.path == "/bad":
            raise KeyError(ask.path)
        return Reply(b"fine")

    with LoopbackServer(answer) as server:
        assert ask(server, "a.example", "/bad")[0] == 500
        assert ask(server, "a.example", "/good") == (200, b"fine")


def test_what_is_not_http_is_refused() -> None:
    with LoopbackServer(echo) as server:
        client = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        client.sendall(b"nonsense\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 400 ")
        client.close()
        assert ask(server, "a.example", "/")[0] == 200


def test_hits_of_many_threads_are_all_counted() -> None:
    with LoopbackServer(lambda _: Reply(b"ok")) as server:

        def work() -> None:
            for number in range(20):
                ask(server, "a.example", f"/{number}")

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.hits) == 80
        counts = json.loads(ask(server, "any.example", "/__hits")[1])
        assert counts["a.example/7"] == 4
        assert sum(counts.values()) == 80


def test_it_runs_in_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "ccgcii.testing.loopback", "ccgcii.testing.http:Reply"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            with urlopen(f"{url}/__hits", timeout=10) as response:
                assert json.load(response) == {}
        finally:
            process.terminate()
