"""Sources that are far away: what is listed, what is asked again, what is refused."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import json
import socket
from collections.abc import Iterator, Mapping
from email.message import Message
from pathlib import Path
from typing import Any

import fsspec
import pytest

from governance.egress import DataClass, Destination, Egress
from governance.errors import (
    DestinationRefused,
    DocumentRejected,
    LocationInvalid,
    SourceEmpty,
    SourceUnreachable,
    UploadInvalid,
)
from ingest.catalogue import Catalogue
from ingest.documents import Nation, State
from ingest.parse import Limits, Parser
from ingest.reconcile import reconcile
from ingest.report import Report
from ingest.sources import Found, Source
from ingest.sources.fetch import Fetcher
from ingest.sources.mirror import safe_path
from ingest.sources.named import NamedSource
from ingest.sources.opening import opened
from ingest.sources.uploads import remove_upload, upload, uploads
from ingest.sync import Ingestor
from ingest.vectors import VectorStore
from tests.fakes import CountingEmbedder
from tests.unit.ingest.loopback import Reply, Server, serving

Happened = list[tuple[str, Mapping[str, Any]]]


class Way:
    """A way out to some servers on loopback, and what was recorded of it."""

    def __init__(self, *servers: Server) -> None:
        self.happened: Happened = []
        about = {
            "host": "127.0.0.1",
            "scheme": "http",
            "region": "this machine",
            "data": (DataClass.GUIDANCE,),
        }
        listed = [Destination(name=f"server-{s.port}", port=s.port, **about) for s in servers]
        self.egress = Egress(listed, record=self._record)

    def _record(self, type_: str, body: Mapping[str, Any], /, *, subject: str) -> int:
        self.happened.append((type_, body))
        return len(self.happened)


def named(location: str, **about: Any) -> NamedSource:
    return NamedSource(location=location, delay_seconds=0, **about)


def listed(source: NamedSource, way: Way, data_dir: Path) -> dict[str, Found]:
    with opened(source, data_dir, way.egress) as made:
        return {found.path: found for found in made.list()}


def run(source: Source, data_dir: Path) -> Report:
    return Ingestor(data_dir, CountingEmbedder(), tokens=lambda text: len(text.split())).run(source)


def differences(source: Source, data_dir: Path) -> list[str]:
    with contextlib.closing(Catalogue.open(data_dir)) as catalogue:
        vectors = VectorStore.open(data_dir, CountingEmbedder().identity)
        with contextlib.closing(vectors):
            return [found.what for found in reconcile(data_dir, catalogue, vectors, [source])]


def page(text: str, **headers: str) -> Reply:
    body = f"<html><body><h1>Rates</h1><p>{text}</p></body></html>".encode()
    return Reply(body, headers={"Content-Type": "text/html; charset=utf-8", **headers})


@contextlib.contextmanager
def fetcher(way: Way, **about: Any) -> Iterator[tuple[Fetcher, list[float]]]:
    slept: list[float] = []
    with way.egress.client(DataClass.GUIDANCE) as client:
        yield Fetcher(client, sleep=slept.append, clock=lambda: 0.0, **about), slept


# --- GOV.UK ---------------------------------------------------------------------------------------------


@pytest.mark.shared_data
def test_every_replayed_item_comes_in_with_its_dates_state_and_nations(
    shared_data: Path, tmp_path: Path
) -> None:
    folder = shared_data / "guidance" / "govuk_content_api"
    rows = [json.loads(line) for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    at = {row["base_path"]: folder / row["file"] for row in rows}

    def replay(path: str, _headers: Message) -> Reply:
        file = at.get(path.removeprefix("/api/content"))
        if file is None:
            return Reply(status=404)
        return Reply(file.read_bytes(), headers={"ETag": f'"{file.name}"'})

    with serving(replay) as server:
        way = Way(server)
        source = named(f"{server.url}/api/content", start=tuple(at))
        with opened(source, tmp_path, way.egress) as made, Parser() as parser:
            parsed = {}
            for found in made.list():
                if found.path.startswith("attachments/"):
                    assert "not among the destinations" in found.unasked
                    continue
                with contextlib.suppress(DocumentRejected):
                    read = parser.parse(found.file, root=made.root).metadata
                    parsed[read.uri] = read
    unread = []
    for base_path, file in at.items():
        content = json.loads(file.read_text(encoding="utf-8"))
        metadata = parsed.get(f"https://www.gov.uk{base_path}")
        if content["schema_name"] in ("gone", "redirect", "vanish"):
            assert metadata is None
            continue
        if metadata is None:
            unread.append(base_path)
            continue
        assert metadata.title == " ".join(content["title"].split())
        updated, notice = content.get("public_updated_at"), content.get("withdrawn_notice")
        assert metadata.published_at == (dt.date.fromisoformat(updated[:10]) if updated else None), base_path
        assert (metadata.state is State.WITHDRAWN) is bool(notice), base_path
        assert metadata.withdrawn_at == (
            dt.date.fromisoformat(notice["withdrawn_at"][:10]) if notice else None
        )
        applies = (content["details"] or {}).get("national_applicability") or {}
        out = {n for n, about in applies.items() if about.get("applicable") is False}
        assert {n.value for n in metadata.nations} == {n.value for n in Nation} - out, base_path
        assert metadata.language == content["locale"]
    assert len(unread) < 12, unread  # pages that only list others hold no words of their own
    assert sum(type_ == "egress.permitted" for type_, _ in way.happened) == len(server.asked)


def item(path: str, details: Mapping[str, Any], **more: Any) -> bytes:
    about = {"schema_name": "manual", "locale": "en", "public_updated_at": "2026-04-06T09:00:00Z"}
    return json.dumps(
        {**about, "base_path": path, "title": f"About {path}", "details": details, **more}
    ).encode()


def test_a_manual_is_followed_and_what_is_gone_stops_answering(tmp_path: Path) -> None:
    two = {"status": 200}

    def answer(path: str, headers: Message) -> Reply:
        path = path.removeprefix("/api/content")
        if path == "/m/two" and two["status"] != 200:
            return Reply(status=two["status"])
        if headers["If-None-Match"] == f'"{path}"':
            return Reply(status=304)
        body = f"<h2 id='a'>A</h2><p>The words of {path}.</p>"
        if path == "/m":
            groups = [{"child_sections": [{"base_path": "/m/one"}, {"base_path": "/m/two"}]}]
            files = [
                {"attachment_type": "file", "url": f"{server.url}/files/rates.csv", "title": "Rates of 2026"},
                {"attachment_type": "html", "url": "/m/html"},
            ]
            return Reply(item(path, {"body": body, "child_section_groups": groups, "attachments": files}))
        if path == "/files/rates.csv":
            return Reply(b"Age,Rate\n25,5\n", headers={"Content-Type": "text/csv"})
        if path == "/m/html":
            moved = [{"destination": "/m/one"}]
            return Reply(item("/m/html", {}, schema_name="redirect", redirects=moved))
        return Reply(item(path, {"body": body}), headers={"ETag": f'"{path}"'})

    with serving(answer) as server:
        way = Way(server)

        def again() -> Report:
            source = named(f"{server.url}/api/content/m", name="manual")
            with opened(source, tmp_path, way.egress) as made:
                return run(made, tmp_path)

        assert again().added == 4
        first = len(server.asked)
        unchanged = again()
        assert (unchanged.skipped, unchanged.embedded, len(server.asked)) == (4, 0, 2 * first)
        two["status"] = 403
        stumbled = again()
        assert [p.code for p in stumbled.failed] == ["document.unreachable"]
        assert stumbled.removed == 0
        two["status"] = 404
        with opened(named(f"{server.url}/api/content/m", name="manual"), tmp_path, way.egress) as made:
            (gone,) = differences(made, tmp_path)
            assert gone.startswith("m/two") and gone.endswith(": gone from the source")
            assert run(made, tmp_path).removed == 1
            assert differences(made, tmp_path) == []


# --- fetching -------------------------------------------------------------------------------------------


def test_requests_are_apart_and_a_stumble_is_waited_for() -> None:
    replies = [Reply(status=429, headers={"Retry-After": "7"}), page("Now.")]
    with (
        serving(lambda _path, _headers: replies.pop(0)) as server,
        fetcher(Way(server), delay=2.0) as (client, slept),
    ):
        assert b"Now." in client.get(f"{server.url}/a").body
        assert max(slept) >= 7


def test_a_server_that_does_not_answer_is_asked_three_times() -> None:
    with (
        serving(lambda _path, _headers: Reply(status=503)) as server,
        fetcher(Way(server)) as (client, _),
        pytest.raises(SourceUnreachable, match="503"),
    ):
        client.get(f"{server.url}/m")
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/", "http://[::ffff:10.0.0.1]/", "http://localhost:1/", "file:///etc"],
)
def test_a_redirect_out_of_the_list_is_refused_by_the_way_out(target: str) -> None:
    with serving(lambda _p, _h: Reply(status=302, headers={"Location": target})) as server:
        way = Way(server)
        with fetcher(way) as (client, _), pytest.raises(DestinationRefused):
            client.get(f"{server.url}/a")
        assert [type_ for type_, _ in way.happened].count("egress.refused") == 1
        with fetcher(way) as (client, _), pytest.raises(SourceUnreachable, match="not of this source"):
            client.get(f"{server.url}/a", may=lambda url: url.startswith(server.url))


def test_redirects_end_and_long_bodies_are_cut() -> None:
    def answer(path: str, _headers: Message) -> Reply:
        return Reply(b"x" * 5_000) if path == "/long" else Reply(status=301, headers={"Location": "/again"})

    with serving(answer) as server, fetcher(Way(server), limits=Limits(bytes=1_000)) as (client, _):
        assert len(client.get(f"{server.url}/long").body) == 1_001
        with pytest.raises(SourceUnreachable, match="redirected"):
            client.get(f"{server.url}/again")


# --- the web --------------------------------------------------------------------------------------------


def sitemap(*urls: str, kind: str = "url") -> bytes:
    entries = "".join(f"<{kind}><loc>{url}</loc></{kind}>" for url in urls)
    return f'<x xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</x>'.encode()


def test_a_sitemap_is_listed_politely_and_asked_again_only_for_what_changed(tmp_path: Path) -> None:
    def answer(path: str, headers: Message) -> Reply:
        if path == "/robots.txt":
            return Reply(b"User-agent: *\nDisallow: /private\n")
        if path == "/sitemap.xml":
            return Reply(
                sitemap(f"{server.url}/more.xml.gz", "http://elsewhere.example/x.xml", kind="sitemap")
            )
        if path == "/more.xml.gz":
            names = [f"{server.url}/{name}" for name in ("a", "b?id=1", "private/c", "gone", "old")]
            return Reply(gzip.compress(sitemap(*names, "http://elsewhere.example/p")))
        if path == "/a" and headers["If-Modified-Since"]:
            return Reply(status=304)
        if path == "/gone":
            return Reply(status=410)
        if path == "/old":
            return Reply(status=301, headers={"Location": "/private/old"})
        return page(f"The page {path}.", **{"Last-Modified": "Mon, 06 Apr 2026 09:00:00 GMT"})

    with serving(answer) as server:
        way = Way(server)
        found = listed(named(f"{server.url}/sitemap.xml"), way, tmp_path)
        assert {one.uri: bool(one.unasked) for one in found.values() if one.uri} == {
            f"{server.url}/a": False, f"{server.url}/b?id=1": False, f"{server.url}/old": True,
        }  # fmt: skip
        problems = sorted(one.problem for one in found.values() if one.problem)
        assert len(problems) == 2
        assert "another host" in problems[0] and "robots.txt" in problems[1]
        assert not any(path.startswith("/private") for path, _ in server.asked)
        with opened(named(f"{server.url}/sitemap.xml"), tmp_path, way.egress) as made:
            untaken = [what for what in differences(made, tmp_path) if what.endswith(": not taken in")]
            assert run(made, tmp_path).added == 2 and len(untaken) == 4
            assert differences(made, tmp_path) == []
        server.asked.clear()
        listed(named(f"{server.url}/sitemap.xml"), way, tmp_path)
        asked = dict(server.asked)
        assert asked["/a"]["If-Modified-Since"] and asked["/a"]["User-Agent"] == "FrontlineAssistant"


@pytest.mark.parametrize("body", [b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", b"no xml", b"\x1f\x8bbroken"])
def test_a_hostile_sitemap_is_no_sitemap(body: bytes, tmp_path: Path) -> None:
    with serving(lambda _path, _headers: Reply(body)) as server, pytest.raises(LocationInvalid):
        listed(named(f"{server.url}/sitemap.xml"), Way(server), tmp_path)


def test_a_list_of_addresses_in_a_file(tmp_path: Path) -> None:
    def answer(path: str, _headers: Message) -> Reply:
        return Reply(status=404) if path == "/robots.txt" else page(f"The page {path}.")

    with serving(answer) as server:
        way, file = Way(server), tmp_path / "list.txt"
        file.write_text(f"# ours\n{server.url}/a\n\n{server.url}/b\n", encoding="utf-8")
        with opened(named(f"urls:{file}", name="list"), tmp_path, way.egress) as made:
            assert run(made, tmp_path).added == 2
        with pytest.raises(LocationInvalid, match="cannot be read"):
            named("urls:nowhere.txt").urls()
        file.write_text("file:///etc/passwd", encoding="utf-8")
        with pytest.raises(LocationInvalid, match="no address of a web page"):
            listed(named(f"urls:{file}"), way, tmp_path)


def test_nothing_is_fetched_that_is_not_a_destination(tmp_path: Path) -> None:
    with serving(lambda _path, _headers: page("Words.")) as server, pytest.raises(DestinationRefused):
        listed(named(f"{server.url}/a"), Way(), tmp_path)
    assert server.asked == []


# --- stores ---------------------------------------------------------------------------------------------


def test_a_store_is_listed_in_full_and_only_what_changed_is_copied(tmp_path: Path) -> None:
    store = fsspec.filesystem("memory")
    store.pipe(
        {
            "/bucket/a.md": b"# A\n\nThe rate is 5.",
            "/bucket/deep/b.txt": b"Words of b.",
            "/bucket/.hidden": b"x",
            "/bucket/a.md.meta.yaml": b"title: Named beside\n",
        }
    )
    source = named("memory://bucket", name="store")
    with opened(source, tmp_path, Way().egress) as made:
        assert run(made, tmp_path).added == 2
        assert {found.uri for found in made.list()} == {"memory://bucket/a.md", "memory://bucket/deep/b.txt"}
        with Parser() as parser:
            assert parser.parse(made.root / "a.md", root=made.root).metadata.title == "Named beside"
    store.rm("/bucket/deep/b.txt")
    with opened(source, tmp_path, Way().egress) as made:
        again = run(made, tmp_path)
    assert (again.removed, again.skipped, again.embedded) == (1, 1, 0)
    store.rm("/bucket", recursive=True)
    with opened(source, tmp_path, Way().egress) as made, pytest.raises((SourceEmpty, SourceUnreachable)):
        run(made, tmp_path)


@pytest.mark.parametrize(
    "location", ["ftp://host/x", "s3://bucket/x", "simplecache::memory://x", "github://a:b@/x", "http://"]
)
def test_places_that_are_none(location: str, tmp_path: Path) -> None:
    with pytest.raises(LocationInvalid), opened(named(location), tmp_path, Way().egress) as made:
        list(made.list())


def test_a_real_s3_server(tmp_path: Path) -> None:
    moto = pytest.importorskip("moto.server")
    boto3 = pytest.importorskip("boto3")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        client = boto3.client(
            "s3", endpoint_url=endpoint, region_name="eu-west-2", aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )  # fmt: skip
        client.create_bucket(Bucket="guidance", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        for name in ("a.md", "deep/b.md"):
            words = f"# {name}\n\nThe words of {name}.".encode()
            client.put_object(Bucket="guidance", Key=f"current/{name}", Body=words)
        way = Way(Server(endpoint, port))
        source = named(
            "s3://guidance/current", name="bucket", endpoint=endpoint,
            options={"key": "testing", "secret": "testing"},
        )  # fmt: skip
        with opened(source, tmp_path, way.egress) as made:
            assert run(made, tmp_path).added == 2
        calls = len(way.happened)
        client.delete_object(Bucket="guidance", Key="current/a.md")
        with opened(source, tmp_path, way.egress) as made:
            again = run(made, tmp_path)
        assert (again.removed, again.skipped) == (1, 1)
        client.put_object(Bucket="guidance", Key="current/deep/b.md", Body=b"# b\n\nOther words now.")
        assert len(way.happened) == calls + 2  # one listing: let out, and ended
        with opened(source, tmp_path, way.egress) as made:
            assert differences(made, tmp_path) == ["deep/b.md: changed since it was taken in"]
        client.close()
        with opened(source, tmp_path, Way().egress) as made, pytest.raises(DestinationRefused):
            list(made.list())
    finally:
        server.stop()


def test_a_store_that_is_no_destination_is_never_connected_to(tmp_path: Path) -> None:
    """Its library opens its own sockets: a server that would take any connection sees none."""
    pytest.importorskip("s3fs")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        endpoint = f"http://127.0.0.1:{server.getsockname()[1]}"
        way = Way()
        source = named("s3://guidance/current", name="bucket", endpoint=endpoint)
        with opened(source, tmp_path, way.egress) as made, pytest.raises(DestinationRefused):
            list(made.list())
        with pytest.raises(TimeoutError):
            server.accept()
    assert [type_ for type_, _ in way.happened] == ["egress.refused"]


# --- uploads, and names ----------------------------------------------------------------------------------


def test_an_upload_is_recorded_and_taken_in_and_can_be_taken_back(tmp_path: Path) -> None:
    happened: Happened = []

    def record(type_: str, body: Mapping[str, Any]) -> None:
        happened.append((type_, body))

    def put(name: str, content: bytes = b"# Rates\n\nThe rate is 5.") -> str:
        return upload(tmp_path, name, content, by="expert", record=record, about={"title": "Named"})

    assert put("C:\\docs\\rates.md") == "rates.md"
    assert run(uploads(tmp_path), tmp_path).added == 1
    assert [(t, body["by"]) for t, body in happened] == [("document.uploaded", "expert")]
    put("other.md")
    remove_upload(tmp_path, "rates.md", by="expert", record=record)
    assert run(uploads(tmp_path), tmp_path).removed == 1
    for name, content in (("", b"x"), ("a.md", b""), ("a.md.meta.yaml", b"x")):
        with pytest.raises(UploadInvalid):
            put(name, content)
    with pytest.raises(UploadInvalid):
        remove_upload(tmp_path, "rates.md", by="expert", record=record)


@pytest.mark.parametrize(
    "text", ["a/b.md", "/../../etc/passwd", "..", "a\x00b", ".hidden", "", "x" * 900 + ".md"]
)
def test_no_name_leads_out_of_a_mirror(text: str, tmp_path: Path) -> None:
    made = safe_path(text)
    assert (tmp_path / made).resolve().is_relative_to(tmp_path)
    assert not any(part.startswith(".") or len(part) > 200 for part in made.split("/"))


@pytest.mark.parametrize(
    ("location", "sort"),
    [
        ("./guidance", "folder"),
        ("s3://b/x", "files"),
        ("https://www.gov.uk/api/content/pip", "govuk"),
        ("https://host/sitemap.xml", "sitemap"),
        ("https://host/page", "urls"),
        ("urls:list.txt", "urls"),
    ],
)
def test_a_location_says_what_it_is(location: str, sort: str) -> None:
    assert named(location).sort == sort
