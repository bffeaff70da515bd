// A certified provider's code (oidc-provider) with made-up people, for tests on loopback. `PUT /people/NAME` with a
// JSON list sets the roles that somebody holds from now on; the token endpoint also serves a script, `robot`.
import { Provider } from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const people = new Map();
const audience = "urn:frontline:api";

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "frontline",
      client_secret: "loopback-only",
      redirect_uris: [redirect],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
    { client_id: "robot", client_secret: "loopback-only", redirect_uris: [], grant_types: ["client_credentials"], response_types: [] },
  ],
  pkce: { required: () => true },
  claims: { openid: ["sub"], profile: ["name", "roles"] },
  cookies: { keys: ["for tests only"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `${id} of the test`, roles: people.get(id) ?? [] }),
  }),
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        scope: "",
        audience: resource === "urn:other" ? resource : audience,
        accessTokenFormat: "jwt",
        accessTokenTTL: 600,
      }),
    },
  },
  extraTokenClaims: () => ({ roles: people.get("robot") ?? [] }),
});

provider.use(async (context, next) => {
  const found = context.method === "PUT" && context.path.match(/^\/people\/(\w+)$/);
  if (!found) return next();
  let body = "";
  for await (const chunk of context.req) body += chunk;
  people.set(found[1], JSON.parse(body));
  context.status = 204;
});

provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
