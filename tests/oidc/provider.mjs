// A real OpenID provider on loopback, for the tests to sign in at, to stop and to roll the keys of.
//
// It is told what to do by lines of JSON on its standard input and answers each by a line on its standard output; it
// ends with its input, so that none outlives the tests. Its clock stands still until it is told another time.
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Provider } from 'oidc-provider';
import { signIn } from './browser.mjs';

let clock = Number(process.argv[2]) * 1000;
Date.now = () => clock;

const AUDIENCE = 'lmi-tests';
const LONG = 10 * 24 * 60 * 60;
const KEYS = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};

const people = new Map();
const asked = { discovery: 0, keys: 0 };
let rolls = 0;
let port;
let issuer;
let running;

/** The provider with a key of its own, as if its keeper had just rolled the key. */
function start(algorithm) {
  rolls += 1;
  const { privateKey } = KEYS[algorithm]();
  const kid = `key-${rolls}`;
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' };
  const client = (id) => ({
    client_id: id,
    client_secret: 'not a secret',
    redirect_uris: ['https://service.example/signed-in'],
    id_token_signed_response_alg: algorithm,
  });
  const provider = new Provider(issuer, {
    clients: [client(AUDIENCE), client('another-service')],
    jwks: { keys: [jwk] },
    cookies: { keys: ['not a secret'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    enabledJWA: { idTokenSigningAlgValues: [algorithm] },
    ttl: { IdToken: LONG, AccessToken: LONG, Grant: LONG, Interaction: LONG, Session: LONG },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'https://service.example/graphql',
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'openid email',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: LONG,
          jwt: { sign: { alg: algorithm } },
        }),
      },
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  });
  return { provider, answer: provider.callback(), algorithm, kid, privateKey };
}

/** Signs in whoever the request hints at, and lets the service know what it asks for. */
async function interact(request, response) {
  const { prompt, params } = await running.provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    const login = { accountId: params.login_hint };
    return running.provider.interactionFinished(request, response, { login });
  }
  const grant = new running.provider.Grant({ accountId: params.login_hint, clientId: params.client_id });
  grant.addOIDCScope('openid email');
  grant.addResourceScope('https://service.example/graphql', 'openid email');
  const consent = { grantId: await grant.save() };
  return running.provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token with any header and claims, signed by the provider's own key, by a stranger's, or in a way that is none. */
function signed({ header, claims, by }) {
  const algorithm = running.algorithm;
  const head = { alg: algorithm, typ: 'JWT', kid: running.kid, ...header };
  if (head.typ === null) delete head.typ;
  const content = `${part(head)}.${part(claims)}`;
  const asymmetric = (key) => {
    const padding = algorithm === 'PS256' ? { padding: 6, saltLength: 32 } : {};
    const hash = algorithm === 'EdDSA' ? null : 'sha256';
    return sign(hash, Buffer.from(content), { key, dsaEncoding: 'ieee-p1363', ...padding });
  };
  const published = createPublicKey(running.privateKey);
  const signature = {
    itself: () => asymmetric(running.privateKey),
    stranger: () => asymmetric(KEYS[algorithm]().privateKey),
    publicKey: () => createHmac('sha256', published.export({ format: 'pem', type: 'spki' })).update(content).digest(),
    nobody: () => Buffer.alloc(0),
  };
  return { token: `${content}.${signature[by]().toString('base64url')}` };
}

const acts = {
  signIn: async ({ subject, email, verified, client = AUDIENCE }) => {
    people.set(subject, { email, email_verified: verified });
    return signIn(issuer, { client, subject, secret: 'not a secret', redirect: 'https://service.example/signed-in' });
  },
  sign: signed,
  roll: ({ algorithm }) => { running = start(algorithm); return {}; },
  clock: ({ seconds }) => { clock = seconds * 1000; return {}; },
  asked: () => asked,
  hangUp: () => new Promise((done) => { server.close(() => done({})); server.closeAllConnections(); }),
  comeBack: () => new Promise((done) => { server.listen(port, '127.0.0.1', () => done({})); }),
};

const server = createServer((request, response) => {
  if (request.url === '/.well-known/openid-configuration') asked.discovery += 1;
  if (request.url === '/jwks') asked.keys += 1;
  const answered = request.url.startsWith('/interaction/') ? interact(request, response) : running.answer(request, response);
  Promise.resolve(answered).catch((error) => { response.statusCode = 500; response.end(String(error)); });
});

server.once('listening', () => {
  port = server.address().port;
  issuer = `http://127.0.0.1:${port}`;
  running = start(process.argv[3]);
  console.log(JSON.stringify({ issuer, audience: AUDIENCE }));
});
server.listen(0, '127.0.0.1');

const lines = createInterface({ input: process.stdin });
lines.on('close', () => process.exit());
lines.on('line', async (line) => {
  const { act, ...details } = JSON.parse(line);
  const answer = await Promise.resolve().then(() => acts[act](details)).catch((error) => ({ error: String(error?.stack ?? error) }));
  console.log(JSON.stringify(answer));
});
