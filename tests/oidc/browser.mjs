// Signs somebody in by the authorization code flow, as a browser and the service that it comes back to would.
import { createHash, randomBytes } from 'node:crypto';

const base64url = (bytes) => Buffer.from(bytes).toString('base64url');

/** Follows redirects within the provider with its cookies, up to the one that leads back to the service. */
async function walk(start, redirect) {
  const cookies = new Map();
  let url = start;
  for (let step = 0; step < 10; step += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      if (value) cookies.set(name, value); else cookies.delete(name);
    }
    const location = response.headers.get('location');
    if (!location) throw new Error(`no way on from ${url}: ${response.status} ${await response.text()}`);
    url = new URL(location, url).href;
    if (url.startsWith(redirect)) return new URL(url).searchParams;
  }
  throw new Error('redirected in circles');
}

/** The tokens that the service gets for somebody. */
export async function signIn(issuer, { client, subject, secret, redirect }) {
  const { authorization_endpoint: authorization, token_endpoint: token } =
    await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json();
  const verifier = base64url(randomBytes(32));
  const challenge = base64url(createHash('sha256').update(verifier).digest());
  const request = new URLSearchParams({
    client_id: client, response_type: 'code', redirect_uri: redirect, scope: 'openid email', login_hint: subject,
    code_challenge: challenge, code_challenge_method: 'S256',
  });
  const back = await walk(`${authorization}?${request}`, redirect);
  if (!back.has('code')) throw new Error(`not signed in: ${back}`);
  const response = await fetch(token, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${encodeURIComponent(client)}:${encodeURIComponent(secret)}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code', code: back.get('code'), redirect_uri: redirect, code_verifier: verifier,
    }),
  });
  const tokens = await response.json();
  if (!response.ok) throw new Error(`no tokens: ${JSON.stringify(tokens)}`);
  return { idToken: tokens.id_token, accessToken: tokens.access_token };
}
