"""Signing in at a provider: against a real one on loopback, and against statements that must not be believed."""

from __future__ import annotations

import html
import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from assistant.answers import Role
from assistant.settings import Settings
from assistant.web.app import create_app, provider_of
from assistant.web.provider import Provider
from governance.errors import FrontlineError, ProviderUnreachable, SettingInvalid, SignInFailed, TokenInvalid
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser
from tests.web.stock import stock

FOLDER = Path(__file__).resolve().parent.parent / "oidc"
RETURN = "http://localhost:8600/sign-in/return"
AUDIENCE = "urn:frontline:api"
QUESTION = "How long does a claimant have to ask for a mandatory reconsideration?"


class Loopback:
    """The provider's process, and the people it knows."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def says(self, name: str, roles: list[str]) -> None:
        assert httpx2.put(f"{self.issuer}/people/{name}", content=json.dumps(roles)).status_code == 204

    def robot(self, resource: str = AUDIENCE) -> str:
        answer = httpx2.post(
            f"{self.issuer}/token",
            auth=("robot", "loopback-only"),
            data={"grant_type": "client_credentials", "resource": resource},
        )
        return str(answer.json()["access_token"])

    def sign_in(self, address: str, name: str) -> str:
        """What a person does there: say who they are, agree, and be sent back; gives the address sent back to."""
        with httpx2.Client() as person:
            response = person.get(address)
            for _ in range(12):
                if response.has_redirect_location:
                    onward = urljoin(str(response.url), response.headers["location"])
                    if onward.startswith(RETURN):
                        return onward
                    response = person.get(onward)
                    continue
                form = re.search(r'action="([^"]+)"', response.text)
                prompt = re.search(r'name="prompt" value="(\w+)"', response.text)
                assert form and prompt, response.text
                fields = {"prompt": prompt[1], "login": name, "password": "any"}
                response = person.post(html.unescape(form[1]), data=fields)
        raise AssertionError("the provider did not send the person back")


@pytest.fixture(scope="module")
def loopback() -> Iterator[Loopback]:
    """oidc-provider, installed from its lock where it is not there yet; skips, in words, where it cannot be."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        pytest.skip("no Node.js on this machine: install it to test signing in against a real provider")
    if not (FOLDER / "node_modules").is_dir():
        done = subprocess.run([npm, "ci", "--ignore-scripts", "--silent"], cwd=FOLDER, capture_output=True)
        if done.returncode:
            pytest.skip("oidc-provider is not installed: run `npm ci` in tests/oidc")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [node, "provider.js", str(port), RETURN],
        cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline().strip() == "ready"
    yield Loopback(f"http://127.0.0.1:{port}")
    process.terminate()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def served(tmp_path: Path, loopback: Loopback) -> Iterator[tuple[FakeAssistant, Callable[[], Browser]]]:
    assistant = FakeAssistant(
        tmp_path, stock(),
        sign_in="oidc", oidc_issuer=loopback.issuer, oidc_client_id="frontline",
        oidc_client_secret="loopback-only", oidc_audience=AUDIENCE, oidc_recheck_seconds=0,
        served_at="http://localhost:8600",
        destinations=[{
            "name": "provider", "host": "127.0.0.1", "port": int(loopback.issuer.rpartition(":")[2]), "scheme": "http",
            "region": "this machine", "data": ["identity"],
        }],
        oidc_roles={"frontline-staff": "colleague", "frontline-ig": "officer"},
    )  # fmt: skip
    app = create_app(assistant)  # type: ignore[arg-type]
    yield assistant, lambda: Browser(app, base_url="http://localhost:8600", client=("192.0.2.7", 50000))
    assistant.close()


def leave(browser: Browser, **typed: str) -> str:
    """Begin to sign in; gives the provider's address that the browser is sent to."""
    sent = browser.post(
        "/sign-in", data={"token": browser.token(), "next": "/", **typed}, follow_redirects=False
    )
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


def arrive(browser: Browser, loopback: Loopback, name: str, **typed: str) -> httpx2.Response:
    return browser.get(loopback.sign_in(leave(browser, **typed), name).removeprefix("http://localhost:8600"))


@pytest.mark.oidc
def test_from_elsewhere_through_the_provider_to_an_answer(
    served: tuple[FakeAssistant, Callable[[], Browser]], loopback: Loopback
) -> None:
    assistant, browser = served[0], served[1]()
    loopback.says("robin", ["frontline-staff", "something-else"])
    asked = parse_qs(urlsplit(leave(browser)).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["response_type"] == ["code"]
    assert asked["state"][0] != asked["nonce"][0] and "code_verifier" not in asked

    page = arrive(browser, loopback, "robin", question=QUESTION, nation="wales")
    assert "Before you ask" in page.text and "robin of the test, colleague" in page.text
    typed = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    kept = browser.post("/notice", data=typed)
    assert f">{QUESTION}</textarea>" in kept.text and re.search(r'value="wales"\s+checked', kept.text)
    assert "Answered from guidance" in browser.ask(QUESTION).text
    began = assistant.ledger.entries(type="session.began")
    assert [(one.body["role"], one.body["way"]) for one in began] == [("colleague", "oidc")]
    assert "robin" not in json.dumps([entry.body for entry in assistant.ledger.entries()])


@pytest.mark.oidc
def test_a_role_taken_away_holds_at_the_next_request(
    served: tuple[FakeAssistant, Callable[[], Browser]], loopback: Loopback
) -> None:
    assistant, browser = served[0], served[1]()
    loopback.says("jo", ["frontline-ig"])
    arrive(browser, loopback, "jo")
    assert browser.get("/audit").status_code == 200
    loopback.says("jo", ["frontline-staff"])
    assert browser.get("/audit").url.path == "/sign-in"
    ended = assistant.ledger.entries(type="session.ended")
    assert [one.body["why"] for one in ended] == ["the role was taken away"]
    loopback.says("jo", [])
    refused = arrive(browser, loopback, "jo")
    assert refused.status_code == 403 and "no role here" in refused.text


@pytest.mark.oidc
def test_a_person_of_two_roles_acts_in_one_at_a_time(
    served: tuple[FakeAssistant, Callable[[], Browser]], loopback: Loopback
) -> None:
    browser = served[1]()
    loopback.says("sam", ["frontline-ig", "frontline-staff"])
    arrive(browser, loopback, "sam")
    assert browser.get("/audit").status_code == 403
    before = browser.cookies["frontline_session"]
    browser.fill("/role", page="/notice", role="officer")
    assert browser.get("/audit").status_code == 200
    assert browser.fill("/role", page="/notice", role="administrator").status_code == 403
    browser.cookies.clear()
    browser.cookies.set("frontline_session", before)
    assert browser.get("/audit").url.path == "/sign-in"


@pytest.mark.oidc
def test_a_cookie_kept_after_signing_out_opens_nothing(
    served: tuple[FakeAssistant, Callable[[], Browser]], loopback: Loopback
) -> None:
    browser = served[1]()
    loopback.says("kim", ["frontline-staff"])
    arrive(browser, loopback, "kim")
    kept = browser.cookies["frontline_session"]
    browser.fill("/sign-out", page="/notice")
    browser.cookies.clear()
    browser.cookies.set("frontline_session", kept)
    assert browser.get("/notice").url.path == "/sign-in"


@pytest.mark.oidc
def test_what_comes_back_must_be_what_was_sent_out(
    served: tuple[FakeAssistant, Callable[[], Browser]], loopback: Loopback
) -> None:
    assistant, browser = served[0], served[1]()
    loopback.says("lee", ["frontline-staff"])
    back = loopback.sign_in(leave(browser), "lee").removeprefix("http://localhost:8600")
    other = served[1]()
    assert "was not begun in this browser" in other.get(back).text
    leave(other)
    assert other.get(back).status_code == 403
    assert browser.get(back.replace("iss=", "iss=https%3A%2F%2Fevil.example&x=")).status_code == 403
    leave(browser)
    assert browser.get("/sign-in/return?error=access_denied&state=x").status_code == 403
    assert not assistant.ledger.entries(type="session.began")


@pytest.mark.oidc
def test_a_program_asks_with_a_token_meant_for_this_service(
    served: tuple[FakeAssistant, Callable[[], Browser]], loopback: Loopback
) -> None:
    browser = served[1]()
    loopback.says("robot", ["frontline-staff"])

    def ask(token: str | None) -> httpx2.Response:
        headers = {"authorization": token} if token is not None else {}
        return browser.post("/api/v1/search", json={"question": "pay"}, headers=headers)

    assert ask(f"Bearer {loopback.robot()}").status_code == 200
    for token in (
        None, "", "Basic abc", "Bearer", "Bearer x.y.z", f"Bearer {loopback.robot('urn:other')}",
        f"Bearer {loopback.robot()[:-4]}AAAA",
    ):  # fmt: skip
        refused = ask(token)
        assert refused.status_code == 401 and refused.headers["www-authenticate"].startswith("Bearer"), token
    token = f"Bearer {loopback.robot()}"
    assert browser.get("/api/v1/me", headers={"authorization": token}).json()["role"] == "colleague"
    loopback.says("robot", ["frontline-staff", "frontline-ig"])
    for role, answers in (("officer", 200), ("administrator", 403)):
        headers = {"authorization": f"Bearer {loopback.robot()}", "frontline-role": role}
        asked = browser.get("/api/v1/ledger/entries?reason=monthly", headers=headers)
        assert asked.status_code == answers
    loopback.says("robot", [])
    assert ask(f"Bearer {loopback.robot()}").status_code == 403


@pytest.mark.oidc
def test_nobody_signs_in_by_a_name_where_a_provider_is_set(
    served: tuple[FakeAssistant, Callable[[], Browser]],
) -> None:
    browser = served[1]()
    assert 'name="role"' not in browser.get("/sign-in").text
    answer = browser.post(
        "/sign-in",
        data={"token": browser.token(), "name": "Eve", "role": "officer"},
        follow_redirects=False,
    )
    assert answer.headers["location"].startswith("http://127.0.0.1")
    assert browser.get("/guidance").url.path == "/sign-in"


# --- a provider that says what it should not -------------------------------------------------------------

KEY = RSAKey.generate_key(2048, {"kid": "k1", "alg": "RS256"})
OTHER = RSAKey.generate_key(2048, {"kid": "k1", "alg": "RS256"})
ISSUER = "https://id.example"


class Odd:
    """A provider made of a table: what its addresses answer."""

    def __init__(self) -> None:
        self.id_token: Callable[[dict[str, object]], str] = lambda claims: signed(claims)
        self.userinfo: dict[str, object] = {"sub": "u1", "roles": ["colleague"], "name": "U"}
        self.down = False
        self.provider = Provider(
            ISSUER,
            "frontline",
            redirect=RETURN,
            client=lambda: httpx.Client(transport=httpx.MockTransport(self.answer)),
        )
        address, self.sent = self.provider.begin()
        self.nonce = parse_qs(urlsplit(address).query)["nonce"][0]

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            return httpx.Response(503)
        match request.url.path:
            case "/.well-known/openid-configuration":
                return httpx.Response(200, json={
                    "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/a", "token_endpoint": f"{ISSUER}/t",
                    "jwks_uri": f"{ISSUER}/k", "userinfo_endpoint": f"{ISSUER}/u",
                })  # fmt: skip
            case "/k":
                return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
            case "/u":
                return httpx.Response(200, json=self.userinfo)
            case _:
                now = int(time.time())
                claims = {
                    "iss": ISSUER, "sub": "u1", "aud": "frontline", "iat": now, "exp": now + 60, "nonce": self.nonce,
                }  # fmt: skip
                token = self.id_token(claims)
                return httpx.Response(
                    200, json={"access_token": "t", "token_type": "Bearer", "id_token": token}
                )

    def finish(self) -> tuple[Role, ...]:
        return self.provider.finish({"code": "c", "state": self.sent.state}, self.sent).identity.roles


def signed(claims: dict[str, object], key: RSAKey = KEY) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key)


def test_a_statement_that_holds_is_believed() -> None:
    assert Odd().finish() == (Role.COLLEAGUE,)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("another issuer", lambda c: signed({**c, "iss": "https://evil.example"})),
        ("another audience", lambda c: signed({**c, "aud": "other"})),
        ("a second audience without saying for whom", lambda c: signed({**c, "aud": ["frontline", "other"], "azp": "other"})),
        ("run out", lambda c: signed({**c, "exp": 1})),
        ("no end", lambda c: signed({k: v for k, v in c.items() if k != "exp"})),
        ("from the future", lambda c: signed({**c, "nbf": c["exp"] + 9999})),
        ("another nonce", lambda c: signed({**c, "nonce": "x"})),
        ("no nonce", lambda c: signed({k: v for k, v in c.items() if k != "nonce"})),
        ("another key", lambda c: signed(c, OTHER)),
        ("another token", lambda c: signed({**c, "at_hash": "x"})),
        ("another person", lambda c: signed({**c, "sub": "u2"})),
        ("no signature", lambda c: ".".join([*signed(c).split(".")[:2], ""])),
        ("a shared secret", lambda c: jwt.encode({"alg": "HS256", "kid": "k1"}, c, OctKey.import_key(json.dumps(KEY.as_dict(private=False))), algorithms=["HS256"])),
        ("nothing", lambda c: ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_statement_that_does_not_hold_lets_nobody_in(
    name: str, made: Callable[[dict[str, object]], str]
) -> None:
    odd = Odd()
    odd.id_token = made
    with pytest.raises(SignInFailed):
        odd.finish()


@pytest.mark.parametrize("roles", [[], ["operator"], ["king"], None, {"colleague": 1}, [["officer"]], 7])
def test_roles_are_only_those_that_are_named(roles: object) -> None:
    odd = Odd()
    odd.userinfo = {"sub": "u1", "roles": roles}
    with pytest.raises(FrontlineError) as refused:
        odd.finish()
    assert refused.value.code == "person.role_missing"
    assert odd.provider.roles_now("t", "u1") == ()


def test_nested_claims_and_a_single_value_are_read() -> None:
    odd = Odd()
    odd.provider._claim = "realm.roles"
    odd.userinfo = {"sub": "u1", "realm": {"roles": "expert"}}
    assert odd.finish() == (Role.EXPERT,)


def test_a_provider_that_does_not_answer_says_so_and_a_bad_token_does_not_flood_it() -> None:
    odd = Odd()
    with pytest.raises(TokenInvalid):
        odd.provider.bearer(signed({"sub": "u1", "iss": ISSUER, "aud": "frontline", "exp": 9e9}, OTHER))
    odd.down = True
    with pytest.raises(TokenInvalid):
        odd.provider.bearer("x.y.z")
    with pytest.raises(ProviderUnreachable):
        odd.provider.roles_now("t", "u1")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"oidc_issuer": "https://id.example"},
        {"oidc_issuer": "http://id.example", "oidc_client_id": "x"},
        {"oidc_issuer": "https://id.example", "oidc_client_id": "x", "oidc_roles": {"a": "king"}},
        {"oidc_issuer": "https://id.example", "oidc_client_id": "x", "oidc_roles": {"a": "operator"}},
    ],
)
def test_settings_that_cannot_work_are_named(tmp_path: Path, given: dict[str, object]) -> None:
    with pytest.raises(SettingInvalid):
        provider_of(Settings(data_dir=tmp_path, sign_in="oidc", **given), httpx.Client)  # type: ignore[arg-type]
