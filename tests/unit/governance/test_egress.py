"""The one way out is shut, but for what was allowed by name; what passed it and what did not is recorded."""

from __future__ import annotations

import asyncio
import http.server
import ipaddress
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from governance.egress import DataClass, Destination, Egress, about
from governance.egress.addresses import unwrapped, why_not
from governance.errors import DestinationRefused, SettingInvalid


class Server(http.server.BaseHTTPRequestHandler):
    """Answers 200 with what it was sent; /to/URL redirects there; /cut closes the line half-way."""

    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path[4:])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        body = f"host={self.headers['Host']}".encode()
        self.send_header("Content-Length", str(len(body) + (100 if self.path == "/cut" else 0)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


class Kept:
    """What was recorded."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, dict[str, Any], str]] = []
        self.full = False

    def __call__(self, type_: str, body: Mapping[str, Any], /, *, subject: str) -> int:
        if self.full:
            raise OSError("no space")
        self.entries.append((type_, dict(body), subject))
        return len(self.entries) - 1

    @property
    def types(self) -> list[str]:
        return [type_ for type_, _, _ in self.entries]


def here(port: int, *data: DataClass, name: str = "local", host: str = "127.0.0.1") -> Destination:
    return Destination(
        name=name, host=host, port=port, scheme="http", region="this machine",
        data=data or (DataClass.GUIDANCE,),
    )  # fmt: skip


def outside(**given: Any) -> Destination:
    return Destination(
        **{
            "name": "out",
            "host": "guidance.example",
            "region": "United Kingdom",
            "data": ("guidance",),
            **given,
        }
    )


def test_with_an_empty_list_nothing_goes_out_and_that_is_recorded(port: int) -> None:
    kept = Kept()
    with Egress(record=kept).client(DataClass.GUIDANCE) as client, pytest.raises(DestinationRefused):
        client.get(f"http://127.0.0.1:{port}/secret?name=Smith")
    ((type_, body, subject),) = kept.entries
    assert (type_, subject, body["port"], body["data"]) == ("egress.refused", "127.0.0.1", port, "guidance")
    assert "secret" not in str(kept.entries) and "Smith" not in str(kept.entries)


def test_a_listed_destination_is_reached_and_each_call_has_two_entries_without_content(port: int) -> None:
    kept = Kept()
    egress = Egress([here(port, DataClass.REDACTED_QUESTION)], record=kept)
    with egress.client(DataClass.REDACTED_QUESTION) as client, about("a1"):
        response = client.post(f"http://127.0.0.1:{port}/path", content=b"hush" * 100)
    assert response.content == b"hush" * 100
    permitted, ended = (body for _, body, _ in kept.entries)
    assert kept.types == ["egress.permitted", "egress.ended"]
    assert permitted["destination"] == "local" and permitted["region"] == "this machine"
    assert permitted["bytes_sent"] > 400 and permitted["about"] == "a1" and permitted["method"] == "POST"
    assert ended["status"] == 200 and ended["bytes_received"] == 400 and ended["call"] == 0
    assert "hush" not in str(kept.entries) and "path" not in str(kept.entries)


def test_what_may_have_one_kind_of_data_may_not_have_another(port: int) -> None:
    kept = Kept()
    egress = Egress([here(port, DataClass.GUIDANCE)], record=kept)
    with egress.client(DataClass.REDACTED_QUESTION) as client, pytest.raises(DestinationRefused) as refused:
        client.get(f"http://127.0.0.1:{port}/")
    assert "may be sent guidance, not redacted_question" in refused.value.message
    assert kept.types == ["egress.refused"]


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1:{port}/", "http://127.0.0.2:{port}/", "http://127.0.0.1:1/", "http://localhost:{port}/"],
)  # fmt: skip
def test_another_scheme_port_or_host_is_another_place(port: int, url: str) -> None:
    kept = Kept()
    client = Egress([here(port)], record=kept).client(DataClass.GUIDANCE)
    with client, pytest.raises(DestinationRefused):
        client.get(url.format(port=port))
    assert kept.types == ["egress.refused"]


def test_each_hop_of_a_redirect_is_checked(port: int) -> None:
    kept = Kept()
    egress = Egress([here(port)], record=kept)
    with egress.client(DataClass.GUIDANCE, follow_redirects=True) as client:
        assert client.get(f"http://127.0.0.1:{port}/to/http://127.0.0.1:{port}/x").status_code == 200
        with pytest.raises(DestinationRefused):
            client.get(f"http://127.0.0.1:{port}/to/http://169.254.169.254/latest/meta-data")
    assert kept.types == [
        "egress.permitted", "egress.ended", "egress.permitted", "egress.ended",
        "egress.permitted", "egress.ended", "egress.refused",
    ]  # fmt: skip


def test_no_record_no_call(port: int) -> None:
    kept = Kept()
    kept.full = True
    with Egress([here(port)], record=kept).client(DataClass.GUIDANCE) as client, pytest.raises(OSError):
        client.get(f"http://127.0.0.1:{port}/")


def test_a_line_that_is_cut_half_way_has_its_end_recorded(port: int) -> None:
    kept = Kept()
    client = Egress([here(port)], record=kept).client(DataClass.GUIDANCE)
    with client, pytest.raises(httpx.RemoteProtocolError):
        client.get(f"http://127.0.0.1:{port}/cut")
    assert kept.types == ["egress.permitted", "egress.ended"]


def test_a_server_that_is_down_is_recorded_with_its_trouble() -> None:
    kept = Kept()
    with (
        Egress([here(9)], record=kept).client(DataClass.GUIDANCE) as client,
        pytest.raises(httpx.ConnectError),
    ):
        client.get("http://127.0.0.1:9/")
    assert kept.entries[-1][1]["trouble"] == "ConnectError"


def test_async_clients_are_held_to_the_same(port: int) -> None:
    kept = Kept()
    egress = Egress([here(port)], record=kept)

    async def ask() -> None:
        async with egress.async_client(DataClass.GUIDANCE, follow_redirects=True) as client:
            assert (await client.get(f"http://127.0.0.1:{port}/")).status_code == 200
            with pytest.raises(DestinationRefused):
                await client.get(f"http://127.0.0.1:{port}/to/http://127.0.0.1:1/")
        async with egress.async_client(DataClass.TELEMETRY) as client:
            with pytest.raises(DestinationRefused):
                await client.get(f"http://127.0.0.1:{port}/")

    asyncio.run(ask())
    assert kept.types == [
        "egress.permitted", "egress.ended", "egress.permitted", "egress.ended", "egress.refused", "egress.refused"
    ]  # fmt: skip


def test_the_checked_address_is_the_one_connected_to(port: int) -> None:
    """A name whose second look-up would lead elsewhere is looked up once a call."""
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    egress = Egress(
        [here(port, host="localhost")], record=Kept(), resolve=lambda host, at: answers.pop(0)
    )  # fmt: skip
    with egress.client(DataClass.GUIDANCE) as client:
        assert client.get(f"http://localhost:{port}/").text == f"host=localhost:{port}"
        with pytest.raises(DestinationRefused, match="hands out credentials"):
            client.get(f"http://localhost:{port}/")


def test_the_next_address_is_tried_where_one_does_not_answer(port: int) -> None:
    kept = Kept()
    egress = Egress(
        [here(port, host="localhost")], record=kept, resolve=lambda host, at: ["::1", "127.0.0.1"]
    )
    with egress.client(DataClass.GUIDANCE) as client:
        assert client.get(f"http://localhost:{port}/").status_code == 200
    assert kept.types == ["egress.permitted", "egress.ended"]


def test_the_environment_names_no_proxy(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with Egress([here(port)], record=Kept()).client(DataClass.GUIDANCE) as client:
        assert client.get(f"http://127.0.0.1:{port}/").status_code == 200


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("93.184.216.34", ""),
        ("2606:2800:220:1::1", ""),
        ("10.1.2.3", "private"),
        ("192.168.0.1", "private"),
        ("100.64.0.1", "private"),
        ("fd00::1", "private"),
        ("127.0.0.1", "this machine"),
        ("::1", "this machine"),
        ("0.0.0.0", "no address"),  # noqa: S104
        ("169.254.1.1", "no address"),
        ("fe80::1", "no address"),
        ("224.0.0.1", "no address"),
        ("169.254.169.254", "credentials"),
        ("168.63.129.16", "credentials"),
        ("fd00:ec2::254", "credentials"),
        ("::ffff:169.254.169.254", "credentials"),
        ("::ffff:127.0.0.1", "this machine"),
        ("64:ff9b::7f00:1", "this machine"),
        ("2002:7f00:0001::", "this machine"),
        ("::10.0.0.1", "private"),
        ("not an address", "not an address"),
    ],
)  # fmt: skip
def test_addresses_of_a_public_destination(address: str, said: str) -> None:
    found = why_not(address, outside())
    assert said in found and bool(said) == bool(found)


def test_a_private_destination_may_be_private_and_still_no_cloud_metadata() -> None:
    private = outside(private=True)
    assert why_not("10.1.2.3", private) == "" and why_not("fd12::1", private) == ""
    assert why_not("169.254.169.254", private) and why_not("127.0.0.1", private)


@given(st.ip_addresses(v=4))
def test_an_address_wrapped_in_ipv6_is_judged_as_what_it_carries(address: ipaddress.IPv4Address) -> None:
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert unwrapped(ipaddress.ip_address(wrapped)) == address
        assert why_not(wrapped, outside()) == why_not(str(address), outside())


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "*.example"}, {"host": "https://x.example"}, {"host": "a.example/path"}, {"host": ""},
        {"name": "Not Plain"}, {"data": ()}, {"data": ("everything",)}, {"port": 0}, {"region": ""},
        {"scheme": "http"}, {"scheme": "ftp"}, {"region": "this machine"}, {"host": "127.0.0.1"},
        {"unknown": 1},
    ],
)  # fmt: skip
def test_an_entry_that_means_nothing_or_too_much_is_not_taken(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        outside(**wrong)


def test_names_are_compared_as_dns_does() -> None:
    egress = Egress([outside(host="Guidance.Example.")], record=Kept())
    assert egress.require("s", "https://GUIDANCE.example./x", DataClass.GUIDANCE).name == "out"
    assert outside(host="bücher.example").host == "xn--bcher-kva.example"


def test_a_place_is_listed_once() -> None:
    with pytest.raises(SettingInvalid, match="more than once"):
        Egress([outside(), outside(host="b.example")], record=Kept())
    with pytest.raises(SettingInvalid, match="more than once"):
        Egress([outside(), outside(name="two")], record=Kept())


def test_a_setting_outside_the_list_is_named() -> None:
    with pytest.raises(SettingInvalid, match="chat_url"):
        Egress(record=Kept()).require("chat_url", "https://chat.example", DataClass.REDACTED_QUESTION)


@pytest.mark.parametrize(
    "url", ["", "chat.example", "https://", "https://[::1", "gopher://x", "https://x:99999/"]
)
def test_an_address_that_cannot_be_read_is_refused(url: str) -> None:
    kept = Kept()
    with pytest.raises(DestinationRefused):
        Egress([outside()], record=kept).admit(url, DataClass.GUIDANCE)
    assert kept.types == ["egress.refused"]


def test_a_name_without_address_is_refused_and_recorded() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    kept = Kept()
    for resolve in (unknown, lambda host, port: []):
        with pytest.raises(DestinationRefused, match="no address"):
            Egress([outside()], record=kept, resolve=resolve).admit(
                "https://guidance.example", DataClass.GUIDANCE
            )
    assert kept.types == ["egress.refused"] * 2


def test_certificates_that_are_not_there_are_named(tmp_path: Path) -> None:
    egress = Egress([outside(ca_file=tmp_path / "none.pem")], record=Kept())
    with pytest.raises(SettingInvalid, match=r"none\.pem"):
        egress.context(next(iter(egress.destinations)))
